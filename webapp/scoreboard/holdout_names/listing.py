"""Which names of a version's holdout are asked for, and these names, worst errors first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from training.data.name_groups import GROUP_WORDS, OF_HOLDOUT, Group, SliceKind, is_in_group, slice_of
from training.names import LABELS, Label, label_of, letters_only
from webapp.errors import Invalid
from webapp.languages.texts import gettext
from webapp.languages.words import N_, Words
from webapp.models import Version
from webapp.presentation.template_filters import percent
from webapp.records import lookup
from webapp.records.lookup import HeldOut
from webapp.scoreboard.filters import choose
from webapp.scoreboard.holdout import BINS, GROUPS, read_threshold
from webapp.scoreboard.holdout_names import answers
from webapp.versions import model_card
from webapp.versions import service as versions

PAGE = 50
OUTCOMES: Mapping[str, str] = Words({"": N_("all of them"), "missed": N_("missed"), "right": N_("right")})
OUTCOME_TITLES: Mapping[str, str] = Words(
    {
        "missed": N_("Names that %(version)s misses"),
        "right": N_("Names that %(version)s has right"),
        "": N_("What %(version)s says of names it never saw"),
    }
)
CELL_TITLES: Mapping[tuple[Label, Label], str] = Words(
    {
        (Label.FEMALE, Label.FEMALE): N_("Right: women’s names that %(version)s calls women’s"),
        (Label.FEMALE, Label.MALE): N_("Missed: women’s names that %(version)s calls men’s"),
        (Label.MALE, Label.FEMALE): N_("Missed: men’s names that %(version)s calls women’s"),
        (Label.MALE, Label.MALE): N_("Right: men’s names that %(version)s calls men’s"),
    }
)
"""By how the names are given, and what was guessed."""
COLUMNS = (
    N_("name"),
    N_("bearers"),
    N_("women in the records"),
    N_("women as guessed"),
    N_("certainty"),
    N_("right"),
)


def headings() -> list[str]:
    """Return what the columns of a file are called."""
    return [gettext(column) for column in COLUMNS]


@dataclass(frozen=True)
class HoldoutName:
    """One name of the holdout, and what the version says of it."""

    name: str
    people: int
    share: float
    """Of women among its bearers."""
    p_female: float

    @property
    def certainty(self) -> float:
        """P(the label that is guessed), .5 to 1."""
        return max(self.p_female, 1 - self.p_female)

    @property
    def guessed(self) -> Label:
        """The label that is guessed, by the side of one half as a card counts."""
        return Label.FEMALE if self.p_female > 0.5 else Label.MALE

    @property
    def given(self) -> Label:
        """Whom most of its bearers are; both where that is half."""
        return Label.BOTH if self.share == 0.5 else label_of(self.share)

    @property
    def is_right(self) -> bool | None:
        """Whether the guess is right; None of a name that has no label."""
        return None if self.given == Label.BOTH else self.guessed == self.given

    @property
    def error(self) -> float:
        """How far the guess lies from the share that is so."""
        return abs(self.p_female - self.share)

    @property
    def cells(self) -> tuple[str | int | float | bool | None, ...]:
        """The name as a row of COLUMNS."""
        rounded = (round(value, 4) for value in (self.share, self.p_female, self.certainty))
        return (self.name, self.people, *rounded, self.is_right)


@dataclass(frozen=True)
class Asked:
    """Which names: every part that is given narrows them further."""

    group: Group = Group.HUNDRED
    guessed: Label | None = None
    given: Label | None = None
    threshold: float = 0.5
    """Names of which the version is less sure are left out."""
    kind: SliceKind | None = None
    slice: str = ""
    bin: int | None = None
    outcome: str = ""

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> "Asked":
        """Return what an address asks for; raise Invalid for what does not exist."""
        kind = parameters.get("kind", "")
        return cls(
            Group(choose(GROUPS, parameters.get("names", "hundred"), "names")),
            _label(parameters, "guessed"),
            _label(parameters, "given"),
            read_threshold(parameters.get("t")),
            SliceKind(choose(OF_HOLDOUT, kind, "kind")) if kind else None,
            parameters.get("slice", "")[:20] if kind else "",
            _bin(parameters.get("bin", "")),
            choose(OUTCOMES, parameters.get("outcome", ""), "outcome"),
        )

    def query(self, **changes: str) -> dict[str, str | int | float]:
        """Return the address's parameters with `changes`; what is usual is left out."""
        known: dict[str, str | int | float | None] = {
            "names": self.group,
            "guessed": self.guessed,
            "given": self.given,
            "t": self.threshold if self.threshold > 0.5 else None,
            "kind": self.kind,
            "slice": self.slice,
            "outcome": self.outcome,
        }
        known |= {"bin": self.bin, **changes}
        return {name: value for name, value in known.items() if value not in (None, "")}

    @property
    def parts(self) -> list[str]:
        """What is asked for, in words."""
        words = [gettext(GROUP_WORDS[self.group].button)]
        if self.kind:
            words.append(model_card.names_of(self.kind, self.slice))
        if self.bin is not None:
            words.append(
                gettext(
                    "guessed %(low)s to %(high)s women",
                    low=percent(self.bin / BINS, 0),
                    high=percent((self.bin + 1) / BINS, 0),
                )
            )
        if self.threshold > 0.5:
            words.append(gettext("guessed with at least %(share)s certainty", share=percent(self.threshold)))
        return words

    def takes(self, row: HoldoutName) -> bool:
        """Say whether a name is one of those."""
        return (
            is_in_group(self.group, row.people, row.share)
            and self.guessed in (None, row.guessed)
            and self.given in (None, row.given)
            and row.certainty >= self.threshold
            and (self.kind is None or slice_of(self.kind, row.name, row.people, row.share) == self.slice)
            and self.bin in (None, min(int(row.p_female * BINS), BINS - 1))
            and (not self.outcome or row.is_right is (self.outcome == "right"))
        )


def _label(parameters: Mapping[str, str], field: str) -> Label | None:
    text = parameters.get(field, "")
    return Label(choose(LABELS, text, field)) if text else None


def _bin(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 3 and int(text) < BINS):
        raise Invalid(
            gettext("A group of the reliability diagram is a number from 0 to %(n)s.", n=BINS - 1), "bin"
        )
    return int(text)


@dataclass(frozen=True)
class Listed:
    """One page of the names that are asked for."""

    rows: Sequence[HoldoutName]
    n: int
    n_right: int
    n_even: int
    """Of them, those without a label, which are neither right nor wrong."""
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one even of none."""
        return -(-self.n // PAGE) or 1

    @property
    def n_missed(self) -> int:
        """How many of them the version has wrong."""
        return self.n - self.n_right - self.n_even


def find(version: Version, asked: Asked) -> list[HoldoutName] | None:
    """Return the names that are asked for, worst errors first; None while the version reads them."""
    held_out = lookup.held_out()
    p_female = answers.of_version(version, held_out)
    if p_female is None:
        return None
    rows = (row for row in _rows(version, held_out, p_female) if asked.takes(row))
    return sorted(rows, key=lambda row: (-row.error, -row.people, row.name))


def _rows(version: Version, held_out: HeldOut, p_female: Sequence[float]) -> Iterator[HoldoutName]:
    # What visitors taught it left its holdout, in every spelling: it is no test of it.
    taught = {letters_only(name) for name in versions.taught_names(version.id)}
    rows = zip(held_out.names, held_out.people, held_out.share, p_female, strict=True)
    for name, people, share, p in rows:
        if not taught or letters_only(name) not in taught:
            yield HoldoutName(name, people, share, p)


def page_of(found: Sequence[HoldoutName], page: int) -> Listed:
    """Return one page of names; one that lies behind the last is the last."""
    n_even = sum(row.is_right is None for row in found)
    whole = Listed(found, len(found), sum(row.is_right is True for row in found), n_even, 1)
    page = min(max(page, 1), whole.pages)
    return replace(whole, rows=found[(page - 1) * PAGE : page * PAGE], page=page)
