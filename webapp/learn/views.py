"""How it learns: the course, told with the network that serves and a name that the reader chooses."""

from flask import Blueprint, Response, make_response, render_template, request

from training.names import ALPHABET, UnreadableName
from webapp.guessing import explanation, predictor
from webapp.learn import loss_curves, measurements, unrolled
from webapp.presentation.confusion import Matrix
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import service as scoreboard
from webapp.web import caching

pages = Blueprint("learn", __name__)
FIRST = "Giovanna"
WORKED = Matrix(tp=10, fn=4, fp=5, tn=1000)


@pages.app_template_filter("left")
def left(part: float) -> str:
    """Say which part of something is left, to two figures: 0.0028, 0.11, 1.2."""
    return f"{part:.2g}" if part >= 1e-4 else "nothing"


@pages.get("/learn")
def index() -> Response:
    """Show the page, drawn for the name that is asked for."""
    champion, typed = predictor.get().current(), request.args.get("name", "").strip() or FIRST
    refusal = None
    try:
        drawn = unrolled.unroll(champion, typed)
    except UnreadableName as error:
        refusal, drawn = str(error), unrolled.unroll(champion, FIRST)
    card = unrolled.card(champion.version_id)
    page = render_template(
        "learn/index.html",
        typed=typed,
        refusal=refusal,
        drawn=drawn,
        loudest=explanation.letter(drawn.name, drawn.loudest),
        alphabet=ALPHABET,
        examples=unrolled.examples(champion, drawn.name),
        card=card,
        error=measurements.error_on_its_way_back(),
        training=card.training,
        cells=measurements.cells(),
        folds=measurements.folds(),
        over_fitting=loss_curves.over_fitting(),
        losses=loss_curves.losses(card.history),
        worked=WORKED,
        board=scoreboard.page(scoreboard_filters.read_filters({})),
    )
    return caching.ask_again(make_response(page, 422 if refusal else 200))
