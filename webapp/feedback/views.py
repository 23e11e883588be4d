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

from training.names import is_learnable
from webapp.extensions import limiter
from webapp.feedback import news, wording
from webapp.feedback import service as feedback
from webapp.guessing import readings, tokens
from webapp.languages.texts import gettext
from webapp.presentation.wording import GIVEN, listed_names
from webapp.records import lookup
from webapp.web import caching, visitor
from webapp.web.error_pages import wants_json

pages = Blueprint("feedback", __name__)


pages.after_request(caching.keep_private)


def _limit() -> str:
    return f"{current_app.config['ANSWERS_PER_MINUTE']}/minute"


@pages.post("/feedback")
@limiter.limit(_limit)
def submit() -> ResponseReturnValue:
    """Take the answer to a guess; it is stored before anybody is thanked."""
    # Name, guess and version come from the signed token; the form says nothing but the answer.
    claim = tokens.read_token(request.form.get("token", ""), visitor.known())
    row = feedback.submit(claim, request.form.get("answer", ""))
    if wants_json():
        return jsonify(_thanks(row))
    # 303: a reload of the thanks does not send the answer again.
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
    if row:
        return _done(gettext("Undone: your answer is “%(given)s” again.", given=GIVEN[row.answer]))
    return _done(gettext("Undone: taken back."))


@pages.post("/feedback/<int:feedback_id>/delete")
def delete(feedback_id: int) -> ResponseReturnValue:
    """Delete an answer."""
    feedback.delete(visitor.known(), feedback_id)
    return _done(gettext("Deleted: that answer counts nowhere any more."))


def _done(message: str) -> ResponseReturnValue:
    if wants_json():
        return jsonify(said=message)
    flash(message)
    return redirect(url_for("feedback.history"), 303)


def _thanks(row: Any) -> dict[str, Any]:
    name = lookup.holdout_name().title()  # one that no training has seen, so that its answer tells most
    return {
        "status": row.status,
        "thanks": wording.thanks(row),
        "prospect": wording.prospect(row),
        "story": url_for("feedback.show_answer", link=row.link),
        "undo": url_for("feedback.undo", feedback_id=row.id),
        "next": {"name": name, "url": url_for("guess.index", name=name)},
    }


@pages.get("/history")
def history() -> str:
    """Show the visitor's answers, newest first, and what became of them since they last looked."""
    me, search = visitor.known(), request.args.get("search", "").strip()[:64]
    answers = feedback.history(me, request.args.get("page", 1, type=int), search)
    guesses = feedback.guesses_now(row.name for row in answers.rows)
    return render_template(
        "feedback/history.html",
        history=answers,
        search=search,
        news=news.tell(me),
        now=guesses,
        receipts=feedback.receipts_now(guesses),
        news_in_words=wording.news_in_words,
        status_of=wording.status,
        names_of=listed_names,
        reading_of=readings.find,
    )


@pages.get("/c/<link>")
def show_answer(link: str) -> Response:
    """Tell what became of one answer; only those who know the address can see it."""
    row = feedback.find_by_link(link)
    guesses = feedback.guesses_now([row.name], traced=True)
    shown = render_template(
        "feedback/answer.html",
        row=row,
        reading=readings.find(row.typed, row.name),
        waits_for_letters="" if is_learnable(row.name) else wording.waits_for_letters(),
        guess=guesses.get(row.name),
        receipt=feedback.receipts_now(guesses).get(row.name),
        given=GIVEN,
    )
    response = Response(shown)
    # An address that somebody posts somewhere must not make a name appear in a search engine.
    response.headers["X-Robots-Tag"] = "noindex"
    return response
