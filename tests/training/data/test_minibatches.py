"""Batches: names of one length together, each name once, in an order that the seed decides."""

import numpy as np
import pytest
import torch

from training.data.minibatches import NOTHING, Batches, Examples, encode_names, encode_padded
from training.names import ALPHABET, encode

CPU = torch.device("cpu")
NAMES = ["ada", "bo", "ida", "liv", "o'hara", "bea", "jo"]


def examples(names=NAMES):
    numbers = np.arange(len(names), dtype=float)
    return Examples(list(names), numbers / len(names), 1 + numbers)


def spelled(batch):
    return ["".join(ALPHABET[letter] for letter in row) for row in batch.letters.tolist()]


def test_names_of_a_batch_are_equally_long():
    for batch in Batches(examples(), CPU).shuffled(2, seed=0):
        assert len({len(name) for name in spelled(batch)}) == 1


def test_every_name_comes_once_a_round():
    batches = Batches(examples(), CPU)
    seen = [name for batch in batches.shuffled(2, seed=3) for name in spelled(batch)]
    assert sorted(seen) == sorted(NAMES)
    assert batches.names == len(NAMES)


def test_a_name_keeps_its_share_and_weight():
    for batch in Batches(examples(), CPU).shuffled(3, seed=1):
        for name, share, weight in zip(spelled(batch), batch.share, batch.weight, strict=True):
            row = NAMES.index(name)
            assert (share.item(), weight.item()) == pytest.approx((row / len(NAMES), 1 + row))


def test_the_seed_alone_decides_the_order():
    def orders(seed):
        return [spelled(batch) for batch in Batches(examples(), CPU).shuffled(1, seed)]

    assert orders(5) == orders(5)
    assert orders(5) != orders(6)


def test_the_batches_are_counted_before_they_are_made():
    batches = Batches(examples(), CPU)
    assert batches.count(2) == len(list(batches.shuffled(2, seed=0))) == 4


def test_in_order_gives_the_shortest_names_first():
    lengths = [batch.letters.shape[1] for batch in Batches(examples(), CPU).in_order(2)]
    assert lengths == sorted(lengths)


def test_examples_of_unequal_columns_are_refused():
    with pytest.raises(ValueError, match="one share and one weight"):
        Examples(["ada", "bo"], np.zeros(2), np.zeros(1))


def test_examples_are_joined_end_to_end():
    both = examples(["ada"]) + examples(["bo"])
    assert both.names == ["ada", "bo"] and len(both) == 2


def test_letters_are_the_indices_that_names_are_encoded_with():
    names = ["o'hara", "jo-ann", "an nah"]
    assert encode_names(names).tolist() == [encode(name) for name in names]
    assert encode_padded(["ada", "o"]).tolist() == [encode("ada"), [*encode("o"), NOTHING, NOTHING]]
    assert encode_names([]).tolist() == []


@pytest.mark.parametrize("names", [["ada", "bo"], ["Ada"], ["zoë"], ["a1b"]])
def test_what_is_no_normalised_name_of_one_length_is_not_encoded(names):
    with pytest.raises(ValueError):
        encode_names(names)


def test_a_fingerprint_is_of_names_shares_and_weights():
    some = examples()
    others = [
        examples([*NAMES[:-1], "al"]),
        Examples(some.names, 1 - some.share, some.weight),
        Examples(some.names, some.share, some.weight + 1),
        some.take(np.arange(len(some))[::-1]),
    ]
    assert examples().fingerprint == some.fingerprint == Batches(some, CPU).fingerprint
    assert len({some.fingerprint, *(other.fingerprint for other in others)}) == 5
