"""The guess page: the whole page for those who ask or answer, a small JSON answer while one types."""

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Redirect

from training.names import UnreadableName, normalise
from webapp.extensions import limiter
from webapp.feedback import news
from webapp.guessing import predictor, presenter, share_image, tokens
from webapp.presentation.wording import listed_names
from webapp.records import lookup
from webapp.web import caching, downloads, visitor

pages = Blueprint("guess", __name__)
HELPERS = {"names_of": listed_names}
PICTURES = "60/minute"
EXAMPLES = ("Giovanna", "Sasha", "Jean-Pierre", "Σοφία", "Dakota")


def _limit() -> str:
    return f"{current_app.config['GUESSES_PER_MINUTE']}/minute"


@pages.get("/")
@limiter.limit(_limit)
def index() -> Response:
    """Show the field and, for a name, its guess with the token that an answer needs."""
    typed = request.args.get("name", "")
    if not typed.strip():
        return _start()
    try:
        read = presenter.read_name(predictor.get().current(), typed)
    except UnreadableName as error:
        return _refused(render_template("guessing/index.html", typed=typed, refusal=str(error)))
    unseen = news.learned_lately(visitor.known())
    token = tokens.make(read.guess, visitor.current())
    shown = {"typed": typed, "reading": read, "token": token, "news": unseen}
    return caching.keep_private(make_response(render_template("guessing/index.html", **shown, **HELPERS)))


def _start() -> Response:
    unseen = news.learned_lately(visitor.known())
    page = render_template("guessing/index.html", typed="", examples=EXAMPLES, news=unseen, **HELPERS)
    response = make_response(page)
    return caching.keep_private(response) if unseen else response


@pages.get("/guess")
@limiter.limit(_limit)
def live() -> Response:
    """Answer while one types: the guess as a piece of the page, without a token and without a cookie."""
    typed = request.args.get("name", "")
    try:
        read = presenter.read_name(predictor.get().current(), typed)
    except UnreadableName as error:
        return _refused(
            jsonify(html=render_template("guessing/refusal.html", refusal=str(error)), says=str(error))
        )
    html = render_template("guessing/result.html", reading=read)
    response = jsonify(html=html, says=read.headline.replace("*", ""), name=read.guess.name)
    return caching.ask_again(response)


@pages.get("/surprise")
def surprise() -> Redirect:
    """Lead to the guess of a name that no training ever saw."""
    return caching.keep_nowhere(redirect(url_for("guess.index", name=lookup.holdout_name().title())))


def _refused(answer: str | Response) -> Response:
    response = make_response(answer)
    response.status_code = 422
    return caching.keep_nowhere(response)


@pages.get("/n/<name>")
@limiter.limit(_limit)
def shared(name: str) -> ResponseReturnValue:
    """Show a guess to somebody who was sent its link; it holds no token and asks nothing."""
    read_as = normalise(name)
    if name != read_as:
        return redirect(url_for("guess.shared", name=read_as), 301)
    read = presenter.read_name(predictor.get().current(), read_as)
    return render_template("guessing/share.html", reading=read, indexed=lookup.is_publishable(read_as))


@pages.get("/n/<name>/picture.png")
@limiter.limit(PICTURES)
def picture(name: str) -> Response:
    """Give the picture of a guess: letters and figures alone, whatever was typed."""
    found = predictor.get().current().guess(name)
    return downloads.png(share_image.of_guess(found.name, found.trace), f"v{found.version_id}")
