"""Checkpoints are for the data they were made of; those of an older release go on, and say what they miss."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.support.generators import last_of
from tests.support.networks import tiny_network
from training.data.minibatches import Examples
from training.fitting.checkpoints import RELEASE_1_0 as OLD
from training.fitting.checkpoints import BadCheckpoint
from training.fitting.pipeline import fit
from training.fitting.presets import preset

RELEASE_1_0 = Path(__file__).with_name("release_1_0")
"""A run of release 1.0.0, killed after the first of its two generations."""


def test_a_run_of_release_1_0_0_goes_on_where_it_stood(by_last_letter: Examples, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(RELEASE_1_0, tmp_path / "run"))
    old = {"invented": 0.05, "refining": 1, "generations": 2}
    settings = preset("tiny", width=4, epochs=1, bidirectional=True, teacher="linear", **old)
    events, fitted = last_of(fit(settings, by_last_letter, by_last_letter, "cpu", folder / "checkpoint.pt"))
    assert [event.resumed for event in events if event.resumed] == [
        "training, 1 of 1 rounds done",
        "training from the end, 1 of 1 rounds done",
        "self-training, 1 of 1 rounds done",
    ]
    assert {event.message for event in events if event.resumed} == {OLD}
    assert not [event for event in events if event.phase == "linear teacher"]
    _, anew = last_of(fit(settings, by_last_letter, by_last_letter, "cpu"))
    for name, weights in fitted.network.state_dict().items():
        assert torch.allclose(weights, anew.network.state_dict()[name], atol=0.05)


WHOLE = preset(
    "tiny",
    width=4,
    epochs=1,
    teacher_epochs=1,
    bidirectional=True,
    teacher="ensemble",
    synthetic_ratio=0.05,
    self_training_repeats=1,
)
KEPT = ("pt", "reverse", "teacher0", "teachers.npz", "self_training0", "pseudo_labels0")
Change = Callable[[Examples], Examples]


def renamed(examples: Examples) -> Examples:
    return replace(examples, names=[name[:-1] + "e" for name in examples.names])


def flipped(examples: Examples) -> Examples:
    return replace(examples, share=1 - examples.share)


def weighed(examples: Examples) -> Examples:
    return replace(examples, weight=examples.weight + np.arange(len(examples)) / 100)


def same(examples: Examples) -> Examples:
    return examples


@pytest.fixture(scope="module")
def few(by_last_letter: Examples) -> Examples:
    """A third of the names, for what is looked at is which data they are."""
    return by_last_letter.take(np.arange(0, len(by_last_letter), 3))


@pytest.fixture(scope="module")
def done(few: Examples, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that a run through every stage keeps."""
    folder = tmp_path_factory.mktemp("done")
    last_of(fit(WHOLE, few, few, "cpu", folder / "run.pt"))
    return folder


def go_on(done: Path, folder: Path, kept: str, train: Examples, validation: Examples) -> None:
    """Go on from one of the files that a run kept, and nothing else."""
    shutil.copy(done / f"run.{kept}", folder / f"run.{kept}")
    last_of(fit(WHOLE, train, validation, "cpu", folder / "run.pt"))


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize(
    ("train", "validation"),
    [(renamed, same), (flipped, same), (weighed, same), (same, flipped), (same, renamed)],
    ids=[
        "other names",
        "flipped labels",
        "other weights",
        "other validation labels",
        "other validation names",
    ],
)
def test_nothing_is_taken_up_for_other_data(
    done: Path, tmp_path: Path, few: Examples, kept: str, train: Change, validation: Change
) -> None:
    with pytest.raises(BadCheckpoint, match="remove it first"):
        go_on(done, tmp_path, kept, train(few), validation(few))


@pytest.mark.parametrize("kept", KEPT)
def test_everything_is_taken_up_for_equal_data(done: Path, tmp_path: Path, few: Examples, kept: str) -> None:
    go_on(done, tmp_path, kept, few, few)


def test_another_start_is_other_data(tmp_path: Path, by_last_letter: Examples) -> None:
    settings = preset("tiny", epochs=1)
    first, second = (tiny_network(seed) for seed in (0, 1))
    last_of(fit(settings, by_last_letter, by_last_letter, "cpu", tmp_path / "run.pt", first))
    with pytest.raises(BadCheckpoint, match="other start"):
        last_of(fit(settings, by_last_letter, by_last_letter, "cpu", tmp_path / "run.pt", second))
