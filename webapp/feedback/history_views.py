"""A visitor's own answers, and the page of each."""

from flask import Blueprint, Response, render_template, request

from webapp.feedback import news
from webapp.feedback import service as feedback
from webapp.feedback.views import private
from webapp.presentation import wording
from webapp.web import visitor

pages = Blueprint("history", __name__)
pages.after_request(private)


@pages.get("/history")
def index() -> str:
    """Show the visitor's answers, newest first, and what became of them since they last looked."""
    me, search = visitor.known(), request.args.get("search", "").strip()[:64]
    history = feedback.history(me, request.args.get("page", 1, type=int), search)
    return render_template(
        "feedback/history.html",
        history=history,
        search=search,
        news=news.tell(me),
        now=feedback.guesses_now(row.name for row in history.rows),
        status_of=wording.status,
        names_of=wording.names,
    )


@pages.get("/c/<link>")
def story(link: str) -> Response:
    """Tell what became of one answer; only those who know the address can see it."""
    row = feedback.find_by_link(link)
    guess = feedback.guesses_now([row.name]).get(row.name)
    agrees = guess is not None and feedback.agrees(guess, row.answer)
    shown = render_template("feedback/story.html", row=row, guess=guess, agrees=agrees, given=wording.GIVEN)
    response = Response(shown)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
