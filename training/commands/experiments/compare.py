"""`python -m training compare`: the four cells under one budget, as a table."""

import json
from argparse import Namespace
from pathlib import Path

from training.commands import Subparsers, add_device, add_write, format_table, write_json
from training.commands.corpus import read_corpora
from training.commands.fit import add_settings, follow, settings_of
from training.data.corpus import Corpus
from training.evaluation.cross_validation import sample
from training.evaluation.experiments import LENGTH, CellResult, compare_cells
from training.fitting.settings import FitSettings
from training.model.artifact import SHIPPED
from training.model.settings import CELLS
from training.runtime.device import describe_device, resolve_device
from training.runtime.strict_json import Json

WRITTEN = SHIPPED.with_name("cells.json")
HEAD = ("cell", "accuracy", "loss", "calibration", "seconds", "gradient untaught", "taught")


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("compare", help="elman, rnn, gru and lstm under one budget")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="corpora (the base corpus)")
    parser.add_argument("--names", type=int, default=100_000, help="drawn from the corpus (100,000)")
    parser.add_argument("--json", action="store_true", help="for machines")
    add_write(parser, WRITTEN)
    add_device(parser)
    add_settings(parser)
    # A budget that a laptop has; each of these can be given all the same.
    parser.set_defaults(run=do, width=128, epochs=3, preset="tiny", batch_size=256)


def settings_by_cell(args: Namespace) -> dict[str, FitSettings]:
    """Return the settings of every cell; raises BadSettings for what one of them cannot have."""
    return {cell: settings_of(Namespace(**vars(args) | {"cell": cell})) for cell in CELLS}


def do(args: Namespace) -> int:
    """Teach all four, print what came of them."""
    corpus = sample(read_corpora(args.files, with_base=not args.files), args.names)
    # A list: all four are taught before anything is written, so a table is never half.
    cells = list(compare_cells(settings_by_cell(args), corpus, args.device, follow))
    write_json(args.write, _payload(cells, corpus, args))
    if args.json:
        print(json.dumps([cell.to_json() for cell in cells]))
        return 0
    print(format_table(HEAD, [_row(cell) for cell in cells]))
    print(
        "\nOn validation names. gradient: its length at the first letter over that at the last, in names of "
        f"{LENGTH} letters;\nnear 0 the first letter is forgotten, and cannot be learned from."
    )
    return 0


def _payload(cells: list[CellResult], corpus: Corpus, args: Namespace) -> Json:
    counts = corpus.counts()
    settings = settings_of(args)
    return {
        "machine": describe_device(resolve_device(args.device)),
        "width": settings.width,
        "epochs": settings.epochs,
        "names": counts["train"],
        "tested": counts["validation"],
        "cells": [cell.to_json() for cell in cells],
    }


def _row(cell: CellResult) -> tuple[object, ...]:
    scores = cell.scores
    return (
        cell.cell,
        scores.accuracy,
        scores.nll,
        scores.ece,
        f"{cell.seconds:.1f}",
        cell.untaught[0],
        cell.taught[0],
    )
