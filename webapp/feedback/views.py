"""Answering a guess, taking an answer back, and an answer's own page."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from webapp.extensions import limiter
from webapp.feedback import service as feedback
from webapp.guessing import tokens
from webapp.presentation import wording
from webapp.records import lookup
from webapp.web import visitor
from webapp.web.error_pages import wants_json

pages = Blueprint("feedback", __name__)


def private(response: Response) -> Response:
    """Keep what belongs to one visitor out of every cache."""
    response.headers["Cache-Control"] = "private, no-store"
    response.vary.add("Cookie")
    return response


pages.after_request(private)


def _limit() -> str:
    return f"{current_app.config['ANSWERS_PER_MINUTE']}/minute"


@pages.post("/feedback")
@limiter.limit(_limit)
def submit() -> ResponseReturnValue:
    """Take the answer to a guess; it is stored before anybody is thanked."""
    claim = tokens.read(request.form.get("token", ""), visitor.known())
    row = feedback.submit(claim, request.form.get("answer", ""))
    if wants_json():
        return jsonify(_thanks(row))
    return redirect(url_for("feedback.thanks", feedback_id=row.id), 303)


@pages.get("/thanks/<int:feedback_id>")
def thanks(feedback_id: int) -> str:
    """Say thank you, what will happen, and what the next name could be."""
    row = feedback.own(visitor.known(), feedback_id)
    return render_template("feedback/thanks.html", row=row, **_thanks(row))


@pages.post("/feedback/<int:feedback_id>/undo")
def undo(feedback_id: int) -> ResponseReturnValue:
    """Take the last answer back."""
    row = feedback.undo(visitor.known(), feedback_id)
    said = f"Undone: your answer is “{wording.GIVEN[row.answer]}” again." if row else "Undone: taken back."
    return _done(said)


@pages.post("/feedback/<int:feedback_id>/delete")
def delete(feedback_id: int) -> ResponseReturnValue:
    """Delete an answer."""
    feedback.delete(visitor.known(), feedback_id)
    return _done("Deleted: that answer counts nowhere any more.")


def _done(said: str) -> ResponseReturnValue:
    if wants_json():
        return jsonify(said=said)
    flash(said)
    return redirect(url_for("history.index"), 303)


def _thanks(row: Any) -> dict[str, Any]:
    name = lookup.holdout_name().title()
    return {
        "status": row.status,
        "thanks": wording.thanks(row),
        "prospect": wording.prospect(row),
        "story": url_for("history.story", link=row.link),
        "undo": url_for("feedback.undo", feedback_id=row.id),
        "next": {"name": name, "url": url_for("guess.index", name=name)},
    }
