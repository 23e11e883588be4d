"""What the trainer and the worker say in English is told in the reader's language."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from tests.training.evaluation.test_gate import HONEST
from training.evaluation.gate import judge
from training.names import read
from webapp.languages.sentences import SAID_ELSEWHERE, told

ROOT = Path(__file__).parents[2]
WHOLE = ("de", "es", "fr", "ar")
EVIDENCE = (
    HONEST,
    replace(HONEST, names=0),
    replace(HONEST, corrections=0),
    replace(HONEST, corrections=0, corrected=0),
    replace(HONEST, challenger=replace(HONEST.challenger, hundred=None)),
    replace(HONEST, names=1_204, difference=0.0123, famous=1_000, contradicting=26),
)


@pytest.fixture(params=WHOLE)
def language(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    with app.test_request_context("/"), force_locale(request.param):
        yield request.param


def test_the_reasons_of_the_gate_are_told(language: str) -> None:
    sentences = {reason.sentence for evidence in EVIDENCE for reason in judge(evidence).reasons}
    assert [sentence for sentence in sentences if told(sentence) == sentence] == []


def test_figures_in_a_sentence_are_written_anew(app: Flask) -> None:
    with app.test_request_context("/"), force_locale("de"):
        assert told("554,367 names, 3 of them corrected").startswith("554.367 Namen")
        assert "+1,23" in told(judge(EVIDENCE[-1]).reasons[0].sentence)


def test_a_name_that_is_too_long_is_told(language: str) -> None:
    refusal = read("a" * 200).refusal
    assert refusal and told(refusal) != refusal


@pytest.mark.parametrize(
    "written",
    ["Somebody wrote this by hand.", "Asked in Rome, and known to my aunt.", "v1 against v2", "from Spain"],
)
def test_what_people_wrote_stays_as_it_is(language: str, written: str) -> None:
    assert told(written) == written


def test_each_sentence_is_one_that_is_really_said() -> None:
    said = "\n".join(_constants())
    lost = [sentence for sentence in SAID_ELSEWHERE if any(piece not in said for piece in _pieces(sentence))]
    assert lost == []


def _pieces(sentence: str) -> Iterator[str]:
    # "points", and what a loss is of, are put in.
    put_in = r"%\(\w+\)s(?: points?| validating| on the corrections)?"
    for piece in re.split(put_in, sentence.replace("%%", "%")):
        if len(piece.strip()) > 3:
            yield piece


def _constants() -> Iterator[str]:
    for folder in ("training", "webapp/runs"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
