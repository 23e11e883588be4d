"""`python -m training evaluate`: an artifact on the holdout, or on names with labels in a file."""

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np

from training.commands import Subparsers, add_artifact, table
from training.data import corpus as corpora
from training.data.name_lists import read_rows
from training.evaluation.metrics import score
from training.evaluation.model_card import Origin, make_card
from training.model.predict import Answers, load

GROUPS = {
    "all": "all holdout names",
    "hundred": "≥ 100 bearers",
    "not_unisex": "the same, not unisex",
    "famous": "2,000 most borne (trained on)",
}
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
    artifact = load(args.artifact)
    answers = Answers(artifact.network)
    told = _on_file(answers, args.file) if args.file else _on_holdout(answers, artifact.card)
    if args.json:
        print(json.dumps(told))
    else:
        scores = [(GROUPS.get(name, name), *(row[key] for key in COLUMNS)) for name, row in told.items()]
        print(table(("", *COLUMNS), scores))
    return 0


def _on_holdout(answers: Answers, card: dict[str, Any]) -> dict[str, Any]:
    scored = make_card(answers, corpora.read_base_corpus(), Origin(str(card.get("name"))))["holdout"]
    return {group: scored[group] for group in GROUPS}


def _on_file(answers: Answers, path: Path) -> dict[str, Any]:
    rows = list(read_rows(path))
    if not rows:
        raise ValueError(f"{path} holds no names.")
    predicted = answers.of([row.name for row in rows])
    return {path.name: score(predicted, np.array([row.share for row in rows])).as_dict()}
