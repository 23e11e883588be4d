"""/learn: what is drawn is what the network does."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from flask import Flask
from flask.testing import FlaskClient

from tests.support.letters import letters_artifact
from tests.support.networks import tiny_artifact
from training.evaluation.card_types import Epoch
from training.model.inference import cpu_network
from training.model.network import Network
from training.model.saving import to_serve
from training.model.settings import NetworkSettings
from webapp.guessing.predictor import Champion
from webapp.learn import loss_curves, measurements, unrolled
from webapp.versions import service as versions


def champion(data: bytes | None = None) -> Champion:
    """Return a champion outside any site."""
    return Champion(1, 1, cpu_network.load(data or tiny_artifact()))


def test_every_letter_has_its_step() -> None:
    drawn = unrolled.unroll(champion(), "Giovanna")
    assert [step.letter for step in drawn.steps] == list("giovanna")
    assert drawn.trace == pytest.approx(champion().guess("Giovanna", traced=True).trace, abs=1e-6)


def test_each_direction_is_drawn_by_itself_and_both_answer() -> None:
    torch.manual_seed(5)
    both = Champion(1, 1, to_serve(Network(NetworkSettings("gru", 8, bidirectional=True))))
    (forwards, backwards), drawn = both.network.directions(), unrolled.unroll(both, "Giovanna")
    # Read alone or with others: the last digits are the arithmetic's.
    assert drawn.trace == pytest.approx(forwards.trace("giovanna"), abs=1e-6)
    assert drawn.from_end == pytest.approx(backwards.trace("annavoig"), abs=1e-6)
    assert drawn.p_female == both.guess("giovanna").p_female
    low, high = sorted((drawn.trace[-1], drawn.from_end[-1]))
    assert low < drawn.p_female < high


def test_a_network_that_reads_one_way_has_no_second_picture() -> None:
    assert unrolled.unroll(champion(), "Giovanna").from_end == ()


def test_the_single_one_stands_at_the_letter_s_place() -> None:
    assert [step.place for step in unrolled.unroll(champion(), "ab-z").steps] == [0, 1, 28, 25]


def test_without_memory_a_letter_says_the_same_everywhere() -> None:
    first, last = (unrolled.unroll(champion(), "anna").steps[at] for at in (0, 3))
    assert first.alone == last.alone == pytest.approx(champion().network.share("a"))
    assert first.p != last.p


def test_the_twin_is_the_letter_that_changes_most() -> None:
    drawn = unrolled.unroll(champion(), "banana")
    assert drawn.twin and drawn.twin[0].letter == drawn.twin[1].letter


def test_a_name_without_twins_has_none() -> None:
    assert unrolled.unroll(champion(), "kim").twin is None


def test_all_units_of_a_narrow_network_are_drawn() -> None:
    drawn = unrolled.unroll(champion(), "kim")
    assert (drawn.units, drawn.width) == (8, 8)
    assert all(0 <= tone <= unrolled.TONES for step in drawn.steps for tone in step.memory)


def test_a_network_that_only_hears_the_last_letter_is_drawn_so() -> None:
    drawn = unrolled.unroll(champion(letters_artifact()), "lara")
    assert [step.heard for step in drawn.steps] == [0, 0, 0, 1]


def test_the_gradient_is_that_of_a_small_change() -> None:
    gradients = champion().network.gradients("anna")
    assert len(gradients) == 4 and all(length > 0 for length in gradients)


def test_a_long_name_is_drawn_in_part() -> None:
    drawn = unrolled.unroll(champion(), "a" * 40)
    assert (len(drawn.steps), drawn.is_cut) == (unrolled.LONGEST, True)


def test_the_page_starts_with_a_name_of_its_own(client: FlaskClient) -> None:
    assert 'value="Giovanna"' in client.get("/learn").text


def test_the_worked_example_is_the_course_s(client: FlaskClient) -> None:
    page = client.get("/learn/mistakes").text
    rare = page[page.index("Rare things") :]
    assert re.findall(r"<b>([\d,]+)</b><small>(\w\w)", rare)[:4] == [
        ("10", "TP"),
        ("4", "FN"),
        ("5", "FP"),
        ("1,000", "TN"),
    ]
    assert "(10 + 1,000) / 1,019 = 99.1%" in page and "1,005, 98.6%" in page


def test_training_is_drawn_from_the_card(app: Flask, client: FlaskClient) -> None:
    history = [{"epoch": n, "train_loss": 0.5 / n, "validation_loss": 0.4 + n / 100} for n in (1, 2, 3)]
    with app.app_context():
        card = {"history": history, "training": {"epochs": 2, "refining": 4}}
        version = versions.add(tiny_artifact(seed=5, **card), origin="import", by="test")
        versions.promote(version.id, by="test")
    page = client.get("/learn/too-much").text
    assert "Loss by epoch: learned from 0.500 to 0.167, kept apart 0.410 to 0.430." in page
    assert "From round 3 on it is refined." in page


def test_one_epoch_is_no_curve() -> None:
    assert loss_curves.losses([Epoch(1, train_loss=0.5, validation_loss=0.4)]) is None


def test_over_fitting_is_drawn_as_it_was_measured(tmp_path: Path) -> None:
    rows = [{"epoch": n, "train_loss": 1 / n, "validation_loss": abs(n - 3) / 10 + 0.5} for n in range(1, 8)]
    told = {"names": 300, "command": "", "runs": [{"name": "nothing", "history": rows}]}
    (tmp_path / "curves.json").write_text(json.dumps(told))
    shown = loss_curves.over_fitting(tmp_path / "curves.json")
    assert shown and (shown.best.best_round, shown.best.best, shown.best.last) == (3, 0.5, 0.9)


def test_without_measured_curves_none_are_drawn(tmp_path: Path) -> None:
    assert loss_curves.over_fitting(tmp_path / "curves.json") is None


def test_a_remedy_is_drawn_on_the_same_axes_as_none(tmp_path: Path) -> None:
    runs = [
        {"name": name, "history": [{"epoch": n, "train_loss": low, "validation_loss": high} for n in (1, 2)]}
        for name, low, high in (("nothing", 0.1, 0.9), ("dropout", 0.3, 0.5))
    ]
    (tmp_path / "curves.json").write_text(json.dumps({"names": 300, "command": "", "runs": runs}))
    shown = loss_curves.over_fitting(tmp_path / "curves.json")
    assert shown
    ends = [(remedy.chart.y_ticks[0].value, remedy.chart.y_ticks[-1].value) for remedy in shown.remedies]
    assert ends == [(0.0, 1.0), (0.0, 1.0)]
    assert [remedy.name for remedy in shown.remedies] == ["nothing", "dropout"]


def compared(**untaught: list[float]) -> dict[str, Any]:
    """Return what `python -m training compare --write` writes, of these cells."""
    scores = {"accuracy": 0.8, "nll": 0.4, "ece": 0.03}
    cells = [
        {"cell": cell, "scores": scores, "seconds": 7.2, "untaught": norms, "taught": norms}
        for cell, norms in untaught.items()
    ]
    about = {"command": "", "machine": "CPU, 2 cores", "width": 8, "epochs": 3, "names": 90, "tested": 5}
    return {**about, "cells": cells}


def test_the_gradient_is_drawn_backwards_in_powers_of_ten(tmp_path: Path) -> None:
    path = tmp_path / "cells.json"
    path.write_text(json.dumps(compared(elman=[0.01, 0.1, 1.0], gru=[0.0, 0.1, 1.0])))
    cells = measurements.cells(path)
    assert cells and cells.letters == 3 and cells.rows[0].untaught == 0.01
    elman, gru = cells.chart.lines
    assert elman.points == ((0, 0), (1, -1), (2, -2)) and gru.end == (2, measurements.FAINTEST)


def test_an_error_that_explodes_is_drawn_as_far_as_the_chart_reaches() -> None:
    explodes, stays, vanishes = measurements.error_on_its_way_back().lines
    assert (len(explodes.points), len(stays.points), len(vanishes.points)) == (7, 11, 11)
    assert stays.end == (10, 1) and vanishes.end == (10, pytest.approx(0.028, abs=1e-3))


def test_the_folds_are_told_with_their_mean_and_deviation(tmp_path: Path) -> None:
    scored = [{"number": n, "names": 50, "scores": {"accuracy": n / 10}} for n in (7, 8, 9)]
    (tmp_path / "folds.json").write_text(json.dumps({"command": "", "folds": scored}))
    folds = measurements.folds(tmp_path / "folds.json")
    assert folds and folds.names == 150
    assert (folds.mean, folds.deviation) == (pytest.approx(0.8), pytest.approx(0.1))


def test_what_was_not_measured_is_not_told(tmp_path: Path) -> None:
    assert measurements.cells(tmp_path / "cells.json") is None
    assert measurements.folds(tmp_path / "folds.json") is None


@pytest.mark.parametrize(
    ("chapter", "told"),
    [
        ("gates", "Four cells, one budget"),
        ("too-much", "Early stopping"),
        ("too-much", "mean and standard deviation"),
    ],
)
def test_what_was_measured_is_on_its_page(client: FlaskClient, chapter: str, told: str) -> None:
    assert told in client.get(f"/learn/{chapter}").text


def test_the_neuron_is_unrolled_with_both_its_weights(client: FlaskClient) -> None:
    page = client.get("/learn/memory?name=anna").text
    assert page.count('class="arrow"') == 4 and page.count('class="arrow down"') == 3
    assert "weight 1</text>" in page and "weight 2</text>" in page
