"""Self-training: the student learns, on synthetic names, what it and its linear teacher know together."""

import itertools

import numpy as np
import pytest
import torch

from tests.support.generators import last_of
from training.data.minibatches import Examples
from training.data.synthetic_names import make_synthetic_names
from training.fitting.loss_and_optimizer import learning_rate_at
from training.fitting.pipeline import fit
from training.fitting.presets import preset
from training.fitting.settings import FitSettings
from training.fitting.teachers.distillation import SyntheticPool, TeacherLogits
from training.fitting.teachers.self_training import STUDENT_WEIGHT, SelfTraining, generation_settings
from training.model.network import Network
from training.model.predict import log_odds
from training.model.settings import NetworkSettings
from training.model.weights import initialise, join_directions

pytestmark = pytest.mark.training

CPU = torch.device("cpu")
SYNTHETIC = ["ada", "bodo", "lina", "tomo"]
LINEAR = np.array([3.0, -3.0, 2.0, -1.0])


def quick(**changes: object) -> FitSettings:
    given = {
        "teacher": "linear",
        "synthetic_ratio": 0.1,
        "self_training_repeats": 1,
        "epochs": 2,
        "teacher_epochs": 1,
    }
    return preset("tiny", **{**given, **changes})


def network(seed: int) -> Network:
    torch.manual_seed(seed)
    made = Network(NetworkSettings("gru", 8))
    initialise(made)
    return made.eval()


def self_training(by_last_letter: Examples, **changes: object) -> SelfTraining:
    teachers = TeacherLogits(np.zeros(len(by_last_letter)), [SyntheticPool(SYNTHETIC, LINEAR)], "")
    return SelfTraining(quick(**changes), by_last_letter, by_last_letter, teachers, CPU, None)


def test_the_student_is_one_more_teacher_of_synthetic_names(by_last_letter):
    student = network(0)
    _, lessons = last_of(self_training(by_last_letter)._examples(0, student))
    logits = (LINEAR + STUDENT_WEIGHT * log_odds(student, SYNTHETIC, CPU)) / (1 + STUDENT_WEIGHT)
    assert lessons.names[len(by_last_letter) :] == SYNTHETIC
    assert lessons.share[len(by_last_letter) :] == pytest.approx(1 / (1 + np.exp(-logits)), abs=1e-6)


def test_a_student_that_reads_from_both_ends_counts_twice(by_last_letter):
    student = join_directions(network(0), network(1))
    _, logits = last_of(self_training(by_last_letter)._pseudo_labels(0, student))
    own = log_odds(student, SYNTHETIC, CPU)
    assert logits == pytest.approx((LINEAR + 2 * STUDENT_WEIGHT * own) / (1 + 2 * STUDENT_WEIGHT), abs=1e-6)


def test_noise_is_for_self_training_alone_if_there_is_one(by_last_letter):
    events, _ = last_of(fit(quick(noise_ratio=0.02), by_last_letter, by_last_letter, "cpu"))
    seen = {event.phase: event.names_seen for event in events if event.validation_loss}
    assert seen["training"] == 2 * len(by_last_letter)
    named = len(by_last_letter) + len(make_synthetic_names(by_last_letter, 60, seed=0))
    assert seen["self-training"] == named + round(0.02 * named)


def test_real_names_come_as_often_as_asked_and_synthetic_ones_once(by_last_letter):
    where = self_training(by_last_letter, self_training_repeats=3)
    assert last_of(where._examples(0, network(0)))[1].names == 3 * by_last_letter.names + SYNTHETIC


def test_a_generation_is_an_epoch_and_its_rate_is_lower(by_last_letter):
    settings = quick(teacher="ensemble", self_training_generations=2, bidirectional=True)
    events, fitted = last_of(fit(settings, by_last_letter, by_last_letter, "cpu"))
    phases = [event.phase for event in events if event.validation_loss]
    halves, directions = ["teacher"] * 2, ["training"] * 2 + ["training from the end"] * 2
    assert phases == ["dry run", *halves, *directions, "self-training", "self-training"]
    assert [event.epoch for event in fitted.history] == [1, 2, 3, 4]
    first, second = (max(rates_of(generation_settings(settings, number))) for number in range(2))
    assert first == settings.self_training_learning_rate and second == pytest.approx(first * 2 / 3)


def test_the_result_is_the_mean_of_the_generations(by_last_letter, tmp_path):
    settings, checkpoint = quick(self_training_generations=2, self_training_repeats=2), tmp_path / "run.pt"
    _, fitted = last_of(fit(settings, by_last_letter, by_last_letter, "cpu", checkpoint))
    first, second = (torch.load(tmp_path / f"run.self_training{number}")["network"] for number in range(2))
    for name, average in fitted.network.state_dict().items():
        assert torch.allclose(average, (first[name] + second[name]) / 2)
        assert not torch.equal(average, second[name])


def test_the_last_generation_oversamples_unisex_names(by_last_letter):
    share = np.where(np.arange(len(by_last_letter)) < 3, 0.5, by_last_letter.share)
    unisex = Examples(by_last_letter.names, share, by_last_letter.weight)
    where = self_training(unisex, self_training_generations=2, oversample_unisex=3)
    where.teachers.pools.append(where.teachers.pools[0])
    first, last = (last_of(where._examples(number, network(0)))[1].names for number in range(2))
    assert [first.count(name) for name in unisex.names[:4]] == [1, 1, 1, 1]
    assert [last.count(name) for name in unisex.names[:4]] == [3, 3, 3, 1]


def rates_of(settings: FitSettings) -> list[float]:
    return [learning_rate_at(settings, step / 100) for step in range(101)]


def weights(made: Network) -> torch.Tensor:
    return torch.cat([tensor.flatten() for tensor in made.state_dict().values()])


@pytest.mark.parametrize("after", range(0, 8, 2))
def test_a_run_killed_among_the_generations_goes_on_to_the_same_weights(by_last_letter, tmp_path, after):
    settings = quick(teacher="ensemble", self_training_generations=2, bidirectional=True)
    _, whole = last_of(fit(settings, by_last_letter, by_last_letter, "cpu"))
    events = fit(settings, by_last_letter, by_last_letter, "cpu", tmp_path / "run.pt")
    self_trained = itertools.dropwhile(lambda event: event.phase != "self-training", events)
    list(itertools.islice(self_trained, after))
    events.close()
    _, again = last_of(fit(settings, by_last_letter, by_last_letter, "cpu", tmp_path / "run.pt"))
    assert torch.equal(weights(whole.network), weights(again.network))
    assert [event.epoch for event in again.history] == [1, 2, 3, 4]


def test_pseudo_labels_are_saved_for_whoever_goes_on(by_last_letter, tmp_path):
    checkpoint = tmp_path / "run.pt"
    last_of(fit(quick(teacher="ensemble"), by_last_letter, by_last_letter, "cpu", checkpoint))
    events, _ = last_of(fit(quick(teacher="ensemble"), by_last_letter, by_last_letter, "cpu", checkpoint))
    assert (tmp_path / "run.pseudo_labels0").exists()
    assert "synthetic names" not in {event.phase for event in events}
