"""One training in several processes, as `torchrun` starts them: on several GPUs, machines, or cores.

Every process has the same network. Each works on its share of a batch, and the gradients are added up, so all
take the same step that one alone would have taken.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module

import torch
from torch import Tensor, distributed


@contextmanager
def joined(device: str) -> Iterator[None]:
    """Work together with the other processes inside the block; alone, where there are none.

    `device` is that of the settings; with CUDA each process takes the GPU of its number on its machine.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield
        return
    is_cuda = device != "cpu" and torch.cuda.is_available()
    if is_cuda:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    # It keeps the group that is there at its first import, as a default of its functions, and an optimizer
    # imports it. A group that outlives the block ends with the interpreter, which its threads do not always
    # survive.
    import_module("torch.distributed.nn.functional")
    distributed.init_process_group("nccl" if is_cuda else "gloo")
    try:
        yield
    finally:
        distributed.destroy_process_group()


def n_processes() -> int:
    """Return how many work together."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def number() -> int:
    """Return the number of this process, from 0."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def is_first() -> bool:
    """Say whether this process is the one that shows and writes."""
    return number() == 0


def add_up(tensors: Iterable[Tensor]) -> None:
    """Replace each tensor by the sum over all processes, in one message."""
    parts = list(tensors)
    together = torch.cat([part.reshape(-1).float() for part in parts])
    distributed.all_reduce(together)
    start = 0
    for part in parts:
        part.copy_(together[start : start + part.numel()].reshape(part.shape))
        start += part.numel()


def all_agree(answer: bool, device: torch.device) -> bool:
    """Say whether all processes give the same answer."""
    if n_processes() == 1:
        return True
    yes = torch.tensor([float(answer)], device=device)
    distributed.all_reduce(yes)
    return yes.item() in (0.0, float(n_processes()))


def wait_for_all() -> None:
    """Wait until every process is here."""
    if n_processes() > 1:
        distributed.barrier()
