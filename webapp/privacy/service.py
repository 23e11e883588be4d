"""All that one visitor left: told of, taken along, deleted at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.feedback import service as feedback
from webapp.game import service as game
from webapp.models import Feedback, Game
from webapp.models.enums import Status
from webapp.storage import pagination

COLUMNS = (
    "name",
    "typed",
    "version",
    "guessed",
    "p_female",
    "answer",
    "status",
    "created_at",
    "updated_at",
    "decided_at",
    "reason",
    "learned_in",
    "address",
)
"""What a visitor takes along of each answer."""


@dataclass(frozen=True)
class Belongings:
    """How much is kept of one visitor."""

    answers: int
    games: int
    accepted: int
    """Corrections that reviewers accepted and no network has learned yet."""
    learned: int
    """Corrections that a network has learned."""

    def __bool__(self) -> bool:
        return bool(self.answers or self.games)


def count(visitor: str | None) -> Belongings:
    """Return how much is kept of a visitor."""
    if visitor is None:
        return Belongings(0, 0, 0, 0)
    is_accepted = (Feedback.visitor == visitor, Feedback.status == Status.ACCEPTED)
    return Belongings(
        answers=_n(Feedback, Feedback.visitor == visitor),
        games=_n(Game, Game.visitor == visitor),
        accepted=_n(Feedback, *is_accepted, Feedback.learned_id.is_(None)),
        learned=_n(Feedback, *is_accepted, Feedback.learned_id.is_not(None)),
    )


def _n(table: type[Feedback] | type[Game], *which: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*which)) or 0


def answers(visitor: str | None) -> Iterator[list[Any]]:
    """Yield every answer of a visitor as COLUMNS, oldest first, a chunk in memory at a time."""
    mine = select(Feedback).where(Feedback.visitor == visitor)
    return map(_answer, pagination.every(mine, (Feedback.id,)))


def _answer(row: Feedback) -> list[Any]:
    own = {
        "version": f"v{row.version_id}",
        "learned_in": f"v{row.learned_id}" if row.learned_id else None,
        "address": f"/c/{row.link}",
    }
    return [own[column] if column in own else getattr(row, column) for column in COLUMNS]


def games(visitor: str | None) -> Iterator[dict[str, Any]]:
    """Yield every game of a visitor, oldest first."""
    mine = select(Game).where(Game.visitor == visitor)
    for row in pagination.every(mine, (Game.id,)):
        yield {
            "created_at": row.created_at,
            "finished_at": row.finished_at,
            "address": f"/play/{row.link}",
            "turns": row.turns_json,
        }


def delete_all(visitor: str | None) -> Belongings:
    """Delete every answer and game of a visitor; return what there was."""
    there = count(visitor)
    if visitor is not None:
        # Some hundred answers a transaction: somebody with thousands holds nobody up.
        while feedback.delete_some(Feedback.visitor == visitor):
            pass
        game.delete(Game.visitor == visitor)
    return there
