"""How fast a file of millions is guessed on a cluster of Dask's: `python -m benchmarks.large_file`.

Writes each name of the corpus once and the rest as people bear them, as a Parquet file in pieces; guesses it
in some processes of this machine, from file to file; and guesses a part of it in this process alone, as
`python -m training guess` does. Every row of that part must have the same answer.
"""

import argparse
import json
import math
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import dask.dataframe as dd
import numpy as np
import pandas as pd
from dask.distributed import Client, LocalCluster
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from training.data import corpus
from training.exports.dask_frames import guess_column
from training.model.answers import Answer, answer_all
from training.model.artifact import SHIPPED
from training.model.inference import cpu_network

ROWS_A_PIECE = 50_000
ALONE = 4
"""Pieces that are guessed in this process, too."""


@dataclass(frozen=True)
class Figures:
    """What guessing the whole file took."""

    seconds: float
    processor_seconds: float
    """Of all processes that guessed."""
    megabytes: float
    """Of the process that took most, at its most."""


def main() -> None:
    """Print what it took, and last one line of JSON."""
    wanted = _arguments()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        distinct = write_names(folder / "names", wanted.rows)
        with cluster(wanted.processes) as client:
            figures = guess_file(client, folder / "names", folder / "guessed")
        alone, difference = compare(folder)
    print(f"{distinct:,} distinct names.")
    report(wanted.rows, figures, alone, difference, wanted.processes)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def write_names(folder: Path, rows: int) -> int:
    """Write names in any order, in pieces; return how many are distinct."""
    known, generator = corpus.read_base_corpus(), np.random.default_rng(0)
    chosen = np.arange(rows) % len(known)
    if (drawn := rows - len(known)) > 0:
        share = known.people / known.people.sum()  # (names,)
        chosen[len(known) :] = generator.choice(len(known), size=drawn, p=share)
    names = np.array([name.title() for name in known.names], dtype=object)[generator.permutation(chosen)]
    frame = pd.DataFrame({"row": range(rows), "name": names})
    dd.from_pandas(frame, chunksize=ROWS_A_PIECE).to_parquet(folder)
    return len(set(names))


@contextmanager
def cluster(processes: int) -> Iterator[Client]:
    """Run processes of one thread each on this machine."""
    local = LocalCluster(n_workers=processes, threads_per_worker=1, dashboard_address="127.0.0.1:0")
    with local, Client(local) as client:
        yield client


def guess_file(client: Client, source: Path, target: Path) -> Figures:
    """Guess a file into another, on a cluster."""
    before, start = client.run(time.process_time), time.perf_counter()
    guess_column(dd.read_parquet(source), "name", client).to_parquet(target)
    seconds = time.perf_counter() - start
    spent = sum(client.run(time.process_time).values()) - sum(before.values())
    return Figures(seconds, spent, max(client.run(_most_memory).values()))


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(folder: Path) -> tuple[float, float]:
    """Guess some pieces in this process; return its rows a processor's second, and how far answers differ."""
    threadpool_limits(1)
    network = cpu_network.load(SHIPPED.read_bytes())
    speeds, furthest = [], 0.0
    for path in sorted((folder / "guessed").glob("*.parquet"))[:ALONE]:
        guessed = pd.read_parquet(path)
        start = time.process_time()
        answers = answer_all(network, list(guessed["name"]))
        speeds.append(len(guessed) / (time.process_time() - start))
        furthest = max(furthest, _furthest(guessed["p_female"].to_numpy(), answers))
    return median(speeds), furthest


def _furthest(found: NDArray[np.float64], answers: list[Answer]) -> float:
    # What cannot be read has no share in either.
    here = np.array([math.nan if answer.p_female is None else answer.p_female for answer in answers])
    np.testing.assert_array_equal(np.isnan(found), np.isnan(here))
    return float(np.nanmax(np.abs(found - here)))


def report(rows: int, figures: Figures, alone: float, difference: float, processes: int) -> None:
    """Print the figures and the last line."""
    per_second = rows / figures.processor_seconds
    print(f"{rows:,} rows in {figures.seconds:,.0f} s by {processes} processes, of whose processors it took")
    print(f"{figures.processor_seconds:,.0f} s: {per_second:,.0f} rows a processor's second.")
    print(f"One process without Dask: {alone:,.0f}. Memory, at most: {figures.megabytes:,.0f} MB a process.")
    found = {
        "rows": rows,
        "rows_per_s": round(rows / figures.seconds),
        "rows_per_processor_s": round(per_second),
        "alone_per_processor_s": round(alone),
        "megabytes": round(figures.megabytes),
        "largest_difference": difference,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
