"""The guess page: the whole page for those who ask or answer, a small JSON answer while one types."""

from typing import Any

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
from markupsafe import Markup
from werkzeug.wrappers import Response as Redirect

from training.names import DOUBT_SENTENCES, Form
from webapp.errors import TooMany
from webapp.extensions import limiter
from webapp.feedback import news
from webapp.feedback.wording import news_in_words
from webapp.guessing import predictor, presenter, readings, share_image, tokens
from webapp.languages import choice
from webapp.languages.sentences import told
from webapp.languages.texts import gettext
from webapp.languages.words import Words
from webapp.records import corpus_file, lookup
from webapp.storage import quotas
from webapp.storage.quotas import Allowance
from webapp.web import caching, downloads, visitor

pages = Blueprint("guess", __name__)
pages.record_once(lambda state: state.app.jinja_env.globals.update(why_words=readings.WHY_WORDS))
EXAMPLES = ("Giovanna", "Sasha", "Jean-Pierre", "Σοφία", "Dakota")
HELPERS = {
    "news_in_words": news_in_words,
    "form_words": readings.FORM_WORDS,
    "doubt_sentences": Words(DOUBT_SENTENCES),
    "examples": EXAMPLES,
}
PICTURES = "60/minute"
MOST_ROOTS = 16  # places at which one site is seen, and languages
COUNTRY = "nomen_country"
"""The cookie that holds the country that was chosen last: two letters."""
CHOICES = (COUNTRY, choice.COOKIE)
"""The cookies that make another answer of the same address."""


def _limit() -> str:
    return f"{current_app.config['GUESSES_PER_MINUTE']}/minute"


@pages.get("/")
@limiter.exempt
def index() -> Response:
    """Show the field and, for a name, its guess with the token that an answer needs."""
    _count("guesses")
    typed, form, code = request.args.get("name", ""), _form(), _country_code()
    if not typed.strip():
        return _start(form, code)
    reading = readings.read(typed, form, readings.country_of(code))
    if reading.is_refused:
        return _refused(_page(typed=typed, form=form, code=code, refusal=told(reading.refusal)))
    answer = presenter.answer(predictor.get().current(), reading, bool(request.args.get("elsewhere")))
    unseen = news.learned_lately(visitor.known())
    token = tokens.make(answer.guess, visitor.current())
    page = _page(typed=typed, form=form, code=code, answer=answer, token=token, news=unseen)
    return _remember(caching.keep_private(make_response(page)))


def _form() -> Form:
    return readings.form_of(request.args.get("form", ""))


def _country_code() -> str:
    """Return the country that is asked for, else the one that was chosen last; empty for anywhere."""
    asked = request.args.get("country")
    code = request.cookies.get(COUNTRY, "") if asked is None else asked
    return code.upper() if readings.country_of(code) else ""


def _remember(response: Response) -> Response:
    """Keep a choice of a country for the next name."""
    if (asked := request.args.get("country")) is not None:
        code = asked.upper() if readings.country_of(asked) else ""
        visitor.remember(response, COUNTRY, code)
    return response


def _page(**shown: Any) -> str:
    return render_template("guessing/index.html", **shown, start=_examples(), **HELPERS)


def _examples() -> Markup:
    # The same for all who read one language, and on every page: what a script shows when the field is empty.
    return caching.made_once("examples", request.script_root, _render_examples, MOST_ROOTS)


def _render_examples() -> Markup:
    return Markup(render_template("guessing/start.html", **HELPERS))  # nosec B704: a template's


def _start(form: Form, code: str) -> Response:
    unseen = news.learned_lately(visitor.known())
    response = _remember(make_response(_page(typed="", form=form, code=code, news=unseen)))
    # What was learned of one visitor's corrections is theirs; without that the page is the same for all.
    return caching.keep_private(response) if unseen or code else response


def _count(kind: str) -> None:
    """Take one off what an address may ask for in a minute; raise TooMany if nothing is left."""
    left = _spend(kind, request.remote_addr)
    if not left.granted:
        raise TooMany(
            gettext("That was a lot in a short time. Wait a moment and try again."), max(1, left.reset)
        )


def _spend(kind: str, address: str | None) -> Allowance:
    # Not by Flask-Limiter, which asks the storage for each letter that somebody types.
    limit = current_app.config["GUESSES_PER_MINUTE"]
    if not current_app.config["RATELIMIT_ENABLED"]:
        return Allowance(limit, limit, 0)
    return quotas.spend(kind, quotas.asker(None, address), 1, limit, quotas.MINUTE)


@pages.get("/guess")
@limiter.exempt
def live() -> Response:
    """Answer while one types: the guess as a piece of the page, without a token and without a cookie."""
    _count("typing")
    return piece()


def spend_typing(address: str | None) -> Allowance:
    """Take one off the letters that an address may type in a minute."""
    return _spend("typing", address)


def depend_on() -> tuple[object, ...]:
    """Return all that a piece follows from, besides the request."""
    return predictor.get().current(), corpus_file.key()


def piece() -> Response:
    """Return the guess as a piece of the page; it looks at no session, and is kept."""
    reading = readings.read(request.args.get("name", ""), _form(), readings.country_of(_country_code()))
    if reading.is_refused:
        refusal = told(reading.refusal)
        return _refused(jsonify(html=render_template("guessing/refusal.html", refusal=refusal), says=refusal))
    answer = presenter.answer(predictor.get().current(), reading)
    # By itself, for a page's own context has who is logged in.
    html = current_app.jinja_env.get_template("guessing/result.html").render(answer=answer, **HELPERS)
    response = jsonify(html=html, says=answer.headline.replace("*", ""), name=answer.guess.name)
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
    country = readings.country_of(request.args.get("country", ""))
    reading = readings.read(name, country=country).or_refuse()
    if name != reading.spelling:
        code = reading.country.code if reading.country else None
        return redirect(url_for("guess.shared", name=reading.spelling, country=code), 301)
    answer = presenter.answer(predictor.get().current(), reading)
    return render_template("guessing/share.html", answer=answer, indexed=lookup.is_publishable(reading.key))


@pages.get("/n/<name>/picture.png")
@limiter.limit(PICTURES)
def picture(name: str) -> Response:
    """Give the picture of a guess: letters and figures alone, whatever was typed."""
    country = readings.country_of(request.args.get("country", ""))
    guess = predictor.get().current().guess(readings.read(name, country=country), traced=True)
    picture = share_image.of_guess(
        presenter.letters_of(guess.reading), guess.trace, guess.p_female, choice.code()
    )
    return downloads.png(picture, choice.tagged(f"v{guess.version_id}"))
