"""What a run runs on, in words, and how much of its memory it takes."""

import os
import resource
import sys

import torch


def describe(device: torch.device) -> str:
    """Return what `device` is: "NVIDIA H100 80GB HBM3, 79 GiB" or "CPU, 2 cores"."""
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return f"{properties.name}, {properties.total_memory / 2**30:.0f} GiB"
    cores = os.cpu_count() or 1
    return f"CPU, {cores} {'core' if cores == 1 else 'cores'}"


def memory(device: torch.device) -> int:
    """Return the bytes that this process has taken at most: on the GPU, or of the machine's memory."""
    if device.type == "cuda":
        return torch.cuda.max_memory_reserved(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
