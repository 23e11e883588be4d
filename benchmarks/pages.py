"""What pages and lists of names cost beside another revision: `python -m benchmarks.pages --before REVISION`.

Both sites run in this environment, each in a process and an instance of its own, with its own network, and
take turns. They are asked inside the process, by what a visitor's browser sends who was here before: a letter
typed, the page with a new name and without one, programs' requests, and 20,000 names at once. Printed are
milliseconds of a processor (the clock's beside them), medians of all rounds, and the median of the rounds'
ratios. Ends with one line of JSON.
"""

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

from tqdm import tqdm

from benchmarks.before import trees
from benchmarks.before.trees import Asked, Cost, Tree
from benchmarks.serve import make_instance
from benchmarks.serving import names
from benchmarks.serving.contenders import ROOT

BEFORE = "21f660a0"
"""The last state before anything was made faster."""
KINDS = {
    "letter": "a letter typed (/guess)",
    "page": "the page / with a new name",
    "start": "the page / without one",
    "genderize": "/genderize, a new name",
    "again": "/genderize, a name once more",
    "api": "/api/v1/guess, a new name",
    "bulk": "many names at once, each",
}


@dataclass(frozen=True)
class Turn:
    """What one round found of one kind."""

    before: Cost
    now: Cost

    @property
    def ratio(self) -> float:
        """Processor time now by that before."""
        return self.now.processor / self.before.processor


def main() -> None:
    """Print the table, and last one line of JSON."""
    wanted = _arguments()
    numbers = dict.fromkeys(wanted.kinds, wanted.requests) | (
        {"bulk": wanted.names} if "bulk" in wanted.kinds else {}
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary, ExitStack() as stack:
        folder = Path(temporary)
        listed = folder / "names.txt"
        needed = (wanted.rounds + 1) * (wanted.requests * 4 + wanted.names) + 1_000
        listed.write_text("\n".join(islice(names.new(), needed)))
        sites = [stack.enter_context(trees.asked(tree, listed)) for tree in both_trees(wanted.before, folder)]
        found = measure(sites, numbers, wanted.rounds)
    report(found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--before", default=BEFORE, metavar="REVISION")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=300, help="of each kind in each round")
    parser.add_argument("--names", type=int, default=20_000, help="at once in each round")
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    return parser.parse_args()


def both_trees(revision: str, folder: Path) -> Sequence[Tree]:
    """Return the tree of a revision and this one, each with a fresh instance."""
    before = Tree(trees.unpack(revision, folder / "tree"), folder / "before")
    trees.set_up(before)
    now = Tree(ROOT, make_instance(folder / "now"))
    trees.hide_newer(now)
    return before, now


def measure(sites: Sequence[Asked], numbers: Mapping[str, int], rounds: int) -> dict[str, list[Turn]]:
    """Let both sites take turns; the first round warms them and is not counted."""
    found: dict[str, list[Turn]] = defaultdict(list)
    for round_number in tqdm(range(rounds + 1), unit="round", leave=False):
        for kind, n in numbers.items():
            turn = Turn(*(site.cost(kind, n) for site in sites))
            if round_number:
                found[kind].append(turn)
    return found


def report(found: Mapping[str, Sequence[Turn]]) -> None:
    """Print the table and the last line."""
    print(f"{'ms of a processor (of the clock)':32}{'before':>18}{'now':>18}{'now / before':>14}")
    for kind, turns in found.items():
        before, now = (_written([getattr(turn, when) for turn in turns]) for when in ("before", "now"))
        print(f"{KINDS[kind]:32}{before:>18}{now:>18}{_ratio(turns):>14.2f}")
    print(json.dumps({kind: round(_ratio(turns), 3) for kind, turns in found.items()}), flush=True)


def _ratio(turns: Sequence[Turn]) -> float:
    return median(turn.ratio for turn in turns)


def _written(costs: Sequence[Cost]) -> str:
    processor, clock = median(cost.processor for cost in costs), median(cost.clock for cost in costs)
    return f"{processor:.3f} ({clock:.3f})"


if __name__ == "__main__":
    main()
