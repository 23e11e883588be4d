"""Retraining: what would be learned, starting a run, following it, comparing what it made."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.errors import Conflict, Invalid
from webapp.models.enums import RunKind
from webapp.records import custom_corpora
from webapp.review import correction_effects
from webapp.review import service as review
from webapp.runs import lifecycle, plans, presenter, resume_files
from webapp.runs import service as runs
from webapp.runs.estimates import service as estimates
from webapp.runs.forms import RetrainingForm
from webapp.runs.plans import Plan
from webapp.runs.service import PendingCorrections
from webapp.runs.worker import status as worker_status
from webapp.runs.worker.phases import schedule
from webapp.runs.worker.progress import RunProgress
from webapp.versions import service as versions
from webapp.web import access
from webapp.web.caching import made_once, unless_unchanged
from webapp.web.error_pages import wants_json

pages = Blueprint("runs", __name__, url_prefix="/retraining")
access.admin_only(pages)


@pages.get("")
def index() -> str:
    """Show what would be learned, and all runs."""
    plan = Plan() if _pending().names else Plan(RunKind.SCRATCH)
    return _page(RetrainingForm(), _how_long(plan))


def _pending() -> PendingCorrections:
    # Of ten thousands of corrections this takes a core for seconds.
    return made_once("pending", review.accepted_tag(), runs.pending, 1)


def _page(form: RetrainingForm, how_long: str = "") -> str:
    machine, pending = worker_status.known(), _pending()
    page = min(max(1, request.args.get("page", 1, int)), runs.pages())
    return render_template(
        "runs/index.html",
        form=form,
        pending=pending,
        weighed=correction_effects.in_words,
        machine=machine,
        presets=plans.presets(),
        names_of={corpus.name: corpus.names for corpus in custom_corpora.listing()},
        estimates=estimates.by_preset(machine),
        how_long=how_long,
        reader_minutes=round(estimates.of_readers(machine) / 60),
        active=runs.active(),
        runs=[(run, Plan.of(run)) for run in runs.history(page)],
        page=page,
        pages=runs.pages(),
        champion=versions.serving(),
    )


@pages.post("")
def start() -> ResponseReturnValue:
    """Start a run."""
    form = RetrainingForm()
    try:
        run = runs.start(plans.read_plan(request.form, form.corpora.data or ()), by=access.current_actor())
    except (Invalid, Conflict) as refusal:
        form.show(refusal)
        return _page(form), 409 if isinstance(refusal, Conflict) else 422
    return _to(run.id)


@pages.post("/how-long")
def how_long() -> ResponseReturnValue:
    """Say how long a run with the settings of the form would take; nothing is started."""
    form = RetrainingForm()
    try:
        sentence = _how_long(plans.read_plan(request.form, form.corpora.data or ()))
    except Invalid as refusal:
        if wants_json():
            raise
        form.show(refusal)
        return _page(form), 422
    return jsonify(said=sentence) if wants_json() else _page(form, sentence)


def _how_long(plan: Plan) -> str:
    machine = worker_status.known()
    return estimates.in_words(estimates.of_plan(plan, machine), machine)


@pages.get("/<int:run_id>")
def show(run_id: int) -> str:
    """Follow a run."""
    return render_template("runs/run.html", **_state(run_id))


@pages.get("/<int:run_id>/live")
def live(run_id: int) -> Response:
    """Give the part of a run's page that changes, or 304 while nothing has."""
    state = _state(run_id)
    # An admin's page: no cache between may keep it.
    return unless_unchanged(state["tag"], lambda: render_template("runs/_live.html", **state), shared=False)


def _state(run_id: int) -> dict[str, Any]:
    run, worker = runs.find_run(run_id), worker_status.known()
    progress = RunProgress.from_json(run.progress)
    is_silent, heard = lifecycle.is_silent(run), run.heartbeat_at and run.heartbeat_at.timestamp()
    return {
        "run": run,
        # All that the page shows of a run changes with one of these: progress comes with a heartbeat.
        "tag": f"{run.id}-{run.state}-{run.cancel_asked}-{heard}-{is_silent}-{worker is not None}",
        "is_silent": is_silent,
        "machine": worker,
        "weighed": correction_effects.in_words,
        "receipts": presenter.receipts_by_outcome(run.version_id),
        "plan": Plan.of(run),
        "progress": progress,
        "schedule": schedule(progress.phases, runs.earlier_phases(run), run.seconds, progress.seconds_left),
        "charts": presenter.progress_charts(progress),
        # Only a run that ended without a version is offered to be gone on from.
        "left": None if run.is_active or run.version_id else resume_files.find_resumable(run),
    }


@pages.post("/<int:run_id>/cancel")
def cancel(run_id: int) -> ResponseReturnValue:
    """End a run."""
    runs.cancel(run_id, by=access.current_actor())
    return _to(run_id)


@pages.post("/<int:run_id>/again")
def again(run_id: int) -> ResponseReturnValue:
    """Start a run with the settings of an ended one."""
    return _to(runs.again(run_id, by=access.current_actor()).id)


@pages.get("/<int:run_id>/compare")
def compare(run_id: int) -> str:
    """Show champion and challenger side by side."""
    return _comparison(run_id)


def _comparison(run_id: int, problem: str = "") -> str:
    run = runs.find_run(run_id)
    comparison = runs.comparison(run)
    new = f"v{run.version_id}" if run.version_id else "challenger"
    asked = presenter.Asked.read(request.args)
    return render_template(
        "runs/compare.html",
        run=run,
        comparison=comparison,
        verdict=runs.verdict(run),
        asked=asked,
        groups=presenter.GROUPS,
        flips=presenter.flips(comparison, asked),
        where_words=presenter.WHERE,
        weighed=correction_effects.in_words,
        receipts=presenter.receipts_by_outcome(run.version_id),
        slices=presenter.slices(comparison),
        calibration=presenter.calibration_chart(comparison, f"v{run.champion_id}", new),
        serving=versions.serving(),
        problem=problem,
        reason=request.form.get("reason", ""),
    )


@pages.post("/<int:run_id>/promote")
def promote(run_id: int) -> ResponseReturnValue:
    """Let the challenger of a run serve."""
    run = runs.find_run(run_id)
    try:
        versions.promote(
            # 0 is no version: a run that made none is refused as one that is not there.
            run.version_id or 0,
            by=access.current_actor(),
            reason=request.form.get("reason", "").strip()[:2000],
            expected=request.form.get("expected", type=int),
        )
    except (Invalid, Conflict) as error:
        return _comparison(run_id, str(error)), 409 if isinstance(error, Conflict) else 422
    return redirect(url_for("versions.index"), 303)


def _to(run_id: int) -> ResponseReturnValue:
    return redirect(url_for("runs.show", run_id=run_id), 303)
