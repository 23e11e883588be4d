"""A run in a folder, in a process of its own: what the worker starts, hears, cancels and resumes."""

import json
import os
import subprocess
import sys
import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.support.readers import small_readers
from training import job
from training.commands.job import is_out_of_memory
from training.data.corpus import Corpus, from_counts, write_corpus
from training.data.world.lessons import Lesson, Lessons
from training.fitting.readers.both import World
from training.fitting.readers.sample import sample_of
from training.job import run as work
from training.model.artifact import read_card
from training.model.network import Network
from training.model.readers.settings import ReaderKind
from training.model.saving import dump, load
from training.model.settings import NetworkSettings
from webapp.config import ROOT


def names() -> Corpus:
    letters = "bcdfgklmnprstvz"
    stems = [f"{one}e{two}" for one in letters for two in letters]
    counts = {f"{stem}a": (9.0, 9) for stem in stems} | {f"{stem}o": (0.0, 9) for stem in stems}
    return from_counts(counts, "a test", famous=50)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with all that a run needs."""
    write_corpus(names(), tmp_path / "corpus.db")
    (tmp_path / "champion.safetensors").write_bytes(dump(Network(NetworkSettings("gru", 8)), {"name": "v1"}))
    ask(tmp_path)
    return tmp_path


def ask(folder: Path, **job: Any) -> None:
    small = {"epochs": 2, "width": 8}
    told = {"kind": "scratch", "preset": "tiny", "changes": small, "corpus": str(folder / "corpus.db")}
    (folder / "job.json").write_text(json.dumps(told | {"device": "cpu"} | job))


def teach(folder: Path, *rows: dict[str, Any]) -> None:
    (folder / "corrections.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def start(folder: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "training", "job", str(folder)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


def run(folder: Path) -> tuple[int, list[dict[str, Any]]]:
    """Do the run in `folder`; return its status and what it told."""
    with start(folder) as process:
        assert process.stdout and process.stderr
        events = [json.loads(line) for line in process.stdout]
        assert process.stderr.read() == ""
        return process.wait(), events


def run_here(folder: Path) -> list[dict[str, Any]]:
    """Do the run in `folder` in this process, which has PyTorch loaded; return what it told."""
    events: list[dict[str, Any]] = []
    torch.set_num_threads(1)
    work(folder, lambda **event: events.append(event))
    return events


@pytest.mark.process
@pytest.mark.training
def test_a_run_from_scratch_makes_a_challenger_and_a_comparison(folder: Path) -> None:
    teach(folder, {"name": "zyx", "answer": "male", "votes": 2})
    (folder / "feedback.jsonl").write_text('{"name": "beba", "answer": "female"}\n')
    status, events = run(folder)
    assert status == 0
    phases = [event["phase"] for event in events if "phase" in event]
    assert phases[0] == "reading" and phases[-1] == "finished" and "training" in phases
    made = load((folder / "challenger.safetensors").read_bytes())
    assert made.card["lineage"] == {"kind": "scratch"} and made.card["data"]["corrections"] == 1
    told = json.loads((folder / "comparison.json").read_text())
    assert told["corrections"]["names"] == 1 and told["feedback"]["rated"]["n"] == 1
    assert set(told["gate"]) == {"passes", "reasons"}
    assert not list(folder.glob("checkpoint.*"))


@pytest.mark.training
def test_a_fine_tune_learns_its_corrections_and_names_its_parent(folder: Path) -> None:
    ask(folder, kind="fine-tune", name="v2")
    teach(folder, *({"name": f"quo{letter}", "answer": "female"} for letter in "bcdfg"))
    events = run_here(folder)
    told = read_card((folder / "challenger.safetensors").read_bytes())
    assert told["name"] == "v2"
    # It is told before its first round is done: what a round takes is no time of reading.
    begun = next(event for event in events if event.get("phase") == "fine-tuning")
    assert not begun.get("epoch")
    assert told["lineage"]["kind"] == "fine-tune" and told["lineage"]["parent"] == "v1"
    assert json.loads((folder / "comparison.json").read_text())["corrections"]["learned_share"] == 1


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: ask(folder, kind="guess"), "fine-tune, scratch or compare"),
        (lambda folder: ask(folder, kind="fine-tune"), "no corrections to learn"),
        (lambda folder: ask(folder, changes={"width": 0}), "width"),
        (lambda folder: ask(folder, device="abacus"), "auto, cpu or cuda"),
        (lambda folder: (folder / "corrections.jsonl").write_text("{"), "line 1"),
        (lambda folder: (folder / "champion.safetensors").write_bytes(b"PK"), "safetensors"),
        (lambda folder: (folder / "job.json").write_text("["), "job.json"),
    ],
)
def test_a_run_that_cannot_be_says_why_and_fails(folder: Path, spoil: Any, sentence: str) -> None:
    spoil(folder)
    with pytest.raises(ValueError, match=sentence):
        work(folder, lambda **event: None)


def test_a_machine_without_memory_left_is_told_as_such() -> None:
    with pytest.raises(RuntimeError) as full:
        torch.empty(2**50)
    assert is_out_of_memory(full.value) and is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("shapes differ"))


@pytest.mark.process
@pytest.mark.training
def test_a_failure_is_the_last_line_and_status_1(folder: Path) -> None:
    (folder / "champion.safetensors").unlink()
    status, events = run(folder)
    assert status == 1
    assert "champion.safetensors" in events[-1]["error"]


@pytest.mark.process
@pytest.mark.training
def test_it_ends_within_two_seconds_of_its_standard_input_and_resumes(folder: Path) -> None:
    ask(folder, changes={"epochs": 1000, "width": 8})
    process = start(folder)
    assert process.stdin and process.stdout and process.stderr
    while json.loads(process.stdout.readline()).get("epoch", 0) < 3:
        pass
    began = time.monotonic()
    process.stdin.close()
    assert process.wait(timeout=10) == 130
    assert time.monotonic() - began < 2
    process.stdout.close()
    process.stderr.close()
    assert (folder / "checkpoint.pt").exists()
    with start(folder) as again:
        assert again.stdout and again.stdin
        events = (json.loads(line) for line in again.stdout)
        first = next(event for event in events if event.get("phase") == "training")
        again.kill()
    assert first["epoch"] >= 3 and first["resumed"].startswith("training, ")


@pytest.mark.training
def test_a_checkpoint_that_cannot_be_read_is_begun_anew(folder: Path) -> None:
    (folder / "checkpoint.pt").write_bytes(b"no checkpoint")
    events = run_here(folder)
    assert (folder / "challenger.safetensors").exists() and not list(folder.glob("checkpoint.*"))
    assert any((event.get("message") or "").startswith("Begins anew.") for event in events)


@pytest.mark.training
def test_a_corpus_that_was_brought_is_counted_to_the_base_and_named_on_the_card(folder: Path) -> None:
    write_corpus(from_counts({"leilani": (30.0, 30), "beba": (1.0, 9)}, "a list.csv"), folder / "islands.db")
    ask(folder, files=[str(folder / "islands.db")])
    run_here(folder)
    data = load((folder / "challenger.safetensors").read_bytes()).card["data"]
    assert data["corpus"] == "a test + islands"
    assert sum(data["names"].values()) == len(names()) + 1


WORLD = World(
    {
        ReaderKind.SCRIPTS: Lessons(
            tuple(
                Lesson(f"{name}{end}", share, 1.0, part, "kanji")
                for name, (end, share), part in product(
                    ("花花", "花美", "美千"), (("子", 1.0), ("郎", 0.0)), range(3)
                )
            )
        ),
        ReaderKind.COUNTRIES: Lessons(
            tuple(
                Lesson(f"{country}:{name}", 0.0, 1.0, part, "by country")
                for country, name, part in product(("IT", "DE"), ("beba", "cecco"), range(3))
            )
        ),
    }
)


@pytest.mark.training
@pytest.mark.parametrize("is_anew", [True, False])
def test_a_run_from_scratch_teaches_the_readers_only_if_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch, is_anew: bool
) -> None:
    # The lists have a million names: a few of them stand in.
    monkeypatch.setattr("training.job.read_all", lambda: WORLD)
    monkeypatch.setattr("training.job.kept_sample", lambda path: sample_of(WORLD))
    before = small_readers()
    network = Network(NetworkSettings("gru", 8))
    (folder / "champion.safetensors").write_bytes(dump(network, {"name": "v1"}, before))
    ask(folder, readers=is_anew)
    teach(folder, {"name": "花花子", "answer": "male", "votes": 30})
    events: list[dict[str, Any]] = []
    job.run(folder, lambda **event: events.append(event))
    phases, epochs = ([event.get(key) for event in events] for key in ("phase", "epoch"))
    made = load((folder / "challenger.safetensors").read_bytes())
    letters = made.readers[ReaderKind.SCRIPTS].settings.letters
    assert (letters != before[ReaderKind.SCRIPTS].settings.letters) == is_anew
    assert "reader of scripts" in phases and ("reader of countries" in phases) == is_anew
    assert epochs[phases.index("reader of scripts")] == 0  # told before its first round is done
    assert {"kanji"} == {row["slice"] for row in made.card["slices"]["script"]} - {"latin"}
    compared = json.loads((folder / "comparison.json").read_text())
    assert [row["slice"] for row in compared["slices"]["script"]] == ["kanji"]
