"""Trained networks, which of them serves, and what visitors taught them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training.names import Label
from webapp.extensions import Model
from webapp.models.enums import Origin, PromotionKind, RunState
from webapp.models.types import Instant, now, word_of


class Version(Model):
    """One trained network: its weights and what is known of it. `v7` is the version whose id is 7."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    created_by: Mapped[str] = mapped_column(String(255))
    origin: Mapped[Origin] = mapped_column(word_of(Origin, 16))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    made_at: Mapped[datetime] = mapped_column(Instant, default=now)
    """When it was made, as its card says; `created_at` is when it came here."""
    name: Mapped[str] = mapped_column(String(64), default="", server_default="")
    note: Mapped[str] = mapped_column(Text, default="")
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)  # of the artifact: it is stored once
    # Deferred, as the card is: a list of versions would otherwise load megabytes a row.
    weights: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    card: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)  # the few figures that lists show

    @property
    def label(self) -> str:
        """What everybody calls it: v7."""
        return f"v{self.id}"

    @property
    def title(self) -> str:
        """Its label, with the name that an admin gave it."""
        return f"{self.label} “{self.name}”" if self.name else self.label


class VersionComparison(Model):
    """Two versions, name by name: asked for by an admin, done by the worker, and kept."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    created_by: Mapped[str] = mapped_column(String(255))
    old_id: Mapped[int] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"), index=True)
    new_id: Mapped[int] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"), index=True)
    state: Mapped[RunState] = mapped_column(word_of(RunState, 16), default=RunState.QUEUED)
    phase: Mapped[str] = mapped_column(String(64), default="", server_default="")
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    heartbeat_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str] = mapped_column(Text, default="", server_default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)  # long: for its own page

    @property
    def is_open(self) -> bool:
        """Whether it waits or goes on."""
        return self.state in (RunState.QUEUED, RunState.RUNNING)


class TaughtName(Model):
    """A name that a version was trained on because visitors corrected it."""

    __tablename__ = "lesson"  # as the first release made it

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer: Mapped[Label] = mapped_column(word_of(Label, 8))
    # What follows is read as `versions.receipts.Receipt`; versions of old releases did not note it.
    people: Mapped[int | None]
    known: Mapped[float | None]
    visitors: Mapped[int | None]
    said: Mapped[float | None]
    before: Mapped[float | None]
    after: Mapped[float | None]


class Promotion(Model):
    """From this moment on this version serves. The newest row is the truth."""

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    by: Mapped[str] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[PromotionKind] = mapped_column(word_of(PromotionKind, 16))
    # Joined, because who asks what serves wants its label too.
    version: Mapped[Version] = relationship(lazy="joined")
