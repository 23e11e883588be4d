"""A version's card: read at one place, and as its page shows it. What it lacks is left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from training.data.name_groups import BESIDE, GROUP_WORDS, HELD_OUT, SLICE_WORDS, Group, SliceKind
from training.evaluation.card_types import ModelCard
from training.evaluation.parts.scores import Scores
from training.fitting.presets import current_names
from training.names import TOKENS
from webapp.languages import numbers
from webapp.languages.countries import country_name
from webapp.languages.texts import gettext, ngettext
from webapp.languages.words import N_, Words
from webapp.models import Version
from webapp.presentation.confusion import Matrix, Metric, census, matrix_from

SLICES = (
    SliceKind.BEARERS,
    SliceKind.LENGTH,
    SliceKind.LAST_LETTER,
    SliceKind.LABEL,
    SliceKind.SEPARATOR,
    *BESIDE,
)
SCRIPT_WORDS = Words(
    {
        "latin": N_("Latin letters"),
        "chinese": N_("Chinese characters"),
        "kanji": N_("Japanese characters"),
        "kana": N_("kana"),
        "hangul": N_("Hangul"),
        "hebrew": N_("Hebrew letters"),
        "arabic": N_("Arabic letters"),
        "cyrillic": N_("Cyrillic letters"),
        "greek": N_("Greek letters"),
        "armenian": N_("Armenian letters"),
        "georgian": N_("Georgian letters"),
        "indian": N_("Indian letters"),
        "thai": N_("Thai letters"),
        "other": N_("other letters"),
    }
)
"""What names are written in, as cards and counts call it."""
_REGIONS = Words(
    {"KZ": N_("Central Asia"), "SA": N_("the Arab world and Iran"), "IN": N_("India and Sri Lanka")}
)
SLICE_NAMES: Mapping[str, str] = Words(
    {
        "with": N_("with"),
        "without": N_("without"),
        "female": N_("women"),
        "male": N_("men"),
        **SCRIPT_WORDS.source,
    }
)
NAMES_OF_SLICES: Mapping[str, str] = Words(
    {
        "with": N_("names with a hyphen, blank or apostrophe"),
        "without": N_("names without a hyphen, blank or apostrophe"),
        "female": N_("women’s names"),
        "male": N_("men’s names"),
    }
)
FEW = 30  # names; below this an accuracy says little
WEAK = 0.05  # of accuracy below the whole: worth telling
MOST_WEAK = 6


@dataclass(frozen=True)
class ScoreRow:
    """The scores of one group of names."""

    title: str
    """In the reader's language."""
    n: int
    accuracy: Metric
    ece: float | None
    surest80: float | None
    cells: Matrix
    key: str = ""
    """What its card calls a slice, as addresses have it."""


@dataclass(frozen=True)
class CardPage:
    """What the page shows; every part may be empty."""

    facts: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]
    scores: tuple[ScoreRow, ...]
    slices: tuple[tuple[str, tuple[ScoreRow, ...]], ...]
    calibration: tuple[tuple[float, float, int], ...]
    """P(female) as guessed, the share of women that is so, and how many names."""
    weaknesses: tuple[str, ...]
    even: str = ""
    """Why fewer names are scored than were set aside, in a sentence."""


def card_of(version: Version) -> ModelCard:
    """Return the card of a version, as far as it can be read, with its settings under today's names."""
    card = ModelCard.readable(version.card)
    # A stored card is never rewritten: it is part of the file whose hash names the version.
    return replace(card, training=current_names(card.training))


def summary_of(version: Version) -> ModelCard:
    """Return the parts of a version's card that lists show: settings, holdout, data, lineage, weights."""
    return ModelCard.readable(version.summary)


def page_of(version: Version) -> CardPage:
    """Return what the page of a version's card shows."""
    card = card_of(version)
    # In the order of `Group`, so that the first row is the group that the site is judged by.
    held_out = _rows((gettext(GROUP_WORDS[g].title), card.holdout[g]) for g in HELD_OUT if g in card.holdout)
    famous = _rows(
        (gettext(GROUP_WORDS[g].title), card.holdout[g]) for g in (Group.FAMOUS,) if g in card.holdout
    )
    # All of them are counted: there is nothing that they are a sample of.
    scores = held_out + tuple(replace(row, accuracy=counted(row.cells)) for row in famous)
    slices = tuple(
        (gettext(SLICE_WORDS[kind].title), rows) for kind in SLICES if (rows := _slices(card, kind))
    )
    curves = card.curves.get(Group.HUNDRED)
    return CardPage(
        facts=((gettext("made"), f"{version.made_at:%Y-%m-%d %H:%M} UTC"), *_facts(card)),
        settings=tuple(
            (gettext(name.replace("_", " ")), _text(value))
            for name, value in {**card.settings, **card.training}.items()
        ),
        scores=scores,
        slices=slices,
        calibration=tuple(
            (row.predicted, row.observed, row.n) for row in (curves.calibration if curves else ()) if row.n
        ),
        weaknesses=tuple(_weaknesses(scores, slices)),
        even=even_names(card, Group.ALL),
    )


def even_names(card: ModelCard, group: Group) -> str:
    """Say how many names of a group have no label, so that they are in no count of right and wrong."""
    curves, scores = card.curves.get(group), card.holdout.get(group)
    if curves is None or scores is None:
        return ""
    # A calibration counts every name, for it compares shares; the other scores count those with a label.
    every = sum(row.n for row in curves.calibration)
    even = every - scores.n
    if even <= 0:
        return ""
    return ngettext(
        "Of %(names)s names %(n)s is given to women and men exactly alike: neither guess would be right or "
        "wrong, so %(counted)s are counted.",
        "Of %(names)s names %(n)s are given to women and men exactly alike: neither guess would be right or "
        "wrong, so %(counted)s are counted.",
        even,
        n=numbers.count(even),
        names=numbers.count(every),
        counted=numbers.count(scores.n),
    )


def _facts(card: ModelCard) -> list[tuple[str, str]]:
    known: Mapping[str, object] = {
        N_("lineage"): " of ".join(filter(None, (card.lineage.kind, card.lineage.parent))),
        N_("weights"): "" if card.weights is None else numbers.count(card.weights),
        N_("corpus"): card.data.corpus,
        N_("names"): ", ".join(f"{numbers.count(n)} {part}" for part, n in card.data.names.items()),
        N_("corrections"): card.data.corrections,
        N_("data fingerprint"): card.data.fingerprint,
        N_("holdout fingerprint"): card.holdout_fingerprint,
        N_("made with"): ", ".join(f"{name} {version}" for name, version in card.machine.items()),
        N_("command"): card.command,
    }
    return [(gettext(name), _text(value)) for name, value in known.items() if value not in (None, "")]


def _rows(titled: Iterable[tuple[str, Scores]]) -> tuple[ScoreRow, ...]:
    rows = []
    for title, scores in titled:
        matrix = matrix_from(scores)
        if matrix.n:  # a slice of nothing has no accuracy to show
            accuracy, name = matrix.accuracy, _text(title)
            rows.append(ScoreRow(name, matrix.n, accuracy, scores.ece, scores.surest80, matrix))
    return tuple(rows)


def counted(matrix: Matrix) -> Metric:
    """Return the accuracy on names that are all there are, and no sample: it has no interval."""
    return census(matrix.tp + matrix.tn, matrix.n)


def slices_of(card: ModelCard) -> list[tuple[SliceKind, str, tuple[ScoreRow, ...]]]:
    """Return every kind of slice that a card holds, with its title and its rows."""
    return [
        (kind, gettext(SLICE_WORDS[kind].title), rows) for kind in SliceKind if (rows := _slices(card, kind))
    ]


def _slices(card: ModelCard, kind: SliceKind) -> tuple[ScoreRow, ...]:
    parts = card.slices.get(kind, ())
    rows = _rows((row.name, row.scores) for row in parts)
    return tuple(replace(row, title=slice_words(kind, row.title), key=row.title) for row in rows)


def slice_words(kind: SliceKind, part: str) -> str:
    """Return what a slice is called in a table: a letter and a range of numbers are what they are."""
    if kind == SliceKind.COUNTRY:
        return place_of(part)
    if kind in (SliceKind.SEPARATOR, SliceKind.LABEL, SliceKind.SCRIPT):
        return SLICE_NAMES.get(part) or part
    return numbers.localised(part)


def place_of(token: str) -> str:
    """Return where the names of a token are from: a country, or a region that the list counts as one."""
    return _REGIONS.get(token) or (country_name(token) if token in TOKENS else token)


def names_of(kind: SliceKind, part: str) -> str:
    """Return what the names of a slice are called in a sentence: "names that end in a"."""
    if kind in (SliceKind.SEPARATOR, SliceKind.LABEL):
        return NAMES_OF_SLICES.get(part) or part
    part = slice_words(kind, part) if kind in BESIDE else part
    return gettext(SLICE_WORDS[kind].names).format(part)


def _weaknesses(
    scores: tuple[ScoreRow, ...], slices: tuple[tuple[str, tuple[ScoreRow, ...]], ...]
) -> list[str]:
    whole = scores[0].accuracy.value if scores else None
    if whole is None:
        return []
    weak = [
        (
            row.accuracy.value or 0.0,
            gettext(
                "%(kind)s, %(slice)s: right on %(share)s of %(n)s names.",
                kind=kind,
                slice=row.title,
                share=numbers.percent(row.accuracy.value or 0.0, 1),
                n=numbers.count(row.n),
            ),
        )
        for kind, rows in slices
        for row in rows
        if row.n >= FEW
        # Weak only if the whole interval lies below, too: a small slice is off by chance.
        and (row.accuracy.high or 1) < whole - WEAK / 2
        and (row.accuracy.value or 1) < whole - WEAK
    ]
    return [sentence for _, sentence in sorted(weak)[:MOST_WEAK]]


def _text(value: object) -> str:
    # One line of plain text, whatever an imported card holds.
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    text = numbers.localised(f"{value:g}") if isinstance(value, float) else str(value)
    # Backticks and bars would end a code span or a cell of the Markdown card.
    return " ".join(text.replace("`", "'").replace("|", "/").split())[:200]
