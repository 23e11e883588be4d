"""Frequent names that a country's list does not hold: whoever bears one there brought it from elsewhere.

Such a name stays what it is: without these lessons Susan was a man's name in Poland, where none ends so.
"""

import random
from collections import defaultdict
from collections.abc import Iterator

from training.data.corpus import TRAIN, Corpus
from training.data.world.lessons import Lesson, Lessons, part_of
from training.names import TOKENS, split_country, with_country

ELSEWHERE = "names from elsewhere"
FREQUENT = 6_000
"""Names, from the most borne, that they are drawn from."""
DRAWN = 1_500
"""Names of each country."""


def read_elsewhere(corpus: Corpus, by_country: Lessons) -> Lessons:
    """Return names of a corpus with a country that `by_country` does not know them in, and their own share.

    A name that is put aside in the corpus is none of them.
    """
    listed = defaultdict(set)
    for row in by_country.rows:
        token, name = split_country(row.name)
        listed[token].add(name)
    return Lessons(tuple(row for token in TOKENS for row in _of_country(token, corpus, listed[token])))


def _of_country(token: str, corpus: Corpus, listed: set[str]) -> Iterator[Lesson]:
    frequent = enumerate(corpus.names[:FREQUENT])
    known = [row for row, name in frequent if corpus.part[row] == TRAIN and name not in listed]
    drawn = random.Random(token).sample(known, min(DRAWN, len(known)))  # nosec B311 # lessons, not secrets
    for row in sorted(drawn):
        name = corpus.names[row]
        part = part_of(token.lower() + name)  # by both, as the pairs of the list
        yield Lesson(with_country(token, name), float(corpus.share[row]), 1.0, part, ELSEWHERE)
