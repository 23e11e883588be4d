"""`python -m training evaluate`: an artifact on the holdout, or on names with labels in a file."""

import json
from argparse import Namespace
from pathlib import Path

import numpy as np

from training.commands import Subparsers, add_artifact, format_table
from training.data import corpus as corpora
from training.data.name_groups import GROUP_WORDS
from training.data.name_lists import read_rows
from training.evaluation.metrics import score
from training.evaluation.model_card import Provenance, make_card
from training.evaluation.parts.scores import Scores
from training.model.predict import Answers, load

COLUMNS = ("n", "accuracy", "surest80", "nll", "ece", "tp", "fp", "fn", "tn")


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("evaluate", help="score a network on the holdout or on a file")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="name,label (the base's holdout)")
    parser.add_argument("--json", action="store_true", help="for machines")
    add_artifact(parser)
    parser.set_defaults(run=do)


def do(args: Namespace) -> int:
    """Print the scores."""
    answers = Answers(load(args.artifact).network)
    found = _on_file(answers, args.file) if args.file else _on_holdout(answers)
    if args.json:
        print(json.dumps({name: scores.to_json() for name, scores in found.items()}))
    else:
        words = {group.value: words.title for group, words in GROUP_WORDS.items()}
        rows = [
            (words.get(name, name), *(getattr(scores, column) for column in COLUMNS))
            for name, scores in found.items()
        ]
        print(format_table(("", *COLUMNS), rows))
    return 0


def _on_holdout(answers: Answers) -> dict[str, Scores]:
    # The card's own scores: a command and a page cannot tell two figures of one network.
    holdout = make_card(answers, corpora.read_base_corpus(), Provenance("evaluated")).holdout
    return {group.value: scores for group, scores in holdout.items()}


def _on_file(answers: Answers, path: Path) -> dict[str, Scores]:
    rows = list(read_rows(path))
    if not rows:
        raise ValueError(f"{path} holds no names.")
    predicted = answers.of([row.name for row in rows])
    return {path.name: score(predicted, np.array([row.share for row in rows]))}
