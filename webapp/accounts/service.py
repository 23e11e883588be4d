"""Those who may log in: admins and reviewers."""

import base64
import hmac
import logging
import secrets
import time
from dataclasses import dataclass

from flask import Flask, current_app, g
from flask import session as cookie
from flask_security import SQLAlchemyUserDatastore, hash_password
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError, InterfaceError
from sqlalchemy.orm import Session

from webapp.accounts import emails
from webapp.accounts.keys import service as api_keys
from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db, security
from webapp.languages.texts import gettext
from webapp.models import Role, User
from webapp.models.enums import Action, RoleName
from webapp.storage.database import writing

log = logging.getLogger(__name__)
ROLES = {
    RoleName.ADMIN: "reviews, retrains, promotes, keeps the users",
    RoleName.REVIEWER: "accepts and rejects corrections",
}
SHORTEST, LONGEST = 12, 256  # characters of a password
N_RECOVERY_CODES = 10

datastore = SQLAlchemyUserDatastore(db, User, Role)


@dataclass(frozen=True)
class Credentials:
    """A user's e-mail and a password that is shown once and kept nowhere."""

    email: str
    password: str


@dataclass(frozen=True)
class Changed:
    """A user whose rights were taken or changed, and the titles of the keys that ended or do less now."""

    email: str
    keys: tuple[str, ...]


def configure(app: Flask) -> None:
    """Bind Flask-Security: hashes, sessions and roles are its own, the pages are ours."""
    app.config.update(
        {
            "SECURITY_PASSWORD_HASH": "argon2",  # nosec B105 # a kind of hash
            "SECURITY_PASSWORD_SCHEMES": ["argon2"],
            "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
            "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
            "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
            "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": N_RECOVERY_CODES,
            "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(_key(app, "recovery"))],
            "SECURITY_TOTP_SECRETS": {"1": _key(app, "totp").hex()},
            "SECURITY_TOTP_ISSUER": "Nomen",
            "SECURITY_RETURN_GENERIC_RESPONSES": True,
            "SECURITY_CACHE_CONTROL": {"private": None, "no-store": None},
            "SECURITY_CLI_USERS_NAME": "",
            "SECURITY_CLI_ROLES_NAME": "",
        }
    )
    security.init_app(app, datastore, register_blueprint=False)
    security.login_manager.user_loader(_load)
    # Flask-Security would also take a token from a header, a query or a body; a session is the only way in.
    security.login_manager.request_loader(lambda _request: None)


def _key(app: Flask, purpose: str) -> bytes:
    # The secrets of second factors are kept encrypted, by keys that only this site's secret key gives.
    return hmac.digest(app.config["SECRET_KEY"].encode(), f"second factor: {purpose}".encode(), "sha256")


def add(email: str, role: str, by: str, must_change: bool = True) -> Credentials:
    """Add a user with a random password; raise Invalid or Conflict."""
    email = emails.normalise(email)
    _check(email, role)
    password = secrets.token_urlsafe(12)
    # Before the transaction: argon2 takes its time on purpose, and nobody could write meanwhile.
    hashed = hash_password(password)
    with writing() as session:
        if find_or_none(email):
            raise Conflict(gettext("%(email)s is a user already.", email=email))
        user = datastore.create_user(
            email=email, password=hashed, must_change=must_change, roles=[_role(session, role)]
        )
        audit.note(session, by, Action.USER_ADD, user.email, role=role)
    return Credentials(email, password)


def reset(email: str, by: str) -> Credentials:
    """Give a user a new random password and end their log-ins."""
    user = find_user(email)
    password = secrets.token_urlsafe(12)
    set_password(user, password, by, action=Action.PASSWORD_RESET, must_change=True)
    return Credentials(user.email, password)


def enable(email: str, by: str) -> User:
    """Let a disabled user in again; keys of theirs that ended stay so."""
    user = find_user(email)
    with writing() as session:
        user.active = True
        audit.note(session, by, Action.USER_ENABLE, user.email)
    return user


def disable(email: str, by: str) -> Changed:
    """Keep a user out at once, with every log-in and key of theirs; raise Conflict for the last admin."""
    user = find_user(email)
    with writing() as session:
        keys = api_keys.revoke_all(session, user.email, by)
        user.active = False
        datastore.set_uniquifier(user)
        # After the change and in its transaction: counted is what would be.
        _keep_an_admin(session)
        audit.note(session, by, Action.USER_DISABLE, user.email)
    return Changed(user.email, tuple(keys))


def set_role(email: str, role: str, by: str) -> Changed:
    """Make a user an admin or a reviewer; raise Conflict for the last admin."""
    user = find_user(email)
    _check(user.email, role)
    with writing() as session:
        keys = [key.title for key in api_keys.made_beyond(user.email, RoleName(role))]
        user.roles = [_role(session, role)]
        _keep_an_admin(session)
        audit.note(session, by, Action.ROLE_CHANGE, user.email, role=role)
    return Changed(user.email, tuple(keys))


def find_user(email: str) -> User:
    """Return the user, or raise NotFound."""
    user = find_or_none(emails.normalise(email))
    if user is None:
        raise NotFound(gettext("There is no such user."))
    return user


def everybody() -> list[User]:
    """Return all users by their e-mail."""
    return list(db.session.scalars(select(User).order_by(User.email)))


def has_admin() -> bool:
    """Say whether anybody could administer the site."""
    return _n_admins(db.session()) > 0


def find_by_uniquifier(uniquifier: str) -> User | None:
    """Return the user whose log-ins hang on this secret."""
    return db.session.scalars(select(User).where(User.fs_uniquifier == uniquifier)).first()


def _load(uniquifier: str) -> User | None:
    # A log-in ends by itself after LOGIN_HOURS, and at once when the user is disabled.
    lasts = current_app.config["LOGIN_HOURS"] * 3600
    try:
        user = find_by_uniquifier(uniquifier)
    except (DatabaseError, InterfaceError) as error:
        # Guesses, style sheets and all else that is public are answered all the same, as to anybody.
        log.error("the database: who this is cannot be looked up: %s", error.orig)
        db.session.rollback()
        g.user_is_unknown = True
        return None
    is_fresh = time.time() - cookie.get("fs_paa", 0) < lasts
    return user if user and user.active and is_fresh else None


def set_password(user: User, password: str, by: str, action: Action, must_change: bool) -> None:
    """Give a user another password and end their log-ins; raise Invalid for one that cannot be used."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            gettext("A password has %(n)s to %(most)s characters.", n=SHORTEST, most=LONGEST), field="new"
        )
    hashed = hash_password(security._password_util.normalize(password))
    with writing() as session:
        user.password, user.must_change = hashed, must_change
        datastore.set_uniquifier(user)
        audit.note(session, by, action, user.email)


def find_or_none(email: str) -> User | None:
    """Return the user with a normalised e-mail, if there is one."""
    # Addresses that were stored before they were normalised are found too; there are few users.
    users = db.session.scalars(select(User).order_by(User.id))
    return next((user for user in users if emails.normalise(user.email) == email), None)


def _check(email: str, role: str) -> None:
    if not emails.is_address(email):
        raise Invalid(gettext("%(email)s is no e-mail address.", email=repr(email)), field="email")
    if role not in ROLES:
        raise Invalid(gettext("The role is one of %(choices)s.", choices=", ".join(ROLES)), field="role")


def _role(session: Session, name: str) -> Role:
    role = session.scalars(select(Role).where(Role.name == name)).first()
    if role is None:
        role = Role(name=name, description=ROLES[RoleName(name)])
        session.add(role)
    return role


def _keep_an_admin(session: Session) -> None:
    # What was changed in the session is not in the database yet, where admins are counted.
    session.flush()
    if not _n_admins(session):
        raise Conflict(gettext("That would leave nobody who can administer the site."))


def _n_admins(session: Session) -> int:
    is_admin = User.roles.any(Role.name == RoleName.ADMIN)
    admins = select(func.count()).select_from(User).where(User.active, is_admin)
    return session.scalar(admins) or 0
