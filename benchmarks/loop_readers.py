"""What readers learn of a hundred corrections in characters and a hundred with a country.

    python -m benchmarks.loop_readers

The corrections are held-out names that the shipped readers get wrong, told as their lists have them. Printed:
how many are learned, and what the rest of the held-out names loses.
"""

import time

import numpy as np

from training.data.corpus import HOLDOUT
from training.data.minibatches import Examples
from training.data.world.lessons import Lesson, Lessons
from training.evaluation.parts.reader_scores import score
from training.fitting.pipeline import run_to_end
from training.fitting.readers.corrections import split, teach_corrections
from training.fitting.readers.sample import read_all, sample_of
from training.model.inference.cpu_network import CpuNetwork
from training.model.predict import load
from training.model.saving import to_serve

CORRECTIONS = 100


def main() -> None:
    """Teach both kinds of corrections and print what came of them."""
    artifact, world = load(), read_all()
    replay = sample_of(world).replay
    before = to_serve(artifact.network, artifact.readers)
    for kind, lessons in world.by_kind.items():
        wrong, others = corrections(before, lessons)
        shares = np.array([float(bool(row.is_female)) for row in wrong])
        asked = split(Examples([row.name for row in wrong], shares, np.ones(len(wrong))))
        began = time.process_time()
        events = teach_corrections(artifact.readers, to_serve(artifact.network), asked.by_kind, replay)
        readers = run_to_end(events)
        seconds = time.process_time() - began
        after = to_serve(artifact.network, readers)
        print(
            f"{kind}: {score('', wrong, after).accuracy:.0%} of {len(wrong)} learned in {seconds:.0f} s; "
            f"{len(others):,} others right on {score('', others, before).accuracy:.4f} before, "
            f"{score('', others, after).accuracy:.4f} after"
        )


def corrections(network: CpuNetwork, lessons: Lessons) -> tuple[list[Lesson], list[Lesson]]:
    """Return some held-out names that are answered wrong, and all others that are not even."""
    rows = [row for row in lessons.only(HOLDOUT).rows if row.is_female is not None]
    shares = network.shares([row.name for row in rows])
    is_wrong = [(p > 0.5) != row.is_female for p, row in zip(shares, rows, strict=True)]
    chosen = np.random.default_rng(0).permutation(np.flatnonzero(is_wrong))[:CORRECTIONS].tolist()
    return [rows[at] for at in chosen], [row for at, row in enumerate(rows) if at not in set(chosen)]


if __name__ == "__main__":
    main()
