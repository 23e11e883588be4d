"""The comparison as a type: what is written is read again, and what is wrong is named."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.training.evaluation.test_card_types import JSON, changed, leaves
from training.data.name_groups import HELD_OUT, SliceKind
from training.evaluation.comparison_types import (
    AnswerCells,
    Calibration,
    Comparison,
    FeedbackScores,
    Flip,
    FlipKind,
    Rescored,
)
from training.evaluation.gate import BadVerdict, Reason, Verdict, judge
from training.evaluation.parts.pairs import (
    BadComparison,
    CommonHoldout,
    CorrectedName,
    Corrections,
    Counts,
    Paired,
    PairedSlice,
)
from training.evaluation.parts.scores import Bin, Scores

SCORES = {group: Scores(2, 1, 0, 0, 1, 1.0, 0.3, 0.01, 1.0) for group in HELD_OUT}
PAIRED = Paired(2, 2, 0, 0, 0, 0.0, -0.001, 0.001, 1.0)
CELLS = AnswerCells(1, 0, 0, 0, 0, 1.0)
NAME = CorrectedName("bob", 500, 0.01, 1, 1.0, 0.4)
BINS = (Bin(0.0, 0.0667, 2, 0.01, 0.0),)
COMPARISON = Comparison(
    holdout=CommonHoldout(2, 1, "f", SCORES, SCORES, {group: PAIRED for group in HELD_OUT}),
    corrections=Corrections(Counts(2, 0, 1), Counts(1, 0, 1), 1.0, 0, (NAME,), (NAME,)),
    famous=Counts(2, 2, 2),
    feedback=FeedbackScores(Rescored(1, CELLS, CELLS), Rescored(1, CELLS, CELLS)),
    calibration=Calibration(BINS, BINS),
    slices={SliceKind.LENGTH: (PairedSlice("4", PAIRED),)},
    flips={
        FlipKind.MENDED: (Flip("ann", "famous", 9, 1.0, 0.4, 0.6),),
        FlipKind.BROKEN: (),
        FlipKind.MOVED: (),
    },
    gate=Verdict(True, (Reason("holdout", True, "Good."),)),
)
DOCUMENT = json.loads(json.dumps(COMPARISON.to_json()))
PATHS = leaves(DOCUMENT)[1:]


def test_a_comparison_is_read_as_it_was_written() -> None:
    assert Comparison.from_json(DOCUMENT) == COMPARISON


def test_one_that_no_gate_has_judged_is_read() -> None:
    assert Comparison.from_json({key: DOCUMENT[key] for key in DOCUMENT if key != "gate"}).gate is None


@pytest.mark.parametrize("part", ["halved", "outweighed"])
def test_the_oldest_list_no_corrected_names(part: str) -> None:
    old = changed(DOCUMENT, ("corrections", part), None)
    del old["corrections"][part]
    assert getattr(Comparison.from_json(old).corrections, part) == ()


@pytest.mark.parametrize("part", [part for part in DOCUMENT if part != "gate"])
def test_every_other_part_must_be_there(part: str) -> None:
    with pytest.raises(BadComparison, match=f"'{part}'"):
        Comparison.from_json({key: DOCUMENT[key] for key in DOCUMENT if key != part})


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("holdout", "difference", "all", "n"), 1.5, "holdout.difference.all.n"),
        (("flips", "mended", 0, "name"), None, "flips.mended.0.name"),
        (("gate", "passes"), 1, "gate.passes"),
        (("feedback", "rated", "champion"), {}, "feedback.rated.champion.tp"),
        (("calibration", "champion", 0, "observed"), "so", "calibration.champion.0.observed"),
    ],
)
def test_the_error_names_the_part(path: tuple[str | int, ...], value: object, named: str) -> None:
    with pytest.raises(BadComparison, match=f"'{named}'"):
        Comparison.from_json(changed(DOCUMENT, path, value))


@given(st.sampled_from(PATHS), JSON)
def test_a_comparison_with_any_json_in_it_is_read_or_refused_in_a_sentence(
    path: tuple[str | int, ...], value: object
) -> None:
    try:
        Comparison.from_json(changed(DOCUMENT, path, value))
    except BadComparison as error:
        assert str(error).startswith("The comparison ") and str(error).endswith(".")


@given(JSON)
def test_any_json_is_read_or_refused_in_a_sentence(document: object) -> None:
    with pytest.raises(BadComparison, match="The comparison .*should be .*\\."):
        Comparison.from_json(document)


def test_many_names_may_flip() -> None:
    flip = DOCUMENT["flips"]["mended"][0]
    many = changed(DOCUMENT, ("flips", "broken"), [flip] * 5_000)
    assert len(Comparison.from_json(many).flips[FlipKind.BROKEN]) == 5_000


def test_the_gate_is_given_what_the_comparison_found() -> None:
    evidence = COMPARISON.evidence
    assert (evidence.names, evidence.corrections, evidence.corrected, evidence.famous) == (2, 1, 2, 2)
    assert evidence.challenger.corrections_right == 1 and judge(evidence).passes


def test_a_difference_is_clear_if_its_interval_is_on_one_side() -> None:
    assert not PAIRED.is_clear and Paired(9, 4, 0, 5, 0, 0.5, 0.1, 0.9, 0.01).is_clear


def test_a_stored_verdict_is_read_and_another_is_refused() -> None:
    assert Verdict.from_json(COMPARISON.to_json()["gate"]) == COMPARISON.gate
    with pytest.raises(BadVerdict, match="'passes'"):
        Verdict.from_json({"reasons": []})
