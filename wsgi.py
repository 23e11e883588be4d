"""The site, as gunicorn and the flask command find it."""

from webapp import create_app

app = create_app()
