"""Answers by script and by country, from the tally alone."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from training.data.name_groups import SLICE_WORDS, SliceKind
from training.names.scripts.written import LATIN
from webapp.extensions import db
from webapp.languages.texts import gettext
from webapp.models import PlaceTally, Tally
from webapp.presentation.confusion import Metric, matrix_of
from webapp.scoreboard.filters import Filters
from webapp.scoreboard.service import conditions
from webapp.versions import model_card


@dataclass(frozen=True)
class LiveSlice:
    """How often the network was right about the names of one slice, as visitors say."""

    key: str
    title: str
    accuracy: Metric


@dataclass(frozen=True)
class LiveSlices:
    """All slices of one kind, the one with most answers first."""

    kind: SliceKind
    title: str
    rows: list[LiveSlice]


Counts = dict[tuple[str, str], int]
"""Answers by what was guessed and what was answered."""


def of_view(filters: Filters) -> list[LiveSlices]:
    """Return the slices of a view: by script if there are others than Latin, by country if one was asked for.

    As in the whole, names that were taught and answers that say both stand aside.
    """
    scripts, countries = _counted(filters, PlaceTally.script), _counted(filters, PlaceTally.country)
    scripts[LATIN] = _all_less(filters, [counts for key, counts in scripts.items() if key != LATIN])
    found = [_slices(SliceKind.SCRIPT, scripts), _slices(SliceKind.COUNTRY, countries)]
    return [one for one in found if any(row.key != LATIN for row in one.rows)]


def _counted(filters: Filters, column: InstrumentedAttribute[str]) -> dict[str, Counts]:
    kinds = column, PlaceTally.guessed, PlaceTally.answer
    query = select(*kinds, func.sum(PlaceTally.n)).where(*_conditions(filters, PlaceTally)).group_by(*kinds)
    found: dict[str, Counts] = defaultdict(dict)
    for key, guessed, answer, n in db.session.execute(query):
        found[key][guessed, answer] = n
    return found


def _all_less(filters: Filters, others: list[Counts]) -> Counts:
    """Return what is counted of all answers, less those of other scripts."""
    kinds = Tally.guessed, Tally.answer
    query = select(*kinds, func.sum(Tally.n)).where(*_conditions(filters, Tally)).group_by(*kinds)
    return {
        (guessed, answer): n - sum(counts.get((guessed, answer), 0) for counts in others)
        for guessed, answer, n in db.session.execute(query)
    }


def _conditions(filters: Filters, table: type[Tally | PlaceTally]) -> list[ColumnElement[bool]]:
    return [*conditions(filters, table), table.taught.is_(False)]


def _slices(kind: SliceKind, counted: dict[str, Counts]) -> LiveSlices:
    named = ((key, matrix_of(counts).accuracy) for key, counts in counted.items() if key)
    rows = [LiveSlice(key, _title(kind, key), accuracy) for key, accuracy in named]
    rated = sorted((row for row in rows if row.accuracy.n), key=lambda row: (-row.accuracy.n, row.title))
    return LiveSlices(kind, gettext(SLICE_WORDS[kind].title), rated)


def _title(kind: SliceKind, key: str) -> str:
    if key == "chinese":
        return gettext("Chinese or Japanese characters")
    return model_card.slice_words(kind, key)


def as_dict(found: list[LiveSlices]) -> dict[str, dict[str, object]]:
    """Return the slices as JSON shows them."""
    return {one.kind.value: {row.key: row.accuracy.as_dict for row in one.rows} for one in found}
