"""A link and a picture for a guess, and for a game's score."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from training.names import normalise
from webapp.extensions import limiter
from webapp.game import service as games
from webapp.guessing import predictor, presenter, share_image
from webapp.records import lookup

pages = Blueprint("share", __name__)
PICTURES = "60/minute"


@pages.get("/n/<name>")
def guess(name: str) -> ResponseReturnValue:
    """Show a guess to somebody who was sent its link; it holds no token and asks nothing."""
    read_as = normalise(name)
    if name != read_as:
        return redirect(url_for("share.guess", name=read_as), 301)
    read = presenter.read(predictor.get().current(), read_as)
    return render_template("guessing/share.html", reading=read, indexed=lookup.is_publishable(read_as))


@pages.get("/n/<name>/picture.png")
@limiter.limit(PICTURES)
def guess_picture(name: str) -> Response:
    """Give the picture of a guess: letters and figures alone, whatever was typed."""
    found = predictor.get().current().guess(name)
    return _png(share_image.of_guess(found.name, found.trace), f"v{found.version_id}")


@pages.get("/play/<link>/picture.png")
@limiter.limit(PICTURES)
def score(link: str) -> Response:
    """Give the picture of a finished game's score."""
    game = games.find(link, None)
    return _png(share_image.of_score(*games.score(game), len(game.turns)), link)


def _png(data: bytes, tag: str) -> Response:
    response = Response(data, mimetype="image/png")
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.make_conditional(request)
    return response
