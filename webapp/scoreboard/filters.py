"""What part of the answers a scoreboard shows: read from an address and written back to it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from training.names import ANSWERS, LABELS, Label
from webapp.errors import Invalid
from webapp.languages.texts import gettext
from webapp.languages.words import N_, Words
from webapp.models.enums import COUNTED, Status
from webapp.presentation.dates import today
from webapp.presentation.wording import LABEL_WORDS, SOURCE_WORDS

WINDOWS: Mapping[str, str] = Words(
    {"30": N_("30 days"), "7": N_("7 days"), "today": N_("today"), "all": N_("all time")}
)
ANYWHERE = "any"
SOURCES: Mapping[str, str] = Words(
    {ANYWHERE: N_("anywhere"), **{str(source): words for source, words in SOURCE_WORDS.source.items()}}
)
WORDS = Words({label: LABEL_WORDS.source[label] for label in LABELS})
MOST_VERSIONS = 50  # in one address: each is a value in the queries


@dataclass(frozen=True)
class Filters:
    """One view of the scoreboard. `versions`: None is the one that serves, () is all."""

    versions: tuple[int, ...] | None = None
    window: str = "30"
    reviewed: bool = False
    positive: Label = Label.FEMALE
    source: str = ANYWHERE

    @property
    def since(self) -> date | None:
        """The first day (UTC) that counts, or None for all."""
        if self.window == "all":
            return None
        # Today is one of the days, so seven days begin six days ago.
        return today() - timedelta(days=0 if self.window == "today" else int(self.window) - 1)

    @property
    def is_everything(self) -> bool:
        """Whether every answer counts that was not rejected."""
        return not (self.versions or self.since or self.reviewed or self.source != ANYWHERE)

    @property
    def word(self) -> str:
        """What the positive label is called on pages."""
        return WORDS[self.positive]

    @property
    def other(self) -> Label:
        """The label that is not the positive one."""
        return LABELS[1 - LABELS.index(self.positive)]

    @property
    def statuses(self) -> tuple[Status, ...]:
        """The states of answers that count: rejected ones never do."""
        return (Status.RIGHT, Status.ACCEPTED) if self.reviewed else COUNTED

    def query(self, **changes: Any) -> dict[str, Any]:
        """Return the address's parameters of this view with `changes`; what is usual is left out."""
        view = replace(self, **changes)
        return {
            # None (the one that serves) is left out, () (all) has to be said: both are falsy.
            **({} if view.versions is None else {"version": list(view.versions) or "all"}),
            **({} if view.window == "30" else {"days": view.window}),
            **({"reviewed": "1"} if view.reviewed else {}),
            **({} if view.positive == Label.FEMALE else {"positive": view.positive}),
            **({} if view.source == ANYWHERE else {"source": view.source}),
        }


def read_filters(parameters: Mapping[str, Sequence[str]]) -> Filters:
    """Return the view that an address's parameters ask for, or raise Invalid."""
    # An empty field of a form counts as one that was not sent.
    first = {name: values[0] for name, values in parameters.items() if values and values[0]}
    return Filters(
        versions=_versions(parameters.get("version", [])),
        window=choose(WINDOWS, first.get("days", "30"), "days"),
        reviewed=choose(("0", "1"), first.get("reviewed", "0"), "reviewed") == "1",
        positive=Label(choose(LABELS, first.get("positive", Label.FEMALE), "positive")),
        source=choose(SOURCES, first.get("source", ANYWHERE), "source"),
    )


def read_cell(parameters: Mapping[str, str]) -> tuple[Label, Label]:
    """Return (guessed, answer) of the cell of a matrix that an address asks for, or raise Invalid."""
    guessed = choose(ANSWERS, parameters.get("guessed", ""), "guessed")
    answer = choose(ANSWERS, parameters.get("answer", ""), "answer")
    return Label(guessed), Label(answer)


def _versions(texts: Sequence[str]) -> tuple[int, ...] | None:
    wanted = [text for text in texts if text]
    if not wanted:
        return None
    return () if "all" in wanted else version_ids(wanted)


def version_ids(texts: Sequence[str]) -> tuple[int, ...]:
    """Return the ids in "7" or "v7", each once, in order; raise Invalid for anything else."""
    numbers = [text.removeprefix("v") for text in texts]
    if len(texts) > MOST_VERSIONS or not all(
        # isdigit() alone is true of "²", on which int() fails; nine digits fit a column of PostgreSQL.
        number.isascii() and number.isdigit() and len(number) < 10
        for number in numbers
    ):
        raise Invalid(gettext("A version is a number such as 7 or v7."), "version")
    return tuple(dict.fromkeys(int(number) for number in numbers))  # a dict keeps the order and drops repeats


def choose(allowed: Collection[str], value: str, field: str) -> str:
    """Return `value` if it is one of those allowed, or raise Invalid."""
    if value not in allowed:
        raise Invalid(
            gettext("For %(field)s choose one of %(choices)s.", field=field, choices=", ".join(allowed)),
            field,
        )
    return value
