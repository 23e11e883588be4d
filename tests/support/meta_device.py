"""PyTorch's `meta` device as a stand-in for a GPU: tensors without numbers, whose device is checked.

A tensor that lies on the wrong side raises there as it would on a GPU. What is read back to the host comes as
zeros, for there are no numbers; so losses are zero, and only where things lie is tested.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

META = torch.device("meta")


class ReadsAsZeros(TorchDispatchMode):
    """Within it, whatever is brought from `meta` to the host is zeros of the same shape and type.

    `brought` counts how often: a training that waits for its device at every step would show here.
    """

    def __init__(self) -> None:
        super().__init__()
        self.brought = 0

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = dict(kwargs or {})
        if func is torch.ops.aten._local_scalar_dense.default and args[0].is_meta:
            self.brought += 1
            return torch.zeros((), dtype=args[0].dtype).item()
        if func is torch.ops.aten._to_copy.default and args[0].is_meta and _is_cpu(kwargs.get("device")):
            self.brought += 1
            return torch.zeros(args[0].shape, dtype=kwargs.get("dtype") or args[0].dtype)
        if func is torch.ops.aten.copy_.default and args[1].is_meta and args[0].device.type == "cpu":
            self.brought += 1
            return args[0].zero_()
        return func(*args, **kwargs)


def _is_cpu(device: torch.device | None) -> bool:
    return device is not None and device.type == "cpu"
