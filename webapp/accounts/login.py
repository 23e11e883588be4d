"""Logging in and out: the password, how often it may be tried, and the wait for a second factor."""

import time

from flask import session as cookie
from flask_security import current_user, hash_password, login_user, logout_user
from flask_security.utils import verify_password

from webapp.accounts import emails
from webapp.accounts import service as accounts
from webapp.accounts.service import LONGEST, datastore
from webapp.addresses import keyed_hash, network
from webapp.audit import trail as audit
from webapp.errors import Forbidden, Invalid, NotLoggedIn, TooMany
from webapp.extensions import security
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.models import User
from webapp.models.enums import Action
from webapp.storage import login_throttle
from webapp.storage.database import writing

WINDOW = 15 * 60  # seconds that wrong log-ins are remembered for
TRIES = {"pair": 5, "address": 30, "account": 60}  # log-ins in one window, by what they share
REFUSED = N_("That e-mail and password do not go together.")
CODE_SECONDS = 5 * 60  # between the password and the code of a second factor
_HALF = "half_log_in"


def log_in(email: str, password: str, address: str | None) -> bool:
    """Log somebody in; return False if the code of their second factor is wanted first.

    Raises Forbidden with one and the same answer for whatever is wrong, or TooMany.
    """
    user = _check_password(email, password, address)
    if user.has_second_factor:
        # Signed, so nobody can make one; it opens the form for the code and nothing else.
        cookie[_HALF] = {"user": user.fs_uniquifier, "at": int(time.time())}
        return False
    finish(user)
    return True


def _check_password(email: str, password: str, address: str | None) -> User:
    email = emails.normalise(email)[:255]
    asker = network(address)
    # Counted before the password is looked at: a thousand tries at once are a thousand tries.
    pair, _, account = count_try(pair=(email, asker), address=(asker,), account=(email,))
    user = accounts.find_or_none(email)
    if not (is_password(user, password) and user and user.active):
        with writing() as session:
            # What was typed instead of an address may be a password.
            audit.note(session, "somebody", Action.LOGIN_FAIL, user.email if user else "an unknown account")
        raise Forbidden(REFUSED)
    with writing() as session:
        # Not the address's count: who knows one password could try others' for ever.
        login_throttle.forget(session, pair, account)
    return user


def finish(user: User, **how: str) -> None:
    """Log somebody in who has proved who they are."""
    with writing() as session:
        audit.note(session, user.email, Action.LOGIN_SUCCEED, **how)
    cookie.pop(_HALF, None)
    login_user(user, remember=False)


def half_logged_in() -> User:
    """Return whose password was right a moment ago and whose code is wanted; raise NotLoggedIn."""
    half = cookie.get(_HALF, {})
    is_fresh = time.time() - half.get("at", 0) < CODE_SECONDS
    user = accounts.find_by_uniquifier(half["user"]) if is_fresh else None
    if user is None or not user.active:
        raise NotLoggedIn(gettext("That took too long. Log in again."))
    return user


def log_out() -> None:
    """Log the current user out everywhere: cookies from before are dead on the server."""
    user: User = current_user._get_current_object()
    with writing() as session:
        datastore.set_uniquifier(user)
        audit.note(session, user.email, Action.LOGIN_END)
    logout_user()


def change_password(old: str, new: str) -> None:
    """Give the current user a new password and end every other log-in of theirs."""
    user: User = current_user._get_current_object()
    count_try(pair=(user.email, "password"))
    if not is_password(user, old):
        raise Invalid(gettext("That is not your present password."), field="old")
    if new == old:
        raise Invalid(gettext("The new password is the old one."), field="new")
    accounts.set_password(user, new, by=user.email, action=Action.PASSWORD_CHANGE, must_change=False)
    login_user(user, remember=False)


def count_try(**shared: tuple[str, ...]) -> list[str]:
    """Count one try more by what it shares with others; raise TooMany beyond what is allowed.

    Return the keys of the counts, to be forgotten when it was right.
    """
    keys = {kind: keyed_hash(f"login-{kind}", *parts) for kind, parts in shared.items()}
    with writing() as session:
        login_throttle.sweep(session)
        tries = {kind: login_throttle.count(session, key, WINDOW) for kind, key in keys.items()}
    if any(tries[kind] > TRIES[kind] for kind in tries):
        raise TooMany(
            gettext("Too many log-ins went wrong. Wait a quarter of an hour and try again."), WINDOW
        )
    return list(keys.values())


def is_password(user: User | None, password: str) -> bool:
    """Say whether this is the password of a user."""
    # An unknown user costs the same time as a known one: one argon2 computation.
    # Cut, or somebody could have megabytes normalised and hashed.
    password = security._password_util.normalize(password[:LONGEST])
    if user is None or not user.password:
        hash_password(password)
        return False
    return verify_password(password, user.password)
