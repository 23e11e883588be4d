"""What a trainer made becomes a version, with what it was taught, its comparison and the gate's verdict."""

import json
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from training.evaluation import gate
from training.evaluation.comparison_types import Comparison
from training.evaluation.parts.pairs import BadComparison
from training.model.inference import cpu_network
from training.model.inference.cpu_network import CpuNetwork
from webapp.accounts.keys import service as api_keys
from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.languages.texts import gettext
from webapp.models import Run, TaughtName
from webapp.models.enums import Action, Origin, RunKind, RunState, Scope
from webapp.records import lookup
from webapp.runs import lifecycle
from webapp.runs.worker import run_folder
from webapp.runs.worker.progress import RunProgress
from webapp.storage.database import empty_log, writing
from webapp.versions import service as versions


def take_in(run_id: int, folder: Path, progress: RunProgress) -> None:
    """End a run with its version; raise Invalid or OSError if there is none that could serve. Again is once.

    Raise Ended if somebody cancelled it up to this moment: what they saw as cancelled must never serve.
    """
    # All reading and checking comes before the transaction, which then is short.
    data = (folder / run_folder.CHALLENGER).read_bytes()
    comparison = _read_comparison(folder / run_folder.COMPARISON)
    # Judged here, from the evidence: the verdict that counts is the site's own, not one that a file claims.
    verdict = gate.judge(comparison.evidence)
    loaded = versions.check(data)
    receipts = _receipts(folder, cpu_network.of_contents(loaded))
    empty_log()
    with writing() as session:
        # Locked on PostgreSQL; on SQLite BEGIN IMMEDIATE locks all. A cancel now comes before or after this.
        run = session.get_one(Run, run_id, with_for_update=True)
        if run.state == RunState.FINISHED:  # this was done, and the answer to the commit was lost
            return
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
        _teach(session, _parent(run), version.id, receipts)
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


def _read_comparison(path: Path) -> Comparison:
    try:
        return Comparison.from_json(json.loads(path.read_text()))
    except (BadComparison, json.JSONDecodeError) as error:
        raise Invalid(gettext("The trainer's comparison cannot be used. %(error)s", error=error)) from error


def _parent(run: Run) -> int | None:
    # From scratch, nothing of the champion is in it.
    return run.champion_id if run.kind == RunKind.FINE_TUNE else None


def _receipts(folder: Path, challenger: CpuNetwork) -> list[TaughtName]:
    """Return what the new version was taught, with the answers of the network before and of its own."""
    votes = run_folder.taught_names(folder)
    names, known = list(votes), lookup.known_many(votes)
    champion = cpu_network.load((folder / run_folder.CHAMPION).read_bytes())
    before, after = champion.shares(names), challenger.shares(names)
    return [
        TaughtName(
            name=name,
            answer=votes[name].answer,
            people=known[name].people if name in known else 0,
            known=known[name].share if name in known else 0.5,  # of nobody, so any share would do
            visitors=votes[name].visitors,
            said=votes[name].said,
            before=p,
            after=q,
        )
        for name, p, q in zip(names, before, after, strict=True)
    ]


def _teach(session: Session, parent_id: int | None, version_id: int, taught: Sequence[TaughtName]) -> None:
    for row in taught:
        row.version_id = version_id
        session.add(row)
    # What a parent was taught is still in its weights, and must not count as a fair test.
    inherited = versions.taught_names(parent_id) if parent_id else {}
    for name in inherited.keys() - {row.name for row in taught}:
        session.add(TaughtName(version_id=version_id, name=name, answer=inherited[name]))


def promote(run_id: int) -> None:
    """Let the version of a finished run serve, if that was asked for and the gate passed it."""
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
