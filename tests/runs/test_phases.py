"""A run's phases: how long each took, what is to come, and why one ended early."""

import pytest

from webapp.runs.worker import phases
from webapp.runs.worker.phases import Phase, schedule
from webapp.runs.worker.progress import Event, ProgressRecorder, RunProgress

EARLIER = (
    Phase("reading", 0, 40),
    Phase("fine-tuning", 40, 70),
    Phase("scoring", 70, 90),
    Phase("comparing", 90, 120),
)


def test_phases_begin_and_end_one_after_another() -> None:
    found = phases.enter(phases.enter((), "reading", 0), "fine-tuning", 44)
    assert found == (Phase("reading", 0, 44), Phase("fine-tuning", 44))
    assert phases.end(found, 60)[-1].seconds == 16


@pytest.mark.parametrize(
    ("now", "seconds", "left_in_phase", "left"),
    [
        ((Phase("reading", 0),), 10, None, 110),
        ((Phase("reading", 0),), 50, None, 80),  # slower than before: at least what is to come
        ((Phase("reading", 0, 44), Phase("fine-tuning", 44)), 50, 9, 59),
        ((Phase("reading", 0, 44), Phase("fine-tuning", 44, 60), Phase("scoring", 60)), 65, None, 45),
    ],
)
def test_the_time_left_is_that_of_all_phases(
    now: tuple[Phase, ...], seconds: float, left_in_phase: float | None, left: float
) -> None:
    found = schedule(now, EARLIER, seconds, left_in_phase)
    assert found.left == left and found.share(seconds) == pytest.approx(seconds / (seconds + left))


def test_without_an_earlier_run_nothing_is_promised() -> None:
    found = schedule((Phase("reading", 0),), (), 10, 4)
    assert found.left is None and found.share(10) is None and not found.coming


def test_what_is_to_come_is_known_from_the_run_before() -> None:
    found = schedule((Phase("reading", 0, 44), Phase("fine-tuning", 44)), EARLIER, 50, None)
    assert [phase.phase for phase in found.coming] == ["scoring", "comparing"]


def test_the_recorder_notes_why_a_phase_ended_early_and_the_row_keeps_it() -> None:
    recorder = ProgressRecorder()
    recorder.take([Event(phase="reading"), Event(phase="fine-tuning", epoch=2, message="All are learned")])
    recorder.end()
    kept = RunProgress.from_json(recorder.progress.to_json())
    assert [(phase.phase, phase.note) for phase in kept.phases] == [
        ("reading", None),
        ("fine-tuning", "All are learned"),
    ]
    assert all(phase.seconds is not None for phase in kept.phases)
