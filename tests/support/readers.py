"""Small readers, taught in a moment."""

from functools import cache

import numpy as np

from training.data.minibatches import Examples
from training.fitting.pipeline import run_to_end
from training.fitting.readers.lessons_in_batches import texts_of
from training.fitting.readers.teaching import Schedule, teach
from training.model.readers.contents import ReaderContents, Readers
from training.model.readers.settings import TOKEN_LETTERS, ReaderKind, ReaderSettings
from training.names import ALPHABET

SCRIPTS = {
    "花子": 1.0, "美子": 1.0, "太郎": 0.0, "一郎": 0.0, "שרה": 1.0, "דוד": 0.0, "서연": 1.0, "민준": 0.0,
    "JP:千": 1.0, "CN:千": 0.0,
}  # fmt: skip
"""Names with the share of women that a small reader learns, of every kind of letters."""
COUNTRIES = {"IT:andrea": 0.0, "DE:andrea": 1.0, "IT:anna": 1.0, "DE:anna": 1.0}
KNOWN = {ReaderKind.SCRIPTS: SCRIPTS, ReaderKind.COUNTRIES: COUNTRIES}
QUICK = Schedule(epochs=75, batch=8, rate=3e-2, dropout=0.0)


def examples(shares: dict[str, float]) -> Examples:
    """Return names with their shares, all of one weight."""
    return Examples(list(shares), np.array(list(shares.values())), np.ones(len(shares)))


def settings(kind: ReaderKind, shares: dict[str, float]) -> ReaderSettings:
    """Return the shape of a small reader that knows the letters of some names."""
    if kind == ReaderKind.COUNTRIES:
        return ReaderSettings(kind, "".join(TOKEN_LETTERS.values()) + ALPHABET, 12, 8)
    letters = {letter for text in texts_of(list(shares)) for letter in text}
    return ReaderSettings(kind, "".join(sorted(letters)), 12, 8)


@cache  # taught once in a process: nobody changes them
def small(kind: ReaderKind) -> ReaderContents:
    """Return a reader that knows some names by heart."""
    shares = KNOWN[kind]
    known = examples(shares)
    return run_to_end(teach(settings(kind, shares), known, known, schedule=QUICK)).contents()


def small_readers() -> Readers:
    """Return both readers, each with a few names known by heart."""
    return {kind: small(kind) for kind in KNOWN}
