"""The life of a run: queued, running, then finished, failed or cancelled. Every step is conditional.

Only one process may take a run, and a run that was declared dead stays so, whoever still works on it.
"""

import time
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from training.runtime.strict_json import Json
from webapp.audit import trail as audit
from webapp.extensions import db
from webapp.languages.words import N_
from webapp.models import Run, now
from webapp.models.enums import Action, RunState
from webapp.storage.database import has_just_started, reading, writing

SILENT = 15  # seconds without a heartbeat after which a run counts as dead
LOOKS = 5.0
"""Seconds between two looks at most: whoever could not look for longer knows nothing of that while."""
LOST = N_(
    "The worker fell silent while it ran, and nobody knows why: look at its machine. Start again to go on."
)


class Ended(Exception):
    """A run is over before it is finished."""

    def __init__(self, state: RunState, sentence: str = "") -> None:
        super().__init__(sentence)
        self.state = state


def claim(run_id: int) -> Run | None:
    """Take a queued run; return None if there is none to take (cancelled, or taken by another worker)."""
    moment = now()
    values = {"state": RunState.RUNNING, "started_at": moment, "heartbeat_at": moment}
    with writing() as session:
        # One UPDATE that asks for the state: of two workers that try, the database lets one change a row.
        taken = _change(session, run_id, RunState.QUEUED, values)
    return db.session.get(Run, run_id) if taken else None


def beat(run_id: int, progress: Json, **more: object) -> bool:
    """Write the newest progress; return False if the run is no longer ours to work on."""
    with writing() as session:
        values = {"progress": progress, "heartbeat_at": now(), **more}
        return _change(session, run_id, RunState.RUNNING, values)


def is_cancel_asked(run_id: int) -> bool:
    """Return whether somebody wants this run to end."""
    with reading() as session:
        return bool(session.scalar(select(Run.cancel_asked).where(Run.id == run_id)))


def take_back(run_id: int) -> bool:
    """Take up again a run that fell silent and was given up, by the worker that had it all along.

    Return False if it ended in any other way, or another run goes on by now.
    """
    given_up = Run.state == RunState.FAILED, Run.error == LOST
    values = {"state": RunState.RUNNING, "is_active": True, "error": "", "finished_at": None}
    query = update(Run).where(Run.id == run_id, *given_up).values(**values, heartbeat_at=now())
    try:
        with writing() as session:
            result = session.execute(query, execution_options={"synchronize_session": False})
            assert isinstance(result, CursorResult)
            if result.rowcount:
                audit.note(session, "worker", Action.RUN_GO_ON, f"run {run_id}")
            return result.rowcount == 1
    except IntegrityError:  # one run at a time
        return False


def at_work() -> set[int]:
    """Return the runs that this process works on: it knows better than their heartbeats."""
    mine: set[int] = current_app.extensions.setdefault("runs_at_work", set())
    return mine


def close(session: Session, run_id: int, state: RunState, **values: object) -> bool:
    """End a running run inside the caller's transaction; return False if it is not running any more."""
    ended = {"state": state, "is_active": None, "finished_at": now(), "pid": None}
    is_ended = _change(session, run_id, RunState.RUNNING, ended | values)
    # Finished and cancelled are written down by who did it; nobody did this.
    if is_ended and state == RunState.FAILED:
        audit.note(session, "worker", Action.RUN_FAIL, f"run {run_id}", error=values.get("error", ""))
    return is_ended


def end(run_id: int, state: RunState, sentence: str = "") -> bool:
    """End a running run with a sentence that says why."""
    with writing() as session:
        return close(session, run_id, state, error=sentence)


def waiting() -> list[int]:
    """Return the ids of the queued runs."""
    with reading() as session:
        return list(session.scalars(select(Run.id).where(Run.state == RunState.QUEUED).order_by(Run.id)))


def is_silent(run: Run) -> bool:
    """Return whether a running run's worker has not been heard of for too long."""
    return run.state == RunState.RUNNING and (run.heartbeat_at or run.created_at) < _deadline()


def sweep() -> None:
    """Let every run whose worker is lost fail, with its reason."""
    silent = Run.state == RunState.RUNNING, Run.heartbeat_at < _deadline()
    dead = select(Run.id).where(*silent, Run.id.not_in(at_work()))
    with reading() as session:
        # Read first: this runs every second, and each writing transaction would make all other writers wait.
        if session.scalar(dead.limit(1)) is None or has_just_started(session, SILENT):
            return
    with writing() as session:
        for run_id in session.scalars(dead).all():
            close(session, run_id, RunState.FAILED, error=LOST)


class Listener:
    """Lets a run fail whose heartbeat stands still, whatever the clock says: it may have been set back."""

    def __init__(self) -> None:
        self._heard: tuple[int, datetime | None] | None = None
        self._since = self._looked = 0.0

    def sweep(self) -> None:
        """Look at the run that goes on; raise nothing if there is none."""
        with reading() as session:
            running = select(Run.id, Run.heartbeat_at).where(Run.state == RunState.RUNNING)
            row = session.execute(running.order_by(Run.id)).first()
        heard = (row.id, row.heartbeat_at) if row and row.id not in at_work() else None
        was_away = time.monotonic() - self._looked > LOOKS
        self._looked = time.monotonic()
        if heard != self._heard or was_away:
            self._heard, self._since = heard, time.monotonic()
        elif heard and time.monotonic() - self._since > SILENT:
            end(heard[0], RunState.FAILED, LOST)


def _deadline() -> datetime:
    return now() - timedelta(seconds=SILENT)


def _change(session: Session, run_id: int, state: RunState, values: Json) -> bool:
    query = update(Run).where(Run.id == run_id, Run.state == state).values(**values)
    # Not synchronised: rows of this session are read again by whoever needs them.
    result = session.execute(query, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount == 1  # 0: its state was another by now
