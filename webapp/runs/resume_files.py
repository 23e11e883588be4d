"""What a run left to go on from: web processes look at it, the worker moves and removes it.

A run that goes on from another may end before it took anything over, so the runs before it are asked too.
"""

import fnmatch
import shutil
from pathlib import Path

from flask import current_app

from webapp.extensions import db
from webapp.models import Run
from webapp.runs.plans import Plan
from webapp.storage import files

SNAPSHOT = "corrections.jsonl"
CHECKPOINT_FILES = "checkpoint.*"


def root() -> Path:
    """Return the folder of this machine in which each run has one to work in."""
    return Path(current_app.config["INSTANCE"]) / "runs"


def find_resumable(run: Run) -> Run | None:
    """Return the run that holds what this one left, itself or one that it goes on from; None without any."""
    return run if _names(run.id) else _before(run)


def take_over(run: Run) -> Run | None:
    """Move what the run before left into this one's folder, its snapshot too; return the run that left it."""
    left = _before(run)
    if left:
        folder = root() / str(run.id)
        # A checkpoint was written over certain names: it goes on with the same snapshot or not at all.
        for name in (SNAPSHOT, *_names(left.id)):
            shutil.copyfile(files.get().fetch(_key(left.id, name)), folder / name)
        keep(run.id)
        # Moved, not copied: checkpoints are large, and only one run may go on from each.
        remove(left.id)
    return left


def keep(run_id: int) -> None:
    """Put what a run has left so far where every machine finds it; raise OSError.

    Its folder is that place already, unless FILES_URL says otherwise.
    """
    folder = root() / str(run_id)
    for path in (folder / SNAPSHOT, *folder.glob(CHECKPOINT_FILES)):
        if path.exists():
            files.get().keep(_key(run_id, path.name), path)


def remove(run_id: int) -> None:
    """Remove what a run left to go on from, wherever it is."""
    for name in _names(run_id):
        files.get().remove(_key(run_id, name))
    for path in (root() / str(run_id)).glob(CHECKPOINT_FILES):
        path.unlink(missing_ok=True)


def _before(run: Run) -> Run | None:
    number = Plan.of(run).resumes
    before = db.session.get(Run, number) if number else None
    return find_resumable(before) if before else None


def _names(run_id: int) -> list[str]:
    return fnmatch.filter(files.get().names(f"runs/{run_id}/"), CHECKPOINT_FILES)


def _key(run_id: int, name: str) -> str:
    return f"runs/{run_id}/{name}"
