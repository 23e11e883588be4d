"""Champion and challenger side by side, on answers made by hand."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

from training.data.corpus import HOLDOUT, TRAIN, Corpus, from_counts
from training.data.corrections import Correction
from training.data.name_groups import OF_HOLDOUT, Group
from training.evaluation.comparison import compare, paired
from training.evaluation.comparison_types import AnswerCells, Comparison, Flip, FlipKind
from training.evaluation.feedback_rescoring import BadFeedback, VisitorAnswer, read_feedback
from training.evaluation.gate import judge
from training.evaluation.metrics import Floats
from training.evaluation.parts.pairs import Counts
from training.model.predict import Answers


class Fixed(Answers):
    """A network that answers what it is told to, and .9 for every other name."""

    def __init__(self, **answers: float) -> None:
        self._answers = answers

    def of(self, names: Sequence[str]) -> Floats:
        return np.array([self._answers.get(name, 0.9) for name in names])


@pytest.fixture
def corpus() -> Corpus:
    """Ann and Bob are known to many; Cy, Dee and Eli are held out; Flo is even."""
    counts = {
        "ann": (990, 1000),
        "bob": (5, 500),
        "cy": (0, 200),
        "dee": (20, 20),
        "eli": (0, 3),
        "flo": (1, 2),
    }
    corpus = from_counts(counts, "a test")
    corpus.part[:] = [TRAIN if name in ("ann", "bob") else HOLDOUT for name in corpus.names]
    return corpus


def flipped(comparison: Comparison, kind: FlipKind) -> list[tuple[str, str]]:
    return [(flip.name, flip.where) for flip in comparison.flips[kind]]


def test_both_are_scored_on_the_same_names(corpus: Corpus) -> None:
    holdout = compare(Fixed(), Fixed(cy=0.1), corpus).holdout
    assert holdout.champion[Group.ALL].accuracy == pytest.approx(1 / 3, abs=1e-5)
    assert holdout.challenger[Group.ALL].accuracy == pytest.approx(2 / 3, abs=1e-5)
    assert holdout.difference[Group.ALL].only_challenger == 1


def test_corrected_and_formerly_taught_names_leave_the_holdout(corpus: Corpus) -> None:
    holdout = compare(Fixed(), Fixed(), corpus, [Correction("cy", "male")], taught=["dee"]).holdout
    assert (holdout.names, holdout.left) == (2, 2)


def test_corrections_are_counted_for_both(corpus: Corpus) -> None:
    corrections = [Correction("cy", "male"), Correction("zoe", "female"), Correction("kim", "both")]
    found = compare(Fixed(), Fixed(cy=0.1, kim=0.6), corpus, corrections).corrections
    assert found.right == Counts(n=3, champion=1, challenger=3)
    assert found.learned_share == 1


def test_what_the_corpus_outweighs_need_not_be_learned(corpus: Corpus) -> None:
    corrections = [Correction("ann", "male"), Correction("eli", "female")]
    found = compare(Fixed(), Fixed(), corpus, corrections).corrections
    assert found.learnable == Counts(n=1, champion=1, challenger=1)


def test_a_correction_against_many_who_agree_contradicts(corpus: Corpus) -> None:
    corrections = [
        Correction("ann", "male", votes=50),
        Correction("eli", "female"),
        Correction("bob", "both"),
        Correction("cy", "male"),
    ]
    found = compare(Fixed(), Fixed(), corpus, corrections).corrections
    assert found.contradicting == 1 and [row.name for row in found.contradictory] == ["ann"]


def test_flips_are_told_with_where_they_were_found(corpus: Corpus) -> None:
    found = compare(Fixed(dee=0.6), Fixed(ann=0.2, cy=0.1, dee=0.4, eli=0.3, flo=0.3), corpus)
    assert flipped(found, FlipKind.MENDED) == [("cy", "famous"), ("eli", "famous")]
    assert flipped(found, FlipKind.BROKEN) == [("ann", "famous"), ("dee", "famous")]
    assert flipped(found, FlipKind.MOVED) == [("flo", "famous")]


def test_a_flip_shows_both_answers_and_the_truth(corpus: Corpus) -> None:
    found = compare(Fixed(), Fixed(cy=0.12346), corpus)
    assert found.flips[FlipKind.MENDED][0] == Flip(
        "cy", "famous", 200, 0.0, champion=0.9, challenger=0.1235, known=0.0
    )


def test_a_corrected_name_flips_by_what_visitors_say(corpus: Corpus) -> None:
    found = compare(Fixed(), Fixed(ann=0.1), corpus, [Correction("ann", "male", 30)])
    assert flipped(found, FlipKind.MENDED) == [("ann", "corrections")]


def test_what_the_records_know_and_what_visitors_say_stand_apart(corpus: Corpus) -> None:
    corrections = [Correction("ann", "male", 30), Correction("zoe", "male")]
    found = compare(Fixed(zoe=0.9), Fixed(ann=0.1, zoe=0.2), corpus, corrections)
    known, unknown = found.flips[FlipKind.MENDED]
    assert (known.name, known.people, known.visitors, known.share) == ("ann", 1000, 30, 0.0)
    assert known.known is not None and known.known > 0.9
    assert (unknown.name, unknown.people, unknown.known, unknown.visitors) == ("zoe", 0, None, 1)


def test_feedback_on_taught_names_is_told_apart(corpus: Corpus) -> None:
    feedback = [VisitorAnswer("cy", "male"), VisitorAnswer("ann", "female"), VisitorAnswer("ann", "both")]
    found = compare(Fixed(), Fixed(cy=0.1), corpus, [Correction("cy", "male")], feedback).feedback
    assert found.taught.champion.fp == found.taught.challenger.tn == 1
    assert found.rated.n == 2
    assert found.rated.champion == AnswerCells(tp=1, fp=0, fn=0, tn=0, both=1, accuracy=1.0)


def test_slices_count_every_name_once(corpus: Corpus) -> None:
    slices = compare(Fixed(), Fixed(), corpus).slices
    assert {kind: sum(row.paired.n for row in rows) for kind, rows in slices.items()} == dict.fromkeys(
        OF_HOLDOUT, 3
    )


def test_a_comparison_survives_json_with_the_verdict_on_it(corpus: Corpus) -> None:
    corrections, feedback = [Correction("cy", "male")], [VisitorAnswer("cy", "male")]
    made = compare(Fixed(), Fixed(ann=0.1), corpus, corrections, feedback)
    judged = replace(made, gate=judge(made.evidence))
    document = json.loads(json.dumps(judged.to_json(), allow_nan=False))
    read = Comparison.from_json(document)
    assert read.to_json() == document and read.gate == judged.gate


def test_the_exact_p_is_near_the_chi_squared_one() -> None:
    before = np.array([True] * 800 + [False] * 140 + [True] * 100)
    after = np.array([True] * 940 + [False] * 100)
    expected = chi2.sf((abs(140 - 100) - 1) ** 2 / 240, 1)
    assert paired(before, after).p == pytest.approx(expected, rel=0.05)


def test_the_interval_holds_the_true_difference_nineteen_times_of_twenty() -> None:
    numbers = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        change = numbers.choice([-1, 0, 1], 500, p=[0.03, 0.92, 0.05])
        found = paired(change <= 0, change >= 0)  # right before unless won, right after unless lost
        held += found.low <= 0.02 <= found.high
    assert 0.92 <= held / 400 <= 0.98


def test_equal_networks_differ_by_nothing() -> None:
    found = paired(np.array([True, False]), np.array([True, False]))
    assert (found.difference, found.p) == (0, 1)


@pytest.mark.parametrize("line", ["{", "[]", '{"name": "ann"}', '{"name": "ann", "answer": "girl"}'])
def test_a_bad_line_of_feedback_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "feedback.jsonl"
    path.write_text('{"name": "ann", "answer": "female"}\n' + line)
    with pytest.raises(BadFeedback, match="line 2"):
        read_feedback(path)


def test_corrections_that_do_not_turn_their_name_are_listed_with_the_count(corpus: Corpus) -> None:
    corrections = [Correction("bob", "female"), Correction("eli", "female")]
    found = compare(Fixed(), Fixed(), corpus, corrections).corrections
    [row] = found.outweighed
    assert (row.name, row.people, row.visitors, row.said) == ("bob", 500, 1, 1.0)
    assert found.learnable.n == 1 and 0.2 < row.share < 0.5
