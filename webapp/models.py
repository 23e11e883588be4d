"""The tables: columns and tiny properties. What is done with them stands in the noun modules."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from flask_security.models import fsqla_v3 as fsqla
from sqlalchemy import (
    JSON,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Model, db


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


class Version(Model):
    """One trained network: its weights and what is known of it. `v7` is the version whose id is 7."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    created_by: Mapped[str] = mapped_column(String(255))
    origin: Mapped[str] = mapped_column(String(16))  # shipped, run, import
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    weights: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    card: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON)  # the few figures that lists show

    @property
    def label(self) -> str:
        """The name people use: v7."""
        return f"v{self.id}"


class Lesson(Model):
    """A name that a version was trained on because visitors corrected it."""

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer: Mapped[str] = mapped_column(String(8))


class Promotion(Model):
    """From this moment on this version serves. The newest row is the truth."""

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    by: Mapped[str] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(16))  # first, promote, rollback
    version: Mapped[Version] = relationship(lazy="joined")


class Feedback(Model):
    """A visitor's answer to one guess."""

    __table_args__ = (
        UniqueConstraint("visitor", "name", "version_id"),
        Index(None, "visitor", "created_at"),
        Index(None, "name", "status", "version_id"),
        Index(None, "name", "created_at"),
        Index(None, "status", "created_at"),
        Index(None, "version_id", "guessed", "answer"),
        Index(None, "created_at"),
        Index(None, "version_id", "created_at"),
        Index(None, "version_id", "status", "created_at"),
        Index(None, "status", "learned_id", "name"),
        Index(None, "decided_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now)  # when the answer was last changed
    day: Mapped[date]  # the tally's day: that of created_at
    visitor: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(8), default="guess")  # guess, play, api
    name: Mapped[str] = mapped_column(String(64))  # normalised
    typed: Mapped[str] = mapped_column(String(64))
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    guessed: Mapped[str] = mapped_column(String(8))  # female, male
    p_female: Mapped[float]
    answer: Mapped[str] = mapped_column(String(8))  # female, male, both
    previous: Mapped[str | None] = mapped_column(String(8))  # the answer before, for undo
    status: Mapped[str] = mapped_column(String(8))  # right, pending, accepted, rejected
    taught: Mapped[bool] = mapped_column(default=False)  # the version had learned this name from visitors
    link: Mapped[str] = mapped_column(String(32), unique=True)  # unguessable, of the correction's own page
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text, default="")
    learned_id: Mapped[int | None] = mapped_column(
        ForeignKey("version.id")
    )  # first served version that has it
    seen_at: Mapped[datetime | None] = mapped_column(Instant)  # when the visitor was told of the outcome
    version: Mapped[Version] = relationship(foreign_keys=[version_id])

    @property
    def is_right(self) -> bool:
        """Whether the visitor agreed with the guess."""
        return self.answer == self.guessed


class Tally(Model):
    """How many answers there are of each kind, kept in the same transaction as the answers."""

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(8), primary_key=True)
    guessed: Mapped[str] = mapped_column(String(8), primary_key=True)
    answer: Mapped[str] = mapped_column(String(8), primary_key=True)
    status: Mapped[str] = mapped_column(String(8), primary_key=True)
    taught: Mapped[bool] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class NameTally(Model):
    """How one name was answered in all, rejected answers apart: what the lists of missed names read."""

    __table_args__ = (Index(None, "missed"), Index(None, "against"))

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    women: Mapped[int] = mapped_column(default=0)
    men: Mapped[int] = mapped_column(default=0)
    both: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)  # answers that disagreed with the guess
    against: Mapped[int] = mapped_column(default=0)  # answers that disagreed with the corpus


class Game(Model):
    """One visitor's ten names, drawn from the holdout: they answer first, then the network."""

    id: Mapped[int] = mapped_column(primary_key=True)
    link: Mapped[str] = mapped_column(String(32), unique=True)  # unguessable: the address of the result
    visitor: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    turns: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # name, share; once played: answer, p, version


class GameTally(Model):
    """How many turns of games there are of each kind: people and the network on the same random names."""

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    truth: Mapped[str] = mapped_column(String(8), primary_key=True)  # the corpus's label
    answer: Mapped[str] = mapped_column(String(8), primary_key=True)  # the visitor's
    guessed: Mapped[str] = mapped_column(String(8), primary_key=True)  # the network's
    n: Mapped[int] = mapped_column(default=0)


class Case(Model):
    """What waits for review under one name: its pending corrections, one vote a visitor."""

    __tablename__ = "review_case"
    __table_args__ = (
        Index(None, "votes", "surest", "name"),
        Index(None, "surest", "name"),
        Index(None, "last_at", "name"),
        Index(None, "is_contested", "votes", "name"),
    )

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    women: Mapped[int]
    men: Mapped[int]
    both: Mapped[int]
    votes: Mapped[int]  # women + men + both: visitors, each counted once
    surest: Mapped[float]  # how sure the network was of what is called wrong, at most
    p_female: Mapped[float]  # what it said then
    first_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
    people: Mapped[int]  # the corpus's evidence when last looked up
    share: Mapped[float | None]
    is_contested: Mapped[bool]  # split votes, or thousands of bearers against them


class Revision(Model):
    """One row that changes with everything public pages show; their ETag."""

    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Instant, default=now)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


class Run(Model):
    """One training job."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    created_by: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(16))  # fine-tune, scratch
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    promote_if_passed: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(16), default="queued")  # running, finished, failed, cancelled
    is_active: Mapped[bool | None] = mapped_column(unique=True, default=True)  # true or null: one at a time
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    champion_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    snapshot: Mapped[str] = mapped_column(String(64), default="")  # fingerprint of the corrections
    corrections: Mapped[int] = mapped_column(default=0)
    device: Mapped[str] = mapped_column(String(255), default="")
    pid: Mapped[int | None]
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    heartbeat_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    progress: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # the newest event
    error: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    comparison: Mapped[dict[str, Any] | None] = mapped_column(JSON, deferred=True)

    @property
    def seconds(self) -> float:
        """How long it took, or has been going."""
        return ((self.finished_at or now()) - (self.started_at or self.created_at)).total_seconds()


class AuditEntry(Model):
    """Something that somebody with rights did. Rows are only ever added."""

    __table_args__ = (Index(None, "at"), Index(None, "action", "at"), Index(None, "subject", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, default=now)
    actor: Mapped[str] = mapped_column(String(255))
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(255), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


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
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Throttle(Model):
    """How often something was tried in one window of time, for limits that all processes share."""

    key: Mapped[str] = mapped_column(String(96), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)  # seconds since 1970, its start
    n: Mapped[int] = mapped_column(default=0)


fsqla.FsModels.set_db_info(db)


class Role(Model, fsqla.FsRoleMixin):  # type: ignore[misc]
    """`admin` or `reviewer`."""

    if TYPE_CHECKING:
        name: Mapped[str]  # type: ignore[assignment]


class User(Model, fsqla.FsUserMixin):  # type: ignore[misc]
    """Somebody who may log in."""

    must_change: Mapped[bool] = mapped_column(default=False)  # somebody else has seen this password
    if TYPE_CHECKING:
        id: Mapped[int]  # type: ignore[assignment]
        email: Mapped[str]  # type: ignore[assignment]
        active: Mapped[bool]
        password: Mapped[str | None]  # type: ignore[assignment]
        roles: Mapped[list[Role]]  # type: ignore[assignment]
