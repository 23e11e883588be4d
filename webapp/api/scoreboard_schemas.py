"""What the scoreboard's addresses take and give."""

from typing import Any

from apiflask import Schema
from apiflask.fields import Dict, Float, Integer, List, Nested, String
from apiflask.validators import OneOf

from training.names import ANSWERS, LABELS
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import holdout
from webapp.scoreboard import service as scoreboard


class BoardIn(Schema):
    """Which answers are counted."""

    version = String(metadata={"description": "v7, or all; see docs/scoreboard.md for the default."})
    days = String(validate=OneOf(list(scoreboard_filters.WINDOWS)))
    reviewed = String(validate=OneOf(["0", "1"]))
    positive = String(validate=OneOf(LABELS))
    source = String(validate=OneOf(list(scoreboard_filters.SOURCES)))


class NamesIn(BoardIn):
    """Which answers are counted; with `guessed` and `answer` those of one cell of the matrix."""

    guessed = String(validate=OneOf(ANSWERS))
    answer = String(validate=OneOf(ANSWERS))


class HoldoutIn(Schema):
    """Which version, and which of the names that it never saw."""

    version = String(metadata={"description": "v7; without it, the one that serves.", "example": "v1"})
    names = String(load_default="hundred", validate=OneOf(list(holdout.GROUPS)))


class ComparedIn(Schema):
    """Which versions, and which of the names that they never saw."""

    version = List(String(), metadata={"description": "Up to six; without them, the newest two."})
    names = String(load_default="hundred", validate=OneOf(list(scoreboard.GROUPS)))


class AgainIn(Schema):
    """Which versions."""

    version = List(String(), metadata={"description": "Up to six; without them, the newest two."})


class Figure(Schema):
    """One figure, its 95% interval, and how many answers it stands on; null where nothing is counted."""

    value = Float(required=True, allow_none=True)
    low = Float(required=True, allow_none=True)
    high = Float(required=True, allow_none=True)
    n = Integer(required=True)


class MatrixOut(Schema):
    """A confusion matrix of one positive label, and its figures."""

    tp = Integer(required=True)
    fp = Integer(required=True)
    fn = Integer(required=True)
    tn = Integer(required=True)
    n = Integer(required=True)
    accuracy = Nested(Figure, required=True)
    precision = Nested(Figure, required=True)
    recall = Nested(Figure, required=True)
    f1 = Nested(Figure, required=True)


def both_sides() -> dict[str, Any]:
    """Return the fields of a matrix seen from both labels, and the mean of the two."""
    return {
        "matrix": Nested(MatrixOut, required=True),
        "other_label": Nested(MatrixOut, required=True),
        "macro": Dict(String(), Nested(Figure), required=True),
    }


class Visitors(Schema.from_dict(both_sides())):  # type: ignore[misc]
    """What visitors said of the guesses."""

    answers = Integer(required=True)
    pending = Integer(required=True, metadata={"description": "Not reviewed yet; they count."})
    both = Dict(String(), Integer(), required=True, metadata={"description": "By what was guessed."})
    alike = Dict(
        String(),
        Integer(),
        required=True,
        metadata={"description": "Answers to guesses of women and men alike, by what was answered."},
    )
    taught = Nested(MatrixOut, required=True, metadata={"description": "Apart, and in no other figure."})


class Beside(Schema.from_dict(both_sides())):  # type: ignore[misc]
    """What a version scored on names that it never saw."""

    version = String(required=True)
    names = String(required=True)


class Played(Schema):
    """People and the network on the same names, drawn by chance."""

    names = Integer(required=True)
    people = Nested(Figure, required=True)
    network = Nested(Figure, required=True)


class PlayedOut(Played):
    """The game by itself."""


class BoardOut(Schema):
    """How often the network is right: by its visitors, and on names it never saw."""

    filters = Dict(required=True)
    positive = String(required=True, validate=OneOf(LABELS))
    serving = String(required=True, allow_none=True)
    answered_at = String(required=True, allow_none=True)
    live = Nested(Visitors, required=True)
    played = Nested(Played, required=True)
    holdout = Nested(Beside, required=True, allow_none=True)
    slices = Dict(
        required=True,
        metadata={"description": "Of visitors' answers: the accuracy by `script` and by `country` asked."},
    )


class Drawn(Schema):
    """One chart: its sentence, and one row a point, by the heads of its table."""

    chart = String(required=True)
    told = String(required=True)
    rows = List(Dict(), required=True)


class TimeOut(Schema):
    """Day by day: rolling accuracy and volume; no charts where nobody has answered."""

    filters = Dict(required=True)
    charts = List(Nested(Drawn), required=True)


class NamedOut(Schema):
    """One name, and how often it was answered so."""

    name = String(required=True)
    n = Integer(required=True)
    women = Integer()
    men = Integer()
    both = Integer()
    share = Float(metadata={"description": "Share of women in the records."})


class Listed(Schema):
    """Names that may be shown, most first, and how many others there are."""

    names = List(Nested(NamedOut), required=True)
    others = Integer(required=True)


class NamesOut(Schema):
    """The lists of names: `missed` and `disputed`, or `names` and `others` of a cell."""

    missed = Nested(Listed)
    disputed = Nested(Listed)
    names = List(Nested(NamedOut))
    others = Integer()


class HoldoutOut(Schema):
    """A version's scores, curves and slices, as its card has them."""

    version = String(required=True)
    names = String(required=True)
    positive = String(required=True)
    scores = Dict(required=True, allow_none=True)
    curves = Dict(required=True)
    slices = Dict(required=True)


class ComparedTable(Schema):
    """Facts that belong together."""

    title = String(required=True)
    rows = List(Dict(), required=True, metadata={"description": "name, and values: one a version."})


class ComparedOut(Schema):
    """Versions side by side."""

    versions = List(String(), required=True)
    tables = List(Nested(ComparedTable), required=True)
    slices = Dict(required=True)


class AgainRow(Schema):
    """One version on old answers: about names that none of those compared was taught, and the others."""

    version = String(required=True)
    rated = Nested(MatrixOut, required=True)
    taught = Nested(MatrixOut, required=True)


class AgainOut(Schema):
    """What versions would have said to the earlier visitors."""

    names = Integer(required=True, metadata={"description": "At most so many names: those answered most."})
    versions = List(Nested(AgainRow), required=True)
