"""The steps in the life of a row that waits for the worker: taken, going on, finished, failed, lost."""

from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import InstrumentedAttribute

from webapp.models import now
from webapp.models.enums import RunState
from webapp.storage.database import has_just_started, reading, writing

SILENT = 15  # seconds without a heartbeat after which one that goes on counts as lost


class Lifecycle:
    """Moves the rows of one table from state to state; of several that try, one succeeds.

    The table has the columns id, state, heartbeat_at, finished_at and error.
    """

    def __init__(self, table: Any, oldest: InstrumentedAttribute[Any], lost: str) -> None:
        self.table = table
        self.oldest = oldest
        """The column by which those that wait are ordered."""
        self.lost = lost
        """Why one failed whose worker is lost."""

    def waiting(self) -> int | None:
        """Return the id of the one that waits longest."""
        waiting = select(self.table.id).where(self.table.state == RunState.QUEUED)
        with reading() as session:
            found: int | None = session.scalar(waiting.order_by(self.oldest, self.table.id).limit(1))
        return found

    def claim(self, row_id: int, **values: object) -> bool:
        """Take one that waits; say whether nobody else was quicker."""
        return self._change(row_id, RunState.QUEUED, state=RunState.RUNNING, heartbeat_at=now(), **values)

    def beat(self, row_id: int, **values: object) -> bool:
        """Write how far one is; say whether it is still wanted."""
        return self._change(row_id, RunState.RUNNING, heartbeat_at=now(), **values)

    def finish(self, row_id: int, **values: object) -> bool:
        """Keep what was found."""
        return self._change(row_id, RunState.RUNNING, state=RunState.FINISHED, finished_at=now(), **values)

    def fail(self, row_id: int, sentence: str, **values: object) -> bool:
        """End one with a sentence that says why."""
        ended = {"state": RunState.FAILED, "finished_at": now(), "error": sentence}
        return self._change(row_id, RunState.RUNNING, **ended, **values)

    def sweep(self) -> None:
        """Let those fail whose worker is lost."""
        lost = select(self.table.id).where(
            self.table.state == RunState.RUNNING, self.table.heartbeat_at < now() - timedelta(seconds=SILENT)
        )
        # Read first: this is called every second, and a writing transaction would make all others wait.
        with reading() as session:
            ids = [] if has_just_started(session, SILENT) else list(session.scalars(lost))
        for row_id in ids:
            self.fail(row_id, self.lost)

    def _change(self, row_id: int, before: RunState, **values: object) -> bool:
        change = update(self.table).where(self.table.id == row_id, self.table.state == before)
        with writing() as session:
            # Not synchronised: rows of this session are read again by whoever needs them.
            done = session.execute(change.values(**values), execution_options={"synchronize_session": False})
        assert isinstance(done, CursorResult)
        return done.rowcount == 1
