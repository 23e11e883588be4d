"""Comparisons: asked for, found, and each step of their life. Only one worker may take one."""

from collections.abc import Sequence

from sqlalchemy import Select, select

from training.evaluation.comparison_types import Comparison
from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.models import VersionComparison, now
from webapp.models.enums import Action, RunState
from webapp.runs.beside.lifecycle import Lifecycle
from webapp.storage.database import writing
from webapp.versions import service as versions

LOST = N_("The worker fell silent while it compared, and nobody knows why: look at its machine.")
LIFE = Lifecycle(VersionComparison, VersionComparison.id, LOST)
MOST_WAITING = 10
LISTED = 50  # newest


def ask(ids: Sequence[int], by: str, anew: bool = False) -> VersionComparison:
    """Return the comparison of two versions: the one that is kept, or a new one that waits for the worker.

    Raise Invalid unless it is two, NotFound for a version that is not there, Conflict while too many wait.
    """
    chosen = sorted(set(ids))
    if len(chosen) != 2:
        raise Invalid(gettext("Choose two versions to compare."), "version")
    old_id, new_id = (versions.find_version(version_id).id for version_id in chosen)
    with writing() as session:
        same = select(VersionComparison).where(
            VersionComparison.old_id == old_id, VersionComparison.new_id == new_id
        )
        kept = session.scalars(same.order_by(VersionComparison.id.desc()).limit(1)).first()
        if kept and (kept.is_open or (kept.state == RunState.FINISHED and not anew)):
            return kept
        if len(session.scalars(_open()).all()) >= MOST_WAITING:
            raise Conflict(
                gettext("%(most)s comparisons wait already. Ask again when one is done.", most=MOST_WAITING)
            )
        comparison = VersionComparison(created_by=by, old_id=old_id, new_id=new_id)
        session.add(comparison)
        session.flush()
        audit.note(session, by, Action.VERSION_COMPARE, f"v{old_id}", other=f"v{new_id}")
    return comparison


def again(comparison_id: int, by: str) -> VersionComparison:
    """Compare the same two versions on what is known now."""
    comparison = find(comparison_id)
    return ask([comparison.old_id, comparison.new_id], by, anew=True)


def find(comparison_id: int) -> VersionComparison:
    """Return a comparison, or raise NotFound."""
    comparison = db.session.get(VersionComparison, comparison_id)
    if comparison is None:
        raise NotFound(gettext("There is no comparison %(id)s.", id=comparison_id))
    return comparison


def listing() -> list[VersionComparison]:
    """Return the newest comparisons, newest first."""
    newest = select(VersionComparison).order_by(VersionComparison.id.desc()).limit(LISTED)
    return list(db.session.scalars(newest))


def result(comparison: VersionComparison) -> Comparison:
    """Return what was found; raise NotFound if nothing was yet."""
    of_this = select(VersionComparison.result).where(VersionComparison.id == comparison.id)
    stored = db.session.scalar(of_this)
    if stored is None:
        raise NotFound(gettext("Comparison %(id)s has found nothing yet.", id=comparison.id))
    return Comparison.from_json(stored)


def claim(comparison_id: int) -> bool:
    """Take one that waits; say whether nobody else was quicker."""
    return LIFE.claim(comparison_id, phase="starting", started_at=now())


def finish(comparison_id: int, found: Comparison) -> bool:
    """Keep what was found."""
    return LIFE.finish(comparison_id, phase="", result=found.to_json())


def _open() -> Select[int]:
    return select(VersionComparison.id).where(
        VersionComparison.state.in_((RunState.QUEUED, RunState.RUNNING))
    )
