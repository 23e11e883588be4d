"""`python -m training device`: what a run would take here; the site's worker asks it, too."""

import json
from argparse import Namespace

import torch

from training.commands import Subparsers
from training.runtime.device import describe_device, resolve_device


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("device", help="what a run would take here")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.set_defaults(run=do)


def do(args: Namespace) -> int:
    """Print the device: in words, or the GPU's name (empty: none) and memory in MiB."""
    device = resolve_device("auto")
    print(json.dumps(_gpu(device)) if args.json else describe_device(device))
    return 0


def _gpu(device: torch.device) -> dict[str, str | int]:
    if device.type != "cuda":
        return {"gpu": "", "gpu_memory": 0}
    properties = torch.cuda.get_device_properties(device)
    return {"gpu": properties.name, "gpu_memory": properties.total_memory // 2**20}
