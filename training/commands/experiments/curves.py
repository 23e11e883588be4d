"""`python -m training curves`: over-fitting with and without its remedies, as JSON for the site's page."""

from argparse import Namespace
from pathlib import Path

from training.commands import Subparsers, add_device, write_json
from training.commands.corpus import read_corpora
from training.commands.fit import add_settings, follow, settings_of
from training.evaluation.experiments import overfit
from training.model.artifact import SHIPPED

CURVES = SHIPPED.with_name("curves.json")


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("curves", help="over-fitting, with and without its remedies")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="corpora (the base corpus)")
    parser.add_argument("--names", type=int, default=3000, help="to learn from: few, so that it over-fits")
    parser.add_argument("--out", type=Path, default=CURVES, metavar="FILE")
    add_device(parser)
    add_settings(parser)
    parser.set_defaults(run=do, width=128, epochs=30, preset="tiny", batch_size=64)


def do(args: Namespace) -> int:
    """Teach one network a remedy and write all their curves."""
    corpus = read_corpora(args.files, with_base=not args.files)
    runs = list(overfit(settings_of(args), corpus, args.names, args.device, follow))
    write_json(args.out, {"names": args.names, "runs": [run.to_json() for run in runs]})
    for run in runs:
        # Rounds count from 1.
        last, best = run.history[-1], run.history[run.stopped - 1]
        ends = f"learned to {last.train_loss:.3f}, validation {last.validation_loss:.3f} at the end"
        print(f"{run.name}: {ends}, {best.validation_loss:.3f} in round {run.stopped}, which is kept")
    return 0
