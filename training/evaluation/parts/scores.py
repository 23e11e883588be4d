"""The scores and curves of one network on one set of names, as a card holds them.

docs/card.md documents the JSON entry by entry. Standard library alone, for web processes import it.
"""

from dataclasses import asdict, dataclass

from training.runtime.strict_json import Json, Part, Point


@dataclass(frozen=True)
class Scores:
    """Scores on one set of names; positive means female. The ratios are None where nothing is counted."""

    n: int
    """Names with a label: tp + fp + fn + tn."""
    tp: int
    fp: int
    fn: int
    tn: int
    accuracy: float | None = None
    nll: float | None = None
    """Mean negative log-likelihood of the share, in nats."""
    ece: float | None = None
    """Expected calibration error against the share: see `metrics.calibration_error`."""
    surest80: float | None = None
    """Accuracy on the 80% of the n names that the network is surest of."""

    def to_json(self) -> Json:
        """Return the scores as the card holds them."""
        return asdict(self)


@dataclass(frozen=True)
class Slice:
    """The scores on one slice of the holdout, such as the names of 4 letters."""

    name: str
    scores: Scores

    def to_json(self) -> Json:
        """Return the slice as the card holds it."""
        return {"slice": self.name, **self.scores.to_json()}


@dataclass(frozen=True)
class Bin:
    """Names whose P(female) lies between `low` and `high`: its mean, and the share of women that is so."""

    low: float
    high: float
    n: int
    predicted: float
    observed: float


@dataclass(frozen=True)
class Threshold:
    """What becomes of the holdout if only names with P(guessed label) of `threshold` or more are answered."""

    threshold: float
    tp: int
    fp: int
    tn: int
    fn: int
    unsure: int


@dataclass(frozen=True)
class Curves:
    """The curves of one group of names."""

    roc: tuple[Point, ...]
    """False positive rate, true positive rate."""
    auc: float
    pr: tuple[Point, ...]
    """Recall, precision."""
    average_precision: float
    calibration: tuple[Bin, ...]
    risk_coverage: tuple[Point, ...]
    """Part of the names answered, surest first; part of these that is wrong."""
    thresholds: tuple[Threshold, ...]

    def to_json(self) -> Json:
        """Return the curves as the card holds them."""
        return {
            # JSON has no tuples; written as lists, what is read back equals what was written.
            "roc": list(map(list, self.roc)),
            "auc": self.auc,
            "pr": list(map(list, self.pr)),
            "average_precision": self.average_precision,
            "calibration": [asdict(row) for row in self.calibration],
            "risk_coverage": list(map(list, self.risk_coverage)),
            "thresholds": [asdict(row) for row in self.thresholds],
        }

    @classmethod
    def from_part(cls, part: Part) -> "Curves":
        """Return the curves in a part of a document."""
        return cls(
            roc=part.points("roc"),
            auc=part.number("auc"),
            pr=part.points("pr"),
            average_precision=part.number("average_precision"),
            calibration=tuple(row.record(Bin) for row in part.parts("calibration")),
            risk_coverage=part.points("risk_coverage"),
            thresholds=tuple(row.record(Threshold) for row in part.parts("thresholds")),
        )
