"""Champion and challenger on the same names: the common holdout, and what visitors corrected.

docs/comparison.md documents the JSON entry by entry. Standard library alone, for web processes import it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from training.data.name_groups import HELD_OUT, Group
from training.evaluation.parts.scores import Scores
from training.runtime.strict_json import BadPart, Json, Part


class BadComparison(BadPart):
    """A comparison cannot be read; the message is a sentence that names the part."""

    document = "comparison"
    most_rows = 1_000_000  # a network from scratch may answer otherwise to any name of the holdout


@dataclass(frozen=True)
class Paired:
    """How two networks differ on the same names."""

    n: int
    both_right: int
    only_champion: int
    only_challenger: int
    both_wrong: int
    difference: float
    """The challenger's accuracy less the champion's, and its 95% interval."""
    low: float
    high: float
    p: float
    """Of McNemar's exact test."""

    @property
    def champion(self) -> float | None:
        """Accuracy of the champion; None of no names."""
        return (self.both_right + self.only_champion) / self.n if self.n else None

    @property
    def challenger(self) -> float | None:
        """Accuracy of the challenger; None of no names."""
        return (self.both_right + self.only_challenger) / self.n if self.n else None

    @property
    def is_clear(self) -> bool:
        """Whether the difference is beyond chance."""
        return self.n > 0 and (self.low > 0 or self.high < 0)


@dataclass(frozen=True)
class PairedSlice:
    """How two networks differ on one slice of the common holdout."""

    name: str
    paired: Paired


@dataclass(frozen=True)
class CommonHoldout:
    """Both networks on the holdout names that neither was taught."""

    names: int
    left: int
    """Holdout names that were taught to either, and so left it."""
    fingerprint: str
    champion: Mapping[Group, Scores]
    challenger: Mapping[Group, Scores]
    difference: Mapping[Group, Paired]

    def to_json(self) -> Json:
        """Return the common holdout as the comparison holds it."""
        return {
            "names": self.names,
            "left": self.left,
            "fingerprint": self.fingerprint,
            "champion": {group.value: scores.to_json() for group, scores in self.champion.items()},
            "challenger": {group.value: scores.to_json() for group, scores in self.challenger.items()},
            "difference": {group.value: asdict(paired) for group, paired in self.difference.items()},
        }

    @classmethod
    def from_part(cls, part: Part) -> "CommonHoldout":
        """Return what a part of a document holds."""
        champion, challenger = part.part("champion"), part.part("challenger")
        difference = part.part("difference")
        return cls(
            names=part.count("names"),
            left=part.count("left"),
            fingerprint=part.text("fingerprint"),
            # Every group is asked for: a comparison without one was not written by this trainer.
            champion={group: champion.part(group).record(Scores) for group in HELD_OUT},
            challenger={group: challenger.part(group).record(Scores) for group in HELD_OUT},
            difference={group: difference.part(group).record(Paired) for group in HELD_OUT},
        )


@dataclass(frozen=True)
class Counts:
    """How many names each network has right, of `n`."""

    n: int
    champion: int
    challenger: int


@dataclass(frozen=True)
class CorrectedName:
    """A corrected name that does not end as visitors say."""

    name: str
    people: int
    """Bearers in the corpus."""
    known: float
    """The share of women among them."""
    visitors: int
    said: float
    """The share of women that the visitors mean."""
    share: float
    """Both counted together."""


@dataclass(frozen=True)
class Corrections:
    """How both networks answer to the names that visitors corrected."""

    right: Counts
    """Of all corrected names."""
    learnable: Counts
    """Of those whose corrections outweigh the corpus, and so are to be learned."""
    learned_share: float | None
    """The challenger's share of the learnable ones; None where there are none."""
    contradicting: int
    """Names corrected against ten or more bearers of whom nine tenths agree."""
    halved: Sequence[CorrectedName]
    outweighed: Sequence[CorrectedName]
    contradictory: Sequence[CorrectedName] = ()
    """Which are contradicting; old comparisons count them alone."""

    def to_json(self) -> Json:
        """Return the corrections as the comparison holds them."""
        learnable = {"champion": self.learnable.champion, "challenger": self.learnable.challenger}
        return {
            "names": self.right.n,
            "champion": self.right.champion,
            "challenger": self.right.challenger,
            "learnable": self.learnable.n,
            "learnable_right": learnable,
            "learned_share": self.learned_share,
            "contradicting": self.contradicting,
            "halved": [asdict(row) for row in self.halved],
            "outweighed": [asdict(row) for row in self.outweighed],
            "contradictory": [asdict(row) for row in self.contradictory],
        }

    @classmethod
    def from_part(cls, part: Part) -> "Corrections":
        """Return what a part of a document holds; the oldest have no lists of names."""
        right = part.part("learnable_right")
        return cls(
            Counts(part.count("names"), part.count("champion"), part.count("challenger")),
            Counts(part.count("learnable"), right.count("champion"), right.count("challenger")),
            part.number_or_none("learned_share"),
            part.count("contradicting"),
            tuple(row.record(CorrectedName) for row in part.parts("halved")),
            tuple(row.record(CorrectedName) for row in part.parts("outweighed")),
            tuple(row.record(CorrectedName) for row in part.parts("contradictory")),
        )
