"""What `python -m training doctor` checks of a device, each check with what was found, in words."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import Tensor

from training.data.corpus import TRAIN
from training.data.minibatches import Batches
from training.evaluation.device_checks.stages import STAGES, WHOLE, fit_whole, resume, small_examples
from training.fitting.loss_and_optimizer import Backward, RecordedBackward, loss_positions
from training.fitting.pipeline import describe_precision
from training.fitting.presets import preset
from training.fitting.settings import FitSettings
from training.fitting.trainer import Trainer
from training.model.network import Network
from training.model.weights import initialise
from training.runtime.device import deterministic, mixed_precision, use_tf32

CPU = torch.device("cpu")
SMALLEST_NORMAL = 2.0**-14
"""Of half precision: smaller numbers lose digits."""
FARTHEST = 0.02
"""How far one batch's losses may lie apart on two devices, as a share: products are rounded otherwise."""
WIDE = preset("full", bidirectional=True, epochs=1)
"""The network that ships, whose steps are timed."""
TIMED_STEPS = 5


@dataclass(frozen=True)
class Check:
    """What one check found."""

    name: str
    is_well: bool
    found: str


def check_device(device: torch.device) -> Iterator[Check]:
    """Give every check of `device`, one after another; one that raises has found its error."""
    use_tf32(device)
    with TemporaryDirectory() as folder:
        for number, (name, stage) in enumerate(STAGES.items()):
            place = Path(folder) / str(number)
            place.mkdir()
            yield _checked(f"stage: {name}", partial(_time, stage, device, place))
        checks: dict[str, Callable[[], tuple[bool, str]]] = {
            "type": lambda: check_type(device),
            "loss as on the CPU": lambda: check_loss(device),
            "gradients": lambda: check_gradients(device),
            "recorded steps": lambda: check_recording(device),
            "equal weights twice": lambda: check_repeat(device, Path(folder)),
            "equal weights resumed": lambda: check_resume(device, Path(folder)),
            "speed": lambda: check_speed(device),
        }
        for name, check in checks.items():
            yield _checked(name, check)


def _checked(name: str, check: Callable[[], tuple[bool, str]]) -> Check:
    try:
        return Check(name, *check())
    except Exception as error:  # what a device does that nobody has seen is what is asked for
        return Check(name, False, f"{type(error).__name__}: {str(error).strip().splitlines()[0]}")


def _time(
    stage: Callable[[torch.device, Path], object], device: torch.device, place: Path
) -> tuple[bool, str]:
    began = time.perf_counter()
    stage(device, place)
    return True, f"{time.perf_counter() - began:.1f} s"


def _network(settings: FitSettings, device: torch.device) -> Network:
    torch.manual_seed(settings.seed)
    network = Network(settings.network())
    initialise(network)
    return network.to(device).train()


def _batches(device: torch.device, settings: FitSettings = WHOLE) -> Batches:
    return Batches(small_examples(TRAIN), device)


def check_type(device: torch.device) -> tuple[bool, str]:
    """Look at the type in which the recurrent layer computes."""
    network, batch = _network(WHOLE, device), next(_batches(device).in_order(64))
    with mixed_precision(device):
        found = network.outputs(batch.letters).dtype
    return found != torch.float16, describe_precision(network, batch.letters)


def check_loss(device: torch.device) -> tuple[bool, str]:
    """Compare the loss of one batch with the CPU's, weights being equal."""
    settings = replace(WHOLE, dropout=0.0)
    ours, theirs = (_loss_on(place, settings) for place in (device, CPU))
    apart = abs(ours - theirs) / max(abs(theirs), 1e-9)
    return apart <= FARTHEST, f"{ours:.5f}, on the CPU {theirs:.5f}"


def _loss_on(device: torch.device, settings: FitSettings) -> float:
    batch = next(_batches(device).in_order(64))
    after = loss_positions(batch.letters.shape[1], 1)
    return Backward(_network(settings, device), settings, 1.0)(batch, after).item()


def check_gradients(device: torch.device) -> tuple[bool, str]:
    """Look at a fresh network's gradients: how many half precision would lose, and whether any is lost."""
    network, batch = _network(WHOLE, device), next(_batches(device).in_order(64))
    Backward(network, WHOLE, 1.0)(batch, loss_positions(batch.letters.shape[1], 1))
    gradients = torch.cat([_gradient(weights).flatten() for weights in network.recurrent.parameters()])
    small = ((gradients != 0) & (gradients.abs() < SMALLEST_NORMAL)).float().mean().item()
    zeros = (_gradient(network.recurrent.get_parameter("weight_hh_l0")) == 0).float().mean().item()
    words = f"{_name(gradients.dtype)}; {small:.1%} too small for half precision, {zeros:.1%} exactly 0"
    return bool(torch.isfinite(gradients).all()) and zeros < 0.5, words


def _gradient(weights: Tensor) -> Tensor:
    assert weights.grad is not None
    return weights.grad


def _name(kind: torch.dtype) -> str:
    return str(kind).removeprefix("torch.")


def check_recording(device: torch.device) -> tuple[bool, str]:
    """Compare a recorded step with a plain one; there are none but on a GPU."""
    if device.type != "cuda":
        return True, "not here"
    settings = replace(WHOLE, dropout=0.0, batch_size=64, cuda_graphs=True)
    plain, recorded = (_network(settings, device) for _ in "ab")
    recorded.uses_streams = True
    ways = Backward(plain, settings, 1.0), RecordedBackward(Backward(recorded, settings, 1.0))
    apart = 0.0
    for step, batch in enumerate(_batches(device).in_order(settings.batch_size)):
        after = loss_positions(batch.letters.shape[1], step)
        losses = [way(batch, after) for way in ways]
        apart = max(apart, (losses[0] - losses[1]).abs().item())
        pairs = zip(plain.parameters(), recorded.parameters(), strict=True)
        apart = max(apart, *((_gradient(a) - _gradient(b)).abs().max().item() for a, b in pairs))
    return apart < 1e-3, f"at most {apart:.1e} from plain ones"


def check_repeat(device: torch.device, folder: Path) -> tuple[bool, str]:
    """Teach two networks with equal settings, and compare their bits."""
    settings = replace(WHOLE, deterministic=True)
    first, second = (fit_whole(device, folder, settings, f"{name}.pt").network for name in ("once", "twice"))
    return _are_equal(first, second)


def check_resume(device: torch.device, folder: Path) -> tuple[bool, str]:
    """Teach a network, and one that went on from a checkpoint, and compare their bits."""
    with deterministic(True):
        whole, place = fit_whole(device, folder, checkpoint="whole.pt").network, folder / "resumed"
        place.mkdir()
        return _are_equal(whole, resume(device, place).network)


def _are_equal(first: Network, second: Network) -> tuple[bool, str]:
    pairs = zip(first.parameters(), second.parameters(), strict=True)
    apart = max((a - b).abs().max().item() for a, b in pairs)
    return apart == 0, "equal bits" if apart == 0 else f"up to {apart:.1e} apart"


def check_speed(device: torch.device) -> tuple[bool, str]:
    """Time steps of the network that ships, in the presets' batches, beside the CPU's."""
    presets = ("cpu",) if device == CPU else ("full", "gpu")
    speeds = {name: names_per_second(device, preset(name).batch_size, name) for name in presets}
    words = "; ".join(f"preset {name}: {speed:,.0f} names/s" for name, speed in speeds.items())
    if device == CPU:
        return True, words
    cpu = names_per_second(CPU, 512, "cpu")
    return max(speeds.values()) > cpu, f"{words}; on the CPU {cpu:,.0f}"


def names_per_second(device: torch.device, batch_size: int, name: str) -> float:
    """Return how many names a second both directions learn together, in steps of one length."""
    settings = replace(WIDE, batch_size=batch_size, cuda_graphs=preset(name).cuda_graphs)
    examples = small_examples(TRAIN)
    six = [row for row, spelled in enumerate(examples.names) if len(spelled) == len(examples.names[-1])]
    rows = torch.tensor(six)[torch.arange(batch_size * (TIMED_STEPS + 1)) % len(six)].numpy()
    trainer = Trainer(settings, Batches(examples.take(rows), device), _batches(device), device)
    events = trainer.train.shuffled(batch_size, 0)
    trainer._step(next(events)).item()
    began = time.perf_counter()
    for batch in events:
        loss = trainer._step(batch)
    loss.item()  # the GPU has done its work
    return batch_size * TIMED_STEPS / (time.perf_counter() - began)
