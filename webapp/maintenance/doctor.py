"""Whether all is well with a site: one finding a line, each with what to do about it."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from training.model.artifact import SHIPPED
from webapp.errors import NomenError
from webapp.feedback import service as feedback
from webapp.records import lookup
from webapp.runs import queue
from webapp.runs.worker import status as worker_status
from webapp.storage import database, files
from webapp.versions import repair as weights
from webapp.versions import service as versions

BY = "doctor"
LARGEST_LOG = 64 * 2**20
"""Bytes of the write-ahead log; a larger one means that somebody reads without ever ending."""
LEAST_FREE = 500e6  # bytes of disk space


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is well, and in a sentence what was seen."""

    subject: str
    is_well: bool
    sentence: str


def examine() -> Iterator[Finding]:
    """Yield one finding after another; none of the looks changes anything."""
    for subject, look in _LOOKS.items():
        try:
            is_well, sentence = look()
        # One look that fails is a finding; the others go on, for they may say why.
        except (NomenError, SQLAlchemyError, sqlite3.Error, OSError) as error:
            # SQLAlchemy wraps the driver's error, whose own sentence is the plain one.
            is_well, sentence = False, str(getattr(error, "orig", error))
        yield Finding(subject, is_well, sentence)


def repair() -> list[str]:
    """Put back what can be: the shipped network's weights, and counts that differ. Return what was done."""
    original = SHIPPED.read_bytes()
    sha256 = versions.check(original).sha256
    done = []
    for version in weights.damaged():
        # Only the network that came with Nomen is at hand a second time.
        if version.sha256 == sha256:
            weights.put_back(version.id, original, BY)
            done.append(f"{version.label} has the weights again that came with Nomen.")
        else:
            done.append(f"{version.label} is damaged for good: import it again, or restore a backup.")
    return done + [f"Counted anew: {wrong}." for wrong in feedback.recount(check=False)]


def _database() -> tuple[bool, str]:
    if current_app.config["DATABASE_URL"]:
        with database.reading() as session:
            session.connection().exec_driver_sql("SELECT 1")
        return True, "it answers."
    path = _instance() / "nomen.db"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as file:
        # Quick: without comparing every index with its table, which a large database takes minutes for.
        (found,) = file.execute("PRAGMA quick_check(1)").fetchone()
    return found == "ok", "it is whole." if found == "ok" else f"it is damaged ({found}): restore a backup."


def _log() -> tuple[bool, str]:
    size = database.log_bytes(current_app)
    if size is None:
        return True, "PostgreSQL keeps its own."
    is_well = size < LARGEST_LOG
    return is_well, f"{size / 2**20:.1f} MB." + ("" if is_well else " Something reads and never ends.")


def _serving() -> tuple[bool, str]:
    champion = versions.serving()
    if champion is None:
        return False, "no version serves: run flask setup."
    trouble = weights.trouble_of_serving()
    return not trouble, trouble or f"{champion.version.label} serves."


def _weights() -> tuple[bool, str]:
    damaged = [version.label for version in weights.damaged()]
    return not damaged, f"{', '.join(damaged)} damaged." if damaged else "every version is what was stored."


def _counts() -> tuple[bool, str]:
    wrong = feedback.recount(check=True)
    return not wrong, f"{len(wrong)} differ from the answers." if wrong else "they equal the answers."


def _records() -> tuple[bool, str]:
    return True, f"{len(lookup.holdout_names()):,} names to surprise with."


def _queue() -> tuple[bool, str]:
    return True, f"{queue.queue().pending_count():,} waiting."


def _worker() -> tuple[bool, str]:
    machine = worker_status.known()
    return machine is not None, f"on {machine}." if machine else "none is there: make run starts one."


def _files() -> tuple[bool, str]:
    where = current_app.config["FILES_URL"]
    if current_app.config["DATABASE_URL"] and not where:
        return False, "they are on this machine alone: FILES_URL names a place that all machines find."
    files.get().names("batches/")
    return True, f"in {where or 'the instance folder'}."


def _disk() -> tuple[bool, str]:
    free = shutil.disk_usage(_instance()).free
    return free > LEAST_FREE, f"{free / 1e9:.1f} GB free."


def _instance() -> Path:
    return Path(current_app.config["INSTANCE"]).resolve()


# At the end, since it names the functions above; in the order in which one thing rests on another.
_LOOKS: dict[str, Callable[[], tuple[bool, str]]] = {
    "database": _database,
    "write-ahead log": _log,
    "serving version": _serving,
    "weights": _weights,
    "counts": _counts,
    "records": _records,
    "queue": _queue,
    "worker": _worker,
    "files": _files,
    "disk": _disk,
}
