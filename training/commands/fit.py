"""`python -m training fit`: teach a network and write it as an artifact with its card."""

import json
import shlex
import sys
from argparse import SUPPRESS, ArgumentParser, BooleanOptionalAction, Namespace
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from tqdm import tqdm

from training.commands import Subparsers, add_device
from training.commands.corpus import read_corpora
from training.commands.readers import teach_readers
from training.data.corpus import TRAIN, VALIDATION, Corpus
from training.data.minibatches import examples_of
from training.data.name_groups import Group
from training.data.world.lessons import Lessons
from training.evaluation.card_types import Lineage
from training.evaluation.model_card import Provenance, history_of, make_card
from training.fitting.pipeline import Events, Fitted, clear_checkpoint, fit, run_to_end
from training.fitting.presets import OLD_NAMES, PRESETS, preset
from training.fitting.progress import Progress
from training.fitting.readers.sample import read_all, sample_of
from training.fitting.settings import GROUPS, FitSettings, Setting, describe_settings
from training.model.predict import Answers
from training.model.readers.contents import Readers
from training.model.readers.settings import ReaderKind
from training.model.saving import dump, load
from training.names import normalise
from training.runtime import several
from training.runtime.atomic_write import write_whole
from training.runtime.device import describe_device, resolve_device


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("fit", help="teach a network")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="corpora (the base corpus)")
    parser.add_argument("--base", action="store_true", help="the base corpus, and FILEs counted to it")
    parser.add_argument("--exclude", type=Path, metavar="FILE", help="names to leave out, one a line")
    parser.add_argument("--out", type=Path, default=Path("network.safetensors"), metavar="FILE")
    parser.add_argument("--name", default="network", help="what it is called on its card")
    parser.add_argument("--start", type=Path, metavar="ARTIFACT", help="go on teaching this network")
    parser.add_argument("--checkpoint", type=Path, metavar="FILE", help="kept twice a minute; resumed from")
    parser.add_argument(
        "--readers", action="store_true", help="teach the readers of other scripts and countries, too"
    )
    parser.add_argument("--log", type=Path, metavar="FILE", help="progress as lines of JSON")
    add_device(parser)
    add_settings(parser)
    parser.set_defaults(run=do)


def add_settings(parser: ArgumentParser) -> None:
    """Add --preset and one option for every setting; options of release 1.0.0 are still taken."""
    parser.add_argument(
        "--preset", choices=PRESETS, default="full", help="where all other settings come from"
    )
    # Hidden from --help, so that nobody learns them anew.
    old_names = {new: old for old, new in OLD_NAMES.items()}
    for group in GROUPS:
        options = parser.add_argument_group(group)
        for about in describe_settings():
            if about.group == group:
                options.add_argument(_option(about.name), help=_help(about), **_kind(about))
                if old := old_names.get(about.name):
                    options.add_argument(_option(old), dest=about.name, help=SUPPRESS, **_kind(about))


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _kind(about: Setting) -> dict[str, Any]:
    # A switch gets --name and --no-name; everything else takes a value of its default's type.
    is_switch = isinstance(about.default, bool)
    return {"action": BooleanOptionalAction} if is_switch else {"type": type(about.default), "metavar": "X"}


def _help(about: Setting) -> str:
    default = f"full: {getattr(PRESETS['full'], about.name)}"
    return f"{about.sentence} [{about.unit}; {default}]" if about.unit else f"{about.sentence} [{default}]"


def settings_of(args: Namespace) -> FitSettings:
    """Return the settings that the options ask for; raises BadSettings."""
    # None is "not given": no setting has a default here, for the preset decides.
    given = {about.name: getattr(args, about.name) for about in describe_settings()}
    return preset(args.preset, **{name: value for name, value in given.items() if value is not None})


def do(args: Namespace) -> int:
    """Teach, score and write; under torchrun together with other processes, of which the first writes."""
    with several.joined(args.device):
        return _do(args)


def _do(args: Namespace) -> int:
    settings = settings_of(args)
    # All that can be wrong is read before the corpus, which takes seconds.
    start = load(args.start.read_bytes()).network if args.start else None
    corpus = _corpus(args)
    if several.is_first():
        print(f"{len(corpus):,} names; {describe_device(resolve_device(args.device))}", file=sys.stderr)
    train, validation = examples_of(corpus.only(TRAIN)), examples_of(corpus.only(VALIDATION))
    events = fit(settings, train, validation, args.device, args.checkpoint, start)
    fitted = _logged(events, args.log) if several.is_first() else run_to_end(events)
    if not several.is_first():
        return 0
    args.out.parent.mkdir(parents=True, exist_ok=True)
    readers, held_out = _readers(args, fitted)
    answers = Answers(fitted.network, readers)
    card = make_card(answers, corpus, _provenance(args, settings, fitted), held_out)
    write_whole(args.out, dump(fitted.network, card.to_json(), readers))
    if args.checkpoint:
        # Only now: what was written cannot be lost any more.
        clear_checkpoint(args.checkpoint)
    scores = card.holdout[Group.ALL]
    print(f"Wrote {args.out}: right on {_percent(scores.accuracy)} of {scores.n:,} names it never saw.")
    return 0


def _readers(args: Namespace, fitted: Fitted) -> tuple[Readers, Mapping[ReaderKind, Lessons]]:
    """Return the readers, if they are wanted, and the lessons that they were taught without."""
    if not args.readers:
        return {}, {}
    world = read_all()
    return teach_readers(fitted.network, world, args.device, args.log), sample_of(world).held_out


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.2%}"


def _corpus(args: Namespace) -> Corpus:
    corpus = read_corpora(args.files, with_base=args.base or not args.files)
    return corpus.without(_names_in(args.exclude)) if args.exclude else corpus


def _names_in(path: Path) -> list[str]:
    # Lists with counts or labels will do: the first cell is the name.
    lines = (line.split(",")[0].strip() for line in path.read_text(encoding="utf-8-sig").splitlines())
    return [normalise(line) for line in lines if line]


def _provenance(args: Namespace, settings: FitSettings, fitted: Fitted) -> Provenance:
    command = f"python -m training {shlex.join(sys.argv[1:])}"
    return Provenance(
        name=args.name,
        command=command,
        history=history_of(fitted.history),
        training={**asdict(settings), "device": fitted.device, "best_epoch": fitted.best_epoch},
        lineage=Lineage("scratch", start=args.start.name if args.start else None),
    )


def _logged(events: Events, path: Path | None) -> Fitted:
    if path is None:
        return follow(events)
    with path.open("w", encoding="utf-8") as log:
        return follow(events, log)


def follow(events: Events, log: IO[str] | None = None) -> Fitted:
    """Show the progress as a bar on standard error, write it to `log`, and return what came of it."""
    with tqdm(unit=" names", unit_scale=True, dynamic_ncols=True) as bar:

        def report(progress: Progress) -> None:
            _show(bar, progress)
            if log:
                known = {key: value for key, value in asdict(progress).items() if value is not None}
                log.write(json.dumps(known) + "\n")

        return run_to_end(events, report)


def _show(bar: Any, event: Progress) -> None:
    # A new phase counts its names from the beginning.
    if bar.desc.rsplit(" ", 1)[0] != event.phase or event.names_seen < bar.n:
        bar.reset()
    rounds = f"{event.epoch}/{event.epochs}" if event.epochs else "…"
    bar.set_description_str(f"{event.phase} {rounds}", refresh=False)
    figures = {"loss": event.train_loss, "val": event.validation_loss, "right": event.validation_accuracy}
    known = {key: f"{value:.4f}" for key, value in figures.items() if value is not None}
    bar.set_postfix(known, refresh=False)
    if event.epoch and event.names_seen:
        # Of every round: names of the rounds so far, so what is seen of one tells how many all have.
        bar.update(event.names_seen - bar.n)
