"""Ten names: the visitor answers first, then the network."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.extensions import limiter
from webapp.game import service as games
from webapp.guessing import share_image
from webapp.languages import choice
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.filters import Filters
from webapp.web import caching, downloads, visitor

pages = Blueprint("game", __name__)


@pages.after_request
def _private(response: Response) -> Response:
    # Anybody may see the picture of a score.
    return response if response.mimetype == "image/png" else caching.keep_private(response)


def _limit() -> str:
    return f"{current_app.config['ANSWERS_PER_MINUTE']}/minute"


@pages.get("/play")
def index() -> str:
    """Say what the game is, and how people and the network do in it."""
    begun = games.unfinished(visitor.known())
    totals = scoreboard.games(Filters(versions=(), window="all"))
    return render_template("game/index.html", begun=begun, totals=totals, n_played=games.n_played)


@pages.post("/play")
@limiter.limit(_limit)
def start() -> ResponseReturnValue:
    """Draw ten names, or lead back to those that were drawn."""
    return redirect(url_for("game.game", link=games.start(visitor.current()).link), 303)


@pages.get("/play/<link>")
def game(link: str) -> str:
    """Show the next name; with `after`, how a turn went; at the end, the score."""
    found = games.find_game(link, visitor.known())
    played, after = games.n_played(found), request.args.get("after", type=int)
    context = {"game": found, "played": played, "score": games.score(found), "truth": games.truth}
    # Only turns that were played, or the address would tell what is right before the answer.
    if after is not None and 0 <= after < played and found.visitor == visitor.known():
        return render_template("game/reveal.html", turn=found.turns[after], index=after, **context)
    if found.finished_at is None:
        return render_template("game/ask.html", turn=found.turns[played], **context)
    mine = found.visitor == visitor.known()
    return render_template("game/result.html", mine=mine, **context)


@pages.post("/play/<link>/<int:index>")
@limiter.limit(_limit)
def answer(link: str, index: int) -> ResponseReturnValue:
    """Take the visitor's answer, let the network answer, and show both."""
    games.answer(link, visitor.known(), index, request.form.get("answer", ""))
    return redirect(url_for("game.game", link=link, after=index), 303)


@pages.get("/play/<link>/picture.png")
@limiter.limit("60/minute")
def picture(link: str) -> Response:
    """Give the picture of a finished game's score."""
    # As nobody's visitor: only a finished game has a picture.
    game = games.find_game(link, None)
    return downloads.png(
        share_image.of_score(*games.score(game), len(game.turns), choice.code()), choice.tagged(link)
    )
