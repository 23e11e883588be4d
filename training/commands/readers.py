"""`python -m training readers`: teach what reads other scripts, and what countries change."""

import json
import sys
from argparse import Namespace
from collections.abc import Generator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

from training.commands import Subparsers, add_artifact, add_device
from training.data.name_groups import Group
from training.evaluation.card_types import ModelCard
from training.evaluation.parts.beside import beside_of, scores_beside
from training.evaluation.parts.reader_scores import format_scores, score_readers
from training.fitting.pipeline import run_to_end
from training.fitting.progress import Progress
from training.fitting.readers.both import World, teach_both
from training.fitting.readers.sample import read_all, sample_of
from training.model.network import Network
from training.model.predict import Answers
from training.model.readers.contents import Readers
from training.model.saving import Artifact, dump, load, to_serve
from training.runtime.atomic_write import write_whole
from training.runtime.device import resolve_device
from training.runtime.strict_json import Json

Outcome = TypeVar("Outcome")


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("readers", help="teach the readers of other scripts and of countries")
    add_artifact(parser)
    add_device(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the network with its readers goes")
    parser.add_argument(
        "--keep",
        action="store_true",
        help="keep those that are there; only their scores go on the card",
    )
    parser.add_argument("--epochs", type=int, default=0, metavar="N", help="fewer rounds, to try it")
    parser.add_argument("--log", type=Path, metavar="FILE", help="progress as lines of JSON")
    parser.set_defaults(run=do)


def do(args: Namespace) -> int:
    """Teach and write them, or only score those that are there; print the scores."""
    artifact = load(args.artifact.read_bytes())
    readers, world = artifact.readers, read_all()
    if args.out and not args.keep:
        readers = teach_readers(artifact.network, world, args.device, args.log, args.epochs)
    if args.out:
        write_whole(args.out, dump(artifact.network, _with_slices(artifact, readers, world), readers))
    print(format_scores(score_readers(to_serve(artifact.network, readers), world.by_kind)))
    return 0


def teach_readers(network: Network, world: World, device: str, log: Path | None, epochs: int = 0) -> Readers:
    """Teach both readers beside a network; print each round."""
    events = teach_both(world, to_serve(network), str(resolve_device(device)), epochs)
    return logged(events, log)


def _with_slices(artifact: Artifact, readers: Readers, world: World) -> Json:
    """Return the card of a network with what its readers score by script and by country."""
    card = ModelCard.from_json(artifact.card)
    answers = Answers(artifact.network, readers)
    beside = beside_of(sample_of(world).held_out)
    found = scores_beside(answers, beside, card.holdout[Group.ALL])
    return replace(card, slices={**card.slices, **found}).to_json()


def logged(events: Generator[Progress, None, Outcome], path: Path | None) -> Outcome:
    """Run a training to its end; print each round, and write it as a line of JSON."""

    def report(progress: Progress) -> None:
        print(_in_words(progress), file=sys.stderr, flush=True)
        if path:
            with path.open("a", encoding="utf-8") as log:
                log.write(json.dumps({k: v for k, v in asdict(progress).items() if v is not None}) + "\n")

    return run_to_end(events, report)


def _in_words(progress: Progress) -> str:
    if not progress.epoch:
        return f"{progress.phase} begins"
    return (
        f"{progress.phase}: round {progress.epoch} of {progress.epochs}, "
        f"validation {progress.validation_accuracy or 0:.4f}, {progress.seconds:.0f} s"
    )
