"""One name in this process: the network that serves beside PyTorch's, without any server."""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from statistics import median

import torch
from threadpoolctl import threadpool_limits

from benchmarks.serving.peers import network
from training.model import artifact
from training.model.inference import cpu_network
from training.names import normalise

WARM, NAMES = 2_000, 200


def one_name_vs_eager(names: Iterator[str], rounds: int) -> float:
    """Return the processor time of a new name by that of PyTorch's: the median of alternating rounds."""
    torch.set_num_threads(1)
    with threadpool_limits(1):
        serving = cpu_network.load(artifact.SHIPPED.read_bytes())
        for name in islice(names, WARM):  # as a site that has been up for a minute
            serving.share(normalise(name))
        ratios = []
        for _ in range(rounds):
            some = [normalise(name) for name in islice(names, NAMES)]
            ratios.append(_seconds(serving.share, some) / _seconds(network.p_female, some))
    return median(ratios)


def max_difference(names: Iterator[str], n: int) -> float:
    """Return the furthest that both answer from each other to `n` names."""
    serving = cpu_network.load(artifact.SHIPPED.read_bytes())
    some = [normalise(name) for name in islice(names, n)]
    return max(abs(serving.share(name) - network.p_female(name)) for name in some)


def _seconds(guess: Callable[[str], float], names: Sequence[str]) -> float:
    start = time.thread_time()
    for name in names:
        guess(name)
    return time.thread_time() - start
