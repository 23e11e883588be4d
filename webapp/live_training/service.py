"""Live trainings: asked for, and each step of their life. Equal settings are trained once and kept."""

from collections.abc import Sequence

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from webapp.errors import Conflict, NotFound, TooMany
from webapp.extensions import db
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.live_training.curves import Round
from webapp.live_training.dials import Dials
from webapp.models import LiveTraining, now
from webapp.models.enums import RunState
from webapp.runs.beside.lifecycle import Lifecycle
from webapp.storage import quotas
from webapp.storage.database import reading, writing

LOST = N_("The worker fell silent while it trained, and nobody knows why: ask again.")
LIFE = Lifecycle(LiveTraining, LiveTraining.asked_at, LOST)
PER_HOUR, PER_ADDRESS = 12, 60
"""New trainings that one visitor, and one address, may ask for in an hour: a class has one address.

What is kept costs nothing.
"""
MOST_WAITING = 10
KEPT = 300
LISTED = 8  # newest


def find(dials: Dials) -> LiveTraining | None:
    """Return the training with these settings, if anybody has asked for it."""
    return db.session.scalar(select(LiveTraining).where(LiveTraining.settings == dials.address))


def ask(dials: Dials, visitor: str, address: str) -> LiveTraining:
    """Return the training with these settings: the one that is kept, or a new one that waits for the worker.

    Raise Conflict while too many wait, TooMany for a visitor or an address that has asked for too many.
    """
    kept = find(dials)
    if kept and kept.state != RunState.FAILED and (kept.is_open or kept.rounds):
        return kept
    with reading() as session:
        _refuse_if_full(session)
    _spend(visitor, PER_HOUR)
    _spend(address, PER_ADDRESS)
    with writing() as session:
        _refuse_if_full(session)
        row = session.scalar(select(LiveTraining).where(LiveTraining.settings == dials.address))
        if row is None:
            row = LiveTraining(settings=dials.address)
            session.add(row)
        if row.state != RunState.RUNNING:
            row.state, row.asked_at, row.rounds, row.error = RunState.QUEUED, now(), [], ""
        session.flush()
        _forget_old(session)
    return row


def listing() -> list[LiveTraining]:
    """Return the newest that are done, newest first."""
    done = select(LiveTraining).where(LiveTraining.state == RunState.FINISHED)
    return list(db.session.scalars(done.order_by(LiveTraining.finished_at.desc()).limit(LISTED)))


def by_id(training_id: int) -> LiveTraining:
    """Return a training, or raise NotFound."""
    row = db.session.get(LiveTraining, training_id)
    if row is None:
        raise NotFound(gettext("There is no such training."))
    return row


def claim(training_id: int) -> bool:
    """Take one that waits; say whether nobody else was quicker, and no other goes on at any machine."""
    going = select(LiveTraining.id).where(LiveTraining.state == RunState.RUNNING)
    with reading() as session:
        if session.scalars(going).first():
            return False
    return LIFE.claim(training_id)


def beat(training_id: int, rounds: Sequence[Round]) -> bool:
    """Write how far one is; say whether it is still wanted."""
    return LIFE.beat(training_id, rounds=[row.to_json() for row in rounds])


def finish(training_id: int, rounds: Sequence[Round]) -> bool:
    """Keep what was learned."""
    return LIFE.finish(training_id, rounds=[row.to_json() for row in rounds])


def _spend(who: str, limit: int) -> None:
    spent = quotas.spend("live-training", who, 1, limit, quotas.HOUR)
    if not spent.granted:
        raise TooMany(
            gettext("%(limit)s trainings in an hour are enough. What was trained stays.", limit=limit),
            spent.reset,
        )


def _refuse_if_full(session: Session) -> None:
    waiting = select(func.count()).where(LiveTraining.state == RunState.QUEUED)
    if (session.scalar(waiting) or 0) >= MOST_WAITING:
        raise Conflict(
            gettext("%(most)s trainings wait already. Ask again when one is done.", most=MOST_WAITING)
        )


def _forget_old(session: Session) -> None:
    newest: Select[int] = select(LiveTraining.id).order_by(LiveTraining.asked_at.desc()).limit(KEPT)
    session.execute(delete(LiveTraining).where(LiveTraining.id.not_in(newest)))
