"""How often the network is right: read-only. Answers are never counted here; the tally holds the counts."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from training.data.name_groups import GROUP_WORDS, Group
from training.names import ANSWERS, LABELS, Label
from webapp.extensions import db
from webapp.languages.texts import gettext
from webapp.languages.words import N_, Words
from webapp.models import Feedback, GameTally, PlaceTally, Promotion, Revision, Tally, Version
from webapp.models.enums import Status
from webapp.presentation.confusion import PER_LABEL, Matrix, Metric, macro, matrix_from, matrix_of, ratio
from webapp.presentation.dates import today
from webapp.presentation.wording import LABEL_WORDS
from webapp.scoreboard.filters import ANYWHERE, Filters
from webapp.storage import revision
from webapp.versions import model_card
from webapp.versions import service as versions

SHOWN_VERSIONS = 50  # the choice on a page stays short; any version can still be named in the address
MANY = 10_000
"""Answers that were ever given, beyond which lists of names are read once a minute."""
LIST_SECONDS = 60
GROUPS: Mapping[Group, str] = Words(
    {group: GROUP_WORDS[group].phrase for group in (Group.HUNDRED, Group.NOT_UNISEX, Group.ALL)}
)
"""What a card scores, in words; its main scores come first."""


@dataclass(frozen=True)
class Live:
    """What visitors say of the guesses in one view."""

    matrix: Matrix
    both: dict[Label, int]
    """Answers "given to both", by what was guessed: neither right nor wrong."""
    alike: dict[Label, int]
    """Answers to guesses of "women and men alike", by what was answered: they too stand aside."""
    pending: int
    """Corrections that nobody has reviewed yet; they count."""
    taught: Matrix
    """Answers about names that the version had learned from visitors: apart, and in no figure."""

    @property
    def n(self) -> int:
        """All answers that are counted, those that stand aside among them."""
        return self.matrix.n + sum(self.both.values()) + sum(self.alike.values())

    @property
    def is_empty(self) -> bool:
        """Whether nobody has said anything in this view."""
        return self.n + self.taught.n == 0


@dataclass(frozen=True)
class Holdout:
    """What a version scored, when it was made, on names that it never saw."""

    version: str
    group: Group
    matrix: Matrix

    @property
    def words(self) -> str:
        """Which names these are."""
        return GROUPS[self.group]


@dataclass(frozen=True)
class GameTotals:
    """How often people and the network were right about the same random names."""

    n: int
    people: Metric
    network: Metric


@dataclass(frozen=True)
class ScoreboardPage:
    """All that the scoreboard's first page shows."""

    filters: Filters
    live: Live
    holdout: Holdout | None
    played: GameTotals
    serving: Promotion | None
    versions: list[int]
    answered_at: datetime | None
    tag: str
    chosen: tuple[int, ...]
    """The versions whose answers are counted; none is all."""
    falls_back: bool = False
    """Whether those of all versions are counted because the one that serves has none yet."""

    @property
    def counted(self) -> Filters:
        """The view whose answers are counted, as its addresses say it."""
        return replace(self.filters, versions=()) if self.falls_back else self.filters

    @property
    def exact(self) -> Filters:
        """The view whose answers are counted, with the numbers of its versions."""
        return replace(self.filters, versions=self.chosen)

    @property
    def has_answers(self) -> bool:
        """Whether anybody has ever answered."""
        return self.answered_at is not None

    @property
    def figure_rows(self) -> list["FigureRow"]:
        """Every figure of both sides, for each label and their mean."""
        # Each row has a figure of the live answers and, where a card has it, one of the holdout beside it.
        matrices = [self.live.matrix] + ([self.holdout.matrix] if self.holdout else [])
        sides = [LABEL_WORDS[self.filters.positive], LABEL_WORDS[self.filters.other]]
        rows = [FigureRow(gettext("accuracy"), gettext("either"), [matrix.accuracy for matrix in matrices])]
        for name in PER_LABEL:
            for side, figures in zip(sides, (matrices, [m.turned for m in matrices]), strict=True):
                rows.append(FigureRow(FIGURE_WORDS[name], side, [getattr(m, name) for m in figures]))
            rows.append(FigureRow(FIGURE_WORDS[name], gettext("macro"), [macro(m, name) for m in matrices]))
        return rows


@dataclass(frozen=True)
class FigureRow:
    """One figure of a table, from each of its columns."""

    name: str
    side: str
    figures: list[Metric]


# Lower case in sentences and tables, but for the one that is written with a capital.
FIGURE_WORDS: Mapping[str, str] = Words({"precision": N_("precision"), "recall": N_("recall"), "f1": "F1"})


def page(filters: Filters, or_all: bool = False) -> ScoreboardPage:
    """Return the scoreboard in one view.

    With `or_all` the answers about all versions stand in while the version that serves has none.
    """
    serving = versions.serving()
    # Pinned once: every part of the page is about one version, even if another is promoted meanwhile.
    exact = pinned(filters, serving)
    # Read before the counts: if an answer comes in between, the tag is too old, so the page is fetched again.
    row = revision.current()
    found, falls_back = live(exact), False
    if or_all and filters.versions is None and found.is_empty:
        everywhere = replace(filters, versions=())
        of_all = live(everywhere)
        if not of_all.is_empty:
            exact, found, falls_back = everywhere, of_all, True
    return ScoreboardPage(
        filters=filters,
        live=found,
        holdout=_holdout_beside(exact, serving),
        played=games(exact),
        serving=serving,
        versions=version_numbers(),
        answered_at=row.answered_at,
        tag=_tag(row),
        chosen=exact.versions or (),
        falls_back=falls_back,
    )


def tag() -> str:
    """Return what changes whenever a live page may show something else: its ETag."""
    return _tag(revision.current())


def tag_of_lists() -> str:
    """Return what changes when lists of names are to be read anew: with any answer, or with the minute.

    Where answers come every second, reading thousands for each who asks would be most of a site's work.
    """
    n_ever = db.session.scalar(select(func.max(Feedback.id))) or 0
    return tag() if n_ever <= MANY else f"minute-{int(time.time() // LIST_SECONDS)}"


def _tag(row: Revision) -> str:
    # The day is part of it: at midnight a window such as "7 days" moves although nobody answered.
    return f"{row.n}-{today():%Y%m%d}"


def version_numbers() -> list[int]:
    """Return the newest versions' ids, newest first; those in the archive are left out."""
    newest = select(Version.id).where(Version.archived_at.is_(None)).order_by(Version.id.desc())
    return list(db.session.scalars(newest.limit(SHOWN_VERSIONS)))


def pinned(filters: Filters, serving: Promotion | None) -> Filters:
    """Return the view with the serving version's number in place of "the one that serves"."""
    if filters.versions is not None or serving is None:
        return filters
    # None means "the one that serves" in an address; the queries below know only lists of versions.
    return replace(filters, versions=(serving.version_id,))


def live(filters: Filters) -> Live:
    """Return what visitors say in one view."""
    kinds = (Tally.guessed, Tally.answer, Tally.status, Tally.taught)
    rows = db.session.execute(select(*kinds, func.sum(Tally.n)).where(*conditions(filters)).group_by(*kinds))
    counted: dict[tuple[str, str], int] = {}
    taught: dict[tuple[str, str], int] = {}
    pending = 0
    # Taught names would flatter the version, so they are counted beside the others and never among them.
    for guessed, answer, status, is_taught, n in rows:
        counts = taught if is_taught else counted
        counts[guessed, answer] = counts.get((guessed, answer), 0) + n
        pending += n if status == Status.PENDING and not is_taught else 0
    both = {label: counted.get((label, Label.BOTH), 0) for label in LABELS}
    alike = {answer: counted.get((Label.BOTH, answer), 0) for answer in ANSWERS}
    return Live(
        matrix_of(counted, filters.positive), both, alike, pending, matrix_of(taught, filters.positive)
    )


def conditions(filters: Filters, table: type[Tally | PlaceTally] = Tally) -> list[ColumnElement[bool]]:
    """Return which rows of a tally a view counts."""
    # The tally has a row a version, day and kind of answer, not one an answer: it stays small.
    chosen: list[ColumnElement[bool]] = [table.status.in_(filters.statuses)]
    if filters.versions:
        chosen.append(table.version_id.in_(filters.versions))
    if filters.since:
        chosen.append(table.day >= filters.since)
    if filters.source != ANYWHERE:
        chosen.append(table.source == filters.source)
    return chosen


def holdout(version: Version, group: str = Group.HUNDRED, positive: str = Label.FEMALE) -> Holdout | None:
    """Return what a version scored on the holdout, or None if its card does not say."""
    chosen = Group(group)
    scores = model_card.summary_of(version).holdout.get(chosen)
    return Holdout(version.label, chosen, matrix_from(scores, positive)) if scores else None


def _holdout_beside(filters: Filters, serving: Promotion | None) -> Holdout | None:
    if filters.versions and len(filters.versions) == 1:
        # One version is looked at: its own holdout stands beside its answers, whichever version serves.
        return holdout(versions.find_version(filters.versions[0]), positive=filters.positive)
    return holdout(serving.version, positive=filters.positive) if serving else None


def games(filters: Filters) -> GameTotals:
    """Return how people and the network did in all games of a view: its versions and its time."""
    kinds = (GameTally.truth, GameTally.answer, GameTally.guessed)
    query = select(*kinds, func.sum(GameTally.n)).group_by(*kinds)
    if filters.versions:
        query = query.where(GameTally.version_id.in_(filters.versions))
    if filters.since:
        query = query.where(GameTally.day >= filters.since)
    rows = list(db.session.execute(query))
    n = sum(times for *_, times in rows)
    # One query for both: each row says what is so, what the visitor said and what the network said.
    people = sum(times for so, answer, _, times in rows if answer == so)
    network = sum(times for so, _, guessed, times in rows if guessed == so)
    return GameTotals(n, ratio(people, n), ratio(network, n))


def games_as_dict(found: GameTotals) -> dict[str, object]:
    """Return the totals as JSON shows them."""
    return {"names": found.n, "people": found.people.as_dict, "network": found.network.as_dict}


def as_dict(view: ScoreboardPage) -> dict[str, object]:
    """Return the page's figures as JSON shows them."""
    live_, beside = view.live, view.holdout  # `live` is the function above
    return {
        "filters": view.filters.query(),
        "positive": view.filters.positive,
        "serving": f"v{view.serving.version_id}" if view.serving else None,
        "answered_at": view.answered_at.isoformat() if view.answered_at else None,
        "live": {
            "answers": live_.n,
            "pending": live_.pending,
            "both": live_.both,
            "alike": live_.alike,
            "taught": live_.taught.as_dict,
            **_figures(live_.matrix),
        },
        "played": games_as_dict(view.played),
        "holdout": beside and {"version": beside.version, "names": beside.words, **_figures(beside.matrix)},
    }


def _figures(matrix: Matrix) -> dict[str, object]:
    means = {name: macro(matrix, name).as_dict for name in PER_LABEL}
    return {"matrix": matrix.as_dict, "other_label": matrix.turned.as_dict, "macro": means}
