"""What a run runs on: the device, its name in words, its precision, and how much of its memory is taken."""

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import torch

DEVICES = ("auto", "cpu", "cuda")
NO_MEMORY = "The memory was not enough: a smaller network or batch needs less."
_NO_MEMORY_IN_WORDS = ("out of memory", "can't allocate memory", "not enough memory", "ALLOC_FAILED")
"""How PyTorch says it where the error has no type of its own: CUDA, the CPU's allocator, cuBLAS, cuDNN."""


def resolve_device(device: str | torch.device) -> torch.device:
    """Return the device that `auto`, `cpu` or `cuda` means here; raises ValueError for one not there.

    A `torch.device` is taken as it is.
    """
    if isinstance(device, torch.device):
        return device
    if device not in DEVICES:
        raise ValueError(f"The device must be auto, cpu or cuda, not {device!r}.")
    if device == "cuda" and not torch.cuda.is_available():
        raise ValueError("There is no CUDA device here that PyTorch could use.")
    return torch.device("cuda" if device != "cpu" and torch.cuda.is_available() else "cpu")


def mixed_precision(device: torch.device) -> AbstractContextManager[Any]:
    """Return the context in which a network learns: bfloat16 products where a processor is fast at them.

    On a GPU there is none: autocast of cuDNN's recurrent layers takes half precision whatever type is asked
    for, and without a scaled loss the smallest gradients vanish in it. `use_tf32` is asked for there instead.
    """
    if device.type == "cpu" and torch.cpu._is_avx512_bf16_supported():
        return torch.autocast("cpu", torch.bfloat16)
    return nullcontext()


def full_precision(device: torch.device) -> AbstractContextManager[Any]:
    """Return the context that undoes `mixed_precision` inside of it."""
    if device.type == "cpu" and torch.is_autocast_enabled("cpu"):
        return torch.autocast("cpu", enabled=False)
    return nullcontext()


def use_tf32(device: torch.device) -> None:
    """Let a GPU's products round their factors to TF32: 10 bits, and a float's range for small gradients."""
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True


@contextmanager
def deterministic(enabled: bool) -> Iterator[None]:
    """Let equal work give equal bits within the block, on a GPU too, for some of its speed.

    It must be the first thing that touches the GPU: cuBLAS reads its workspace's setting once.
    """
    if not enabled:
        yield
        return
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    cudnn, was_enabled = torch.backends.cudnn, torch.are_deterministic_algorithms_enabled()
    before = cudnn.deterministic, cudnn.benchmark
    torch.use_deterministic_algorithms(True)
    cudnn.deterministic, cudnn.benchmark = True, False
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(was_enabled)
        cudnn.deterministic, cudnn.benchmark = before


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether no memory was left, by whichever of its names PyTorch tells it."""
    in_words = isinstance(error, RuntimeError) and any(words in str(error) for words in _NO_MEMORY_IN_WORDS)
    return in_words or isinstance(error, (torch.OutOfMemoryError, MemoryError))


def describe_device(device: torch.device) -> str:
    """Return what `device` is: "NVIDIA H100 80GB HBM3, 79 GiB" or "CPU, 2 cores"."""
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return f"{properties.name}, {properties.total_memory / 2**30:.0f} GiB"
    cores = os.cpu_count() or 1
    return f"CPU, {cores} {'core' if cores == 1 else 'cores'}"


def peak_memory(device: torch.device) -> int:
    """Return the bytes that this process has taken at most: on the GPU, or of the machine's memory."""
    if device.type == "cuda":
        # Reserved and not allocated: it is what other processes cannot have.
        return torch.cuda.max_memory_reserved(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # KiB on Linux
