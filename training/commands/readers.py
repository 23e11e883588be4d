"""`python -m training readers`: teach what reads other scripts, and what countries change."""

import json
import sys
from argparse import Namespace
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from training.commands import Subparsers, add_artifact, add_device
from training.data.corpus import read_base_corpus
from training.evaluation.parts.reader_scores import format_scores, score_readers
from training.fitting.pipeline import run_to_end
from training.fitting.progress import Progress
from training.fitting.readers.both import World, read_world, teach_both
from training.model.network import Network
from training.model.readers.contents import Readers
from training.model.saving import dump, load, to_serve
from training.runtime.atomic_write import write_whole
from training.runtime.device import resolve_device

Outcome = TypeVar("Outcome")


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("readers", help="teach the readers of other scripts and of countries")
    add_artifact(parser)
    add_device(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the network with its readers goes")
    parser.add_argument("--epochs", type=int, default=0, metavar="N", help="fewer rounds, to try it")
    parser.add_argument("--log", type=Path, metavar="FILE", help="progress as lines of JSON")
    parser.set_defaults(run=do)


def do(args: Namespace) -> int:
    """Teach and write them, or only score those that are there; print the scores."""
    artifact = load(args.artifact.read_bytes())
    readers = artifact.readers
    if args.out:
        readers = teach_readers(artifact.network, args.device, args.log, args.epochs)
        write_whole(args.out, dump(artifact.network, artifact.card, readers))
    print(format_scores(score_readers(to_serve(artifact.network, readers), world_of_all().by_kind)))
    return 0


def teach_readers(network: Network, device: str, log: Path | None, epochs: int = 0) -> Readers:
    """Teach both readers beside a network; print each round."""
    events = teach_both(world_of_all(), to_serve(network), str(resolve_device(device)), epochs)
    return logged(events, log)


def world_of_all() -> World:
    """Return all lessons; the most borne names of the base corpus are never held out."""
    return read_world(read_base_corpus())


def logged(events: Generator[Progress, None, Outcome], path: Path | None) -> Outcome:
    """Run a training to its end; print each round, and write it as a line of JSON."""

    def report(progress: Progress) -> None:
        print(_in_words(progress), file=sys.stderr, flush=True)
        if path:
            with path.open("a", encoding="utf-8") as log:
                log.write(json.dumps({k: v for k, v in asdict(progress).items() if v is not None}) + "\n")

    return run_to_end(events, report)


def _in_words(progress: Progress) -> str:
    return (
        f"{progress.phase}: round {progress.epoch} of {progress.epochs}, "
        f"validation {progress.validation_accuracy or 0:.4f}, {progress.seconds:.0f} s"
    )
