"""Guessing from Python: the order is kept, and what cannot be read says so."""

import numpy as np
import pytest

from training.model.network import Network
from training.model.predict import guess, load, probabilities


def test_every_name_gets_its_answer_in_the_order_given() -> None:
    names = ["Maria", "Bob", "Maria", "Jürgen", "Anne-Marie"]
    assert [answer.name for answer in guess(names)] == names


def test_a_batch_answers_as_one_name_alone(tiny: Network) -> None:
    names = ["ann", "bob", "cy", "marie-anne", "dora"]
    alone = [probabilities(tiny, [name])[0] for name in names]
    np.testing.assert_allclose(probabilities(tiny, names), alone, atol=1e-6)


def test_more_names_than_a_batch_holds_are_all_answered(tiny: Network) -> None:
    assert np.ptp(probabilities(tiny, ["anna"] * 2500)) < 1e-6


def test_no_names_get_no_answers(tiny: Network) -> None:
    assert probabilities(tiny, []).tolist() == []
    assert guess([]) == []


def test_a_text_in_place_of_a_list_is_refused() -> None:
    with pytest.raises(TypeError, match=r"guess\(\['Anna'\]\)"):
        guess("Anna")


def test_an_unreadable_name_gets_an_error_and_no_label() -> None:
    answer = guess(["123"])[0]
    assert (answer.read_as, answer.label, answer.p_female) == (None, None, None)
    assert answer.error == "There is no letter in this that the network could read."


def test_guessing_leaves_a_network_in_training_as_it_was(tiny: Network) -> None:
    tiny.train()
    probabilities(tiny, ["ann"])
    assert tiny.training


def test_the_shipped_network_knows_common_names() -> None:
    assert [a.label for a in guess(["Elizabeth", "Thomas", "Sofia", "Peter"], load())] == [
        "female",
        "male",
        "female",
        "male",
    ]
