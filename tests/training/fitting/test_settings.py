"""Settings of a training run: checked together, before any work."""

import pytest

from training.fitting.settings import PRESETS, BadSettings, FitSettings, preset


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_is_valid_and_knows_its_name(name):
    assert preset(name).preset == name


def test_a_preset_can_be_changed():
    assert preset("tiny", epochs=5).epochs == 5


def test_an_unknown_preset_is_refused():
    with pytest.raises(BadSettings, match="must be one of"):
        preset("huge")


def test_an_unknown_setting_is_refused():
    with pytest.raises(BadSettings, match="no setting 'depth'"):
        preset("tiny", depth=2)


@pytest.mark.parametrize(
    "change",
    [
        {"cell": "transformer"},
        {"width": 0},
        {"dropout": 1.0},
        {"epochs": 0},
        {"batch": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"smoothing": 0.6},
        {"ema": 1.0},
        {"seed": -1},
        {"teacher": "parrot"},
        {"teacher": "none", "invented": 1.0, "refining": 1},
        {"teacher": "linear", "invented": 1.0, "refining": 0},
        {"generations": 0},
    ],
)
def test_a_setting_out_of_range_is_refused_with_a_sentence(change):
    with pytest.raises(BadSettings, match=r"\.$"):
        FitSettings(**change).validated()


def test_the_courses_neuron_answers_by_itself_in_every_preset():
    assert {preset(name, cell="elman").network().readout for name in PRESETS} == {0}
