"""What a run runs on: the device, its name in words, its precision, and how much of its memory is taken."""

import os
import resource
import sys
from contextlib import AbstractContextManager
from typing import Any

import torch

DEVICES = ("auto", "cpu", "cuda")


def resolve_device(device: str) -> torch.device:
    """Return the device that `auto`, `cpu` or `cuda` means here; raises ValueError for one not there."""
    if device not in DEVICES:
        raise ValueError(f"The device must be auto, cpu or cuda, not {device!r}.")
    if device == "cuda" and not torch.cuda.is_available():
        raise ValueError("There is no CUDA device here that PyTorch could use.")
    return torch.device("cuda" if device != "cpu" and torch.cuda.is_available() else "cpu")


def mixed_precision(device: torch.device) -> AbstractContextManager[Any]:
    """Return the context that multiplies in bfloat16 where the device is fast at it."""
    # A CPU without these instructions does bfloat16 step by step, which is slower than plain float32.
    is_fast = device.type == "cuda" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=is_fast)


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
