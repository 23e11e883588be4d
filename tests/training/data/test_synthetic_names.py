"""Synthetic names: crossed as they should be, in the right shares, never held out; and noise."""

from collections import Counter

import numpy as np
import pytest

from training.data.minibatches import Examples
from training.data.synthetic_names import LONGEST, SHORTEST, _Crossing, make_noise, make_synthetic_names
from training.names import bucket, join_separators


def examples(*names: str, weight: tuple[float, ...] = ()) -> Examples:
    return Examples(list(names), np.zeros(len(names)), np.array(weight or (1.0,) * len(names)))


def crossed(names: Examples, ends_of: list[int]) -> Counter[str]:
    """Return how likely each child is, from every way to cut and cross, and no chance drawn."""
    ends: dict[str, list[tuple[str, float]]] = {}
    for row in ends_of:
        marked = f"^{names.names[row]}$"
        for cut in range(1, len(marked) - 1):
            ends.setdefault(marked[cut : cut + 2], []).append((marked[cut + 2 :], 1 / (len(marked) - 2)))
    chances: Counter[str] = Counter()
    for name, weight in zip(names.names, names.weight / names.weight.sum(), strict=True):
        marked = f"^{name}$"
        for cut in range(3, len(marked)):
            choices = ends.get(marked[cut - 2 : cut], [])
            total = sum(chance for _, chance in choices)
            for end, chance in choices:
                child = (marked[:cut] + end).strip("^$")
                chances[child] += weight / (len(marked) - 3) * chance / total
    return chances


def test_children_come_in_the_shares_that_crossing_by_hand_gives() -> None:
    names = examples("marianna", "annika", "nikola", "ana", weight=(1.0, 2.0, 3.0, 1.0))
    random, found, draws = np.random.default_rng(0), Counter[str](), 40
    ends_of = [0, 1, 2, 3]
    for _ in range(draws):  # ends are cut anew each time, since only one cut of each is in a crossing
        crossing = _Crossing.of(names, np.array(ends_of * 500), random)
        parents = random.choice(4, size=5000, p=names.weight / names.weight.sum())
        found.update(crossing.children(parents, random))
    expected = crossed(names, ends_of)
    total = 5000 * draws
    assert set(found) == {name for name in expected if len(name) <= LONGEST}
    for name, count in found.items():
        assert count / total == pytest.approx(expected[name], abs=0.004)


def test_separators_stay_single_and_inside() -> None:
    random = np.random.default_rng(1)
    letters = list("ab' -")
    names = {join_separators("".join(random.choice(letters, 9))) for _ in range(2000)} - {"", "a", "b"}
    made = make_synthetic_names(examples(*sorted(names)), 3000, seed=0)
    assert len(made) > 500
    assert all(name == join_separators(name) for name in made)
    assert all(SHORTEST <= len(name) <= LONGEST for name in made)


def test_a_name_of_one_letter_is_no_parent() -> None:
    assert make_synthetic_names(examples("a", "ab"), 10, seed=0) == []


def test_noise_is_never_held_out_nor_a_name_that_is_known() -> None:
    some = make_noise(3000, seed=0)
    assert len(some) == 3000 and min(map(bucket, some.names)) >= 10
    assert {len(name) for name in some.names} == set(range(3, 13))
    again = make_noise(3000, seed=0, known={some.names[0]})
    assert some.names[0] not in again.names and len(again) == 3000
