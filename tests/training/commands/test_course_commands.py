"""The networks of the pages that teach: made by one command, and taught live by another."""

import json
from pathlib import Path

import pytest
import torch

from training.__main__ import main
from training.commands.experiments import course, live
from training.model import saving
from training.model.network import Network
from training.model.settings import CELLS, NetworkSettings
from training.runtime.strict_json import Part


def test_short_weights_have_two_decimals() -> None:
    torch.manual_seed(2)
    network = course.with_short_weights(Network(NetworkSettings("gru", 4)))
    weights = torch.cat([part.detach().flatten() for part in network.parameters()])
    assert torch.allclose(weights * 100, (weights * 100).round(), atol=1e-5) and weights.any()


@pytest.mark.training
def test_the_small_networks_are_written_with_what_they_score(
    tmp_path: Path, names: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "course"
    assert main(["course", str(names), "--out", str(made), "--epochs", "1", "--device", "cpu"]) == 0
    assert sorted(path.stem for path in made.iterdir()) == sorted(CELLS)
    card = saving.load((made / "elman.safetensors").read_bytes()).card
    assert set(card) == {"command", "names", "tested", "accuracy", "loss"}
    assert "elman" in capsys.readouterr().out


def lesson(**settings: float) -> dict[str, object]:
    rows = [{"name": name, "share": share} for name, share in (("anna", 1.0), ("john", 0.0), ("kim", 0.6))]
    given = {"width": 4, "dropout": 0.2, "weight_decay": 0.1, "learning_rate": 0.01} | settings
    return {"settings": given, "train": rows, "validation": rows}


@pytest.mark.training
def test_a_live_training_tells_every_round_of_every_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / live.FILE).write_text(json.dumps(lesson()))
    live.teach_cells(tmp_path)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["phase"] for row in told] == [cell for cell in CELLS for _ in range(live.ROUNDS)]
    assert set(told[0]) == {"phase", *live.TOLD}


def test_nothing_but_what_was_asked_for_holds_it_back() -> None:
    asked = Part.whole(lesson()["settings"], live.BadLesson)
    settings = live.settings_of(asked, "lstm")
    assert (settings.cell, settings.dropout, settings.weight_decay, settings.prefix_loss_weight) == (
        "lstm",
        0.2,
        0.1,
        0,
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"width": 65}, "at most 64"), ({"width": 2.5}, "width"), ({"dropout": 1.0}, "dropout")],
)
def test_what_is_too_much_is_refused(changed: dict[str, float], said: str) -> None:
    asked = Part.whole(lesson(**changed)["settings"], live.BadLesson)
    with pytest.raises(ValueError, match=said):
        live.settings_of(asked, "gru")
