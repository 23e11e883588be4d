"""What the machines of a site tell each other: who works, which files and corpora were brought."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Model
from webapp.models.enums import ConversionStep
from webapp.models.types import Instant, now, word_of


class Worker(Model):
    """A worker that is there; its row goes with it, or is passed over when it is no longer heard of."""

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    machine: Mapped[dict[str, Any]] = mapped_column(JSON)  # `runs.worker.status.Machine`
    seen_at: Mapped[datetime] = mapped_column(Instant, default=now)


class Upload(Model):
    """A file that a visitor brought, and how far its conversion is; its content is in the file storage."""

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    visitor: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(String(255))  # what its owner calls it, and never a path here
    size: Mapped[int]  # bytes
    touched_at: Mapped[datetime] = mapped_column(Instant, default=now, index=True)
    state: Mapped[ConversionStep] = mapped_column(word_of(ConversionStep, 8), default=ConversionStep.WAITING)
    rows: Mapped[int] = mapped_column(default=0)
    share: Mapped[float] = mapped_column(default=0.0)
    seconds: Mapped[float] = mapped_column(default=0.0)
    stop_asked: Mapped[bool] = mapped_column(default=False)


class Corpus(Model):
    """A list of names that an admin brought, counted, in the trainer's own layout and packed by zlib."""

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    added_at: Mapped[datetime] = mapped_column(Instant, default=now)
    names: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    countries: Mapped[list[str]] = mapped_column(JSON)
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]
    # Deferred: a list of corpora would otherwise load megabytes a row.
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
