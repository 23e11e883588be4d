"""Every row of what must not work has its guard where it is said to be, its test, its line in the docs."""

import ast

import pytest

from tests.security.attempts import ATTEMPTS, PAGE, ROOT, Attempt, without_guard, written


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.tried)
def test_the_guard_is_where_it_is_taken_away(attempt: Attempt) -> None:
    before = (ROOT / attempt.file).read_text(encoding="utf-8")
    after = without_guard(attempt, before)
    assert after != before
    if attempt.file.endswith(".py"):
        ast.parse(after)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.tried)
def test_the_test_is_there(attempt: Attempt) -> None:
    file, _, name = attempt.test.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    assert name.partition("[")[0] in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_nothing_is_tried_twice() -> None:
    assert len({attempt.tried for attempt in ATTEMPTS}) == len(ATTEMPTS)


def test_the_docs_tell_every_row() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page
