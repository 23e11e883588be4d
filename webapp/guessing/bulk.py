"""Many names at once, with one champion: each spelling is read once, and common beginnings are shared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from flask import current_app

from training import names
from training.names import COUNTRIES, PLACEHOLDERS, Country, Form, Placeholders, Reading, label_of
from webapp.guessing import predictor, readings
from webapp.guessing.guess import Guess
from webapp.guessing.predictor import Champion

REMEMBERED = 100_000
"""Spellings that are kept from one block of a file to the next."""
LONGEST_REMEMBERED = 64
"""Characters; a few longer cells could fill the memory."""


@dataclass(frozen=True)
class Finding:
    """What is made of one cell: how it was read and P(female), or the reason why it cannot be read."""

    read_as: str = ""
    p_female: float | None = None
    reason: str = ""
    left_out: str = ""
    """What was no part of the given name, and why: "Dr. (title), Müller (surname)"."""
    doubt: str = ""
    """Why it may have been meant otherwise, in sentences."""
    country: str = ""
    """The code of the country that was told of it; empty for anywhere."""

    @property
    def label(self) -> str:
        """The likelier label, empty without a guess."""
        return "" if self.p_female is None else label_of(self.p_female)


@dataclass(frozen=True)
class Request:
    """Names as they are read, each with its refusal if there is none to read."""

    read: tuple[Reading, ...]
    traced: bool
    """Whether a guess after every letter is wanted, too."""

    @property
    def readable(self) -> list[Reading]:
        """The names that can be read."""
        return [reading for reading in self.read if not reading.is_refused]

    @property
    def letters(self) -> int:
        """How many letters the networks read for it, at most: some 15 µs of a core each."""
        names = {reading.asked for reading in self.readable}
        # Of several given names the first is read alone, too.
        firsts = {reading.first for reading in self.readable if reading.first} - names
        # A set: a name that comes twice is read once.
        whole = sum(letters_read(len(name), self.traced) for name in names)
        return whole + sum(letters_read(len(name), False) for name in firsts)


def letters_read(length: int, traced: bool) -> int:
    """Return how many letters the two networks read for a name.

    For its trace, the one that reads from the end reads every beginning of the name anew.
    """
    return length + (length * (length + 1) // 2 if traced else length)


def request_of(
    typed: Sequence[str], traced: bool = False, form: Form = Form.GIVEN, country: Country | None = None
) -> Request:
    """Read names as they were typed, all of them from one country or from anywhere."""
    return Request(tuple(readings.read(text, form, country) for text in typed), traced)


def guess_many(champion: Champion, wanted: Request) -> list[Guess | Reading]:
    """Return a guess for each name, or the reading that says why there is none, in order."""
    shares = _shares(champion, wanted.readable)
    traces = _traces(champion, wanted.readable) if wanted.traced else {}
    return [
        reading if reading.is_refused else _guess(champion, reading, shares, traces.get(reading.asked, ()))
        for reading in wanted.read
    ]


def _guess(champion: Champion, reading: Reading, shares: dict[str, float], trace: tuple[float, ...]) -> Guess:
    p_female = champion.combined(reading, shares.__getitem__)
    return Guess(reading, champion.version_id, p_female, trace)


def _shares(champion: Champion, read: Iterable[Reading]) -> dict[str, float]:
    # Many spellings are one name: "ANNA", "Anna" and " anna" are read once.
    asked = list({text for reading in read for text in champion.asked_for(reading)})
    return dict(zip(asked, champion.network.shares(asked), strict=True))


def _traces(champion: Champion, read: Iterable[Reading]) -> dict[str, tuple[float, ...]]:
    texts = list({reading.asked for reading in read})
    return dict(zip(texts, champion.network.traces(texts), strict=True))


def for_file(form: Form = Form.GIVEN, country: Country | None = None) -> "Bulk":
    """Return a reader of cells for this site: its champion, and what stands for no name here."""
    return Bulk(predictor.get().current(), form, current_app.config["PLACEHOLDERS"], country=country)


_Asked = tuple[str, str]  # a cell, and the code of its country


@dataclass
class Bulk:
    """Reads the cells of a long file block by block, remembering spellings between them, within bounds."""

    champion: Champion
    form: Form = Form.GIVEN
    """What the cells hold."""
    placeholders: Placeholders = PLACEHOLDERS
    remembered: int = REMEMBERED
    country: Country | None = None
    """Where all of them are from, but for those that are told apart."""
    _known: dict[_Asked, Finding] = field(default_factory=dict)

    def find(self, cells: Sequence[str], codes: Sequence[str] = ()) -> list[Finding]:
        """Return a finding for each cell, in order; codes tell where each is from, "" nothing."""
        usual = self.country.code if self.country else ""
        asked = list(zip(cells, (code or usual for code in codes) if codes else repeat(usual), strict=False))
        # All at once: to forget the oldest alone would need an order of them, for little.
        if len(self._known) > self.remembered:
            self._known.clear()
        new = self._find({one for one in asked if one not in self._known})
        self._known |= {one: found for one, found in new.items() if len(one[0]) <= LONGEST_REMEMBERED}
        return [new[one] if one in new else self._known[one] for one in asked]

    def _find(self, asked: Iterable[_Asked]) -> dict[_Asked, Finding]:
        read = {
            (cell, code): names.read(cell, self.form, self.placeholders, COUNTRIES.get(code))
            for cell, code in asked
        }
        shares = _shares(self.champion, (reading for reading in read.values() if not reading.is_refused))
        return {one: self._finding(reading, one[1], shares) for one, reading in read.items()}

    def _finding(self, reading: Reading, code: str, shares: dict[str, float]) -> Finding:
        if reading.is_refused:
            return Finding(reason=reading.refusal)
        p_female = self.champion.combined(reading, shares.__getitem__)
        left_out = readings.left_out_words(reading)
        told = reading.country.code if reading.country and reading.telling_surname else code
        return Finding(reading.read_as, p_female, "", left_out, reading.doubt, told)
