"""The Flask extensions, unbound: `create_app` binds them."""

from typing import TYPE_CHECKING, Any

from flask import request
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_security import Security
from flask_security.totp import Totp
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from webapp.addresses import asker


class OneTimeCodes(Totp):
    """Codes of authenticator apps, none of which works twice; a user's row knows the newest that was used."""

    def get_last_counter(self, user: Any) -> int | None:
        """Return which code a user has used last."""
        counter: int | None = user.totp_counter
        return counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Remember which code a user has used, in the caller's transaction."""
        user.totp_counter = tmatch.counter


class Base(DeclarativeBase):
    """Every table's base; constraints get names so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
# Flask-SQLAlchemy makes `db.Model` when the program runs; a type checker cannot see what it is made of.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
migrate = Migrate()
csrf = CSRFProtect()
# Not the address itself: what counts in a storage is a keyed hash of it.
limiter = Limiter(key_func=lambda: asker(request.remote_addr), headers_enabled=True)
security = Security(totp_cls=OneTimeCodes)
