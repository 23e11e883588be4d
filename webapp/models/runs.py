"""Training jobs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Model
from webapp.models.enums import RunKind, RunState
from webapp.models.types import Instant, now, word_of


class Run(Model):
    """One training job."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    created_by: Mapped[str] = mapped_column(String(255))
    request_id: Mapped[str] = mapped_column(String(64), default="", server_default="")  # that started it
    kind: Mapped[RunKind] = mapped_column(word_of(RunKind, 16))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)  # `runs.plans.Plan` writes and reads it
    promote_if_passed: Mapped[bool] = mapped_column(default=False)
    state: Mapped[RunState] = mapped_column(word_of(RunState, 16), default=RunState.QUEUED)
    # Unique, and null is equal to nothing in SQL: any number of ended runs, one that is queued or running.
    is_active: Mapped[bool | None] = mapped_column(unique=True, default=True)  # true or null: one at a time
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    # The version it is compared with.
    champion_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))  # the version it made
    snapshot: Mapped[str] = mapped_column(String(64), default="")  # fingerprint of the corrections
    corrections: Mapped[int] = mapped_column(default=0)
    # As the trainer says it: "CPU", or the GPU's name.
    device: Mapped[str] = mapped_column(String(255), default="")
    pid: Mapped[int | None]
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    heartbeat_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the newest event
    error: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    comparison: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)  # long: for its own page

    @property
    def has_passed(self) -> bool | None:
        """What the gate said of its network; None before it has."""
        return None if self.verdict is None else self.verdict["passes"] is True

    @property
    def corpora(self) -> tuple[str, ...]:
        """The corpora that are counted to the base corpus."""
        return tuple(self.settings.get("corpora", ()))

    @property
    def seconds(self) -> float:
        """How long it took, or has been going."""
        return ((self.finished_at or now()) - (self.started_at or self.created_at)).total_seconds()


class LiveTraining(Model):
    """Four small networks that learn while somebody watches: asked for, done by the worker, kept.

    It says nothing of who asked.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    # The settings as an address has them: equal settings are one training, however often they are asked for.
    settings: Mapped[str] = mapped_column(String(96), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Instant, default=now)
    state: Mapped[RunState] = mapped_column(word_of(RunState, 16), default=RunState.QUEUED)
    heartbeat_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    rounds: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # see `curves`
    error: Mapped[str] = mapped_column(Text, default="", server_default="")

    @property
    def is_open(self) -> bool:
        """Whether it waits or goes on."""
        return self.state in (RunState.QUEUED, RunState.RUNNING)
