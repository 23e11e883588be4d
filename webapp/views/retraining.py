"""Retraining: what would be learned, starting a run, following it, comparing what it made."""

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import (
    checkpoints,
    comparing,
    corpora,
    lifecycle,
    machine,
    plans,
    retraining,
    runchart,
    versions,
    words,
)
from webapp.errors import Conflict, Invalid
from webapp.views import guard
from webapp.views.live import unless_unchanged

pages = Blueprint("retraining", __name__, url_prefix="/retraining")
guard.admin_only(pages)


@pages.get("")
def index(problem: str = "", status: int = 200) -> ResponseReturnValue:
    """Show what would be learned, and all runs."""
    page = min(max(1, request.args.get("page", 1, int)), retraining.pages())
    shown = render_template(
        "retraining/index.html",
        lesson=retraining.lesson(),
        weighed=words.weighed,
        machine=machine.known(),
        presets=plans.presets(),
        cells=plans.CELLS,
        devices=plans.DEVICES,
        advanced=plans.ADVANCED,
        corpora=corpora.listing(),
        chosen=request.form.getlist("corpus"),
        estimates=retraining.estimates(machine.known()),
        active=retraining.active(),
        runs=retraining.history(page),
        page=page,
        pages=retraining.pages(),
        champion=versions.serving(),
        form=request.form,
        problem=problem,
    )
    return shown, status


@pages.post("")
def start() -> ResponseReturnValue:
    """Start a run."""
    try:
        run = retraining.start(
            plans.read(request.form, request.form.getlist("corpus")), by=guard.current_actor()
        )
    except Invalid as error:
        return index(str(error), 422)
    except Conflict as error:
        return index(str(error), 409)
    return _to(run.id)


@pages.get("/<int:run_id>")
def show(run_id: int) -> str:
    """Follow a run."""
    return render_template("retraining/run.html", **_state(run_id))


@pages.get("/<int:run_id>/live")
def live(run_id: int) -> Response:
    """Give the part of a run's page that changes, or 304 while nothing has."""
    state = _state(run_id)
    return unless_unchanged(
        state["tag"], lambda: render_template("retraining/_live.html", **state), shared=False
    )


def _state(run_id: int) -> dict[str, Any]:
    run, worker = retraining.find(run_id), machine.known()
    is_silent, heard = lifecycle.is_silent(run), run.heartbeat_at and run.heartbeat_at.timestamp()
    return {
        "run": run,
        "tag": f"{run.id}-{run.state}-{run.cancel_asked}-{heard}-{is_silent}-{worker is not None}",
        "is_silent": is_silent,
        "machine": worker,
        "weighed": words.weighed,
        "charts": runchart.of_run(run.progress),
        "left": None if run.is_active or run.version_id else checkpoints.find(run),
    }


@pages.post("/<int:run_id>/cancel")
def cancel(run_id: int) -> ResponseReturnValue:
    """End a run."""
    retraining.cancel(run_id, by=guard.current_actor())
    return _to(run_id)


@pages.post("/<int:run_id>/again")
def again(run_id: int) -> ResponseReturnValue:
    """Start a run with the settings of an ended one."""
    return _to(retraining.again(run_id, by=guard.current_actor()).id)


@pages.get("/<int:run_id>/compare")
def compare(run_id: int, problem: str = "", status: int = 200) -> ResponseReturnValue:
    """Show champion and challenger side by side."""
    run = retraining.find(run_id)
    told = retraining.comparison(run)
    asked = comparing.Asked.read(request.args)
    shown = render_template(
        "retraining/compare.html",
        run=run,
        told=told,
        asked=asked,
        groups=comparing.GROUPS,
        flips=comparing.flips(told, asked),
        weighed=words.weighed,
        slices=comparing.slices(told),
        calibration=runchart.of_calibration(told),
        serving=versions.serving(),
        problem=problem,
        reason=request.form.get("reason", ""),
    )
    return shown, status


@pages.post("/<int:run_id>/promote")
def promote(run_id: int) -> ResponseReturnValue:
    """Let the challenger of a run serve."""
    run = retraining.find(run_id)
    try:
        versions.promote(
            run.version_id or 0,
            by=guard.current_actor(),
            reason=request.form.get("reason", "").strip()[:2000],
            expected=request.form.get("expected", type=int),
        )
    except (Invalid, Conflict) as error:
        return compare(run_id, str(error), 409 if isinstance(error, Conflict) else 422)
    return redirect(url_for("versions.index"), 303)


def _to(run_id: int) -> ResponseReturnValue:
    return redirect(url_for("retraining.show", run_id=run_id), 303)
