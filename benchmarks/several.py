"""How several given names are best answered as one: `python -m benchmarks.several CORPUS.db`.

Asked are the names of the corpus with a blank that no training saw. A row for each way to combine what the
whole says, as it is, with hyphens and joined, and what its first and last name say alone.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.data.corpus import TRAIN, Corpus, read_corpus
from training.model.predict import load
from training.model.saving import to_serve
from training.names.several import FIRST_PART

Shares = NDArray[np.float64]


def compounds_of(corpus: Corpus) -> Corpus:
    """Return the names with a blank that no training saw and that lean to a side."""
    has_blank = np.array([" " in name and min(map(len, name.split(" "))) > 1 for name in corpus.names])
    return corpus.take(has_blank & (corpus.part != TRAIN) & (corpus.share != 0.5))


def ways(shares: Mapping[str, Shares]) -> dict[str, Shares]:
    """Return P(female) by each way to combine the readings."""
    odds = {way: np.log(share / (1 - share)) for way, share in shares.items()}
    means = {f"mean of first and {way}": (shares["first"] + shares[way]) / 2 for way in ("whole", "hyphens")}
    parts = (0.1, 0.2, 0.3, 0.4, 0.5)
    weighed = {
        f"log odds, {part:.0%} first": 1 / (1 + np.exp(-(1 - part) * odds["whole"] - part * odds["first"]))
        for part in parts
    }
    return dict(shares) | means | weighed


def main(path: Path) -> None:
    """Print a row for each way: names, bearers and log loss."""
    compounds = compounds_of(read_corpus(path))
    words = [name.split(" ") for name in compounds.names]
    spellings = {
        "whole": [" ".join(name) for name in words],
        "hyphens": ["-".join(name) for name in words],
        "joined": ["".join(name) for name in words],
        "first": [name[0] for name in words],
        "last": [name[-1] for name in words],
    }
    network = to_serve(load().network)
    shares = {
        way: np.clip(np.array(network.shares(names)), 1e-6, 1 - 1e-6) for way, names in spellings.items()
    }
    print(f"{len(compounds):,} names, {compounds.people.sum():,} bearers; served: {FIRST_PART:.0%} first")
    for way, p_female in ways(shares).items():
        right = (p_female > 0.5) == (compounds.share > 0.5)
        loss = -(compounds.share * np.log(p_female) + (1 - compounds.share) * np.log(1 - p_female))
        by_bearers = np.average(right, weights=compounds.people)
        print(f"{way:26} {right.mean():.4f} {by_bearers:.4f} {loss.mean():.4f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
