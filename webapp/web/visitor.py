"""Who is asking: an anonymous id in a signed cookie, and nothing else."""

import secrets

from flask import current_app, session
from werkzeug.wrappers import Response

KEY = "visitor"
YEAR = 365 * 24 * 3600  # seconds


def known() -> str | None:
    """Return the visitor's id if they have one."""
    return session.get(KEY)


def current() -> str:
    """Return the visitor's id, making one (and the cookie that holds it) at the first call."""
    if KEY not in session:
        # Kept when the browser closes, or nobody could look back on their answers tomorrow.
        session.permanent = True
        session[KEY] = secrets.token_hex(16)
    return str(session[KEY])


def remember(response: Response, name: str, value: str) -> None:
    """Keep a choice in this browser for a year; an empty one is forgotten. It says nothing of who it is."""
    if not value:
        response.delete_cookie(name)
        return
    is_secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(name, value, max_age=YEAR, httponly=True, secure=is_secure, samesite="Lax")


def forget() -> None:
    """Let this browser be nobody again: its next answer is a new visitor's."""
    session.pop(KEY, None)
