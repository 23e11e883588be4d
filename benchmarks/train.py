"""How fast networks learn here, beside two usual ways: `python -m benchmarks.train [--device cuda]`.

The course's loop teaches one name at a time: its neuron written out, letters one-hot, plain SGD on the NLL
loss. Packed sequences are PyTorch's way with names of different lengths: padded to the longest of the batch,
then `pack_padded_sequence`, so that the padding costs no work; precision and optimiser are ours. Ours is
`training.fitting.trainer` itself, with all that it does besides learning.

All learn the same names at the same width, in turns, so that whatever else the machine does weighs on all
alike. On a CPU the processor time of one thread is counted, on a GPU the clock on the wall.
"""

import json
import random
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from statistics import median

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence
from tqdm import tqdm

from training.data import corpus
from training.data.minibatches import Batches, Examples, examples_of
from training.fitting.presets import preset
from training.fitting.settings import FitSettings
from training.fitting.trainer import Trainer
from training.model.network import ElmanCell, Network
from training.model.settings import CELLS
from training.names import ALPHABET, encode
from training.runtime.device import describe_device, mixed_precision, resolve_device

COURSE_RATE = 5e-3
Way = Callable[[Examples], float]
"""Learns from names and returns the seconds it took, once everything is ready."""


def main() -> None:
    """Print the names per second of every way, and last one line of JSON."""
    args = _arguments()
    torch.set_num_threads(1)
    device = resolve_device(args.device)
    names = _shuffled(examples_of(corpus.read_base_corpus().only(corpus.TRAIN)))
    speeds = measure(ways(args, device), names, args)
    table = {way: round(median(found)) for way, found in speeds.items()}
    for way, speed in table.items():
        print(f"{way:14} {speed:>11,} names/s  {speed / table['course elman']:>8.1f} × the course's loop")
    print(json.dumps(report(table, args, device)))


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.train")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--width", type=int, default=128, help="neurons of every network (128, the course's)")
    parser.add_argument("--batch", type=int, help="names a step (512; 4,096 on a GPU)")
    parser.add_argument("--names", type=int, help="a turn, of ours and packed (40,000; all on a GPU)")
    parser.add_argument("--course-names", type=int, default=500, help="a turn, of the course's loop (500)")
    parser.add_argument("--turns", type=int, default=5)
    args = parser.parse_args()
    on_gpu = args.device == "cuda"
    args.batch = args.batch or (4096 if on_gpu else 512)
    args.names = args.names or (500_000 if on_gpu else 40_000)
    return args


def _shuffled(examples: Examples) -> Examples:
    return examples.take(np.random.default_rng(0).permutation(len(examples)))


def ways(args: Namespace, device: torch.device) -> dict[str, tuple[Way, int]]:
    """Return every way with how many names it learns a turn."""
    found: dict[str, tuple[Way, int]] = {
        "course elman": (lambda names: course(names, args.width, device), args.course_names)
    }
    for cell in CELLS:
        settings = preset(
            "tiny", cell=cell, width=args.width, batch_size=args.batch, epochs=1, prefix_loss_weight=0.0
        )
        if cell != "elman":
            found[f"packed {cell}"] = (lambda names, s=settings: packed(names, s, device), args.names)
        found[f"ours {cell}"] = (lambda names, s=settings: ours(names, s, device), args.names)
    return found


def measure(ways: dict[str, tuple[Way, int]], names: Examples, args: Namespace) -> dict[str, list[float]]:
    """Return the names per second of every way in every turn; a first, shorter turn is not counted."""
    speeds: dict[str, list[float]] = {way: [] for way in ways}
    turns = [(turn, way) for turn in range(args.turns + 1) for way in ways]
    for turn, way in tqdm(turns, unit="measurement", leave=False):
        learn, count = ways[way]
        some = names.take(np.arange(min(count, len(names))) if turn else np.arange(min(count, args.batch)))
        seconds = learn(some)
        if turn:
            speeds[way].append(len(some) / seconds)
    return speeds


def clock(device: torch.device) -> float:
    """Return seconds: this process's own on a CPU, those on the wall once a GPU has done its work."""
    if device.type == "cpu":
        return time.process_time()
    torch.cuda.synchronize(device)
    return time.perf_counter()


def course(examples: Examples, width: int, device: torch.device) -> float:
    """Learn one name at a time, as the course does: the hidden state handed on in a loop, NLL loss, SGD."""
    torch.manual_seed(0)
    cell, labels = ElmanCell(width).to(device), (examples.share < 0.5).astype(int).tolist()
    began = clock(device)
    for name, label in zip(examples.names, labels, strict=True):
        one_hot = F.one_hot(torch.tensor(encode(name), device=device), len(ALPHABET)).float()
        hidden = torch.zeros(1, width, device=device)
        for letter in one_hot:  # (alphabet)
            both = torch.cat((letter[None], hidden), dim=1)  # (1, alphabet + width)
            hidden, answer = cell.i2h(both), F.log_softmax(cell.i2o(both), dim=1)
        F.nll_loss(answer, torch.tensor([label], device=device)).backward()
        _descend(cell)
    return clock(device) - began


def _descend(network: nn.Module) -> None:
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.grad is not None:
                parameter.add_(parameter.grad, alpha=-COURSE_RATE)
                parameter.grad = None


def packed(examples: Examples, settings: FitSettings, device: torch.device) -> float:
    """Learn in batches of mixed lengths, padded and packed; all names lie on the device before."""
    torch.manual_seed(settings.seed)
    network = Network(settings.network()).to(device)
    optimizer = torch.optim.AdamW(network.parameters(), settings.learning_rate)
    lengths = torch.tensor([len(name) for name in examples.names])  # on the host, where packing wants them
    letters = _padded(examples.names).to(device)  # (names, longest)
    targets = torch.tensor(np.stack((examples.share, 1 - examples.share), axis=1), dtype=torch.float32)
    targets = targets.to(device)  # (names, labels)
    began = clock(device)
    for rows in _mixed(len(examples), settings.batch_size):
        few, on = lengths[rows], rows.to(device)
        with mixed_precision(device):
            answers = read_packed(network, letters[on, : int(few.max())].long(), few)  # (batch, labels)
        loss = -(answers.float() * targets[on]).sum(dim=1).mean()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), settings.gradient_clip)
        optimizer.step()
    return clock(device) - began


def read_packed(network: Network, letters: Tensor, lengths: Tensor) -> Tensor:
    """Take padded letters (batch, longest) and the lengths of names; return log P(label) (batch, labels)."""
    one_hot = F.one_hot(letters, len(ALPHABET)).float()  # (batch, longest, alphabet)
    packed_letters = pack_padded_sequence(one_hot, lengths, batch_first=True, enforce_sorted=False)
    _, last = network.recurrent(packed_letters)
    hidden = last[0] if network.settings.cell == "lstm" else last  # (1, batch, width)
    with torch.autocast(
        letters.device.type, enabled=False
    ):  # in full precision, as the network's own reading
        return F.log_softmax(network.readout(hidden[0].float()), dim=1)


def _padded(names: list[str]) -> Tensor:
    longest = max(map(len, names))
    return torch.tensor([encode(name) + [0] * (longest - len(name)) for name in names], dtype=torch.uint8)


def _mixed(names: int, batch: int) -> Iterator[Tensor]:
    order = list(range(names))
    random.Random(0).shuffle(order)
    yield from torch.tensor(order).split(batch)


def ours(examples: Examples, settings: FitSettings, device: torch.device) -> float:
    """Learn as `python -m training fit` does: one round of the product's own loop."""
    few = Batches(examples.take(np.arange(1)), device)
    trainer = Trainer(settings, Batches(examples, device), few, device)
    began = clock(device)
    for _ in trainer.run_epoch():
        pass
    return clock(device) - began


def report(table: dict[str, int], args: Namespace, device: torch.device) -> dict[str, object]:
    """Return the last line: names per second, and ours by the course's loop and by packed sequences."""
    course_speed = table["course elman"]
    return {
        "device": describe_device(device),
        "width": args.width,
        "batch": args.batch,
        "names_per_s": table,
        "ratio": round(table["ours elman"] / course_speed, 1),
        "to_course": {cell: round(table[f"ours {cell}"] / course_speed, 1) for cell in CELLS},
        "to_packed": {
            cell: round(table[f"ours {cell}"] / table[f"packed {cell}"], 2)
            for cell in CELLS
            if cell != "elman"
        },
    }


if __name__ == "__main__":
    main()
