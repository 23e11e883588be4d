"""Break a site that takes answers, many times, and count: `make faults`, or `python -m tests.faults`."""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.faults.clock import Clock
from tests.faults.kinds import KINDS, Kind, Seen
from tests.support import sites
from tests.support.full_disk import small_disk
from tests.support.raters import Raters
from tests.support.waiting import eventually
from tests.support.whole_site import DEADLINE, Site, flask

DISK = 400  # MB; the site does not start on less than 200


@dataclass(frozen=True)
class Round:
    """What became of one fault."""

    kind: str
    seconds: float
    """Until every part ran again and an answer was taken."""
    is_well: bool


@dataclass(frozen=True)
class Report:
    """What became of all."""

    rounds: Sequence[Round]
    acknowledged: int
    refused: int
    faults: dict[str, int]
    """What must be 0, by what it is called."""

    @property
    def seconds(self) -> list[float]:
        """Until all was well, of each round."""
        return [one.seconds for one in self.rounds]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do the rounds, print what they came to, and return 1 if anything was lost, doubled or left behind."""
    wanted = _parse(arguments)
    random.seed(wanted.seed)
    with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder) / "disk", DISK) as disk:
        kinds = [kind for kind in KINDS if wanted.only is None or wanted.only in kind.name]
        report = run(Path(folder), disk, kinds, wanted.rounds, wanted.raters)
    print(_table(report.rounds))
    print(json.dumps({"rounds": len(report.rounds), "acknowledged": report.acknowledged, **report.faults}))
    return 1 if any(report.faults.values()) else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--raters", type=int, default=3, help="visitors who answer at the same time")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="a word of the kinds of fault that are wanted, such as “killed”")
    return parser.parse_args(arguments)


def run(folder: Path, disk: Path | None, wanted: Sequence[Kind], rounds: int, n_raters: int) -> Report:
    """Do so many rounds; those kinds that this machine does not allow are left out, and said so."""
    clock = Clock(folder)
    kinds = [kind for kind in wanted if _is_possible(kind, disk, clock)]
    instance = sites.copy_instance(sites.blank_instance(folder), (disk or folder / "plain") / "instance")
    site = Site(instance, **clock.settings)
    seen = Seen(clock)
    try:
        with Raters(lambda: site.address, n_raters) as raters:
            done = [
                _round(site, seen, raters, kind, number)
                for number, kind in enumerate(_order(kinds, rounds), 1)
            ]
        held, differing = site.held(raters.acknowledged), _differing(site)
    finally:
        site.end()
    faults = {
        "lost": held.lost,
        "doubled": held.doubled,
        "counts_that_differ": differing,
        "left_behind": site.left_behind,
        "not_well_again": sum(not one.is_well for one in done),
        "guesses_refused": seen.guesses_refused,
        "runs_stuck": seen.runs_stuck,
        "visitors_forgotten": seen.visitors_forgotten,
        "errors": len(raters.unexpected),
    }
    for error in [*raters.unexpected, *site.told_left][:9]:
        print("unexpected:", error)
    return Report(done, len(raters.acknowledged), raters.refused, faults)


def _is_possible(kind: Kind, disk: Path | None, clock: Clock) -> bool:
    is_possible = (disk is not None or not kind.needs_disk) and (clock.can_be_set or not kind.needs_clock)
    if not is_possible:
        print(f"left out: {kind.name} ({'mounting is not allowed' if kind.needs_disk else 'no C compiler'})")
    return is_possible


def _order(kinds: Sequence[Kind], rounds: int) -> list[Kind]:
    order: list[Kind] = []
    while len(order) < rounds:
        order += random.sample(kinds, len(kinds))
    return order[:rounds]


def _round(site: Site, seen: Seen, raters: Raters, kind: Kind, number: int) -> Round:
    time.sleep(random.uniform(0.1, 1))
    with kind.breaks(site, seen) as began:
        is_well = _becomes_well(site, raters)
        seconds = time.monotonic() - began
    is_well = eventually(site.has_no_run, DEADLINE) and is_well
    site.look_for_orphans()
    held = site.held(list(raters.acknowledged))
    print(
        f"{number:4} {kind.name:20} well after {seconds:5.1f} s   acknowledged {len(raters.acknowledged):6,}"
        f"   lost {held.lost}   doubled {held.doubled}",
        flush=True,
    )
    return Round(kind.name, seconds, is_well)


def _becomes_well(site: Site, raters: Raters) -> bool:
    before = len(raters.acknowledged)
    return eventually(lambda: len(raters.acknowledged) > before and site.is_whole(), DEADLINE)


def _differing(site: Site) -> int:
    """Let the site compare all its counts with the answers; return how many differ."""
    done = flask(site.instance, "feedback", "recount", "--check")
    return 0 if done.returncode == 0 else max(1, done.stdout.count("\n"))


def _table(rounds: Sequence[Round]) -> str:
    lines = [f"{'fault':20} rounds   seconds until well: median   longest"]
    for name in dict.fromkeys(kind.name for kind in KINDS):
        took = [one.seconds for one in rounds if one.kind == name]
        if took:
            lines.append(f"{name:20} {len(took):6}   {median(took):26.1f}   {max(took):7.1f}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
