"""`python -m training guess`: names as arguments, or one a line on standard input."""

import json
import sys
from argparse import Namespace
from dataclasses import asdict
from itertools import islice

from training.commands import Subparsers, add_artifact
from training.model.answers import Answer
from training.model.predict import guess, load
from training.names import COUNTRIES, Country, Form
from training.names.scripts.country_words import country_code

CHUNK = 10_000
"""Names that are read before any is answered: files of any size pass through."""


def add_to(commands: Subparsers) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser("guess", help="guess names")
    parser.add_argument("names", nargs="*", metavar="NAME", help="without any: one a line on standard input")
    parser.add_argument("--jsonl", action="store_true", help="one JSON object a line")
    parser.add_argument("--form", type=Form, choices=[*Form], default=Form.GIVEN, help="what each text holds")
    parser.add_argument("--country", default="", metavar="CODE", help="where names are from, as IT")
    parser.add_argument(
        "--with-countries",
        action="store_true",
        help="each line is a name, a tab and where it is from: a code or an English word, or nothing",
    )
    add_artifact(parser)
    parser.set_defaults(run=do)


def do(args: Namespace) -> int:
    """Print one line a name, in their order."""
    artifact = load(args.artifact)
    # A generator: standard input may be longer than the memory.
    names = iter(args.names) if args.names else (line.rstrip("\r\n") for line in sys.stdin)
    while chunk := list(islice(names, CHUNK)):
        texts, countries = zip(*(_parted(line, args) for line in chunk), strict=True)
        for answer in guess(texts, artifact, args.form, countries):
            print(_json(answer) if args.jsonl else _text(answer))
    return 0


def _parted(line: str, args: Namespace) -> tuple[str, Country | None]:
    """Return a name and where it is from; what no line says is told for all of them."""
    usual = COUNTRIES.get(args.country.upper())
    if not args.with_countries:
        return line, usual
    name, _, words = line.partition("\t")
    return name, COUNTRIES.get(country_code(words)) or usual


def _json(answer: Answer) -> str:
    payload = asdict(answer)
    if answer.error is None:
        del payload["error"]
    return json.dumps(payload, ensure_ascii=False)


def _text(answer: Answer) -> str:
    if answer.p_female is None:
        return f"{answer.name}: {answer.error}"
    # The share of the label that is told, whichever that is.
    share = answer.p_female if answer.label == "female" else 1 - answer.p_female
    read = "" if answer.read_as == answer.name else f" (read as {answer.read_as})"
    return f"{answer.name}{read}: {answer.label}, {share:.1%}"
