"""What a trainer says, folded into what the row of its run holds."""

import json

import pytest

from webapp.models import Run
from webapp.runs.plans import Plan
from webapp.runs.worker.progress import (
    LOG_LINES,
    BadProgress,
    Event,
    LogLine,
    ProgressRecorder,
    Round,
    RunProgress,
    WeighedCounts,
)

STORED = {
    "phase": "training",
    "epoch": 2,
    "epochs": 4,
    "names_seen": 900,
    "names_per_second": 81.5,
    "seconds_left": 20.0,
    "memory": 2**30,
    "train_loss": 0.4,
    "weighed": {"names": 3, "halved": 1, "outweighed": 0},
    "resumed": "training, 1 of 4 rounds done",
    "history": [
        {
            "phase": "training",
            "epoch": 1,
            "train_loss": 0.5,
            "validation_loss": 0.4,
            "validation_accuracy": None,
            "seconds": 9.5,
        }
    ],
    "log": [{"seconds": 0.1, "text": "Reading"}],
}


def recorded(*lines: str) -> ProgressRecorder:
    """Return what became of the lines of a trainer."""
    recorder = ProgressRecorder()
    recorder.take(map(Event.from_line, lines))
    return recorder


def said(recorder: ProgressRecorder) -> list[str]:
    return [line.text for line in recorder.progress.log]


def test_what_is_stored_is_read_and_written_without_a_change() -> None:
    progress = RunProgress.from_json(STORED)
    assert progress.to_json() == STORED
    assert progress.weighed == WeighedCounts(3, 1, 0) and progress.log == (LogLine(0.1, "Reading"),)


@pytest.mark.parametrize("nothing", [{}, None])
def test_a_run_that_has_told_nothing_is_starting(nothing: object) -> None:
    assert RunProgress.from_json(nothing) == RunProgress()


def test_stored_nonsense_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadProgress, match=r"The progress tells its 'history.0.epoch' .*\."):
        RunProgress.from_json({"history": [{"epoch": "one"}]})


@pytest.mark.parametrize("line", ["Loading…", "[1]", '{"epoch": "one"}', '{"weighed": 3}', '{"epoch": NaN}'])
def test_a_line_that_is_no_event_is_a_message(line: str) -> None:
    assert said(recorded(line)) == [line]


def test_the_newest_figures_stay_until_the_phase_ends() -> None:
    lines = ('{"phase": "training", "epoch": 1, "memory": 5}', '{"epoch": 2}', '{"phase": "scoring"}')
    before, after = recorded(*lines[:2]).progress, recorded(*lines).progress
    assert (before.epoch, before.memory) == (2, 5)
    assert (after.phase, after.epoch, after.memory) == ("scoring", None, 5)


def test_the_end_of_a_round_is_kept_and_a_dry_run_is_none() -> None:
    line = json.dumps({"epoch": 1, "train_loss": 0.5, "validation_loss": 0.4, "phase": "training"})
    recorder = recorded(line, line.replace("training", "dry run"))
    assert recorder.progress.history == (Round("training", 1, 0.5, 0.4, None, None),)
    assert said(recorder)[1] == "Round 1: loss 0.5000 learning, 0.4000 validating; – right"


def test_an_error_is_kept_and_logged() -> None:
    recorder = recorded('{"device": "CPU", "message": "Hello"}', '{"error": "No memory."}')
    assert (recorder.device, recorder.error, said(recorder)) == ("CPU", "No memory.", ["Hello", "No memory."])


def test_of_a_long_log_the_end_is_kept() -> None:
    lines = said(recorded(*(f"line {n}" for n in range(LOG_LINES + 5))))
    assert (len(lines), lines[0]) == (LOG_LINES, "line 5")


@pytest.mark.parametrize(
    "plan",
    [
        Plan(),
        Plan("scratch", "full", "cuda", True, {"width": 8, "bidirectional": False}, ("own",), resumes=3),
        Plan("scratch", readers=True),
    ],
)
def test_a_plan_is_read_from_its_run_as_it_was_stored(plan: Plan) -> None:
    run = Run(kind=plan.kind, promote_if_passed=plan.promote_if_passed, settings=plan.settings())
    assert Plan.of(run) == plan


def test_the_plan_of_an_old_run_is_under_todays_names() -> None:
    old = Run(kind="scratch", promote_if_passed=False, settings={"changes": {"refining": 2}})
    assert Plan.of(old).changes == {"self_training_repeats": 2} and Plan.of(old).preset == "cpu"
