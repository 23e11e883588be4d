"""`python -m training crossvalidate`: mean and deviation over folds that never split a name."""

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from statistics import mean, stdev

from training.commands import Subparsers, add_device, add_write, format_table, write_json
from training.commands.corpus import read_corpora
from training.commands.fit import add_settings, follow, settings_of
from training.evaluation.cross_validation import Fold, crossvalidate, sample
from training.model.artifact import SHIPPED

FOLDS = SHIPPED.with_name("folds.json")
COLUMNS = ("accuracy", "surest80", "nll", "ece")


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("crossvalidate", help="mean ± sd over folds")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="corpora (the base corpus)")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--names", type=int, default=100_000, help="drawn from the corpus (100,000)")
    add_write(parser, FOLDS)
    add_device(parser)
    add_settings(parser)
    parser.set_defaults(run=do, width=128, epochs=3, preset="tiny", batch_size=256)


def do(args: Namespace) -> int:
    """Teach one network a fold, print each fold and the mean ± sd."""
    corpus = sample(read_corpora(args.files, with_base=not args.files), args.names)
    folds = list(crossvalidate(settings_of(args), corpus, args.folds, args.device, follow))
    write_json(args.write, {"folds": [asdict(fold) for fold in folds]})
    rows: list[tuple[object, ...]] = [(fold.number, fold.names, *_figures(fold)) for fold in folds]
    # Turned round: the folds' values of each figure, for their mean and deviation.
    columns = zip(*(_figures(fold) for fold in folds), strict=True)
    rows.append(("mean ± sd", "", *(f"{mean(values):.4f} ± {stdev(values):.4f}" for values in columns)))
    print(format_table(("fold", "names", *COLUMNS), rows))
    return 0


def _figures(fold: Fold) -> list[float]:
    return [getattr(fold.scores, column) for column in COLUMNS]
