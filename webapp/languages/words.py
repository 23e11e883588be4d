"""Tables of words: written in English where they are, read in the reader's language."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from webapp.languages import numbers
from webapp.languages.texts import gettext, ngettext

K = TypeVar("K")


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text for the catalogues that is translated where it is read."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802
    """Mark a text and its plural."""
    return one, many


COUNTED: Mapping[str, tuple[str, str]] = {
    "API key": NN_("%(n)s API key", "%(n)s API keys"),
    "answer": NN_("%(n)s answer", "%(n)s answers"),
    "corrected name": NN_("%(n)s corrected name", "%(n)s corrected names"),
    "correction": NN_("%(n)s correction", "%(n)s corrections"),
    "game": NN_("%(n)s game", "%(n)s games"),
    "name": NN_("%(n)s name", "%(n)s names"),
    "person": NN_("%(n)s person", "%(n)s people"),
}
"""What pages count, by its noun in English."""


def counted(n: int, noun: str) -> str:
    """Return a number with its noun: "1 API key", "2,000 API keys"."""
    return ngettext(*COUNTED[noun], n, n=numbers.count(n))


class Words(Mapping[K, str]):
    """A table whose words are translated at each look; they are marked by `N_` where they stand."""

    def __init__(self, words: Mapping[K, str]) -> None:
        self.source = words
        """The words in English, for what programs read."""

    def __getitem__(self, key: K) -> str:
        return gettext(self.source[key])

    def __iter__(self) -> Iterator[K]:
        return iter(self.source)

    def __len__(self) -> int:
        return len(self.source)
