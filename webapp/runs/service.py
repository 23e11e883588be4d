"""Runs as an admin sees them: start, follow, cancel, start again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from training.evaluation.comparison_types import Comparison
from training.evaluation.gate import Verdict
from training.names import Label
from webapp.accounts.keys import service as api_keys
from webapp.audit import trail as audit
from webapp.errors import Conflict, NotFound, Unavailable
from webapp.extensions import db
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.logs import request_id
from webapp.models import Run, now
from webapp.models.enums import Action, RunKind, RunState, Scope
from webapp.presentation.wording import listed_names
from webapp.review import correction_effects
from webapp.review import service as review
from webapp.review.correction_effects import Balance
from webapp.review.service import AcceptedCorrection
from webapp.runs import lifecycle, plans, queue, resume_files
from webapp.runs.plans import Plan
from webapp.runs.worker.phases import Phase
from webapp.runs.worker.progress import RunProgress
from webapp.storage.database import writing
from webapp.versions import service as versions

PAGE = 20


@dataclass(frozen=True)
class PendingCorrections:
    """What visitors taught, as the next run would learn it."""

    corrections: Sequence[AcceptedCorrection]
    names: int
    new: int
    """Names that the champion has not learned."""
    answers: Counter[Label]
    """How many say which: a visitor who corrected two names gave two."""
    balance: Balance
    """What becomes of them beside the records."""


def pending() -> PendingCorrections:
    """Return what would be learned now."""
    corrections = review.accepted()
    answers: Counter[Label] = Counter()
    for row in corrections:
        answers[row.answer] += row.visitors
    balance = correction_effects.weigh(corrections)
    return PendingCorrections(corrections, balance.names, review.n_unlearned(), answers, balance)


def start(plan: Plan, by: str) -> Run:
    """Queue a run; raise Conflict while another one is active, Unavailable if the queue is away."""
    # A run whose worker died may still count as active; it must not keep this one from starting.
    lifecycle.sweep()
    plan = plans.check(plan)
    if plan.kind == RunKind.FINE_TUNE:
        _check_that_it_learns(plan)
    champion = versions.serving()
    try:
        with writing() as session:
            run = Run(
                created_by=by,
                request_id=request_id.current(),
                kind=plan.kind,
                settings=plan.settings(),
                promote_if_passed=plan.promote_if_passed,
                champion_id=champion.version_id if champion else None,
            )
            session.add(run)
            session.flush()
            audit.note(session, by, Action.RUN_START, f"run {run.id}", kind=plan.kind, **plan.settings())
    # The unique `is_active` refuses a second active run, whichever process was quicker.
    except IntegrityError as error:
        raise Conflict(_busy()) from error
    # After the commit: a worker that is quick would look for a row that is not there yet.
    _enqueue(run.id)
    return run


def _check_that_it_learns(plan: Plan) -> None:
    corrections = review.accepted()
    if not corrections:
        raise Conflict(gettext("There is nothing to learn yet: no correction has been accepted."))
    balance = correction_effects.weigh(corrections)
    if len(balance.outweighed) == balance.names and not plan.corpora:  # those may know the names otherwise
        raise Conflict(
            gettext(
                "A fine-tune would change nothing yet: what the records know of %(names)s weighs more than "
                "the visitors who say otherwise. More of them would turn it.",
                names=listed_names([row.name for row in balance.outweighed]),
            )
        )


def _busy() -> str:
    other = active()
    return (
        gettext("Run %(id)s is still going: one at a time.", id=other.id)
        if other
        else gettext("Another run has just ended.")
    )


def _enqueue(run_id: int) -> None:
    try:
        queue.enqueue(run_id)
    except Exception as error:
        # Whatever the queue's library raises: a run that nobody will ever take must not block the next.
        with writing() as session:
            query = update(Run).where(Run.id == run_id, Run.state == RunState.QUEUED)
            ended = {"state": RunState.FAILED, "is_active": None, "finished_at": now()}
            session.execute(query.values(**ended, error=N_("The queue: %(error)s") % {"error": error}))
        raise Unavailable(gettext("The queue cannot be reached, so nothing was started.")) from error


def again(run_id: int, by: str) -> Run:
    """Start a run with the settings of an ended one; it goes on from a checkpoint if there is one."""
    run = find_run(run_id)
    left = resume_files.find_resumable(run)
    return start(replace(Plan.of(run), resumes=left.id if left else None), by)


def find_run(run_id: int) -> Run:
    """Return a run, or raise NotFound."""
    run = db.session.get(Run, run_id)
    if run is None:
        raise NotFound(gettext("There is no run %(id)s.", id=run_id))
    return run


def comparison(run: Run) -> Comparison:
    """Return the comparison of a run; raise NotFound if it has none."""
    stored = db.session.scalar(select(Run.comparison).where(Run.id == run.id))
    if stored is None:
        raise NotFound(gettext("Run %(id)s has nothing to compare.", id=run.id))
    return Comparison.from_json(stored)


def verdict(run: Run) -> Verdict:
    """Return what the gate said of a run's network; raise NotFound if it has said nothing."""
    if run.verdict is None:
        raise NotFound(gettext("The gate has not judged run %(id)s.", id=run.id))
    return Verdict.from_json(run.verdict)


def active() -> Run | None:
    """Return the run that is queued or running."""
    return db.session.scalars(select(Run).where(Run.is_active.is_(True))).first()


def latest() -> Run | None:
    """Return the newest run."""
    return db.session.scalars(select(Run).order_by(Run.id.desc()).limit(1)).first()


def history(page: int = 1) -> list[Run]:
    """Return a page of runs, newest first."""
    query = select(Run).order_by(Run.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    return list(db.session.scalars(query))


def pages() -> int:
    """Return how many pages of runs there are."""
    return -(-(db.session.scalar(select(func.count(Run.id))) or 0) // PAGE) or 1


def cancel(run_id: int, by: str) -> Run:
    """Ask a run to end; one that nobody works on ends here and now. Raise Conflict if it has ended."""
    with writing() as session:
        run = find_run(run_id)
        if not run.is_active:
            raise Conflict(
                gettext("Run %(id)s has ended already: it is %(state)s.", id=run_id, state=run.state)
            )
        run.cancel_asked = True
        if run.state == RunState.QUEUED or lifecycle.is_silent(run):
            # Nobody else would: the worker has not taken it yet, or is gone.
            run.state, run.is_active, run.finished_at = RunState.CANCELLED, None, now()
        audit.note(session, by, Action.RUN_CANCEL, f"run {run_id}")
    return run


def cancel_without_rights(by: str) -> list[int]:
    """Cancel what runs for somebody who may train no more; return the ids of the runs."""
    run = active()
    if run is None or Scope.RUNS in api_keys.rights(run.created_by):
        return []
    return [cancel(run.id, by).id]


def earlier_phases(run: Run) -> Sequence[Phase]:
    """Return the phases of the last finished run that was like this one, on a device like its own."""
    query = select(Run).where(Run.state == RunState.FINISHED, Run.id < run.id, Run.kind == run.kind)
    wanted = Plan.of(run)
    for before in db.session.scalars(query.order_by(Run.id.desc()).limit(20)):
        plan = Plan.of(before)
        is_alike = (plan.preset, plan.changes, plan.resumes) == (wanted.preset, wanted.changes, None)
        if is_alike and before.device == (run.device or before.device):
            return RunProgress.from_json(before.progress).phases
    return ()


def summary(run: Run) -> str:
    """Return a run in one line, for terminals."""
    made = f" v{run.version_id}" if run.version_id else ""
    return f"{run.id:5} {run.created_at:%Y-%m-%d %H:%M} {run.kind:10} {run.state}{made}  {run.created_by}"
