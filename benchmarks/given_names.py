"""The most borne given names, for the order of full names: `python -m benchmarks.given_names CORPUS.db`.

Its output is `training/names/data/given_names.txt`: names of one word that at least PEOPLE bear in the base
corpus (nomquamgender, MIT).
"""

import sys
from pathlib import Path

from training.data.corpus import read_corpus

PEOPLE = 10_000


def main(path: Path) -> None:
    """Print the names in their order, one a line."""
    corpus = read_corpus(path)
    most = zip(corpus.names, corpus.people.tolist(), strict=True)
    print("\n".join(sorted(name for name, people in most if people >= PEOPLE and name.isalpha())))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
