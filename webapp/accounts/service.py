"""Those who may log in: admins and reviewers."""

import secrets
import time
from dataclasses import dataclass

from flask import Flask, current_app
from flask import session as cookie
from flask_security import SQLAlchemyUserDatastore, current_user, hash_password, login_user, logout_user
from flask_security.utils import verify_password
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts import emails
from webapp.accounts.keys import service as api_keys
from webapp.addresses import keyed_hash, network
from webapp.audit import trail as audit
from webapp.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from webapp.extensions import db, security
from webapp.models import Role, User
from webapp.models.enums import Action, RoleName
from webapp.storage import login_throttle
from webapp.storage.database import writing

ROLES = {
    RoleName.ADMIN: "reviews, retrains, promotes, keeps the users",
    RoleName.REVIEWER: "accepts and rejects corrections",
}
SHORTEST, LONGEST = 12, 256  # characters of a password
WINDOW = 15 * 60  # seconds that wrong log-ins are remembered for
TRIES = {"pair": 5, "address": 30, "account": 60}  # log-ins in one window, by what they share
REFUSED = "That e-mail and password do not go together."

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
            "SECURITY_PASSWORD_HASH": "argon2",
            "SECURITY_PASSWORD_SCHEMES": ["argon2"],
            "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
            "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST,
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


def log_in(email: str, password: str, address: str | None) -> User:
    """Log somebody in; raise Forbidden with one and the same answer for whatever is wrong, or TooMany."""
    email = emails.normalise(email)[:255]
    asker = network(address)
    pair, _, account = _count_try(pair=(email, asker), address=(asker,), account=(email,))
    user = _find(email)
    if not (_is_password(user, password) and user and user.active):
        with writing() as session:
            audit.note(session, "somebody", Action.LOGIN_FAIL, user.email if user else "an unknown account")
        raise Forbidden(REFUSED)
    with writing() as session:
        login_throttle.forget(session, pair, account)
        audit.note(session, user.email, Action.LOGIN_SUCCEED)
    login_user(user, remember=False)
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
    _count_try(pair=(user.email, "password"))
    if not _is_password(user, old):
        raise Invalid("That is not your present password.", field="old")
    if new == old:
        raise Invalid("The new password is the old one.", field="new")
    _set_password(user, new, by=user.email, action=Action.PASSWORD_CHANGE, must_change=False)
    login_user(user, remember=False)


def add(email: str, role: str, by: str, must_change: bool = True) -> Credentials:
    """Add a user with a random password; raise Invalid or Conflict."""
    email = emails.normalise(email)
    _check(email, role)
    password = secrets.token_urlsafe(12)
    hashed = hash_password(password)
    with writing() as session:
        if _find(email):
            raise Conflict(f"{email} is a user already.")
        user = datastore.create_user(
            email=email, password=hashed, must_change=must_change, roles=[_role(session, role)]
        )
        audit.note(session, by, Action.USER_ADD, user.email, role=role)
    return Credentials(email, password)


def reset(email: str, by: str) -> Credentials:
    """Give a user a new random password and end their log-ins."""
    user = find_user(email)
    password = secrets.token_urlsafe(12)
    _set_password(user, password, by, action=Action.PASSWORD_RESET, must_change=True)
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
    user = _find(emails.normalise(email))
    if user is None:
        raise NotFound("There is no such user.")
    return user


def everybody() -> list[User]:
    """Return all users by their e-mail."""
    return list(db.session.scalars(select(User).order_by(User.email)))


def has_admin() -> bool:
    """Say whether anybody could administer the site."""
    return _n_admins(db.session()) > 0


def _load(uniquifier: str) -> User | None:
    # A log-in ends by itself after LOGIN_HOURS, and at once when the user is disabled.
    lasts = current_app.config["LOGIN_HOURS"] * 3600
    user = db.session.scalars(select(User).where(User.fs_uniquifier == uniquifier)).first()
    is_fresh = time.time() - cookie.get("fs_paa", 0) < lasts
    return user if user and user.active and is_fresh else None


def _count_try(**shared: tuple[str, ...]) -> list[str]:
    keys = {kind: keyed_hash(f"login-{kind}", *parts) for kind, parts in shared.items()}
    with writing() as session:
        login_throttle.sweep(session)
        tries = {kind: login_throttle.count(session, key, WINDOW) for kind, key in keys.items()}
    if any(tries[kind] > TRIES[kind] for kind in tries):
        raise TooMany("Too many log-ins went wrong. Wait a quarter of an hour and try again.", WINDOW)
    return list(keys.values())


def _is_password(user: User | None, password: str) -> bool:
    # An unknown user costs the same time as a known one: one argon2 computation.
    password = security._password_util.normalize(password[:LONGEST])
    if user is None or not user.password:
        hash_password(password)
        return False
    return verify_password(password, user.password)


def _set_password(user: User, password: str, by: str, action: Action, must_change: bool) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(f"A password has {SHORTEST} to {LONGEST} characters.", field="new")
    hashed = hash_password(security._password_util.normalize(password))
    with writing() as session:
        user.password, user.must_change = hashed, must_change
        datastore.set_uniquifier(user)
        audit.note(session, by, action, user.email)


def _find(email: str) -> User | None:
    # Addresses that were stored before they were normalised are found too; there are few users.
    users = db.session.scalars(select(User).order_by(User.id))
    return next((user for user in users if emails.normalise(user.email) == email), None)


def _check(email: str, role: str) -> None:
    if not emails.is_address(email):
        raise Invalid(f"{email!r} is no e-mail address.", field="email")
    if role not in ROLES:
        raise Invalid(f"The role is one of {', '.join(ROLES)}.", field="role")


def _role(session: Session, name: str) -> Role:
    role = session.scalars(select(Role).where(Role.name == name)).first()
    if role is None:
        role = Role(name=name, description=ROLES[RoleName(name)])
        session.add(role)
    return role


def _keep_an_admin(session: Session) -> None:
    session.flush()
    if not _n_admins(session):
        raise Conflict("That would leave nobody who can administer the site.")


def _n_admins(session: Session) -> int:
    is_admin = User.roles.any(Role.name == RoleName.ADMIN)
    admins = select(func.count()).select_from(User).where(User.active, is_admin)
    return session.scalar(admins) or 0
