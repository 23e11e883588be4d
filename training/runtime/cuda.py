"""What only a GPU has: a stream beside the one at work, and steps that are recorded once and replayed.

Neither has run on a real GPU yet: docs/gpu.md.
"""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

Work = Callable[[], Tensor]
WARM_UP = 3
"""Steps before a recording, in which libraries choose their ways and take their memory."""


@cache
def _stream_beside(device: torch.device) -> torch.cuda.Stream:
    return torch.cuda.Stream(device)


def start_beside(device: torch.device, work: Callable[[], list[Tensor]]) -> Callable[[], list[Tensor]]:
    """Queue `work` on a stream of its own; return what waits for it and gives its tensors.

    The way back through them runs on that stream, too: PyTorch takes the one on which the way forth ran.
    """
    beside, current = _stream_beside(device), torch.cuda.current_stream(device)
    beside.wait_stream(current)
    with torch.cuda.stream(beside):
        tensors = work()

    def join() -> list[Tensor]:
        current.wait_stream(beside)
        for tensor in tensors:
            tensor.record_stream(current)
        return tensors

    return join


def record(work: Work) -> Work:
    """Return what replays `work` as one graph: no launch of a kernel waits for Python.

    `work` reads tensors and writes tensors that stay where they are; it neither allocates what lives on nor
    waits for the GPU. The tensor that it returns is the same one at every replay.
    """
    beside = torch.cuda.Stream()
    beside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(beside):
        for _ in range(WARM_UP):
            work()
    torch.cuda.current_stream().wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        result = work()

    def replay() -> Tensor:
        graph.replay()
        return result

    return replay
