"""The REST API under /api/v1. A key opens what is not public; a log-in never does, so it needs no CSRF."""

from webapp.views.api import board, export, guesses, runs, versions
from webapp.views.api.base import pages

__all__ = ["board", "export", "guesses", "pages", "runs", "versions"]
