"""The curves of a live training: its rounds, cell by cell, as charts and a table."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from training.model.settings import CELLS
from training.runtime.strict_json import BadPart, Part
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.presentation.svg_charts import SMALL, Line, LineChart, Tick, y_ticks

LOOKS = {"elman": "quiet", "rnn": "dotted", "gru": "ink", "lstm": "thin"}
ROUNDS = 15


class BadRounds(BadPart):
    """Stored rounds cannot be read; the message says which part."""

    document = "live training"


@dataclass(frozen=True)
class Round:
    """How one round of one cell ended."""

    cell: str
    epoch: int
    train_loss: float
    validation_loss: float
    validation_accuracy: float

    def to_json(self) -> dict[str, Any]:
        """Return the round as its row holds it."""
        return asdict(self)


@dataclass(frozen=True)
class CellCurve:
    """One cell: its rounds so far."""

    cell: str
    rounds: tuple[Round, ...]
    chart: LineChart | None

    @property
    def best(self) -> Round:
        """The round with the lowest loss on the names kept apart."""
        return min(self.rounds, key=lambda row: row.validation_loss)

    @property
    def last(self) -> Round:
        """The newest."""
        return self.rounds[-1]

    @property
    def gap(self) -> float:
        """How much more it loses on the names kept apart than on those it learns from."""
        return self.last.validation_loss - self.last.train_loss


@dataclass(frozen=True)
class Curves:
    """All cells that have begun, and one chart of the names kept apart."""

    cells: tuple[CellCurve, ...]
    together: LineChart | None


def read(stored: Sequence[dict[str, Any]]) -> Curves:
    """Return the curves of the rounds that a row holds."""
    rounds = [Part.whole(row, BadRounds).record(Round) for row in stored]
    by_cell = {cell: tuple(row for row in rounds if row.cell == cell) for cell in CELLS}
    begun = {cell: rows for cell, rows in by_cell.items() if rows}
    up = _up(
        [loss for rows in begun.values() for row in rows for loss in (row.train_loss, row.validation_loss)]
    )
    cells = tuple(CellCurve(cell, rows, _chart(cell, rows, up)) for cell, rows in begun.items())
    return Curves(cells, _together(begun))


def _up(losses: Sequence[float]) -> tuple[Tick, ...]:
    # The same axes for all cells, so that they can be compared.
    return y_ticks([Line("", tuple((0.0, loss) for loss in losses))]) if losses else ()


def _along() -> tuple[Tick, ...]:
    return tuple(Tick(at, str(at)) for at in (1, 5, 10, ROUNDS))


def _chart(cell: str, rows: Sequence[Round], up: tuple[Tick, ...]) -> LineChart | None:
    if len(rows) < 2:  # a point is no curve
        return None
    learned = Line(gettext("learned"), tuple((float(row.epoch), row.train_loss) for row in rows), "quiet")
    judged = Line(gettext("kept apart"), tuple((float(row.epoch), row.validation_loss) for row in rows))
    best = min(judged.points, key=lambda point: point[1])
    told = gettext(
        "%(cell)s: loss after %(n)s rounds, learned from %(learned)s, kept apart %(apart)s.",
        cell=cell,
        n=len(rows),
        learned=numbers.decimal(learned.end[1], 3),
        apart=numbers.decimal(judged.end[1], 3),
    )
    names = gettext("round"), gettext("loss")
    return LineChart(told, (learned, judged), _along(), up, *names, ring=best, frame=SMALL)


def _together(begun: dict[str, tuple[Round, ...]]) -> LineChart | None:
    lines = tuple(
        Line(cell, tuple((float(row.epoch), row.validation_loss) for row in rows), LOOKS[cell])
        for cell, rows in begun.items()
        if len(rows) > 1
    )
    if not lines:
        return None
    ends = ", ".join(f"{line.label} {numbers.decimal(line.end[1], 3)}" for line in lines)
    told = gettext("Loss on the names kept apart: %(ends)s.", ends=ends)
    return LineChart(
        told, lines, _along(), y_ticks(lines), gettext("round"), gettext("loss on names kept apart")
    )
