"""The site, as gunicorn and the flask command find it."""

import sys

from webapp import create_app
from webapp.config import BadSetting
from webapp.storage import log_format

log_format.configure()
try:
    app = create_app()
except BadSetting as error:
    sys.exit(f"Nomen cannot start: {error}")
