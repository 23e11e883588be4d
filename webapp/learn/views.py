"""How it learns: the course, told with the network that serves and a name that the reader chooses."""

from dataclasses import dataclass, replace
from functools import partial

from flask import Blueprint, Response, current_app, make_response, render_template, request

from training.evaluation.card_types import ModelCard
from training.names import ALPHABET, UnreadableName, normalise
from webapp.extensions import limiter
from webapp.guessing import explanation, predictor
from webapp.guessing.predictor import Champion
from webapp.learn import loss_curves, measurements, unrolled
from webapp.learn.loss_curves import OverFitting
from webapp.learn.measurements import CellComparison, Folds
from webapp.learn.unrolled import Unrolled
from webapp.presentation.confusion import Matrix
from webapp.presentation.svg_charts import LineChart
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import service as scoreboard
from webapp.web import caching

pages = Blueprint("learn", __name__)
FIRST = "Giovanna"
REMEMBERED = 128  # drawn names in memory, about 10 kB each
# 14 rare things among 1,019: 99.1% are called rightly although four of the 14 are missed.
WORKED = Matrix(tp=10, fn=4, fp=5, tn=1000)


@pages.app_template_filter("left")
def left(part: float) -> str:
    """Say which part of something is left, to two figures: 0.0028, 0.11, 1.2."""
    return f"{part:.2g}" if part >= 1e-4 else "nothing"


@dataclass(frozen=True)
class Told:
    """What the page tells whatever the name: of the version that serves, and of what was measured once."""

    card: ModelCard
    losses: LineChart | None
    error: LineChart
    cells: CellComparison | None
    folds: Folds | None
    over_fitting: OverFitting | None


def _limit() -> str:
    return f"{current_app.config['GUESSES_PER_MINUTE']}/minute"


@pages.get("/learn")
@limiter.limit(_limit)
def index() -> Response:
    """Show the page, drawn for the name that is asked for."""
    champion, typed = predictor.get().current(), request.args.get("name", "").strip() or FIRST
    refusal = None
    try:
        drawn = _drawn(champion, typed)
    except UnreadableName as error:
        # The page teaches all the same, with its own example, and says what was wrong with the name.
        refusal, drawn = str(error), _drawn(champion, FIRST)
    told = _told(champion)
    page = render_template(
        "learn/index.html",
        typed=typed,
        refusal=refusal,
        drawn=drawn,
        loudest=explanation.letter(drawn.name, drawn.loudest),
        alphabet=ALPHABET,
        examples=unrolled.examples(champion, drawn.name),
        card=told.card,
        error=told.error,
        training=told.card.training,
        cells=told.cells,
        folds=told.folds,
        over_fitting=told.over_fitting,
        losses=told.losses,
        worked=WORKED,
        board=scoreboard.page(scoreboard_filters.read_filters({})),
    )
    return caching.ask_again(make_response(page, 422 if refusal else 200))


def _drawn(champion: Champion, typed: str) -> Unrolled:
    key = champion.promotion_id, champion.version_id, normalise(typed)
    drawn = caching.made_once("unrolled", key, partial(unrolled.unroll, champion, typed), REMEMBERED)
    return replace(drawn, typed=typed)


def _told(champion: Champion) -> Told:
    key = champion.promotion_id, champion.version_id
    return caching.made_once("learn", key, partial(_tell, champion.version_id), 1)


def _tell(version_id: int) -> Told:
    card = unrolled.card(version_id)
    return Told(
        card,
        loss_curves.losses(card.history),
        measurements.error_on_its_way_back(),
        measurements.cells(),
        measurements.folds(),
        loss_curves.over_fitting(),
    )
