"""`python -m training doctor`: whether a device does what a training needs, as a table to send on."""

import platform
from argparse import Namespace

import torch

from training import __version__
from training.commands import Subparsers, add_device
from training.evaluation.device_checks.checks import check_device
from training.runtime.device import describe_device, resolve_device


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("doctor", help="whether a device does what a training needs")
    add_device(parser)
    parser.set_defaults(run=do)


def do(args: Namespace) -> int:
    """Check, print the table; status 1 if anything is not well."""
    device = resolve_device(args.device)
    print(f"Nomen {__version__}, PyTorch {torch.__version__}, Python {platform.python_version()}")
    print(f"{describe_device(device)}; CUDA {torch.version.cuda or 'none'}, cuDNN {_cudnn()}\n")
    checks = []
    for check in check_device(device):
        print(f"{check.name:<28}{'well' if check.is_well else 'NOT WELL':<10}{check.found}", flush=True)
        checks.append(check)
    if device.type == "cuda":
        print("\nPlease send this table to the maintainers: docs/gpu.md says what is not known yet.")
    return 0 if all(check.is_well for check in checks) else 1


def _cudnn() -> str:
    return str(torch.backends.cudnn.version() or "none")
