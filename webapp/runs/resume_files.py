"""What a run left in its folder to go on from: web processes look at it, the worker moves and removes it.

A run that goes on from another may end before it took anything over, so the runs before it are asked too.
"""

import shutil
from pathlib import Path

from flask import current_app

from webapp.extensions import db
from webapp.models import Run
from webapp.runs.plans import Plan

SNAPSHOT = "corrections.jsonl"
CHECKPOINT_FILES = "checkpoint.*"


def root() -> Path:
    """Return the folder that holds the folders of all runs."""
    return Path(current_app.config["INSTANCE"]) / "runs"


def find_resumable(run: Run) -> Run | None:
    """Return the run that holds what this one left, itself or one that it goes on from; None without any."""
    return run if _files(run.id) else _before(run)


def take_over(run: Run) -> Run | None:
    """Move what the run before left into this one's folder, its snapshot too; return the run that left it."""
    left = _before(run)
    if left:
        folder = root() / str(run.id)
        # A checkpoint was written over certain names: it goes on with the same snapshot or not at all.
        shutil.copyfile(root() / str(left.id) / SNAPSHOT, folder / SNAPSHOT)
        for path in _files(left.id):
            # Moved, not copied: checkpoints are large, and only one run may go on from each.
            path.replace(folder / path.name)
    return left


def remove(run_id: int) -> None:
    """Remove what a run left to go on from."""
    for path in _files(run_id):
        path.unlink(missing_ok=True)


def _before(run: Run) -> Run | None:
    number = Plan.of(run).resumes
    before = db.session.get(Run, number) if number else None
    return find_resumable(before) if before else None


def _files(run_id: int) -> list[Path]:
    return list((root() / str(run_id)).glob(CHECKPOINT_FILES))
