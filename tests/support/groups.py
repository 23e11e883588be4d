"""Which tests run on one worker, one after another: those that would fight over the machine."""

import pytest

ALONE = ("browser", "process")
"""Marks whose tests start programs. Those of one mark share one worker, and so one browser and one site."""
WHOLE_CORPUS = "base_corpus"
"""A fixture that takes seconds: one worker reads half a million names for all tests that ask for them."""
LONGEST = 900
"""Seconds that one of these may take where the machine has much else to do."""


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of each mark into a group of pytest-xdist, and give them time."""
    for item in items:
        if WHOLE_CORPUS in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.training)
            item.add_marker(pytest.mark.xdist_group(WHOLE_CORPUS))
        for mark in ALONE:
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.xdist_group(mark))
                item.add_marker(pytest.mark.timeout(LONGEST))
                break
