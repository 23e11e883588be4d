"""Old feedback, scored again: what today's networks would have answered to the earlier visitors.

A file of JSON lines, one answer of one visitor a line: {"name": "sasha", "answer": "male"}; `answer` is
female, male or both, as the visitor gave it or confirmed it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training.evaluation.comparison_types import AnswerCells, Rescored
from training.model.predict import Answers
from training.names import ANSWERS, label_of


class BadFeedback(ValueError):
    """A line of a feedback file is no answer; the message says which."""


@dataclass(frozen=True)
class VisitorAnswer:
    """What one visitor said that a normalised name mostly is."""

    name: str
    answer: str


def read_feedback(path: Path) -> list[VisitorAnswer]:
    """Return the answers in a file of JSON lines; raises BadFeedback and OSError."""
    feedback = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            name, answer = row["name"], row["answer"]
        except (ValueError, TypeError, KeyError) as error:
            raise BadFeedback(f"{path.name}, line {number} is no feedback: {error}") from error
        if answer not in ANSWERS or not isinstance(name, str):
            raise BadFeedback(
                f"{path.name}, line {number} has no name with an answer of {', '.join(ANSWERS)}."
            )
        feedback.append(VisitorAnswer(name, answer))
    return feedback


def rescore(champion: Answers, challenger: Answers, feedback: Sequence[VisitorAnswer]) -> Rescored:
    """Return how both networks would have answered those who gave `feedback`."""
    return Rescored(len(feedback), _cells(champion, feedback), _cells(challenger, feedback))


def _cells(answers: Answers, feedback: Sequence[VisitorAnswer]) -> AnswerCells:
    cells = {"tp": 0, "fp": 0, "fn": 0, "tn": 0, "both": 0}
    predicted = answers.of([row.name for row in feedback])
    for p_female, row in zip(predicted.tolist(), feedback, strict=True):
        cells[_cell(label_of(p_female), row.answer)] += 1
    # `both` has no label that a guess could meet, so it is no part of the accuracy.
    right, n = cells["tp"] + cells["tn"], len(feedback) - cells["both"]
    return AnswerCells(**cells, accuracy=round(right / n, 5) if n else None)


def _cell(guessed: str, answer: str) -> str:
    if answer == "both":
        return "both"
    # True or false, then positive (female) or negative: "tp", "fp", "tn", "fn".
    return ("t" if guessed == answer else "f") + ("p" if guessed == "female" else "n")
