"""How it learns: the course in chapters, told with the network that serves and a name of one's choice."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for

from training.names import ALPHABET
from webapp.extensions import limiter
from webapp.guessing import predictor
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.learn import chapters, tellers
from webapp.learn.frame import frame
from webapp.learn.hands_on import ten_names
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.service import ScoreboardPage
from webapp.web import caching

pages = Blueprint("learn", __name__)
KEPT = {
    *("name", "other", "step", "target", "times", "rate", "clip", "cell", "draw"),
    *(f"c{at}" for at in range(ten_names.TEN)),
}
"""What an address may ask for besides its chapter, and its links keep."""


@pages.app_template_filter("left")
def left(part: float) -> str:
    """Say which part of something is left, to two figures: 0.0028, 0.11, 1.2."""
    return numbers.significant(part, 2) if part >= 1e-4 else gettext("nothing")


@pages.app_template_filter("signed")
def signed(number: Decimal | float | str) -> str:
    """Write a number with a minus sign that is as wide as a plus."""
    return numbers.localised(str(number).replace("-", "−"))


@pages.app_template_filter("short")
def short(number: float) -> str:
    """Write a number in five signs or so: −.346, 3.790, 12.8, 406, 2e+06."""
    if abs(number) >= 1e4:
        return f"{number:.0e}".replace("-", "−")
    digits = 0 if abs(number) >= 100 else 1 if abs(number) >= 10 else 3
    text = numbers.decimal(abs(number), digits).removeprefix("0") or "0"
    return f"−{text}" if number < 0 else text


@pages.app_template_filter("loss")
def loss(nats: float) -> str:
    """Write a loss or a length: 0.142, 26.6, 886,925,474; what is beyond a billion in powers of ten."""
    if nats >= 1e9:
        return f"{nats:.1e}".replace("e+", " · 10^")
    return numbers.count(nats) if nats >= 100 else numbers.significant(nats, 3)


def _limit() -> str:
    return f"{current_app.config['GUESSES_PER_MINUTE']}/minute"


@pages.get("/learn")
@limiter.limit(_limit)
def index() -> Response:
    """Show the first chapter, with the list of all."""
    return _show("")


@pages.get("/learn/<slug>")
@limiter.limit(_limit)
def show(slug: str) -> Response:
    """Show a chapter, drawn for the name that is asked for."""
    return _show(slug)


def _show(slug: str) -> Response:
    chapter = chapters.find(slug)
    told = frame(chapter, predictor.get().current(), request.args.get("name"))
    page = render_template(
        chapter.template,
        frame=told,
        drawn=told.drawn,
        version=told.version,
        card=tellers.measured(told.champion).card,
        alphabet=ALPHABET,
        here=_here,
        board=_board,
        **tellers.TELLERS[slug](told, request.args),
    )
    return caching.ask_again(make_response(page, 422 if told.refusal else 200))


def _here(**changes: object) -> str:
    """Return this page's address with some of what it asks for changed."""
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name in KEPT}
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **kept, **changes})


def _board() -> ScoreboardPage:
    # A function, for the one chapter that shows it.
    return scoreboard.page(scoreboard_filters.read_filters({}))
