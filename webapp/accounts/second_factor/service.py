"""Second factors: set up, asked for, renewed, removed.

Codes and secrets are Flask-Security's (TOTP, RFC 6238). Both kinds of code work once: which was used is
written in the transaction that checks it.
"""

import re
from dataclasses import dataclass

from flask import session as cookie
from flask_security import current_user, login_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import login
from webapp.accounts import service as accounts
from webapp.accounts.service import datastore
from webapp.audit import trail as audit
from webapp.errors import Conflict, Forbidden, Invalid
from webapp.extensions import security
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.models import User
from webapp.models.enums import Action
from webapp.storage import login_throttle
from webapp.storage.database import writing

CLOCK_SECONDS = 30  # that a phone's clock may be off
NOT_FIT = N_(
    "That code does not fit. Each works once, and for half a minute; is the clock of your phone right?"
)
_PENDING = "totp"  # in the cookie, encrypted: the secret of a second factor that is being set up


@dataclass(frozen=True)
class Setup:
    """What an authenticator app is given."""

    image: str
    """A QR code, as the address of a picture."""
    key: str
    """The same to type in."""


def complete_log_in(code: str) -> None:
    """Log in whose password was right a moment ago; raise Forbidden for a wrong code, or TooMany."""
    user = login.half_logged_in()
    tries = login.count_try(pair=(user.email, "code"))
    with writing() as session:
        how = _use(_locked(session, user), code)
        if how:
            login_throttle.forget(session, *tries)
        else:
            audit.note(session, "somebody", Action.LOGIN_FAIL, user.email, what="second factor")
    if not how:
        raise Forbidden(NOT_FIT)
    login.finish(user, second_factor=how)


def begin_setup() -> Setup:
    """Return what the current user's app is to be given; the same until it is set up."""
    if _PENDING not in cookie:
        # The same until it is set up: a reload must not make the code that was just scanned worthless.
        cookie[_PENDING] = security.totp_factory.generate_totp_secret()
    secret = cookie[_PENDING]
    codes = security.totp_factory
    return Setup(codes.generate_qrcode(current_user.email, secret), codes.get_totp_pretty_key(secret))


def turn_on(password: str, code: str) -> list[str]:
    """Give the current user a second factor; return the recovery codes, which are shown this once.

    Ends their log-ins elsewhere. Raises Conflict if they have one, Invalid for a wrong password or code.
    """
    me = current_user._get_current_object()
    tries = _check_password(me, password)
    secret = cookie.get(_PENDING, "")
    with writing() as session:
        user = _locked(session, me)
        if user.has_second_factor:
            raise Conflict(gettext("You have a second factor already. Turn it off first."))
        if not secret or not _is_code(user, code.strip(), secret):
            raise Invalid(NOT_FIT, "code")
        datastore.tf_set(user, "authenticator", secret)
        recovery_codes = _renew(session, user, Action.FACTOR_ADD)
        login_throttle.forget(session, *tries)
    # After the commit: what failed can be tried again with the same picture.
    del cookie[_PENDING]
    login_user(user, remember=False)
    return recovery_codes


def renew_codes(password: str, code: str) -> list[str]:
    """Give the current user new recovery codes, which are shown this once; the old ones are dead."""
    me = current_user._get_current_object()
    tries = _check_password(me, password)
    with writing() as session:
        user = _proved(session, me, code)
        recovery_codes = _renew(session, user, Action.FACTOR_RENEW)
        login_throttle.forget(session, *tries)
    login_user(user, remember=False)
    return recovery_codes


def turn_off(password: str, code: str) -> None:
    """Take the current user's second factor away; raise Invalid for a wrong password or code."""
    me = current_user._get_current_object()
    tries = _check_password(me, password)
    with writing() as session:
        user = _proved(session, me, code)
        _clear(session, user, by=user.email)
        login_throttle.forget(session, *tries)
    login_user(user, remember=False)


def remove(email: str, by: str) -> User:
    """Take away the second factor of somebody who lost their phone, and end their log-ins.

    Raises Conflict if there is none.
    """
    user = accounts.find_user(email)
    if not user.has_second_factor:
        raise Conflict(gettext("%(email)s has no second factor.", email=user.email))
    with writing() as session:
        _clear(session, user, by)
    return user


def n_recovery_codes() -> int:
    """Return how many recovery codes the current user has left."""
    return len(current_user.mf_recovery_codes or ())


def _check_password(user: User, password: str) -> list[str]:
    tries = login.count_try(pair=(user.email, "factor"))
    if not login.is_password(user, password):
        raise Invalid(gettext("That is not your present password."), "password")
    return tries


def _locked(session: Session, user: User) -> User:
    # Read anew, and on PostgreSQL locked, so that two log-ins at once cannot use one code.
    return session.scalars(select(User).where(User.id == user.id).with_for_update()).one()


def _proved(session: Session, user: User, code: str) -> User:
    user = _locked(session, user)
    if not user.has_second_factor:
        raise Conflict(gettext("You have no second factor."))
    if not _use(user, code):
        raise Invalid(NOT_FIT, "code")
    return user


def _use(user: User, code: str) -> str:
    """Use up a code of the app or a recovery code; return which it was, "" for neither."""
    signs = re.sub(r"[\s-]", "", code.lower())
    if re.fullmatch(r"[0-9]{6}", signs):
        return "app" if _is_code(user, signs, user.tf_totp_secret or "") else ""
    # As Flask-Security writes it, in groups of four; blanks and hyphens that were typed do not matter.
    recovery_code = "-".join(re.findall("....", signs))
    if not security.mf_recovery_codes_util.check_recovery_code(user, recovery_code):
        return ""
    security.mf_recovery_codes_util.delete_recovery_code(user, recovery_code)
    return "recovery code"


def _is_code(user: User, code: str, secret: str) -> bool:
    return security.totp_factory.verify_totp(code, secret, user, window=CLOCK_SECONDS)


def _renew(session: Session, user: User, action: Action) -> list[str]:
    recovery_codes: list[str] = security.mf_recovery_codes_util.create_recovery_codes(user)
    # Every other log-in ends: who had the password before has only that.
    datastore.set_uniquifier(user)
    audit.note(session, user.email, action, user.email)
    return recovery_codes


def _clear(session: Session, user: User, by: str) -> None:
    datastore.tf_reset(user)
    datastore.mf_set_recovery_codes(user, None)
    user.totp_counter = None
    datastore.set_uniquifier(user)
    audit.note(session, by, Action.FACTOR_REMOVE, user.email)
