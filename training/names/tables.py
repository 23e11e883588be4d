"""The tables of `data/`: titles, suffixes, short forms, surnames and what is no name, each by language."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
FREQUENT = 40
"""Surnames of one character that speak for a full name even where only one other follows."""


@dataclass(frozen=True)
class Titles:
    """Titles of all languages, in small letters, without periods; data/titles.toml says what each set is."""

    always: frozenset[str]
    dotted: frozenset[str]
    perhaps: frozenset[str]
    alone: frozenset[str]
    two: frozenset[str]
    """Titles of two words."""
    endings: tuple[str, ...]
    """Longest first."""
    exact: frozenset[str]
    """In capitals and small letters as they are here, before a name: CA is one, Ca a name."""
    behind: frozenset[str]
    small: frozenset[str]
    beginnings: tuple[str, ...]
    """As they are here, longest first."""


@dataclass(frozen=True)
class Words:
    """Words of one kind: taken always, only with a period, as written, in small letters, or two together."""

    always: frozenset[str] = frozenset()
    dotted: frozenset[str] = frozenset()
    exact: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()
    two: frozenset[str] = frozenset()
    opening: frozenset[str] = frozenset()
    middle: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()
    devotion: frozenset[str] = frozenset()
    capital: frozenset[str] = frozenset()
    noble: frozenset[str] = frozenset()
    relation: frozenset[str] = frozenset()
    western: frozenset[str] = frozenset()
    child: frozenset[str] = frozenset()
    slashes: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    between: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    plural_articles: frozenset[str] = frozenset()
    endings: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Surnames:
    """Which words are surnames, in Latin letters and in the scripts that write no blank after them."""

    first: frozenset[str]
    """Of languages whose full names begin with the surname."""
    last: frozenset[str]
    endings: tuple[str, ...]
    written: frozenset[str]
    """One or more characters that begin a full name in Chinese, Japanese or Korean."""
    frequent: frozenset[str]
    """The most frequent of one character."""
    apart: frozenset[str]
    """Words in letters of their own, where blanks stand between words."""
    syllables: frozenset[str]
    """Of given names that are written as two words, in Latin letters."""
    single: frozenset[str]
    """Those behind which no second surname stands, in Latin letters."""
    countries: Mapping[str, str]
    """The token of the country that a surname tells; empty for one that is known and tells none."""
    countries_of_endings: Mapping[str, str]
    """The same of how surnames end."""
    given: frozenset[str]
    """Given names that few bear elsewhere, or that end as surnames do there, in Latin letters."""


@dataclass(frozen=True)
class Marriage:
    """How Hungarian women are called by their husbands' names."""

    ending: str
    names: frozenset[str]
    """What looks so, and is a given name elsewhere."""
    husbands: frozenset[str]
    """What men are called, in Latin letters."""
    families: frozenset[str]
    """Surnames, in Latin letters."""


@dataclass(frozen=True)
class Placeholders:
    """What stands where nobody knew a name."""

    exact: frozenset[str]
    folded: frozenset[str]
    """In capitals or not."""

    def holds(self, text: str) -> bool:
        """Say whether a text stands for no name."""
        return text in self.exact or text.casefold() in self.folded

    def changed(self, words: Iterable[str]) -> "Placeholders":
        """Return these with more words; one with an exclamation mark before it is taken away."""
        # Read twice below, and an iterator can be read once.
        given = list(words)
        less = {word[1:].casefold() for word in given if word.startswith("!")}
        more = {word.casefold() for word in given if not word.startswith("!")}
        exact = frozenset(word for word in self.exact if word.casefold() not in less)
        return Placeholders(exact, (self.folded | more) - less)


Table = Mapping[str, Mapping[str, object]]
_AS_WRITTEN = ("exact", "articles", "plural_articles")


@lru_cache(8192)
def fold(text: str) -> str:
    """Return a word as tables hold it: in small letters, without periods; Turkish i's are one."""
    return text.casefold().replace("i\u0307", "i").replace("ı", "i").replace(".", "")


def _load(name: str) -> dict[str, dict[str, list[str] | str]]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _all(table: dict[str, dict[str, list[str] | str]], key: str) -> frozenset[str]:
    return frozenset(fold(word) for language in table.values() for word in language.get(key, ()))


def _titles() -> Titles:
    table = _load("titles")
    alone = _all(table, "alone")
    always = _all(table, "always") | alone
    behind, small = _all(table, "behind"), _all(table, "small")
    hyphened = {f"-{word}" for word in behind | _all(table, "hyphened")}
    endings = tuple(sorted(_all(table, "endings") | hyphened, key=len, reverse=True))
    # What is always a title in one language is not "perhaps" one in another.
    dotted, perhaps, two = (_all(table, key) for key in ("dotted", "perhaps", "two"))
    exact = frozenset(word for language in table.values() for word in language.get("exact", ()))
    beginnings = (word for language in table.values() for word in language.get("beginnings", ()))
    onto = tuple(sorted(beginnings, key=len, reverse=True))
    return Titles(always, dotted, perhaps - always, alone, two, endings, exact, behind, small, onto)


def _words(kind: str) -> Words:
    kinds = _load("words")[kind].items()
    sets = {key: words if key in _AS_WRITTEN else map(fold, words) for key, words in kinds}
    return Words(**{key: frozenset(words) for key, words in sets.items()})


def _surnames() -> Surnames:
    languages = [*_load("surnames").values()]
    common = {
        order: frozenset(
            word for language in languages if language["order"] == order for word in language["common"]
        )
        for order in ("first", "last")
    }
    endings = frozenset(ending for language in languages for ending in language.get("endings", ()))
    written = frozenset(
        word for language in languages for word in [*language.get("written", ""), *language.get("double", ())]
    )
    frequent = frozenset(word for language in languages for word in language.get("written", "")[:FREQUENT])
    by_length = tuple(sorted(endings, key=len, reverse=True))
    syllables = frozenset(word for language in languages for word in language.get("syllables", ()))
    single = frozenset(word for language in languages if "single" in language for word in language["common"])
    return Surnames(
        common["first"],
        common["last"],
        by_length,
        written,
        frequent,
        frozenset(word for language in languages for word in language.get("apart", ())),
        syllables,
        single,
        _countries(languages, "common", "written", "double"),
        _countries(languages, "endings"),
        frozenset(word for language in languages for word in language.get("given", ())),
    )


def _countries(languages: Iterable[Mapping[str, list[str] | str]], *keys: str) -> dict[str, str]:
    """Return the country of each entry; empty where its language has none, or where several have it."""
    found: dict[str, str] = {}
    for language in languages:
        country = str(language.get("country", ""))
        for word in {word for key in keys for word in language.get(key, ())}:
            found[word] = "" if word in found else country
    return found


def _marriage() -> Marriage:
    with (DATA / "words.toml").open("rb") as file:
        table = tomllib.load(file)["marriage"]
    families = frozenset(_load("surnames")["hungarian"]["common"])
    return Marriage(table["ending"], frozenset(table["names"]), frozenset(table["husbands"]), families)


def _short_forms(kind: str) -> dict[str, str]:
    with (DATA / "short_forms.toml").open("rb") as file:
        table = tomllib.load(file)
    forms = (language.get(kind, {}) for language in table.values())
    return {fold(short): full for language in forms for short, full in language.items()}


def _placeholders() -> Placeholders:
    with (DATA / "placeholders.toml").open("rb") as file:
        table = tomllib.load(file)
    return Placeholders(frozenset(table["exact"]), frozenset(word.casefold() for word in table["any"]))


# Read once, when the module is loaded: a few milliseconds, and no request waits for a file.
TITLES = _titles()
SUFFIXES, MAIDEN, PARENT, ALIASES, AND, PARTICLES, FAMILIES, COMPANIES = map(
    _words, ("suffix", "maiden", "parent", "alias", "and", "particle", "family", "company")
)
SURNAMES = _surnames()
SHORT, SHORT_DOTTED = _short_forms("always"), _short_forms("dotted")
MARRIAGE = _marriage()
SPECIAL = (
    TITLES.always
    | COMPANIES.always
    | frozenset(SHORT)
    | {f"{name}ne" for name in MARRIAGE.husbands | MARRIAGE.families}
)
"""Words that alone are read otherwise than they are written, or are no name."""
GIVEN_NAMES = frozenset((DATA / "given_names.txt").read_text(encoding="utf-8").split())
"""The most borne given names, in Latin letters (`python -m benchmarks.given_names` makes the list)."""
PLACEHOLDERS = _placeholders()
_ADDRESSES = tomllib.loads((DATA / "placeholders.toml").read_text(encoding="utf-8"))
FILE_ENDINGS = _ADDRESSES["endings"]
HOST_ENDINGS = _ADDRESSES["hosts"]
"""In small letters alone: anna.de is a host, Anna.De may be a name."""
