"""Every kind of fault once, on a whole site that takes answers: nothing is lost, doubled or left behind."""

import json

import pytest

from tests.faults import __main__ as faults
from tests.faults.kinds import KINDS

pytestmark = pytest.mark.process


def test_nothing_is_lost_doubled_or_left_behind(capsys: pytest.CaptureFixture[str]) -> None:
    code = faults.main(["--rounds", str(len(KINDS)), "--raters", "2"])
    told = capsys.readouterr().out
    assert code == 0, told
    assert json.loads(told.splitlines()[-1])["acknowledged"] > 0


def test_every_kind_has_its_turn() -> None:
    order = faults._order(KINDS, 3 * len(KINDS))
    assert all(order.count(kind) == 3 for kind in KINDS)
