"""Champion against challenger as types: the trainer writes it, the site reads it, both through `Comparison`.

docs/comparison.md documents the JSON entry by entry. Standard library alone, for web processes import it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from training.data.name_groups import Group, SliceKind
from training.evaluation.gate import Evidence, Side, Verdict
from training.evaluation.parts.pairs import (
    BadComparison,
    CommonHoldout,
    Corrections,
    Counts,
    Paired,
    PairedSlice,
)
from training.evaluation.parts.scores import Bin, Scores
from training.runtime.strict_json import Json, Part


@dataclass(frozen=True)
class AnswerCells:
    """One network on visitors' answers: female is positive; `both` is met by no label."""

    tp: int
    fp: int
    fn: int
    tn: int
    both: int
    accuracy: float | None
    """On the others; None where there are none."""


@dataclass(frozen=True)
class Rescored:
    """Both networks on `n` answers that visitors gave before."""

    n: int
    champion: AnswerCells
    challenger: AnswerCells

    @classmethod
    def from_part(cls, part: Part) -> "Rescored":
        """Return what a part of a document holds."""
        champion, challenger = part.part("champion"), part.part("challenger")
        return cls(part.count("n"), champion.record(AnswerCells), challenger.record(AnswerCells))


@dataclass(frozen=True)
class FeedbackScores:
    """Visitors' answers about names that were never taught, and about the others."""

    rated: Rescored
    taught: Rescored

    @classmethod
    def from_part(cls, part: Part) -> "FeedbackScores":
        """Return what a part of a document holds."""
        return cls(Rescored.from_part(part.part("rated")), Rescored.from_part(part.part("taught")))

    @classmethod
    def from_json(cls, document: object) -> "FeedbackScores":
        """Return the part `feedback` of a comparison by itself; raises BadComparison."""
        return cls.from_part(Part.whole(document, BadComparison))


@dataclass(frozen=True)
class Calibration:
    """The bins of both networks' reliability diagrams: names with 100 bearers or more."""

    champion: Sequence[Bin]
    challenger: Sequence[Bin]

    @classmethod
    def from_part(cls, part: Part) -> "Calibration":
        """Return what a part of a document holds."""
        champion, challenger = part.parts("champion"), part.parts("challenger")
        return cls(*(tuple(row.record(Bin) for row in rows) for rows in (champion, challenger)))


class FlipKind(StrEnum):
    """What becomes of a name whose label changes; one that moved has no right label."""

    MENDED = "mended"
    BROKEN = "broken"
    MOVED = "moved"


@dataclass(frozen=True)
class Flip:
    """A name whose label changes."""

    name: str
    where: str
    """It was found: corrections, famous or holdout."""
    people: int
    """Bearers in the corpus."""
    share: float
    """Of women, by which the flip is judged: by the visitors for corrections, else by the corpus."""
    champion: float
    """Its P(female)."""
    challenger: float
    known: float | None = None
    """The corpus's share of women; None where it has never met the name, or an old comparison did not say."""
    visitors: int | None = None
    """Who corrected it; None where nobody did, or an old comparison did not say."""


@dataclass(frozen=True)
class Comparison:
    """Champion against challenger, as it was measured when the challenger was made."""

    holdout: CommonHoldout
    corrections: Corrections
    famous: Counts
    """Of the 1,000 most borne names, those that are not exactly even."""
    feedback: FeedbackScores
    calibration: Calibration
    slices: Mapping[SliceKind, Sequence[PairedSlice]]
    flips: Mapping[FlipKind, Sequence[Flip]]
    gate: Verdict | None = None

    @property
    def evidence(self) -> Evidence:
        """What the gate judges."""
        paired = self.holdout.difference[Group.ALL]
        return Evidence(
            champion=_side(self.holdout.champion, self.famous.champion, self.corrections.learnable.champion),
            challenger=_side(
                self.holdout.challenger, self.famous.challenger, self.corrections.learnable.challenger
            ),
            names=paired.n,
            difference=paired.difference,
            low=paired.low,
            high=paired.high,
            corrections=self.corrections.learnable.n,
            contradicting=self.corrections.contradicting,
            corrected=self.corrections.right.n,
            famous=self.famous.n,
        )

    def to_json(self) -> Json:
        """Return the comparison as files and the database hold it."""
        slices = {
            kind.value: [{"slice": row.name, **asdict(row.paired)} for row in rows]
            for kind, rows in self.slices.items()
        }
        payload: Json = {
            "holdout": self.holdout.to_json(),
            "corrections": self.corrections.to_json(),
            "famous": asdict(self.famous),
            "feedback": asdict(self.feedback),
            "calibration": {who: list(map(asdict, bins)) for who, bins in vars(self.calibration).items()},
            "slices": slices,
            "flips": {kind.value: list(map(asdict, flips)) for kind, flips in self.flips.items()},
        }
        return payload | ({"gate": self.gate.to_json()} if self.gate else {})

    @classmethod
    def from_json(cls, document: object) -> "Comparison":
        """Return the comparison in parsed JSON; raises BadComparison."""
        whole = Part.whole(document, BadComparison)
        slices, flips = whole.part("slices"), whole.part("flips")
        return cls(
            holdout=CommonHoldout.from_part(whole.part("holdout")),
            corrections=Corrections.from_part(whole.part("corrections")),
            famous=whole.part("famous").record(Counts),
            feedback=FeedbackScores.from_part(whole.part("feedback")),
            calibration=Calibration.from_part(whole.part("calibration")),
            slices={kind: _slices(slices, kind) for kind in SliceKind if kind in slices.entries},
            flips={kind: tuple(row.record(Flip) for row in flips.parts(kind)) for kind in FlipKind},
            gate=Verdict.from_part(whole.part("gate")) if whole.has("gate") else None,
        )


def _slices(slices: Part, kind: SliceKind) -> tuple[PairedSlice, ...]:
    return tuple(PairedSlice(part.text("slice"), part.record(Paired)) for part in slices.parts(kind))


def _side(scores: Mapping[Group, Scores], famous_right: int, corrections_right: int) -> Side:
    hundred = scores[Group.HUNDRED]
    return Side(scores[Group.ALL].accuracy, hundred.accuracy, hundred.ece, famous_right, corrections_right)
