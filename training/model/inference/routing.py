"""Which names the network of Latin letters reads, which a reader does, and how both are put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.model.inference.reader import Reader
from training.model.readers.settings import ReaderKind
from training.names import ALPHABET, split_country, transliterate
from training.names.scripts.countries import MARK

_LETTERS = frozenset(ALPHABET)
ReadersByKind = Mapping[ReaderKind, Reader]


def is_own(name: str) -> bool:
    """Say whether a name has Latin letters and no country: what the network reads by itself."""
    return name.isascii() and name[2:3] != MARK


@dataclass(frozen=True)
class Asked:
    """One name that is asked for: its country, and either the letters of its script or Latin ones."""

    token: str
    own: str = ""
    latin: str = ""

    @classmethod
    def of(cls, name: str, readers: ReadersByKind) -> "Asked":
        """Tell a name apart. Without a reader that knows a letter of it, it is spelled in Latin."""
        token, letters = split_country(name)
        if letters.isascii():
            return cls(token, latin=letters)
        scripts = readers.get(ReaderKind.SCRIPTS)
        if scripts and scripts.knows(letters):
            return cls(token, own=letters)
        return cls(token, latin=transliterate(letters))


def add_readers(
    asked: Sequence[Asked], latin_odds: Mapping[str, float], readers: ReadersByKind
) -> list[float]:
    """Return the log odds of each name, from those of its Latin letters and what the readers say.

    What Latin letters leave nothing of is even.
    """
    found = [latin_odds.get(one.latin, 0.0) for one in asked]
    own = [at for at, one in enumerate(asked) if one.own]
    abroad = [at for at, one in enumerate(asked) if one.token and one.latin]
    if own:
        odds = readers[ReaderKind.SCRIPTS].odds([(asked[at].token, asked[at].own) for at in own])
        for at, value in zip(own, odds, strict=True):
            found[at] = value
    if abroad and (countries := readers.get(ReaderKind.COUNTRIES)):
        odds = countries.odds([(asked[at].token, asked[at].latin) for at in abroad])
        for at, value in zip(abroad, odds, strict=True):
            found[at] += value
    return found
