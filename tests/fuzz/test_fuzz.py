"""A short round of what `make fuzz` does a million times, and that it would notice."""

import random
from pathlib import Path

import pytest

from tests.fuzz import __main__ as fuzzing
from tests.fuzz.targets import Target, targets

NAMES = ["names", "artifact", "csv", "xlsx", "name lists"]
SHORT = {"names": 1_000, "artifact": 250, "csv": 250, "xlsx": 250, "name lists": 250}


@pytest.fixture(scope="module")
def every_target(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Target]:
    return {target.name: target for target in targets(tmp_path_factory.mktemp("fuzz"))}


@pytest.mark.parametrize("name", NAMES)
def test_bad_input_is_read_or_refused_in_a_sentence(every_target: dict[str, Target], name: str) -> None:
    target, answered = every_target[name], 0
    for number in range(SHORT[name]):
        data = target.make(random.Random(f"short {name} {number}"))
        problem = fuzzing.feed(target, data)
        assert not problem, (number, problem, data[:400])
        answered += problem == ""
    assert answered or name == "names"


def test_all_that_reads_what_strangers_bring_is_fed(every_target: dict[str, Target]) -> None:
    assert list(every_target) == NAMES and sum(target.share for target in every_target.values()) == 100


def test_an_input_follows_from_its_number(every_target: dict[str, Target]) -> None:
    for target in every_target.values():
        assert target.make(random.Random("7")) == target.make(random.Random("7"))


def broken(_data: bytes | str) -> None:
    raise ZeroDivisionError("it divides")


def endless(_data: bytes | str) -> None:
    while True:
        pass


def test_a_crash_is_told_with_the_number_that_makes_it(capsys: pytest.CaptureFixture[str]) -> None:
    target = Target("broken", 100, lambda chance: "x", broken, ())
    wanted = fuzzing.argparse.Namespace(inputs=2, seed=5)
    assert fuzzing.fuzz(target, wanted).crashed == 2
    assert "broken, seed 5, number 1: ZeroDivisionError: it divides" in capsys.readouterr().out


def test_what_hangs_is_ended_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fuzzing, "LONGEST", 0.05)
    target = Target("endless", 100, lambda chance: "x", endless, ())
    assert "took longer" in str(fuzzing.feed(target, "x"))


def test_the_whole_runs_to_its_end(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert fuzzing.main(["--inputs", "100", "--examples", "1"]) == 0
    assert '"crashed": 0' in capsys.readouterr().out
