"""How the shipped network behaves, beyond being right: `python -m benchmarks.behaviour`.

Typos, names that are both, strings that are no names, and frequent names drawn by a fixed rule.
"""

import json
import random
from collections import defaultdict
from enum import StrEnum
from functools import cache

import numpy as np

from training.data import corpus
from training.data.world import arabic, countries, hebrew
from training.data.world.lessons import Lessons
from training.model import artifact, saving
from training.model.network import Network
from training.model.predict import probabilities
from training.names import LETTERS, split_country, with_country

CONSONANTS = "bcdfghjklmnpqrstvwxz"
LONG, SHORT = 7, 4
"""Letters of names that a typo is made in: of Latin ones, and of those that leave vowels out."""
MANY = 10
"""Countries that have a name, for it to be known all over."""
ASKED = 1000
ENDS, EACH = 15, 10


def main() -> None:
    """Print one figure a line, and last one line of JSON."""
    names = corpus.read_base_corpus()
    shipped = saving.load(artifact.SHIPPED.read_bytes())
    network = shipped.network
    result = {
        "typo_median": typos(network, names),
        "both_unsure": both(network, names, people=100),
        "both_unsure_all": both(network, names, people=1),
        "consonants_outside": consonants(network),
        "drawn_right": int(drawn(network, names).sum()),
        "drawn": ENDS * EACH,
        "turned_by_country": turned_by_country(shipped),
        **{f"typo_{kind}": typos_in(shipped, kind) for kind in Letters},
    }
    for name, value in result.items():
        print(f"{name:20} {value:.4g}")
    print(json.dumps(result))


def typos(network: Network, names: corpus.Corpus, seed: int = 0) -> float:
    """Return the median change of P(female) by one typo in 1,000 names of 7 letters or more."""
    chance = random.Random(seed)
    held_out = names.only(corpus.HOLDOUT)
    right = chance.sample([name for name in held_out.names if len(name) >= LONG], ASKED)
    wrong = [typo(name, chance) for name in right]
    return float(np.median(np.abs(probabilities(network, right) - probabilities(network, wrong))))


def typo(name: str, chance: random.Random, letters: str = LETTERS) -> str:
    """Return the name with one letter replaced, left out, doubled or swapped with the next."""
    at = chance.randrange(len(name) - 1)
    before, letter, after = name[:at], name[at], name[at + 1 :]
    return chance.choice(
        [
            before + chance.choice(letters) + after,
            before + after,
            before + letter + letter + after,
            before + after[0] + letter + after[1:],
        ]
    )


class Letters(StrEnum):
    """What a typo is made in."""

    HEBREW = "hebrew"
    ARABIC = "arabic"
    COUNTRY = "country"


_ALPHABETS = {Letters.HEBREW: "אבגדהוזחטיכלמנסעפצקרשת", Letters.ARABIC: "ابتجحخدرزسشصعفقكلمنهوي"}


def typos_in(shipped: saving.Artifact, kind: Letters, seed: int = 0) -> float:
    """Return the median change of P(female) by one typo in held-out names of other letters or countries."""
    chance = random.Random(seed)
    serving = saving.to_serve(shipped.network, shipped.readers)
    right = _held_out(kind)
    wrong = [with_country(token, typo(name, chance, _ALPHABETS.get(kind, LETTERS))) for token, name in right]
    before = serving.shares([with_country(token, name) for token, name in right])
    return float(np.median(np.abs(np.array(before) - serving.shares(wrong))))


@cache
def _by_country() -> Lessons:
    return countries.read_countries(frozenset())


def _held_out(kind: Letters) -> list[tuple[str, str]]:
    """Return names that no training saw, each with its country or ""; of those in letters the longer ones."""
    lessons = _by_country() if kind is Letters.COUNTRY else hebrew.read_hebrew()
    if kind is Letters.ARABIC:
        lessons = arabic.read_arabic(_by_country())
    pairs = [split_country(name) for name in lessons.only(corpus.HOLDOUT).names]
    return [(token, name) for token, name in pairs if len(name) >= (LONG if token else SHORT)][:ASKED]


def turned_by_country(shipped: saving.Artifact, names: int = 100) -> float:
    """Return the part of answers that a country turns, of names that are given alike in all countries."""
    by_name: dict[str, dict[str, float]] = defaultdict(dict)
    for row in _by_country().rows:
        token, name = split_country(row.name)
        by_name[name][token] = row.share
    many = (name for name, shares in by_name.items() if len(shares) >= MANY)
    alike = [name for name in many if len(set(by_name[name].values())) == 1]
    chosen = [(name, token) for name in alike[:names] for token in by_name[name]]
    answers = saving.to_serve(shipped.network, shipped.readers).shares(
        [with_country(token, name) for name, token in chosen]
    )
    right = [by_name[name][token] > 0.5 for name, token in chosen]
    return float(np.mean([(p > 0.5) != is_female for p, is_female in zip(answers, right, strict=True)]))


def both(network: Network, names: corpus.Corpus, people: int = 100) -> float:
    """Return the part of the names borne by 35 to 65% women that are called with at most 80% certainty.

    Of few bearers such a share is mostly chance: of two, it is one of each.
    """
    rows = (names.share >= 0.35) & (names.share <= 0.65) & (names.people >= people)
    answers = probabilities(network, names.take(rows).names)
    return float((np.maximum(answers, 1 - answers) <= 0.8).mean())


def consonants(network: Network, seed: int = 0) -> float:
    """Return the part of 1,000 strings of 4 to 9 consonants that it calls with more than 95% certainty."""
    chance = random.Random(seed)
    strings = ["".join(chance.choices(CONSONANTS, k=chance.randint(4, 9))) for _ in range(ASKED)]
    answers = probabilities(network, strings)
    return float(((answers < 0.05) | (answers > 0.95)).mean())


def drawn(network: Network, names: corpus.Corpus) -> np.ndarray:
    """Return for 150 names whether it answers as the corpus: the 10 most borne of each of 15 last letters."""
    picked: dict[str, list[int]] = {}
    for row, name in enumerate(names.names):
        of_end = picked.setdefault(name[-1], [])
        if len(of_end) < EACH and abs(names.share[row] - 0.5) >= 0.1:
            of_end.append(row)
        if sum(len(rows) == EACH for rows in picked.values()) >= ENDS:
            break
    rows = np.array([row for rows in picked.values() if len(rows) == EACH for row in rows])
    some = names.take(rows)
    return (probabilities(network, some.names) > 0.5) == (some.share > 0.5)


if __name__ == "__main__":
    main()
