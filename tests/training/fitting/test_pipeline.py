"""Teaching: it learns, it is repeatable, it survives a kill, it stops early, it fine-tunes."""

import itertools
import re
from itertools import pairwise

import numpy as np
import pytest
import torch

from training.data.minibatches import Batches, Examples
from training.fitting.checkpoints import BadCheckpoint
from training.fitting.finetune import fine_tune, is_learned
from training.fitting.loss_and_optimizer import Backward, RecordedBackward, learning_rate_at, loss_positions
from training.fitting.pipeline import clear_checkpoint, fit, precision_in_words
from training.fitting.presets import preset
from training.fitting.settings import BadSettings
from training.fitting.trainer import Trainer
from training.model.network import Network
from training.model.predict import log_odds, log_probabilities
from training.model.settings import CELLS, NetworkSettings
from training.model.weights import copy_of, initialise, split_directions
from training.runtime.device import resolve_device

pytestmark = pytest.mark.training

VOWELS = "aeiou"


@pytest.fixture(scope="module")
def some() -> Examples:
    """500 names of four or five letters; those that end in a vowel are women's."""
    random = np.random.default_rng(1)
    letters = list("abdeilmnorstu")
    names = sorted({"".join(random.choice(letters, random.integers(4, 6))) for _ in range(500)})
    return Examples(names, np.array([float(name[-1] in VOWELS) for name in names]), np.ones(len(names)))


def fitted(generator):
    while True:
        try:
            next(generator)
        except StopIteration as stop:
            return stop.value


def weights(network):
    return torch.cat([tensor.flatten() for tensor in network.state_dict().values()])


def quick(**changes):
    return preset("tiny", **{"epochs": 6, "batch_size": 16, "learning_rate": 2e-2, **changes})


def test_it_learns_and_tells_how_well(some):
    result = fitted(fit(quick(), some, some, "cpu"))
    assert result.history[-1].validation_accuracy > 0.95
    assert result.history[-1].validation_loss < result.history[0].validation_loss
    assert not result.network.training


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_can_be_taught(cell, some):
    result = fitted(fit(quick(cell=cell, epochs=2), some, some, "cpu"))
    assert torch.isfinite(weights(result.network)).all()


def test_equal_settings_give_equal_weights(some):
    first, again = (fitted(fit(quick(epochs=1, dropout=0.2), some, some, "cpu")).network for _ in "ab")
    assert torch.equal(weights(first), weights(again))


def test_another_seed_gives_other_weights(some):
    first, other = (fitted(fit(quick(epochs=1, seed=seed), some, some, "cpu")).network for seed in (1, 2))
    assert not torch.equal(weights(first), weights(other))


def test_a_killed_run_goes_on_to_the_same_weights(some, tmp_path):
    settings = quick(epochs=3, dropout=0.2, ema_decay=0.9)
    whole = fitted(fit(settings, some, some, "cpu")).network
    events = fit(settings, some, some, "cpu", tmp_path / "run")
    list(itertools.takewhile(lambda event: event.epoch < 3 or event.phase != "training", events))
    events.close()
    again = fitted(fit(settings, some, some, "cpu", tmp_path / "run")).network
    assert torch.equal(weights(whole), weights(again))


def test_two_directions_learn_apart_each_from_its_end(some):
    result = fitted(fit(quick(bidirectional=True), some, some, "cpu"))
    forwards, backwards = split_directions(result.network)
    assert torch.equal(weights(forwards), weights(fitted(fit(quick(), some, some, "cpu")).network))
    from_end = log_odds(backwards, [name[::-1] for name in some.names], torch.device("cpu"))
    assert np.mean((from_end > 0) == (some.share > 0.5)) > 0.95
    assert [event.epoch for event in result.history] == [1, 2, 3, 4, 5, 6]


def test_a_run_killed_on_its_way_from_the_end_goes_on_to_the_same_weights(some, tmp_path):
    settings = quick(epochs=3, bidirectional=True)
    whole = fitted(fit(settings, some, some, "cpu")).network
    events = fit(settings, some, some, "cpu", tmp_path / "run")
    list(itertools.takewhile(lambda event: event.epoch < 2 or "end" not in event.phase, events))
    events.close()
    events = fit(settings, some, some, "cpu", tmp_path / "run")
    places = [next(event.resumed for event in events if event.resumed) for _ in range(2)]
    assert places[1].startswith("training from the end, 1 of 3 rounds done")
    assert torch.equal(weights(whole), weights(fitted(events).network))


def at_work(some, path):
    """A training on the CPU, one name a step, that keeps its state at every event."""
    settings, cpu = quick(epochs=2, batch_size=1, dropout=0.2, ema_decay=0.9), torch.device("cpu")
    few = Batches(some.take(np.arange(120)), cpu)
    trainer = Trainer(settings, few, few, cpu)
    return trainer, trainer.run(path, save_every=0)


def test_a_run_killed_within_a_round_goes_on_at_the_very_step(some, tmp_path):
    whole, events = at_work(some, None)
    list(events)
    _, events = at_work(some, tmp_path / "run")
    next(event for event in events if event.epoch == 2 and event.names_seen == 200)
    again, events = at_work(some, tmp_path / "run")
    assert next(events).resumed == "training, round 2 of 2, 80 of 120 names read"
    assert [event.names_seen for event in events] == [120, 240]
    assert torch.equal(weights(whole.result()), weights(again.result()))
    assert again.history[-1].train_loss == whole.history[-1].train_loss


def test_a_run_that_was_done_before_the_kill_is_not_done_again(some, tmp_path):
    settings = quick(epochs=3, self_training_repeats=1)
    first = fitted(fit(settings, some, some, "cpu", tmp_path / "run"))
    events = fit(settings, some, some, "cpu", tmp_path / "run")
    places = [event.resumed for event in events if event.resumed]
    assert places == ["training, 3 of 3 rounds done", "self-training, 1 of 1 rounds done"]
    again = fitted(fit(settings, some, some, "cpu", tmp_path / "run"))
    assert torch.equal(weights(first.network), weights(again.network)) and first.history == again.history


def test_a_checkpoint_is_removed_with_all_beside_it(tmp_path):
    numbered = ("teacher0", "self_training0", "self_training1", "pseudo_labels1")
    for ending in ("pt", "reverse", "teachers.npz", *numbered):
        (tmp_path / f"run.{ending}").touch()
    (tmp_path / "run.safetensors").touch()
    clear_checkpoint(tmp_path / "run.pt")
    assert [path.name for path in tmp_path.iterdir()] == ["run.safetensors"]


@pytest.mark.parametrize("bytes", [b"", b"PK\x03\x04", b"\x80\x02junk", b"not a checkpoint"])
def test_a_damaged_checkpoint_is_refused(some, tmp_path, bytes):
    (tmp_path / "run").write_bytes(bytes)
    with pytest.raises(BadCheckpoint, match="damaged"):
        fitted(fit(quick(), some, some, "cpu", tmp_path / "run"))


def test_a_checkpoint_of_other_settings_is_refused(some, tmp_path):
    events = fit(quick(), some, some, "cpu", tmp_path / "run")
    next(event for event in events if event.epoch == 2)
    events.close()
    with pytest.raises(BadCheckpoint, match="other settings"):
        fitted(fit(quick(seed=3), some, some, "cpu", tmp_path / "run"))


def test_it_stops_early_and_keeps_the_best_round(some):
    noise = Examples(some.names, np.random.default_rng(0).random(len(some)), some.weight)
    result = fitted(fit(quick(epochs=40, patience=2), some, noise, "cpu"))
    assert len(result.history) < 40
    assert result.best_epoch == len(result.history) - 2


def test_self_training_goes_on_from_what_was_learned(some, tmp_path):
    settings = quick(epochs=4, self_training_repeats=2, teacher="linear", noise_ratio=0.1)
    result = fitted(fit(settings, some, some, "cpu", tmp_path / "run"))
    assert [event.epoch for event in result.history] == [1, 2, 3, 4, 5]
    assert result.history[4].phase == "self-training"
    assert result.history[4].validation_loss < result.history[0].validation_loss


def test_a_dry_pass_comes_first(some):
    assert next(fit(quick(), some, some, "cpu")).phase == "dry run"


def test_bad_settings_are_refused_before_any_work(some):
    with pytest.raises(BadSettings):
        next(fit(quick().__class__(epochs=0), some, some, "cpu"))


def test_nothing_to_learn_from_is_refused(some):
    with pytest.raises(ValueError, match="at least one name"):
        next(fit(quick(), some.take(np.arange(0)), some, "cpu"))


def test_an_unknown_device_is_refused():
    with pytest.raises(ValueError, match="auto, cpu or cuda"):
        resolve_device("abacus")


def test_the_rate_rises_and_falls():
    highest, warmup = 2e-2, 15
    rates = [learning_rate_at(quick(), percent / 100) for percent in range(101)]
    assert rates[0] == pytest.approx(highest / 1000 / 0.15) and rates[-1] == pytest.approx(highest / 1000)
    assert rates[warmup] == max(rates) == highest
    assert all(before < after for before, after in pairwise(rates[1 : warmup + 1]))
    assert all(before > after for before, after in pairwise(rates[warmup:-3]))


def test_a_new_network_keeps_its_state_by_default():
    network = Network(quick().network())
    initialise(network)
    keep = network.recurrent.bias_ih_l0[8:16]
    assert torch.equal(keep, torch.ones(8))


@pytest.fixture(scope="module")
def champion(some) -> Network:
    """A network that knows them; no fine-tuning may change it."""
    return fitted(fit(quick(width=48), some, some, "cpu")).network


def test_fine_tuning_learns_corrections_and_leaves_the_rest(some, champion):
    before = weights(champion).clone()
    taught, rest = some.take(np.arange(3)), some.take(np.arange(3, len(some)))
    turned = Examples(taught.names, 1 - taught.share, np.full(3, 20.0))
    result = fitted(fine_tune(champion, turned, rest, device="cpu", rate=5e-3))
    cpu = torch.device("cpu")
    assert is_learned(result.network, turned, cpu).all()
    assert is_learned(result.network, rest, cpu).mean() > 0.8
    assert torch.equal(weights(champion), before)


def test_the_time_left_of_a_fine_tune_is_that_of_the_rounds_that_come(some, champion):
    taught, rest = some.take(np.arange(3)), some.take(np.arange(3, len(some)))
    turned = Examples(taught.names, 1 - taught.share, np.full(3, 20.0))
    events = list(fine_tune(champion, turned, rest, device="cpu", rate=5e-3))
    settling = next(at for at, event in enumerate(events) if event.message)  # where the schedule jumps
    for number, event in enumerate(events[settling:]):
        left = len(events) - settling - number - 1
        assert event.seconds_left == pytest.approx(event.seconds / event.epoch * left)


def test_fine_tuning_moves_what_the_records_outweigh_towards_what_both_say(some, champion):
    women = [row for row in range(len(some)) if some.share[row] == 1][:6]
    taught = Examples([some.names[row] for row in women], np.full(6, 0.71), np.full(6, 20.0))
    rest = some.take(np.array([row for row in range(len(some)) if row not in women]))
    result = fitted(fine_tune(champion, taught, rest, device="cpu", rate=5e-3))
    before, after = (
        np.exp(log_probabilities(network, taught.names, torch.device("cpu"))[:, 0])
        for network in (champion, result.network)
    )
    assert (before > 0.85).all() and (after > 0.5).all() and (after < 0.8).all(), (before, after)


def test_a_name_taught_as_both_ends_where_it_is_told_as_both(some, champion):
    women = [row for row in range(len(some)) if some.share[row] == 1][:3]
    taught = Examples([some.names[row] for row in women], np.full(3, 0.64), np.full(3, 20.0))
    rest = some.take(np.array([row for row in range(len(some)) if row not in women]))
    result = fitted(fine_tune(champion, taught, rest, device="cpu", rate=5e-3))
    after = np.exp(log_probabilities(result.network, taught.names, torch.device("cpu"))[:, 0])
    assert (after < 0.65).all() and (after > 0.5).all(), after


def test_a_network_with_a_layer_between_state_and_answer_learns(some):
    result = fitted(fit(quick(readout=8), some, some, "cpu"))
    assert result.history[-1].validation_loss < result.history[0].validation_loss


def test_a_start_of_another_shape_is_refused_before_any_work(some):
    with pytest.raises(BadSettings, match="gru 9.*gru 8"):
        next(fit(quick(teacher="ensemble"), some, some, "cpu", start=Network(NetworkSettings("gru", 9))))


def test_a_start_may_have_learned_with_another_dropout(some):
    start = Network(NetworkSettings("gru", 8, dropout=0.4))
    assert fitted(fit(quick(epochs=1), some, some, "cpu", start=start)).network.settings.dropout == 0


def test_the_log_says_in_which_type_the_recurrent_layer_really_computes(some):
    [line] = [event.message for event in fit(quick(epochs=1), some, some, "cpu") if event.message]
    assert re.fullmatch(
        r"Learns on CPU, \d+ cores?: recurrent layer in b?float(16|32), .* in float32\.", line
    )


def test_half_precision_is_warned_of():
    cpu = torch.device("cpu")
    assert "small gradients vanish" in precision_in_words(cpu, torch.float16)
    assert "vanish" not in precision_in_words(cpu, torch.bfloat16)


def test_without_a_decay_no_weights_are_copied(some):
    batches = Batches(some, torch.device("cpu"))
    plain, averaging = (
        Trainer(quick(ema_decay=decay), batches, batches, torch.device("cpu")) for decay in (0.0, 0.9)
    )
    assert plain.ema_model is plain.network and averaging.ema_model is not averaging.network


def test_equal_fine_tunes_give_equal_weights(some):
    champion = Network(NetworkSettings("gru", 8, dropout=0.5))
    taught, rest = some.take(np.arange(3)), some.take(np.arange(3, 60))
    torch.manual_seed(1)
    first = fitted(fine_tune(champion, taught, rest, device="cpu", epochs=1)).network
    torch.manual_seed(2)
    again = fitted(fine_tune(champion, taught, rest, device="cpu", epochs=1)).network
    assert torch.equal(weights(first), weights(again))


def test_a_recorded_step_is_a_step_that_reads_where_it_read_before(some):
    # A GPU replays what it recorded; here the step itself is run again, over the same tensors.
    settings = quick(bidirectional=True, batch_size=16)
    torch.manual_seed(0)
    plain = Network(settings.network()).train()
    recorded = copy_of(plain)
    again = RecordedBackward(Backward(recorded, settings, 1.0), lambda work: work)
    ways = Backward(plain, settings, 1.0), again
    for step, batch in enumerate(Batches(some, torch.device("cpu")).shuffled(16, seed=0)):
        losses = [way(batch, loss_positions(batch.letters.shape[1], step)) for way in ways]
        assert losses[0] == losses[1]
        for one, other in zip(plain.parameters(), recorded.parameters(), strict=True):
            assert torch.equal(one.grad, other.grad)
    assert sorted(again.recordings) == [4, 5]
