"""The game on /play, and how people and the network did in it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Model
from webapp.models.types import Instant, now


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
