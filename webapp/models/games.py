"""The game on /play, and how people and the network did in it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from training.names import Label
from webapp.extensions import Model
from webapp.models.types import Instant, now, word_of


@dataclass(frozen=True)
class Turn:
    """One name of a game; what follows the share is known once it has been played."""

    name: str
    share: float
    """Of women in the records."""
    answer: str = ""
    """The visitor's label."""
    guessed: str = ""
    """The network's."""
    trace: tuple[float, ...] = ()
    """The network's P(female) after every letter."""
    version_id: int | None = None

    @property
    def is_played(self) -> bool:
        """Whether it has been answered."""
        return bool(self.answer)

    def to_json(self) -> dict[str, Any]:
        """Return the turn as the row holds it."""
        # The defaults of what is not known yet are not stored, so a later release can change them.
        return asdict(self) if self.is_played else {"name": self.name, "share": self.share}


class Game(Model):
    """One visitor's ten names, drawn from the holdout: they answer first, then the network."""

    id: Mapped[int] = mapped_column(primary_key=True)
    link: Mapped[str] = mapped_column(String(32), unique=True)  # unguessable: the address of the result
    visitor: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    turns_json: Mapped[list[dict[str, Any]]] = mapped_column("turns", JSON)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Its names in their order, with the answers to those that have been played."""
        # JSON has lists alone, and a frozen dataclass with a list in it could still be changed.
        return tuple(Turn(**(turn | {"trace": tuple(turn.get("trace", ()))})) for turn in self.turns_json)

    @turns.setter
    def turns(self, turns: Sequence[Turn]) -> None:
        # A new list each time: SQLAlchemy does not see, and would not store, a change inside the old one.
        self.turns_json = [turn.to_json() for turn in turns]


class GameTally(Model):
    """How many turns of games there are of each kind: people and the network on the same random names."""

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    truth: Mapped[Label] = mapped_column(word_of(Label, 8), primary_key=True)  # the corpus's label
    answer: Mapped[Label] = mapped_column(word_of(Label, 8), primary_key=True)  # the visitor's
    guessed: Mapped[Label] = mapped_column(word_of(Label, 8), primary_key=True)  # the network's
    n: Mapped[int] = mapped_column(default=0)
