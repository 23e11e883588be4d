"""Who is asking: an anonymous id in a signed cookie, and nothing else."""

import secrets

from flask import session

KEY = "visitor"


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


def forget() -> None:
    """Let this browser be nobody again: its next answer is a new visitor's."""
    session.pop(KEY, None)
