"""What a trainer made becomes a version, with what it was taught, its comparison and the gate's verdict."""

import json
from pathlib import Path

from sqlalchemy.orm import Session

from training.evaluation import gate
from training.evaluation.comparison_types import Comparison
from training.evaluation.parts.pairs import BadComparison
from training.names import Label
from webapp.accounts.keys import service as api_keys
from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import Run, TaughtName, Version
from webapp.models.enums import Action, Origin, RunKind, RunState, Scope
from webapp.runs import lifecycle
from webapp.runs.worker import run_folder
from webapp.runs.worker.progress import RunProgress
from webapp.storage.database import writing
from webapp.versions import service as versions


def take_in(run_id: int, folder: Path, progress: RunProgress) -> None:
    """End a run with its version; raise Invalid or OSError if there is none that could serve.

    Raise Ended if somebody cancelled it up to this moment: what they saw as cancelled must never serve.
    """
    # All reading and checking comes before the transaction, which then is short.
    data = (folder / run_folder.CHALLENGER).read_bytes()
    comparison = _read_comparison(folder / run_folder.COMPARISON)
    # Judged here, from the evidence: the verdict that counts is the site's own, not one that a file claims.
    # changed.
    verdict = gate.judge(comparison.evidence)
    loaded = versions.check(data)
    with writing() as session:
        # Locked on PostgreSQL; on SQLite BEGIN IMMEDIATE has locked everything. A cancel now comes before or
        # after.
        run = session.get_one(Run, run_id, with_for_update=True)
        if run.cancel_asked:
            raise lifecycle.Ended(RunState.CANCELLED)
        version = versions.insert(
            session,
            data,
            loaded,
            origin=Origin.RUN,
            by=run.created_by,
            parent_id=_parent(run),
            note=f"Run {run_id}",
        )
        _teach(session, run, version, run_folder.taught_names(folder))
        made = {
            "version_id": version.id,
            "comparison": comparison.to_json(),
            "verdict": verdict.to_json(),
            "progress": progress.to_json(),
        }
        # It was declared dead meanwhile, and says so to the admin: rolling back leaves no version behind.
        if not lifecycle.close(session, run_id, RunState.FINISHED, **made):
            raise Conflict(lifecycle.LOST)
        audit.note(session, run.created_by, Action.RUN_FINISH, f"run {run_id}", version=version.label)
    _promote(run_id)


def _read_comparison(path: Path) -> Comparison:
    try:
        return Comparison.from_json(json.loads(path.read_text()))
    except (BadComparison, json.JSONDecodeError) as error:
        raise Invalid(f"The trainer's comparison is none. {error}") from error


def _parent(run: Run) -> int | None:
    # From scratch, nothing of the champion is in it.
    return run.champion_id if run.kind == RunKind.FINE_TUNE else None


def _teach(session: Session, run: Run, version: Version, taught: dict[str, Label]) -> None:
    # What a parent was taught is still in its weights, and must not count as a fair test.
    parent = _parent(run)
    inherited = versions.taught_names(parent) if parent else {}
    for name, answer in (inherited | taught).items():
        session.add(TaughtName(version_id=version.id, name=name, answer=answer))


def _promote(run_id: int) -> None:
    run = db.session.get_one(Run, run_id)
    if not (run.promote_if_passed and run.version_id and run.has_passed):
        return
    champion = versions.serving()
    if champion and champion.version_id != run.champion_id:
        return  # it was compared with another one; an admin decides
    if Scope.PROMOTE not in api_keys.rights(run.created_by):
        return  # whoever started it may not promote any more
    reason = f"Run {run_id} was to promote by itself, and the gate passed it."
    versions.promote(
        run.version_id, by=run.created_by, reason=reason, expected=champion.id if champion else None
    )
