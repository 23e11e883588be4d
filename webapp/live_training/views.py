"""The chapter whose networks learn while one watches: its dials, its curves, and their newest state."""

from collections.abc import Mapping

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import limiter
from webapp.guessing import predictor
from webapp.learn import chapters
from webapp.learn.frame import frame
from webapp.live_training import curves, dials, worker
from webapp.live_training import service as live
from webapp.live_training.dials import OPTIONS, WORDS, Dials
from webapp.models.enums import RunState
from webapp.runs.worker import status as worker_status
from webapp.storage import quotas
from webapp.web import caching, visitor

pages = Blueprint("live_training", __name__, url_prefix="/learn/training")
SLUG = "training"


def _limit() -> str:
    return f"{current_app.config['GUESSES_PER_MINUTE']}/minute"


@pages.get("")
@limiter.limit(_limit)
def index() -> Response:
    """Show the dials, and what became of a training with these settings."""
    chosen = dials.read(request.args)
    told = frame(chapters.find(SLUG), predictor.get().current(), request.args.get("name"))
    page = render_template(
        "learn/training.html",
        frame=told,
        drawn=told.drawn,
        options=OPTIONS,
        dial_words=WORDS,
        names=(worker.TRAIN, worker.VALIDATION, worker.PEOPLE),
        per_hour=live.PER_HOUR,
        earlier=[dials.of_address(row.settings) for row in live.listing()],
        **_shown(chosen),
    )
    # It holds a form of this visitor's own.
    return caching.keep_private(make_response(page, 422 if told.refusal else 200))


@pages.post("")
def ask() -> ResponseReturnValue:
    """Train with these settings, or show what is kept of it."""
    chosen = dials.read(request.form)
    live.ask(chosen, f"visitor:{visitor.current()}", quotas.asker(None, request.remote_addr))
    return redirect(url_for("live_training.index", **chosen.query, _anchor="curves"), 303)


@pages.get("/live")
def current() -> Response:
    """Show how far a training is; nothing where it is as it was."""
    shown = _shown(dials.read(request.args))
    return caching.unless_unchanged(str(shown["tag"]), lambda: render_template("learn/_curves.html", **shown))


def _shown(chosen: Dials) -> Mapping[str, object]:
    row = live.find(chosen)
    rounds = row.rounds if row else []
    tag = f"{row.id}-{row.state}-{row.asked_at.timestamp()}-{len(rounds)}" if row else "nothing"
    machine = worker_status.known() if row and row.state == RunState.QUEUED else None
    found = curves.read(rounds)
    return {
        "dials": chosen,
        "row": row,
        "curves": found,
        "rounds": curves.ROUNDS,
        "tag": tag,
        "machine": machine,
    }
