"""Who may log in, and the keys of programs."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_security.models import fsqla_v3 as fsqla
from flask_security.models.fsqla import FsModels
from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Model, db
from webapp.models.types import Instant, now

# Makes the table between users and roles, in this site's metadata.
FsModels.set_db_info(db)


class Role(Model, fsqla.FsRoleMixin):
    """`admin` or `reviewer`."""

    # Flask-Security's mixins leave these untyped.
    if TYPE_CHECKING:
        name: Mapped[str]  # type: ignore[assignment]


class User(Model, fsqla.FsUserMixin):
    """Somebody who may log in."""

    webauthn = None  # the mixin relates to a table of passkeys if their library is there; there is none
    must_change: Mapped[bool] = mapped_column(default=False)  # somebody else has seen this password
    totp_counter: Mapped[int | None]  # the newest code that was used: none works twice

    @property
    def has_second_factor(self) -> bool:
        """Whether a code is asked for at every log-in."""
        return bool(self.tf_primary_method and self.tf_totp_secret)

    if TYPE_CHECKING:
        fs_uniquifier: Mapped[str]  # type: ignore[assignment]
        tf_primary_method: Mapped[str | None]  # type: ignore[assignment]
        tf_totp_secret: Mapped[str | None]  # type: ignore[assignment]
        mf_recovery_codes: Mapped[list[str] | None]  # type: ignore[assignment]
        id: Mapped[int]  # type: ignore[assignment]
        email: Mapped[str]  # type: ignore[assignment]
        active: Mapped[bool]
        password: Mapped[str | None]  # type: ignore[assignment]
        roles: Mapped[list[Role]]  # type: ignore[assignment]


class ApiKey(Model):
    """A key to the API: shown once, kept as a hash."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    created_by: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)  # rounded: see accounts.api_keys
