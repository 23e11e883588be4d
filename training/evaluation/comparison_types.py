"""Champion against challenger as types: the trainer writes it, the site reads it, both through `Comparison`.

docs/comparison.md documents the JSON entry by entry. Standard library alone, for web processes import it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from training.data.name_groups import HELD_OUT, Group, SliceKind
from training.evaluation.card_types import Bin, Scores
from training.evaluation.gate import Evidence, Side, Verdict
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
        )


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
    share: float
    """Of women: by the visitors for corrections, else by the corpus."""
    champion: float
    """Its P(female)."""
    challenger: float


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
