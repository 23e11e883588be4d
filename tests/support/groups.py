"""Which tests run on one worker, one after another: those that would fight over the machine."""

import pytest
from _pytest.nodeid import coerce_node_id
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

WHOLE_CORPUS = "base_corpus"
"""A fixture that takes seconds: one worker reads half a million names for all tests that ask for them."""
WHOLE_SITES = ("faults", "runs", "server", "training")
"""Rooms that start most of the real processes, a group each; those of all others are a group of their own."""
PROOF = "test_proof.py"
ALL_PAGES = ("test_states.py", "test_languages.py", "test_pages.py")
"""Tests of a browser that look at every page: they take as long as all other ones together."""
ORDER = (
    "proof",
    "runs",
    "all pages",
    "server",
    "process",
    "browser",
    "training",
    "faults",
    WHOLE_CORPUS,
)
"""The groups, from the one that takes longest; then those that a module names, and what stands alone.

What is left at the end is short, and no worker waits.
"""


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put tests into groups of pytest-xdist, the longest first."""
    groups = {item: group_of(item) for item in items}
    for item, group in groups.items():
        if group == WHOLE_CORPUS:
            item.add_marker(pytest.mark.training)
        if group:
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: (_place(item, groups[item]), item.get_closest_marker("training") is None))
    if config.getoption("loadgroup", False):
        for item in items:
            _tell_group(item)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadGroupScheduling | None:
    """Hand out groups, if that is asked for."""
    return Scheduler(config, log) if config.getoption("dist") == "loadgroup" else None


class Scheduler(LoadGroupScheduling):
    """Lets go of every group that is done.

    pytest-xdist keeps them, and counts them all whenever a test ends: ten seconds for six thousand tests.
    """

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """Take note that a worker has done a test."""
        super().mark_test_complete(node, item_index, duration)
        group = self._split_scope(self.registered_collections[node][item_index])
        if all(self.assigned_work[node][group].values()):
            del self.assigned_work[node][group]


def _place(item: pytest.Item, group: str | None) -> int:
    return ORDER.index(group) if group else len(ORDER) + (item.get_closest_marker("xdist_group") is None)


def _tell_group(item: pytest.Item) -> None:
    # pytest-xdist 3.8 writes it where pytest 9.2 does not look for it, and would hand out test by test.
    for mark in item.iter_markers("xdist_group"):
        item._id = coerce_node_id(f"{item.nodeid}@{mark.args[0]}")
        return


def group_of(item: pytest.Item) -> str | None:
    """Return the group of a test, which shares a browser, a site or a server; None if it stands alone."""
    if WHOLE_CORPUS in getattr(item, "fixturenames", ()):
        return WHOLE_CORPUS
    if item.get_closest_marker("browser"):
        alone = {PROOF: "proof", **dict.fromkeys(ALL_PAGES, "all pages")}
        return alone.get(item.path.name, "browser")
    if item.get_closest_marker("process"):
        room = item.nodeid.split("/")[1]
        return room if room in WHOLE_SITES else "process"
    return None
