"""What the site keeps of itself: what changed, who did what, how often something was tried."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Model
from webapp.models.types import Instant, now


class Revision(Model):
    """One row that changes with everything public pages show; their ETag."""

    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Instant, default=now)
    # When a visitor last answered; None before the first.
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class AuditEntry(Model):
    """Something that somebody with rights did. Rows are only ever added."""

    __table_args__ = (
        Index(None, "at"),
        Index(None, "action", "at"),
        Index(None, "subject", "at"),
        Index(None, "actor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    # An address or a name, not a reference: entries outlive their users.
    actor: Mapped[str] = mapped_column(String(255))
    # Plain text and no enumeration: entries of other releases must be readable, whatever they say.
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(255), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Throttle(Model):
    """How often something was tried in one window of time, for limits that all processes share."""

    key: Mapped[str] = mapped_column(String(96), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)  # seconds since 1970, its start
    n: Mapped[int] = mapped_column(default=0)
