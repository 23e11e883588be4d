"""One guess as its page tells it: the letters to show, the words under them, and what the records know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.names import (
    Country,
    Doubt,
    Form,
    Label,
    LeftOut,
    Reading,
    own_letters,
    split_country,
    transliterate,
)
from webapp.guessing import readings
from webapp.guessing.explanation import story
from webapp.guessing.guess import Guess
from webapp.guessing.predictor import Champion
from webapp.presentation.wording import told_as
from webapp.records import lookup
from webapp.records.lookup import Borne, Known
from webapp.versions.receipts import Receipt


@dataclass(frozen=True)
class Part:
    """One of several given names and what the network says of it alone."""

    name: str
    p_female: float


@dataclass(frozen=True)
class InCountry:
    """A country in which a name is given otherwise than anywhere, and P(female) there."""

    country: Country
    p_female: float
    borne: Borne | None = None
    """By how many people there, where the records tell of it."""


SHOWN_AT_ONCE = 5
"""Countries that are listed before all of them are asked for."""
MUCH_THE_SAME = 0.1
"""How far apart two shares may be that are called so, at most."""


@dataclass(frozen=True)
class Answer:
    """A guess as its page shows it, with what the corpus knows of exactly this name (None: never met)."""

    guess: Guess
    known: Known | None
    receipt: Receipt | None = None
    """What became of what visitors taught this version of the name; None if they did not."""
    parts: Sequence[Part] = ()
    others: Sequence[Reading] = ()
    """How the same text would be read as a full name, where it may be one: no name that the records know."""
    anywhere: float | None = None
    """P(female) without the country that was read; None where none was."""
    elsewhere: Sequence[InCountry] | None = None
    """Countries in which it is given otherwise than guessed, by their names; None where nobody asked."""
    borne: Borne | None = None
    """By how many people of the country that was read with it, where the records tell of it."""
    has_countries: bool = False
    """Whether a country could make another answer of it."""

    @property
    def most_borne_elsewhere(self) -> Sequence[InCountry]:
        """Those of them in which most people bear it."""
        by_people = sorted(self.elsewhere or (), key=lambda one: -(one.borne.people if one.borne else 0))
        return by_people[:SHOWN_AT_ONCE]

    @property
    def country_code(self) -> str | None:
        """The code of the country that was read with it."""
        return self.reading.country.code if self.reading.country else None

    @property
    def is_changed_by_country(self) -> bool:
        """Whether the country makes another answer of it, or a share that nobody would call the same."""
        if self.anywhere is None:
            return False
        apart = abs(self.anywhere - self.guess.p_female)
        return told_as(self.anywhere) != self.guess.told or apart >= MUCH_THE_SAME

    @property
    def reading(self) -> Reading:
        """How the name was read."""
        return self.guess.reading

    @property
    def title(self) -> str:
        """The given name as it was typed."""
        return self.reading.title

    @property
    def left_out(self) -> Sequence[LeftOut]:
        """What was no part of the given name."""
        return self.reading.left_out

    @property
    def letters(self) -> str:
        """One letter for each of the trace: those that were typed, where each of them is one in Latin."""
        return letters_of(self.reading)

    @property
    def is_as_typed(self) -> bool:
        """Whether the network read just what was typed, capitals aside."""
        return self.reading.is_as_typed

    @property
    def sentence(self) -> str:
        """How the guess came about; letters stand between asterisks."""
        return story.tell(self.guess.read_as, self.guess.trace)

    @property
    def headline(self) -> str:
        """The guess in one sentence; whom it leans to stands between asterisks."""
        return story.headline(self.guess.p_female)

    @property
    def may_be_full(self) -> bool:
        """Whether to ask if this is a full name: several words that the records do not know together."""
        return bool(self.others) and self.known is None

    @property
    def doubts(self) -> Sequence[Doubt]:
        """What else is doubtful."""
        return [doubt for doubt in self.reading.doubts if doubt != Doubt.FULL_NAME]


def letters_of(reading: Reading) -> str:
    """Return the letters to show for a name: as typed where each is one in Latin, else as it is read."""
    typed = reading.title
    if len(typed) != len(reading.read_as):
        return reading.read_as
    pairs = zip(typed, reading.read_as, strict=True)
    is_each_one = all(_is_one(letter, read) for letter, read in pairs if read.isalpha())
    return typed if is_each_one else reading.read_as


def _is_one(letter: str, read: str) -> bool:
    return (transliterate(letter) if read.isascii() else own_letters(letter)) == read


def answer(champion: Champion, reading: Reading, with_elsewhere: bool = False) -> Answer:
    """Guess a name and look it up; raise training.names.UnreadableName if it was refused.

    What it is in other countries is some fifty guesses more, so it is told where it is asked for.
    """
    guess = champion.guess(reading, traced=True)
    parts = [Part(*part) for part in champion.parts(reading)]
    known = lookup.known(guess.name)
    may_be_full = known is None and reading.form == Form.GIVEN
    receipt = champion.taught.get(guess.name)
    answered = receipt.answered(guess.p_female) if receipt else None
    anywhere = champion.guess(reading.anywhere).p_female if reading.country else None
    borne: Mapping[str, Borne] = {}
    if reading.country or with_elsewhere:
        borne = lookup.borne_by_country(split_country(guess.name)[1])
    return Answer(
        guess,
        known,
        answered,
        parts,
        _others(reading) if may_be_full else (),
        anywhere,
        _elsewhere(champion, guess, borne) if with_elsewhere else None,
        borne.get(reading.country.code) if reading.country else None,
        champion.has_countries(reading),
    )


def _elsewhere(champion: Champion, guess: Guess, borne: Mapping[str, Borne]) -> Sequence[InCountry]:
    """Return the countries in which a name is given otherwise than it was guessed, by their names."""
    others = [
        InCountry(country, p_female, borne.get(country.code))
        for country, p_female in champion.by_country(guess.reading).items()
        if guess.told != told_as(p_female) != Label.BOTH
    ]
    return sorted(others, key=lambda one: one.country.place.removeprefix("the "))


def _others(reading: Reading) -> list[Reading]:
    """Return how the same text would be read as a full name, each given name once, the likelier first."""
    if reading.typed.isascii() and reading.typed.isalpha():
        return []  # one word
    asked = (readings.read(reading.typed, form) for form in (Form.GIVEN_FIRST, Form.SURNAME_FIRST))
    others = {other.key: other for other in asked if not other.is_refused and other.key != reading.key}
    likelier = readings.read(reading.typed, Form.AUTO).key
    return sorted(others.values(), key=lambda other: other.key != likelier)
