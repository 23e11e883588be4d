"""Refining: the student learns, on invented names, what it and its teachers know together."""

import itertools

import numpy as np
import pytest
import torch

from tests.support.generators import last_of
from training.data.minibatches import Examples
from training.data.synthetic_names import invent
from training.fitting.distillation import Opinions, Pool
from training.fitting.loss_and_optimizer import rate_at
from training.fitting.pipeline import fit
from training.fitting.self_training import VOICE, Refining, settings_of
from training.fitting.settings import FitSettings, preset
from training.fitting.trainer import log_odds
from training.model.network import Network, NetworkSettings, bidirectional, initialise

CPU = torch.device("cpu")
INVENTED = ["ada", "bodo", "lina", "tomo"]
LINEAR = np.array([3.0, -3.0, 2.0, -1.0])


def quick(**changes: object) -> FitSettings:
    given = {
        "teacher": "linear",
        "invented": 0.1,
        "refining": 1,
        "epochs": 2,
        "teacher_epochs": 1,
    }
    return preset("tiny", **{**given, **changes})


def network(seed: int) -> Network:
    torch.manual_seed(seed)
    made = Network(NetworkSettings("gru", 8))
    initialise(made)
    return made.eval()


def refining(by_last_letter: Examples, **changes: object) -> Refining:
    opinions = Opinions(np.zeros(len(by_last_letter)), [Pool(INVENTED, LINEAR)], "")
    return Refining(quick(**changes), by_last_letter, by_last_letter, opinions, CPU, None)


def test_the_student_is_one_more_teacher_of_invented_names(by_last_letter):
    student = network(0)
    _, lessons = last_of(refining(by_last_letter)._lessons(0, student))
    logits = (LINEAR + VOICE * log_odds(student, INVENTED, CPU)) / (1 + VOICE)
    assert lessons.names[len(by_last_letter) :] == INVENTED
    assert lessons.share[len(by_last_letter) :] == pytest.approx(1 / (1 + np.exp(-logits)), abs=1e-6)


def test_a_student_that_reads_from_both_ends_has_two_voices(by_last_letter):
    student = bidirectional(network(0), network(1))
    _, logits = last_of(refining(by_last_letter)._labels(0, student))
    own = log_odds(student, INVENTED, CPU)
    assert logits == pytest.approx((LINEAR + 2 * VOICE * own) / (1 + 2 * VOICE), abs=1e-6)


def test_gibberish_is_for_the_refining_alone_if_there_is_one(by_last_letter):
    events, _ = last_of(fit(quick(gibberish=0.02), by_last_letter, by_last_letter, "cpu"))
    seen = {event.phase: event.names_seen for event in events if event.validation_loss}
    assert seen["training"] == 2 * len(by_last_letter)
    named = len(by_last_letter) + len(invent(by_last_letter, 60, seed=0))
    assert seen["refining"] == named + round(0.02 * named)


def test_real_names_come_as_often_as_told_and_invented_ones_once(by_last_letter):
    where = refining(by_last_letter, refining=3)
    assert last_of(where._lessons(0, network(0)))[1].names == 3 * by_last_letter.names + INVENTED


def test_a_generation_is_a_round_and_its_rate_is_lower(by_last_letter):
    settings = quick(teacher="ensemble", generations=2, bidirectional=True)
    events, fitted = last_of(fit(settings, by_last_letter, by_last_letter, "cpu"))
    told = [event.phase for event in events if event.validation_loss]
    halves, directions = ["teacher"] * 2, ["training"] * 2 + ["training from the end"] * 2
    assert told == ["dry run", *halves, *directions, "refining", "refining"]
    assert [event.epoch for event in fitted.history] == [1, 2, 3, 4]
    first, second = (max(rates_of(settings_of(settings, number))) for number in range(2))
    assert first == settings.refining_rate and second == pytest.approx(first * 2 / 3)


def test_what_is_kept_is_the_mean_of_the_generations(by_last_letter, tmp_path):
    settings, checkpoint = quick(generations=2, refining=2), tmp_path / "run.pt"
    _, fitted = last_of(fit(settings, by_last_letter, by_last_letter, "cpu", checkpoint))
    first, second = (torch.load(tmp_path / f"run.refining{number}")["network"] for number in range(2))
    for name, kept in fitted.network.state_dict().items():
        assert torch.allclose(kept, (first[name] + second[name]) / 2)
        assert not torch.equal(kept, second[name])


def test_the_last_generation_rehearses_names_that_both_share(by_last_letter):
    share = np.where(np.arange(len(by_last_letter)) < 3, 0.5, by_last_letter.share)
    shared = Examples(by_last_letter.names, share, by_last_letter.weight)
    where = refining(shared, generations=2, rehearsed=3)
    where.opinions.pools.append(where.opinions.pools[0])
    first, last = (last_of(where._lessons(number, network(0)))[1].names for number in range(2))
    assert [first.count(name) for name in shared.names[:4]] == [1, 1, 1, 1]
    assert [last.count(name) for name in shared.names[:4]] == [3, 3, 3, 1]


def rates_of(settings: FitSettings) -> list[float]:
    return [rate_at(settings, step / 100) for step in range(101)]


def weights(made: Network) -> torch.Tensor:
    return torch.cat([tensor.flatten() for tensor in made.state_dict().values()])


@pytest.mark.parametrize("after", range(0, 8, 2))
def test_a_run_killed_among_the_generations_goes_on_to_the_same_weights(by_last_letter, tmp_path, after):
    settings = quick(teacher="ensemble", generations=2, bidirectional=True)
    _, whole = last_of(fit(settings, by_last_letter, by_last_letter, "cpu"))
    events = fit(settings, by_last_letter, by_last_letter, "cpu", tmp_path / "run.pt")
    refined = itertools.dropwhile(lambda event: event.phase != "refining", events)
    list(itertools.islice(refined, after))
    events.close()
    _, again = last_of(fit(settings, by_last_letter, by_last_letter, "cpu", tmp_path / "run.pt"))
    assert torch.equal(weights(whole.network), weights(again.network))
    assert [event.epoch for event in again.history] == [1, 2, 3, 4]


def test_labels_are_kept_for_whoever_goes_on(by_last_letter, tmp_path):
    checkpoint = tmp_path / "run.pt"
    last_of(fit(quick(teacher="ensemble"), by_last_letter, by_last_letter, "cpu", checkpoint))
    events, _ = last_of(fit(quick(teacher="ensemble"), by_last_letter, by_last_letter, "cpu", checkpoint))
    assert (tmp_path / "run.labels0").exists()
    assert "invented names" not in {event.phase for event in events}
