"""Which tests run on one worker, one after another: those that would fight over the machine."""

import pytest

ALONE = ("browser", "process")
"""Marks whose tests start programs. Those of one mark share one worker, and so one browser and one site."""


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of each mark into a group of pytest-xdist."""
    for item in items:
        for mark in ALONE:
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.xdist_group(mark))
                break
