"""The site, as gunicorn and the flask command find it."""

import sys

from webapp import create_app, logs
from webapp.config import BadSetting

logs.configure()
try:
    app = create_app()
except BadSetting as error:
    sys.exit(f"Nomen cannot start: {error}")
