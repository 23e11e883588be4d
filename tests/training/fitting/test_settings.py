"""Settings of a training run: checked together, before any work."""

from dataclasses import asdict, fields

import pytest

from training.fitting.presets import OLD_NAMES, PRESETS, current_names, preset
from training.fitting.settings import GROUPS, BadSettings, FitSettings, describe_settings


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
        {"batch_size": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"label_smoothing": 0.6},
        {"ema_decay": 1.0},
        {"seed": -1},
        {"teacher": "parrot"},
        {"teacher": "none", "synthetic_ratio": 1.0, "self_training_repeats": 1},
        {"teacher": "linear", "synthetic_ratio": 1.0, "self_training_repeats": 0},
        {"self_training_generations": 0},
        {"cell": "elman", "readout": 4},
        {"cell": "elman", "bidirectional": True},
    ],
)
def test_a_setting_out_of_range_is_refused_with_a_sentence(change):
    with pytest.raises(BadSettings, match=r"\.$"):
        FitSettings(**change).validated()


def test_the_courses_neuron_answers_by_itself_in_every_preset():
    assert {preset(name, cell="elman").network().readout for name in PRESETS} == {0}


def test_every_setting_has_a_group_and_one_sentence():
    described = describe_settings()
    assert [about.name for about in described] == [entry.name for entry in fields(FitSettings)][1:]
    assert all(about.group in GROUPS for about in described)
    assert all(about.sentence.endswith(".") and about.sentence.count(". ") == 0 for about in described)


def test_settings_of_release_1_0_0_are_read_by_their_old_names():
    old = {name: getattr(FitSettings(), new) for name, new in OLD_NAMES.items()}
    assert set(current_names(old)) <= set(asdict(FitSettings()))
    assert preset("full", by_heart=9, refining=1) == preset(
        "full", oversample_frequent=9, self_training_repeats=1
    )


def test_no_old_name_is_a_name_of_today():
    assert not set(OLD_NAMES) & set(asdict(FitSettings()))


@pytest.mark.parametrize("asked", [{"readout": 4}, {"bidirectional": True}])
@pytest.mark.parametrize("name", sorted(PRESETS))
def test_what_the_courses_neuron_cannot_have_is_refused_to_whoever_asks_for_it(name, asked):
    with pytest.raises(BadSettings, match="course's neuron"):
        preset(name, cell="elman", **asked)


def test_what_a_preset_brings_and_the_courses_neuron_cannot_have_is_left_out():
    settings = preset("full", cell="elman")
    assert (settings.readout, settings.bidirectional) == (0, False)
