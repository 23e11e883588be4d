"""`python -m training export`: a network for other programs, or its card."""

from argparse import Namespace
from pathlib import Path

from training.commands import Subparsers, add_artifact
from training.exports.formats import Format, export
from training.model.predict import load
from training.runtime.atomic_write import write_whole


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("export", help="write a network for other programs")
    parser.add_argument(
        "--format", type=Format, choices=[*Format], required=True, help="what it is written as"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="(the artifact's name, in this folder)")
    add_artifact(parser)
    parser.set_defaults(run=do)


def do(args: Namespace) -> int:
    """Write the file and say where."""
    out = args.out or Path(args.artifact.stem + args.format.suffix)
    artifact = load(args.artifact)
    data = export(artifact, args.format)
    write_whole(out, data)
    print(f"{out}: {len(data):,} bytes")
    if artifact.readers and not args.format.holds_readers and args.format is not Format.CARD:
        print("It answers Latin letters alone: npz and json hold the readers of scripts and countries, too.")
    return 0
