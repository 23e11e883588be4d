"""Which tests run on one worker, one after another: those that would fight over the machine."""

import pytest

WHOLE_CORPUS = "base_corpus"
"""A fixture that takes seconds: one worker reads half a million names for all tests that ask for them."""
WHOLE_SITES = ("faults", "runs", "server")
"""Rooms that start most of the real processes; those of all others are a group of their own."""
PROOF = "test_proof.py"
ORDER = ("proof", "whole sites", "process", "browser", WHOLE_CORPUS, None)
"""The groups, from the one that takes longest: what is left at the end is short, and no worker waits."""


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests into groups of pytest-xdist, the longest first."""
    groups = {item: group_of(item) for item in items}
    for item, group in groups.items():
        if group == WHOLE_CORPUS:
            item.add_marker(pytest.mark.training)
        if group:
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: (ORDER.index(groups[item]), item.get_closest_marker("training") is None))


def group_of(item: pytest.Item) -> str | None:
    """Return the group of a test, which shares a browser, a site or a server; None if it stands alone."""
    if WHOLE_CORPUS in getattr(item, "fixturenames", ()):
        return WHOLE_CORPUS
    if item.get_closest_marker("browser"):
        return "proof" if item.path.name == PROOF else "browser"
    if item.get_closest_marker("process"):
        return "whole sites" if item.path.parent.name in WHOLE_SITES else "process"
    return None
