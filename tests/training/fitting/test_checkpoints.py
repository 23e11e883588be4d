"""Checkpoints that an older release wrote: a run that was killed before an update goes on after it."""

import shutil
from pathlib import Path

import torch

from tests.training.fitting.test_distillation import last_of
from training.data.minibatches import Examples
from training.fitting.pipeline import fit
from training.fitting.settings import preset

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
    assert not [event for event in events if event.phase == "linear teacher"]
    _, anew = last_of(fit(settings, by_last_letter, by_last_letter, "cpu"))
    for name, weights in fitted.network.state_dict().items():
        assert torch.allclose(weights, anew.network.state_dict()[name], atol=0.05)
