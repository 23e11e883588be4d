"""The site, as gunicorn and the flask command find it."""

import sys

from webapp import create_app
from webapp.config import BadSetting, read_settings
from webapp.logs import log_format
from webapp.server import memory

try:
    log_format.configure(read_settings()["LOG_FORMAT"])
    with memory.looking_for_no_garbage():
        app = create_app()
except BadSetting as error:
    sys.exit(f"Nomen cannot start: {error}")
