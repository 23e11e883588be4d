"""The small networks in the open: the sums on the page are those of PyTorch, to the written digits."""

import re
from decimal import Decimal

import pytest
import torch
from flask.testing import FlaskClient
from torch.nn import functional as F

from tests.support.visits import words
from training.model import saving
from training.model.network import Network
from training.model.settings import CELLS
from training.names import ALPHABET, encode
from webapp.learn.by_hand import backwards, forwards, gated, networks

NAMES = ["anna", "giovanna", "jo", "o'neil", "maximiliana jane"]


def taught(cell: str) -> Network:
    """Return a small network as PyTorch has it."""
    return saving.load((networks.FOLDER / f"{cell}.safetensors").read_bytes()).network


@pytest.mark.parametrize("name", NAMES)
def test_the_pencil_gets_what_the_network_says(name: str) -> None:
    network = taught("elman")
    said = network(torch.tensor([encode(name)]))[0, :, 0].exp().tolist()
    steps = forwards.read(networks.neuron(), name)
    # Rounded at every letter, a few thousandths may gather.
    assert [float(step.answer.p) for step in steps] == pytest.approx(said, abs=4e-3)


@pytest.mark.parametrize("name", NAMES)
def test_every_written_number_follows_from_those_before_it(name: str) -> None:
    before = (Decimal("0.000"),) * 8
    for step in forwards.read(networks.neuron(), name):
        assert step.before == before
        for number in (*step.hidden, *step.answers):
            products = sum(weight * value for weight, value in zip(number.weights, before, strict=True))
            assert abs(number.carried - products) <= Decimal("0.0005")
            assert number.total == number.letter + number.carried + number.bias
            assert number.total == number.total.quantize(Decimal("0.001"))
        before = step.after


def test_log_softmax_and_loss_are_the_field_s() -> None:
    answer = forwards.Answer((Decimal("1.5"), Decimal("-0.5")), Decimal("1.627"))
    logits = torch.tensor([1.5, -0.5])
    assert [float(p) for p in answer.log_probs] == pytest.approx(F.log_softmax(logits, 0).tolist(), abs=1e-3)
    assert float(answer.loss(Decimal(1))) == pytest.approx(
        F.cross_entropy(logits, torch.tensor(0)).item(), abs=1e-3
    )


@pytest.mark.parametrize("cell", CELLS)
def test_all_weights_have_two_decimals_and_the_card_says_how_they_came(cell: str) -> None:
    small = networks.small(cell)
    assert small.network.settings.width == 8 and small.made.accuracy > 0.7
    weights = torch.cat([part.detach().flatten().double() for part in taught(cell).parameters()])
    assert torch.allclose(weights * 100, (weights * 100).round(), atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", [1.0, 0.25])
def test_the_error_carried_back_is_autograd_s(name: str, share: float) -> None:
    network = taught("elman")
    letters = F.one_hot(torch.tensor([encode(name)]), len(ALPHABET)).float()
    hidden, states = torch.zeros(1, 8), []
    for letter in letters.unbind(dim=1):
        both = torch.cat((letter, hidden), dim=1)
        answer, hidden = network.recurrent.i2o(both), network.recurrent.i2h(both)
        hidden.retain_grad()
        states.append(hidden)
    log_probs = F.log_softmax(answer, dim=1)[0]
    loss = -(log_probs[0] * share + log_probs[1] * (1 - share))
    network.zero_grad()
    loss.backward()
    back = backwards.go_back(networks.neuron(), name, share)
    assert back.loss == pytest.approx(loss.item(), abs=1e-5)
    for error, state in zip(back.errors, states, strict=False):
        assert error.by_hidden == pytest.approx(state.grad[0].tolist(), abs=1e-5)
    length = torch.cat([part.grad.flatten() for part in network.parameters()]).norm().item()
    assert back.gradient.length == pytest.approx(length, abs=1e-4)


def test_clipping_keeps_the_direction_and_bounds_the_step() -> None:
    back = backwards.go_back(networks.neuron(), "giovanna", 1.0, times=2.0)
    free, held = back.step(0.1), back.step(0.1, clip=1.0)
    assert free.factor == 1.0 and held.length == pytest.approx(1.0)
    assert free.after > 1_000 * held.after and held.after < held.before


def test_a_short_gradient_is_left_alone() -> None:
    back = backwards.go_back(networks.neuron(), "giovanna", 1.0, times=0.5)
    assert back.step(0.1, clip=1.0) == back.step(0.1)


def test_weaker_weights_between_states_let_the_error_vanish() -> None:
    sizes = [backwards.go_back(networks.neuron(), "giovanna", 1.0, t).errors[0].size for t in (0.5, 1.0, 2.0)]
    assert sizes[0] < 0.05 * sizes[1] < sizes[2]


def test_what_is_left_is_the_product_of_the_keeping_gates() -> None:
    watched = gated.watch(networks.small("gru").network, "anna")
    kept = [letter.gates[0] for letter in watched.letters]
    left = [kept[1][n] * kept[2][n] * kept[3][n] for n in range(8)]
    assert watched.letters[0].left == pytest.approx(sum(left) / 8)
    assert (watched.letters[-1].left, watched.letters[0].left_at_most) == (1, pytest.approx(max(left)))


def test_of_a_wide_network_the_liveliest_gates_are_drawn() -> None:
    keeping = [[0.5, 0.1, 0.5], [0.5, 0.9, 0.6]]
    assert gated._liveliest(keeping) == [0, 1, 2]
    wide = [[row / 100 * n for n in range(40)] for row in (1, 2)]
    assert gated._liveliest(wide) == list(range(24, 40))


def test_the_page_writes_the_sums_that_were_computed(client: FlaskClient) -> None:
    page = words(client.get("/learn/neuron?name=anna&target=women").text)
    last = forwards.read(networks.neuron(), "anna")[-1]
    assert f"P(women) = e{last.answer.log_probs[0]}".replace("-", "−") in re.sub(
        r"(?<=e) ", "", page
    ).replace("P (women)", "P(women)")
    assert f"= {last.answer.loss(Decimal(1))} nats" in page


def test_what_explodes_is_told_with_and_without_clipping(client: FlaskClient) -> None:
    page = words(client.get("/learn/backwards?name=giovanna&target=women&times=2&rate=0.1").text)
    back = backwards.go_back(networks.neuron(), "giovanna", 1.0, 2.0)
    assert f"{back.step(0.1).after:,.0f}" in page and f"{back.step(0.1, 1.0).after:.3g}" in page
