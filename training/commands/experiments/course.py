"""`python -m training course`: all four cells, 8 wide, with weights of two decimals.

They are the networks that the pages under /learn compute with in the open: so few and so short numbers that a
reader can do every sum again.
"""

from argparse import Namespace
from pathlib import Path

import torch

from training.commands import Subparsers, add_device, command_line, format_table
from training.commands.corpus import read_corpora
from training.commands.experiments.compare import settings_by_cell
from training.commands.fit import add_settings, follow
from training.data.corpus import HOLDOUT, TRAIN, VALIDATION, Corpus
from training.data.minibatches import examples_of
from training.evaluation.cross_validation import sample
from training.evaluation.metrics import score
from training.evaluation.parts.scores import Scores
from training.fitting.pipeline import fit
from training.fitting.settings import FitSettings
from training.model.artifact import SHIPPED
from training.model.network import Network
from training.model.predict import probabilities
from training.model.saving import dump
from training.runtime.atomic_write import write_whole
from training.runtime.strict_json import Json

WRITTEN = SHIPPED.with_name("course")
DECIMALS = 2
"""Of every weight: what a pencil can multiply."""


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("course", help="the four cells so small that a pencil can follow them")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="corpora (the base corpus)")
    parser.add_argument("--names", type=int, default=60_000, help="drawn from the corpus (60,000)")
    parser.add_argument("--out", type=Path, default=WRITTEN, metavar="DIR", help="one file a cell")
    add_device(parser)
    add_settings(parser)
    # Large batches: a network of this size costs little a name and much a step.
    parser.set_defaults(run=do, width=8, epochs=8, preset="tiny", batch_size=1024, learning_rate=0.02)


def do(args: Namespace) -> int:
    """Teach each cell, round its weights, and write it with what it scores afterwards."""
    corpus = sample(read_corpora(args.files, with_base=not args.files), args.names)
    args.out.mkdir(parents=True, exist_ok=True)
    rows = []
    for cell, settings in settings_by_cell(args).items():
        network = teach(settings, corpus, args.device)
        card = card_of(network, corpus)
        write_whole(args.out / f"{cell}.safetensors", dump(network, card))
        rows.append((cell, *card.values()))
    print(format_table(("cell", "command", "names", "tested", "accuracy", "loss"), rows))
    return 0


def teach(settings: FitSettings, corpus: Corpus, device: str) -> Network:
    """Return a network that the corpus taught, with weights of DECIMALS decimals."""
    train, validation = examples_of(corpus.only(TRAIN)), examples_of(corpus.only(VALIDATION))
    return with_short_weights(follow(fit(settings, train, validation, device)).network)


@torch.no_grad()
def with_short_weights(network: Network) -> Network:
    """Round every weight of `network`, and return it."""
    for weights in network.parameters():
        weights.copy_(weights.round(decimals=DECIMALS))
    return network


def card_of(network: Network, corpus: Corpus) -> Json:
    """Return how the network was made, and its scores on names that it never saw."""
    tested = corpus.only(HOLDOUT)
    scores: Scores = score(probabilities(network, tested.names), tested.share)
    return {
        "command": command_line(),
        "names": corpus.counts()["train"],
        "tested": scores.n,
        "accuracy": scores.accuracy,
        "loss": scores.nll,
    }
