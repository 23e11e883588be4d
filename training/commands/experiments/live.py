"""`python -m training live DIR`: the four cells on a few thousand names, in seconds, told round by round.

The site's worker starts it for whoever tries settings under /learn. DIR holds `live.json`:

    {"settings": {"width", "dropout", "weight_decay", "learning_rate"},
     "train": [{"name", "share"}, …], "validation": [{"name", "share"}, …]}

On standard output, one JSON object a round: phase (the cell), epoch, epochs, train_loss, validation_loss and
validation_accuracy; `error` as `python -m training job` tells it.
"""

import json
from argparse import Namespace
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from training.commands import Subparsers
from training.commands.job import say, supervised
from training.data.minibatches import Examples
from training.fitting.pipeline import fit, run_to_end
from training.fitting.presets import preset
from training.fitting.progress import Progress
from training.fitting.settings import FitSettings
from training.model.settings import CELLS
from training.runtime.strict_json import BadPart, Part

FILE = "live.json"
ROUNDS, BATCH = 15, 64
MOST_NAMES, WIDEST = 5_000, 64
"""What is more would not be done in seconds."""


TOLD = ("epoch", "epochs", "train_loss", "validation_loss", "validation_accuracy")


@dataclass(frozen=True)
class Known:
    """A name, and the share of women among its bearers."""

    name: str
    share: float


class BadLesson(BadPart):
    """The file of what is to be taught cannot be read; the message says which part."""

    document = "live training"
    most_rows = MOST_NAMES


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("live", help="the four cells on few names, as the site's worker starts it")
    parser.add_argument("folder", type=Path, metavar="DIR", help=f"holds {FILE}")
    parser.set_defaults(run=do)


def do(args: Namespace) -> int:
    """Teach all four, one after another; return the exit status."""
    return supervised(lambda: teach_cells(args.folder))


def teach_cells(folder: Path) -> None:
    """Teach every cell as DIR asks for, and tell each of its rounds."""
    # One core: others use this machine too, and equal settings shall give equal curves.
    torch.set_num_threads(1)
    given = Part.whole(json.loads((folder / FILE).read_text()), BadLesson)
    train, validation = _examples(given, "train"), _examples(given, "validation")
    for cell in CELLS:
        run_to_end(
            fit(settings_of(given.part("settings"), cell), train, validation, "cpu"), partial(_tell, cell)
        )


def settings_of(asked: Part, cell: str) -> FitSettings:
    """Return the settings of one cell; nothing but what was asked for holds over-fitting back."""
    width = asked.count("width")
    if width > WIDEST:
        raise ValueError(f"A live training is at most {WIDEST} wide, not {width}.")
    shares = {name: asked.number(name) for name in ("dropout", "weight_decay", "learning_rate")}
    tiny = preset("tiny", cell=cell, width=width, epochs=ROUNDS, batch_size=BATCH, **shares)
    return replace(tiny, prefix_loss_weight=0.0)


def _examples(given: Part, part: str) -> Examples:
    rows = [row.record(Known) for row in given.parts(part)]
    # Every name counts the same, however many bear it: the curves are about names.
    return Examples([row.name for row in rows], np.array([row.share for row in rows]), np.ones(len(rows)))


def _tell(cell: str, event: Progress) -> None:
    if event.phase == "dry run" or event.validation_loss is None:
        return
    figures = {name: getattr(event, name) for name in TOLD}
    say(phase=cell, **figures)
