"""What /learn draws: one name unrolled through the serving network, and how that network was trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from training import names
from training.evaluation.card_types import ModelCard
from training.names import ALPHABET
from webapp.guessing.explanation import letters, story
from webapp.guessing.predictor import Champion
from webapp.records import lookup
from webapp.versions import model_card
from webapp.versions import service as versions

LONGEST = 16  # letters that are drawn
UNITS = 48  # numbers of the memory that are drawn: those that change most along the name
TONES = 20  # steps from the palest to the darkest
EXAMPLES = ("anna", "john", "kim")


@dataclass(frozen=True)
class LetterStep:
    """One letter on its way through the network."""

    letter: str
    place: int  # of the single 1 among the alphabet's numbers
    p: float  # P(female) after it
    alone: float  # P(female) had this letter been the only one
    heard: float  # how strongly the last answer hears it, the loudest letter being 1
    memory: tuple[int, ...]  # the drawn units after it, 0 (palest) to TONES

    @property
    def name(self) -> str:
        """How the letter is called in words."""
        return letters.bare(self.letter)


@dataclass(frozen=True)
class Unrolled:
    """A name, letter by letter, read forwards; `is_cut` if it was too long to draw in full.

    Of a network that reads from both ends, `from_end` is P(female) after every letter that the second
    direction has read, the last letter of the name first, and `p_female` what both say together.
    """

    typed: str
    name: str
    version_id: int
    cell: str
    width: int
    steps: tuple[LetterStep, ...]
    is_cut: bool
    p_female: float
    from_end: tuple[float, ...] = ()

    @property
    def trace(self) -> tuple[float, ...]:
        """P(female) after every letter."""
        return tuple(step.p for step in self.steps)

    @property
    def alone(self) -> tuple[float, ...]:
        """P(female) of every letter by itself."""
        return tuple(step.alone for step in self.steps)

    @property
    def sentence(self) -> str:
        """How the guess came about; letters stand between asterisks."""
        return story.tell(self.name, self.trace)

    @property
    def units(self) -> int:
        """How many numbers of the memory are drawn."""
        return len(self.steps[0].memory)

    @property
    def loudest(self) -> int:
        """The index of the letter that the last answer hears best."""
        return max(range(len(self.steps)), key=lambda index: self.steps[index].heard)

    @property
    def twin(self) -> tuple[LetterStep, LetterStep] | None:
        """The two steps with the same letter whose answers differ most; None if no letter comes twice."""
        pairs = [
            (one, other)
            for index, one in enumerate(self.steps)
            for other in self.steps[index + 1 :]
            if one.letter == other.letter
        ]
        return max(pairs, key=lambda pair: abs(pair[0].p - pair[1].p), default=None)


@dataclass(frozen=True)
class Example:
    """One x, its y, and f(x)."""

    name: str
    people: int | None
    share: float | None
    guess: float


def unroll(champion: Champion, typed: str) -> Unrolled:
    """Read `typed` and keep every step; raise training.names.UnreadableName if it cannot be read."""
    full = names.in_latin(names.read(typed).or_refuse().spelling)  # whose network is shown here
    name = full[:LONGEST]
    # A network of one direction has no second; what is drawn step by step is always the first.
    forwards, *backwards = champion.network.directions()
    memory = _tones(forwards.states(name).tolist())
    heard = _relative(forwards.gradients(name).tolist())
    letters = sorted(set(name))
    # Each letter read as a name of its own, once, however often it comes.
    alone = dict(zip(letters, forwards.shares(letters), strict=True))
    steps = tuple(
        LetterStep(letter, ALPHABET.index(letter), p, alone[letter], heard[at], memory[at])
        for at, (letter, p) in enumerate(zip(name, forwards.trace(name), strict=True))
    )
    settings = champion.network.settings
    return Unrolled(
        typed.strip(),
        name,
        champion.version_id,
        settings.cell,
        settings.width,
        steps,
        len(name) < len(full),
        champion.guess(names.of_key(name)).p_female,
        # The second direction reads the letters from the last one on, so it is given the name turned round.
        backwards[0].trace(name[::-1]) if backwards else (),
    )


def _tones(states: Sequence[Sequence[float]]) -> list[tuple[int, ...]]:
    """Return the units that change most along the name, in steps from palest to darkest."""
    columns = list(zip(*states, strict=True))
    # Some of hundreds of units: those that hardly move say nothing to the eye.
    lively = sorted(range(len(columns)), key=lambda unit: -_variance(columns[unit]))[:UNITS]
    # One scale for all units, so that tones can be compared; 1.0 if every unit rests at nothing.
    bound = max(abs(columns[unit][at]) for unit in lively for at in range(len(states))) or 1.0
    # In their own order again: a unit keeps its place in the drawing from letter to letter.
    return [tuple(round((row[unit] / bound + 1) / 2 * TONES) for unit in sorted(lively)) for row in states]


def _variance(values: Sequence[float]) -> float:
    mean = fsum(values) / len(values)  # `statistics` counts in fractions, which takes ten times as long
    return fsum((value - mean) ** 2 for value in values) / len(values)


def _relative(lengths: Sequence[float]) -> list[float]:
    loudest = max(lengths)
    return [length / loudest if loudest else 0.0 for length in lengths]


def examples(champion: Champion, name: str) -> list[Example]:
    """Return a few names of the records and `name`: x, y and f(x)."""
    shown = list(dict.fromkeys([*EXAMPLES, name]))  # without repetition, if one of the examples was asked for
    known = lookup.known_many(shown)
    return [
        Example(
            name,
            known[name].people if name in known else None,
            known[name].share if name in known else None,
            champion.guess(names.of_key(name)).p_female,
        )
        for name in shown
    ]


def card(version_id: int) -> ModelCard:
    """Return the card of a version."""
    return model_card.card_of(versions.find_version(version_id))
