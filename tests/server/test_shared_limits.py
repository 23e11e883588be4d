"""A limit is a limit however many web processes there are."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.processes import GUNICORN, Refused, Visitor, running

pytestmark = pytest.mark.process
ALLOWED, ASKED = 20, 120


def is_answered(address: str) -> bool:
    """Ask on a connection of its own, so that any process may take it; say whether it was answered."""
    try:
        return bool(Visitor(address).get("/guess?name=Anna"))
    except Refused as refused:
        assert refused.status == 429
        return False


def test_two_processes_answer_no_more_together_than_one_may(instance: Path) -> None:
    with running(GUNICORN, instance, GUESSES_PER_MINUTE=str(ALLOWED), WEB_WORKERS="2") as site:
        began = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            answered = sum(pool.map(is_answered, [site.address] * ASKED))
        windows = 1 + int((time.monotonic() - began) // 60)  # on a slow machine more than one minute
    assert ALLOWED <= answered <= ALLOWED * windows
