"""Feed a million bad inputs and the API's every operation: `make fuzz`, or `python -m tests.fuzz`.

Exit status 1 if anything crashed, took longer than a few seconds, or made the process grow.
"""

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests.fuzz import api
from tests.fuzz.targets import Target, targets

LONGEST = 20  # seconds for one input, on a machine that has much else to do
GROWTH = 24  # MB that a process may hold more in the end than after a tenth of a target's inputs
TOLD, SHOWN = 5, 400  # inputs of a target that fail, and how much of each


@dataclass(frozen=True)
class Outcome:
    """What became of one target's inputs."""

    inputs: int
    seconds: float
    answered: int
    """Inputs that were refused in a sentence; the others were read."""
    crashed: int
    grown: float
    """MB, from a tenth of the way to the end."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Feed all targets, print what became of them, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--examples", type=int, default=50, help="of each operation of the API, twice")
    parser.add_argument("--only", help="the targets that are wanted, with commas between")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = {
            target.name: fuzz(target, wanted)
            for target in targets(Path(folder))
            if wanted.only is None or target.name in wanted.only
        }
        requests = api.fuzz(Path(folder), wanted.examples)
    print(json.dumps(summary := _summary(found, requests)))
    return 1 if summary["crashed"] or summary["grown"] else 0


def _summary(found: dict[str, Outcome], requests: int) -> dict[str, int]:
    return {
        "inputs": sum(outcome.inputs for outcome in found.values()),
        "crashed": sum(outcome.crashed for outcome in found.values()),
        "grown": sum(outcome.grown > GROWTH for outcome in found.values()),
        "api_requests": requests,
    }


def fuzz(target: Target, wanted: argparse.Namespace) -> Outcome:
    """Feed one target its share of the inputs."""
    inputs = wanted.inputs * target.share // 100
    crashed = answered = 0
    began, before = time.monotonic(), 0.0
    for number in range(inputs):
        if number == inputs // 10:
            before = megabytes()
        data = target.make(random.Random(f"{target.name} {wanted.seed} {number}"))
        problem = feed(target, data)
        answered += problem == ""
        if problem:
            crashed += 1
        if problem and crashed <= TOLD:
            print(f"{target.name}, seed {wanted.seed}, number {number}: {problem}\n    {data[:SHOWN]!r}")
    outcome = Outcome(inputs, time.monotonic() - began, answered, crashed, megabytes() - before)
    told = f"{answered:,} refused in a sentence, {crashed} crashed, {outcome.grown:+.1f} MB"
    print(f"{target.name:11} {inputs:9,} inputs in {outcome.seconds:6.0f} s: {told}", flush=True)
    return outcome


def feed(target: Target, data: bytes | str) -> str | None:
    """Return None for an input that was read, nothing for one that was refused, else what went wrong."""
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        target.feed(data)
    except target.answers:
        return ""
    except Exception as error:  # whatever it is, it is what is looked for
        return f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def _too_long(_number: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"it took longer than {LONGEST} s")


def megabytes() -> float:
    """Return what this process holds in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


if __name__ == "__main__":
    sys.exit(main())
