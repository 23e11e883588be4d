"""What each reviewer thinks of each correction, written in the transaction of the decision or opinion.

A correction is a name with what visitors say of it. A reviewer's latest word on it is kept, an earlier one
only in the audit trail.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from training.names import Label
from webapp.models import Feedback, SecondOpinion, Verdict
from webapp.models.enums import Status
from webapp.storage.database import insert

KEY = ("name", "answer", "by")


def note_decision(session: Session, rows: Iterable[Feedback], by: str, at: datetime) -> None:
    """Keep what `by` decided on answers, and close what was asked of them about these names."""
    said = {(row.name, row.answer): row.status for row in rows}
    _note(session, said, by, at, is_opinion=False)
    _close(session, {name for name, _ in said}, by, at)


def note_opinion(session: Session, said: Mapping[tuple[str, Label], Status], by: str, at: datetime) -> None:
    """Keep what `by` thinks of corrections, without deciding them."""
    _note(session, said, by, at, is_opinion=True)


def forget_decision(session: Session, rows: Iterable[Feedback], by: str) -> None:
    """Take back what `by` thought, where they undo a decision of their own; a colleague's word stands."""
    mine = {(row.name, row.answer, row.decided_at) for row in rows if row.decided_by == by}
    for name, answer, at in mine:
        which = Verdict.name == name, Verdict.answer == answer, Verdict.by == by, Verdict.at == at
        session.execute(delete(Verdict).where(*which))


def _note(
    session: Session, said: Mapping[tuple[str, Label], Status], by: str, at: datetime, is_opinion: bool
) -> None:
    if not said:
        return
    rows = [
        {"name": name, "answer": answer, "by": by, "status": status, "is_opinion": is_opinion, "at": at}
        for (name, answer), status in said.items()
    ]
    new = insert(session, Verdict)
    latest = {name: new.excluded[name] for name in ("status", "is_opinion", "at")}
    session.execute(new.on_conflict_do_update(index_elements=KEY, set_=latest), rows)


def _close(session: Session, names: Collection[str], by: str, at: datetime) -> None:
    # Who decides has answered whoever asked. What is open of one person is little, whatever is decided.
    asked = select(SecondOpinion).where(SecondOpinion.asked_of == by, SecondOpinion.given_at.is_(None))
    for row in session.scalars(asked):
        if row.name in names:
            row.given_at = at
