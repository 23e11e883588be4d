"""Loss curves of /learn: the training of the network that serves, and over-fitting with its remedies."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.evaluation.card_types import Epoch
from training.model import artifact
from training.runtime.strict_json import BadPart, Part
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_, Words
from webapp.presentation.svg_charts import SMALL, Line, LineChart, Tick, x_ticks, y_ticks

REMEDIES: Mapping[str, str] = Words(
    {
        "nothing": N_("nothing"),
        "dropout": N_("dropout"),
        "weight decay": N_("weight decay"),
        "early stopping": N_("early stopping"),
    }
)
SHOWN = artifact.SHIPPED.parent / "curves.json"


class BadCurves(BadPart):
    """The file of over-fitting cannot be read; the message says which part."""

    document = "file of over-fitting"


def losses(history: Sequence[Epoch]) -> LineChart | None:
    """Return the chart of both losses by epoch, or None of fewer than two epochs."""
    lines = _lines(history)
    if not lines:
        return None
    return LineChart(
        gettext("Loss by epoch: %(ends)s.", ends=_ends(lines)),
        lines,
        x_ticks(lines),
        y_ticks(lines),
        x_name=gettext("rounds through all names"),
        y_name=gettext("loss"),
    )


def _lines(history: Sequence[Epoch]) -> tuple[Line, ...]:
    rows = [
        (row.epoch, row.train_loss, row.validation_loss)
        for row in history
        if row.train_loss is not None and row.validation_loss is not None
    ]
    if len(rows) < 2:  # a point is no curve
        return ()
    learned = Line(gettext("learned from"), tuple((epoch, loss) for epoch, loss, _ in rows), "quiet")
    return learned, Line(gettext("kept apart"), tuple((epoch, loss) for epoch, _, loss in rows), "ink")


def _ends(lines: Sequence[Line]) -> str:
    return ", ".join(
        gettext(
            "%(line)s %(first)s to %(last)s",
            line=line.label,
            first=numbers.decimal(line.points[0][1], 3),
            last=numbers.decimal(line.end[1], 3),
        )
        for line in lines
    )


@dataclass(frozen=True)
class Remedy:
    """What became of the loss on names kept apart, with one remedy against over-fitting."""

    name: str
    chart: LineChart
    best: float
    best_round: int
    last: float
    rounds: int


@dataclass(frozen=True)
class OverFitting:
    """A network taught on few names without any remedy, and the same with each of them."""

    names: int
    command: str
    best: Remedy
    """What became of it without any."""
    remedies: tuple[Remedy, ...]


def over_fitting(path: Path = SHOWN) -> OverFitting | None:
    """Return what `python -m training curves` wrote to `path`, or None if there is no such file."""
    if not path.exists():
        return None
    measured = Part.whole(json.loads(path.read_text()), BadCurves)
    histories = {
        run.text("name"): [row.record(Epoch) for row in run.parts("history")]
        for run in measured.parts("runs")
    }
    runs = {name: history for name, history in histories.items() if _lines(history)}
    if not runs:
        return None
    every_line = [line for history in runs.values() for line in _lines(history)]
    rounds = max(int(line.end[0]) for line in every_line)
    # The same axes for all charts, so that they can be compared.
    # Rounds one, a third, two thirds and the last; -(-a // b) rounds up. A set, for few rounds repeat some.
    along = tuple(Tick(at, str(at)) for at in sorted({1, -(-rounds // 3), -(-rounds * 2 // 3), rounds}))
    axes = along, y_ticks(every_line)
    remedies = tuple(_remedy(name, history, *axes) for name, history in runs.items())
    # The trainer writes the run without a remedy first.
    return OverFitting(measured.count("names"), measured.text("command"), remedies[0], remedies)


def _remedy(name: str, history: Sequence[Epoch], along: tuple[Tick, ...], up: tuple[Tick, ...]) -> Remedy:
    lines = _lines(history)
    judged = lines[-1].points  # the loss on names kept apart
    (best_round, best), (rounds, last) = min(judged, key=lambda point: point[1]), judged[-1]
    chart = LineChart(
        gettext(
            "%(remedy)s. Loss by epoch: %(ends)s.",
            remedy=(REMEDIES.get(name) or name).capitalize(),
            ends=_ends(lines),
        ),
        lines,
        along,
        up,
        x_name=gettext("round"),
        y_name=gettext("loss"),
        ring=(best_round, best),
        frame=SMALL,
    )
    return Remedy(name, chart, best, int(best_round), last, int(rounds))
