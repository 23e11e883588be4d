"""Two names side by side: what each says after every letter, and how far apart their hidden states are."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import dist

from webapp.guessing.predictor import Champion
from webapp.learn.by_hand.forwards import PencilStep
from webapp.learn.unrolled import LetterStep, Unrolled

State = Sequence[float]
Steps = Sequence[PencilStep]


@dataclass(frozen=True)
class Place:
    """The letters at one place of both names, None behind the end of the shorter one."""

    one: LetterStep | None
    other: LetterStep | None
    apart: float | None
    """Between the two hidden states of the serving network after it, None where there is only one."""
    by_hand: float | None
    """The same in the plain neuron, 8 wide."""


@dataclass(frozen=True)
class Pair:
    """Two names, place by place."""

    places: tuple[Place, ...]

    @property
    def parting(self) -> int | None:
        """The place, from 1, at which they first differ; None of equal names."""
        for number, place in enumerate(self.places, 1):
            letters = [step.letter if step else "" for step in (place.one, place.other)]
            if letters[0] != letters[1]:
                return number
        return None

    @property
    def furthest(self) -> float:
        """The greatest distance, for the length of the bars; 1 where there is none."""
        return max((place.apart or 0.0 for place in self.places), default=0.0) or 1.0


def compare(champion: Champion, names: tuple[Unrolled, Unrolled], by_hand: tuple[Steps, Steps]) -> Pair:
    """Set two names that were read beside each other."""
    one, other = (champion.network.states(drawn.name).tolist() for drawn in names)
    small = [[tuple(map(float, step.after)) for step in steps] for steps in by_hand]
    rows = zip_longest(names[0].steps, names[1].steps, _apart(one, other), _apart(*small))
    return Pair(tuple(Place(*row) for row in rows))


def _apart(one: Sequence[State], other: Sequence[State]) -> list[float]:
    return [dist(*states) for states in zip(one, other, strict=False)]
