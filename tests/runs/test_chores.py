"""What the worker does between runs may fail, and the worker goes on."""

import logging

import pytest

from webapp.runs.worker.chores import Chores


class Chore:
    """Does its work, or fails while it is told to."""

    def __init__(self) -> None:
        self.is_broken, self.done = False, 0

    def do(self) -> None:
        if self.is_broken:
            raise OSError(28, "No space left on device")
        self.done += 1


def test_what_fails_keeps_nothing_else_from_being_done() -> None:
    first, second = Chore(), Chore()
    first.is_broken = True
    Chores([first.do, second.do]).do()
    assert (first.done, second.done) == (0, 1)


def test_what_fails_is_tried_again_told_once_and_told_to_be_well(caplog: pytest.LogCaptureFixture) -> None:
    chore = Chore()
    chores = Chores([chore.do])
    with caplog.at_level(logging.WARNING):
        for chore.is_broken in (True, True, True, False, False):
            chores.do()
    assert chore.done == 2
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2 and "No space left on device" in told[0] and told[1].endswith("works again")
