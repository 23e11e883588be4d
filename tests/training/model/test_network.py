"""Networks that read from both ends: each beginning of a name is a name, and two readings make one answer."""

import pytest
import torch

from training.data.minibatches import Batch
from training.fitting.loss_and_optimizer import loss_positions, training_loss
from training.fitting.presets import preset
from training.model.artifact import BadArtifact
from training.model.network import Network, mean_logits
from training.model.saving import dump, load
from training.model.settings import CELLS, NetworkSettings
from training.model.weights import copy_of, initialise, join_directions
from training.names import encode

FROM_BOTH_ENDS = [cell for cell in CELLS if cell != "elman"]


def network(cell: str, seed: int = 0, **more: object) -> Network:
    torch.manual_seed(seed)
    made = Network(NetworkSettings(cell, 8, readout=4, **more))
    initialise(made)
    return made.eval()


def letters_of(*names: str) -> torch.Tensor:
    return torch.tensor([encode(name) for name in names])


def odds(read: Network, name: str) -> float:
    female, male = read.log_probs(letters_of(name))[0].tolist()
    return female - male


@pytest.mark.parametrize("cell", FROM_BOTH_ENDS)
@torch.inference_mode()
def test_the_answer_is_the_mean_of_what_both_directions_say(cell: str) -> None:
    forwards, backwards = network(cell, 0), network(cell, 1)
    said = (odds(forwards, "maria") + odds(backwards, "airam")) / 2
    assert odds(join_directions(forwards, backwards), "maria") == pytest.approx(said, abs=1e-5)


@pytest.mark.parametrize("cell", FROM_BOTH_ENDS)
@torch.inference_mode()
def test_each_row_is_the_answer_had_the_name_ended_there(cell: str) -> None:
    both = network(cell, bidirectional=True)
    rows = both(letters_of("maria", "jonas"))  # (names, letters, labels)
    for end in range(1, 6):
        ended = both.log_probs(letters_of("maria"[:end], "jonas"[:end]))
        assert torch.allclose(rows[:, end - 1], ended, atol=1e-6)


@torch.inference_mode()
def test_the_readings_make_the_answer() -> None:
    both = network("gru", bidirectional=True)
    readings = both.prefix_log_probs(letters_of("maria"))
    assert [tuple(reading.shape) for reading in readings] == [(1, 5, 2)] * 2
    last = mean_logits([reading[:, -1] for reading in readings])
    assert torch.allclose(last, both.log_probs(letters_of("maria")))


@torch.inference_mode()
def test_half_the_loss_is_of_what_both_say_and_half_of_each() -> None:
    both = network("gru", bidirectional=True)
    batch = Batch(letters_of("maria"), torch.tensor([1.0]), torch.tensor([1.0]))
    own, from_end = (reading[0, -1, 0].item() for reading in both.prefix_log_probs(batch.letters))
    whole = both.log_probs(batch.letters)[0, 0].item()
    log_probs = both.prefix_log_probs(batch.letters, (1, 4))
    halves = -(whole + (own + from_end) / 2) / 2
    whole_alone = training_loss(log_probs, batch, preset("tiny", prefix_loss_weight=0.0))
    assert whole_alone.item() == pytest.approx(halves, abs=1e-6)
    earlier = -sum(reading[0, 1, 0].item() for reading in both.prefix_log_probs(batch.letters)) / 2
    loss = training_loss(log_probs, batch, preset("tiny", prefix_loss_weight=0.1))
    assert loss.item() == pytest.approx(halves + 0.1 * earlier, abs=1e-6)


@torch.inference_mode()
def test_it_can_be_asked_after_some_letters_alone() -> None:
    both = network("gru", bidirectional=True)
    for some, every in zip(
        both.prefix_log_probs(letters_of("maria"), (1, 4)),
        both.prefix_log_probs(letters_of("maria")),
        strict=True,
    ):
        assert torch.allclose(some, every[:, [1, 4]])


def test_in_turn_a_step_asks_after_every_letter_and_always_after_the_last() -> None:
    ask_teachers = [loss_positions(5, step) for step in range(100, 105)]
    assert {letter for letter, _ in ask_teachers} == set(range(5))
    assert {last for _, last in ask_teachers} == {4}


def test_both_directions_start_apart() -> None:
    both = network("gru", bidirectional=True)
    assert both.reverse is not None
    assert not torch.equal(both.recurrent.weight_hh_l0, both.reverse.recurrent.weight_hh_l0)
    assert both.reverse.recurrent.weight_ih_l0.std() > 0.8  # as large as those of the first


def test_the_courses_neuron_reads_one_way() -> None:
    with pytest.raises(ValueError, match="one direction"):
        NetworkSettings("elman", 8, bidirectional=True)


def test_a_file_holds_both_directions() -> None:
    both = network("gru", bidirectional=True)
    again = load(dump(both, {})).network
    assert again.settings.bidirectional
    assert torch.equal(again.log_probs(letters_of("maria")), both.log_probs(letters_of("maria")))


def test_a_file_without_its_second_direction_is_refused() -> None:
    lame = network("gru", bidirectional=True)
    lame.reverse = None
    with pytest.raises(BadArtifact, match="missing"):
        load(dump(lame, {}))


def test_dropout_leaves_out_what_the_courses_neuron_answers_from_and_not_what_it_remembers() -> None:
    torch.manual_seed(0)
    made = Network(NetworkSettings("elman", 8, dropout=0.5))
    letters = letters_of("maria")
    learning = [made.train().log_probs(letters) for _ in "ab"]
    assert not torch.equal(*learning)
    assert torch.equal(made.train().states(letters), made.eval().states(letters))
    assert torch.equal(made.eval().log_probs(letters), made.log_probs(letters))


@pytest.mark.parametrize("cell", CELLS)
def test_dropout_changes_what_is_learned(cell: str) -> None:
    def gradient(dropout: float) -> torch.Tensor:
        torch.manual_seed(0)
        made = Network(NetworkSettings(cell, 8, dropout)).train()
        made.log_probs(letters_of("maria", "jonas"))[:, 0].sum().backward()
        return torch.cat([weights.grad.flatten() for weights in made.parameters()])

    assert not torch.equal(gradient(0.0), gradient(0.5))
    assert torch.equal(gradient(0.5), gradient(0.5))


def test_a_copy_lies_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    flattened = []
    monkeypatch.setattr(torch.nn.RNNBase, "flatten_parameters", lambda cell: flattened.append(cell))
    copied = copy_of(network("gru", bidirectional=True))
    assert copied.reverse is not None
    assert {copied.recurrent, copied.reverse.recurrent} <= set(flattened)
