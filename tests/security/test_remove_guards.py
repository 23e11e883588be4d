"""The tool that takes guards away: it explains itself, and touches nothing but its copy."""

import pytest

from tests.security import remove_guards
from tests.security.attempts import ATTEMPTS, ROOT

QUICK = next(one for one in ATTEMPTS if one.test.startswith("logs/test_log_format.py::test_controls"))


def test_help_is_told_before_anything_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        remove_guards.main(["--help"])
    assert ended.value.code == 0 and "WORD" in capsys.readouterr().out


def test_words_that_no_row_holds_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        remove_guards.main(["no such guard"])
    assert ended.value.code == 2 and "no such guard" in capsys.readouterr().err


@pytest.mark.process
def test_a_guard_is_taken_away_in_a_copy(capfd: pytest.CaptureFixture[str]) -> None:
    before = (ROOT / QUICK.file).read_bytes()
    assert remove_guards.main([QUICK.tried]) == 0
    assert "1 guards, 0 complaints" in capfd.readouterr().out
    assert (ROOT / QUICK.file).read_bytes() == before
