"""Runs as an admin sees them: start, follow, cancel, start again, how long it will take."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from statistics import median
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import undefer

from training.config import PRESETS, BadSettings, FitSettings, preset
from training.network import CELLS
from webapp import audit, jobs, lifecycle, review, versions
from webapp.database import writing
from webapp.errors import Conflict, Invalid, NotFound, Unavailable
from webapp.extensions import db
from webapp.models import Run, now

KINDS = ("fine-tune", "scratch")
DEVICES = ("auto", "cpu", "cuda")
ADVANCED = tuple(field.name for field in fields(FitSettings) if field.name not in ("preset", "cell"))
GUESSED_SECONDS = {"fine-tune": 60, "tiny": 60, "cpu": 1800, "full": 7200}  # before anything was measured
PAGE = 20


@dataclass(frozen=True)
class Plan:
    """What a run is to do. `changes` are settings that differ from the preset's."""

    kind: str = "fine-tune"
    preset: str = "cpu"
    device: str = "auto"
    promote_if_passed: bool = False
    changes: Mapping[str, Any] = field(default_factory=dict)
    resumes: int | None = None
    """The run whose checkpoint this one goes on from."""

    def settings(self) -> dict[str, Any]:
        """Return what the row of the run keeps."""
        chosen = {"preset": self.preset, "device": self.device, "changes": dict(self.changes)}
        return chosen | ({"resumes": self.resumes} if self.resumes else {})


@dataclass(frozen=True)
class Estimate:
    """How long a run will take, and what that rests on."""

    seconds: float
    runs: int
    """Earlier runs of the same kind that were measured; with none it is a rough guess."""


def read_plan(form: Mapping[str, str]) -> Plan:
    """Return the plan in a form; raise Invalid for the first field that cannot be."""
    kind = _one_of(form, "kind", KINDS)
    chosen = Plan(
        kind,
        _one_of(form, "preset", tuple(PRESETS), "cpu"),
        _one_of(form, "device", DEVICES, "auto"),
        bool(form.get("promote")),
        _changes(form) if kind == "scratch" else {},
    )
    return check(chosen)


def check(plan: Plan) -> Plan:
    """Return a plan that the trainer could follow; raise Invalid for one that it would refuse."""
    try:
        preset(plan.preset, **plan.changes)
    except BadSettings as error:
        raise Invalid(str(error)) from error
    return plan


def _one_of(form: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str = "") -> str:
    value = form.get(name) or default
    if value not in allowed:
        raise Invalid(f"Choose one of {', '.join(allowed)}.", field=name)
    return value


def _changes(form: Mapping[str, str]) -> dict[str, Any]:
    kinds = {field.name: type(field.default) for field in fields(FitSettings)}
    changes: dict[str, Any] = {}
    if form.get("cell"):
        changes["cell"] = _one_of(form, "cell", CELLS)
    for name in ADVANCED:
        if text := form.get(name, "").strip():
            changes[name] = _number(name, text, kinds[name])
    return changes


def _number(name: str, text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise Invalid(f"{name.replace('_', ' ').capitalize()} cannot be {text!r}.", field=name) from None


def start(plan: Plan, by: str) -> Run:
    """Queue a run; raise Conflict while another one is active, Unavailable if the queue is away."""
    lifecycle.sweep()
    if plan.kind == "fine-tune" and not review.accepted():
        raise Conflict("There is nothing to learn yet: no correction has been accepted.")
    champion = versions.serving()
    try:
        with writing() as session:
            run = Run(
                created_by=by,
                kind=plan.kind,
                settings=plan.settings(),
                promote_if_passed=plan.promote_if_passed,
                champion_id=champion and champion.version_id,
            )
            session.add(run)
            session.flush()
            audit.note(session, by, "run.start", f"run {run.id}", kind=plan.kind, **plan.settings())
    except IntegrityError as error:
        raise Conflict(_busy()) from error
    _enqueue(run.id)
    return run


def _busy() -> str:
    other = active()
    return f"Run {other.id} is still going: one at a time." if other else "Another run has just ended."


def _enqueue(run_id: int) -> None:
    try:
        jobs.enqueue(run_id)
    except Exception as error:
        # Whatever the queue's library raises: a run that nobody will ever take must not block the next.
        with writing() as session:
            query = update(Run).where(Run.id == run_id, Run.state == "queued")
            session.execute(
                query.values(state="failed", is_active=None, finished_at=now(), error=f"The queue: {error}")
            )
        raise Unavailable("The queue cannot be reached, so nothing was started.") from error


def again(run_id: int, by: str) -> Run:
    """Start a run with the settings of an ended one; it goes on from a checkpoint if there is one."""
    run = find(run_id)
    settings = run.settings
    plan = Plan(
        run.kind,
        settings.get("preset", "cpu"),
        settings.get("device", "auto"),
        run.promote_if_passed,
        settings.get("changes", {}),
        resumes=run_id,
    )
    return start(plan, by)


def find(run_id: int) -> Run:
    """Return a run, or raise NotFound."""
    run = db.session.get(Run, run_id)
    if run is None:
        raise NotFound(f"There is no run {run_id}.")
    return run


def with_comparison(run_id: int) -> Run:
    """Return a run with its comparison loaded; raise NotFound if it has none."""
    run = db.session.get(Run, run_id, options=[undefer(Run.comparison)], populate_existing=True)
    if run is None or run.comparison is None:
        raise NotFound(f"Run {run_id} has nothing to compare.")
    return run


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


def cancel(run_id: int, by: str) -> Run:
    """Ask a run to end; one that nobody works on ends here and now. Raise Conflict if it has ended."""
    with writing() as session:
        run = find(run_id)
        if not run.is_active:
            raise Conflict(f"Run {run_id} has ended already: it is {run.state}.")
        run.cancel_asked = True
        if run.state == "queued" or lifecycle.is_silent(run):
            run.state, run.is_active, run.finished_at = "cancelled", None, now()
        audit.note(session, by, "run.cancel", f"run {run_id}")
    return run


def estimate(kind: str, preset: str, device: str) -> Estimate:
    """Return how long a run will take, from the last five that were like it."""
    query = select(Run).where(Run.kind == kind, Run.state == "finished").order_by(Run.id.desc()).limit(50)
    alike = [run.seconds for run in db.session.scalars(query) if _is_like(run, kind, preset, device)][:5]
    rough = GUESSED_SECONDS[kind if kind in GUESSED_SECONDS else preset]
    return Estimate(median(alike) if alike else rough, len(alike))


def _is_like(run: Run, kind: str, preset: str, device: str) -> bool:
    return run.device == device and (kind == "fine-tune" or run.settings.get("preset") == preset)
