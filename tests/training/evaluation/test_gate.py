"""The gate passes an honest challenger and names the reason for refusing any other."""

from dataclasses import replace

import pytest

from training.evaluation.gate import Evidence, Side, judge

CHAMPION = Side(accuracy=0.88, hundred=0.93, calibration_error=0.010, famous_right=996, corrections_right=0)
HONEST = Evidence(
    champion=CHAMPION,
    challenger=replace(CHAMPION, accuracy=0.879, hundred=0.929, famous_right=995, corrections_right=490),
    names=27_000,
    difference=-0.001,
    low=-0.003,
    high=0.001,
    corrections=500,
    contradicting=2,
    corrected=500,
    famous=1000,
)


def refusals(evidence: Evidence) -> list[str]:
    return [reason.check for reason in judge(evidence).reasons if not reason.passes]


def challenger(**changes: float | None) -> Evidence:
    return replace(HONEST, challenger=replace(HONEST.challenger, **changes))  # type: ignore[arg-type]


def test_an_honest_challenger_passes() -> None:
    verdict = judge(HONEST)
    assert verdict.passes
    assert len(verdict.reasons) == 6


@pytest.mark.parametrize(
    ("evidence", "check"),
    [
        (replace(HONEST, difference=-0.0051), "holdout"),
        (replace(HONEST, low=-0.011), "holdout"),
        (replace(HONEST, names=0), "holdout"),
        (challenger(hundred=0.919), "hundred"),
        (challenger(corrections_right=399), "corrections"),
        (challenger(famous_right=990), "famous"),
        (replace(HONEST, contradicting=26), "contradictions"),
        (challenger(calibration_error=0.031), "calibration"),
    ],
)
def test_each_check_refuses_on_its_own(evidence: Evidence, check: str) -> None:
    assert refusals(evidence) == [check]
    assert not judge(evidence).passes


@pytest.mark.parametrize(
    "evidence",
    [
        replace(HONEST, difference=-0.005),
        challenger(corrections_right=400),
        challenger(famous_right=991),
        replace(HONEST, contradicting=25),
        replace(HONEST, corrected=4, corrections=4, contradicting=3),
        challenger(calibration_error=0.03),
        challenger(hundred=None),
        challenger(calibration_error=None),
        replace(HONEST, corrections=0, corrected=0, contradicting=0),
    ],
)
def test_what_is_just_allowed_passes(evidence: Evidence) -> None:
    assert refusals(evidence) == []


def test_a_champion_that_was_worse_calibrated_does_not_bind() -> None:
    worse = replace(HONEST, champion=replace(CHAMPION, calibration_error=0.08))
    assert refusals(replace(worse, challenger=replace(HONEST.challenger, calibration_error=0.09))) == []


def test_every_reason_gives_its_figures() -> None:
    sentences = {reason.check: reason.sentence for reason in judge(HONEST).reasons}
    assert "27,000 names" in sentences["holdout"] and "−0.10 points" in sentences["holdout"]
    assert "Of 500 corrected names" in sentences["corrections"] and "490 are" in sentences["corrections"]
    assert "995, the champion 996" in sentences["famous"]


def test_corrections_that_turn_no_name_are_told_as_such() -> None:
    verdict = judge(replace(HONEST, corrections=0, corrected=3, contradicting=1))
    assert verdict.passes and any(
        "None of the 3 corrected names turns" in r.sentence for r in verdict.reasons
    )
