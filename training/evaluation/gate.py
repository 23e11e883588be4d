"""The gate: whether a challenger may serve in the champion's place, and why. Pure, standard library alone.

It guards what a fine-tune can spoil: names that nobody corrected, names that everybody knows, the honesty of
the shares, and the data itself, when what visitors are said to have taught contradicts what is well known.
"""

from dataclasses import asdict, dataclass

from training.runtime.strict_json import BadPart, Json, Part

MOST_LOSS = 0.005
"""Of the common holdout, at most this much accuracy may be lost: a fine-tune that learns 500 corrections well
loses .003 or less, and 500 poisoned ones cost more than this."""
WORST_LOSS = 0.01
"""The 95% interval of the difference must end above minus this: a small holdout hides a loss easily."""
MOST_LOSS_HUNDRED = 0.01
"""The same for names with 100 bearers or more: a ninth as many, so chance moves it by .004."""
LEAST_LEARNED = 0.8
"""Of the corrections that outweigh the corpus: learning them is what a challenger is for."""
MOST_FAMOUS_LOST = 5
"""Of the 1,000 most borne names. Everybody tries these first, and one in two hundred is still a slip."""
MOST_CONTRADICTING = 0.05
FEW_CONTRADICTING = 3
"""Corrections against a name of ten or more bearers who agree to nine tenths. Visitors do err, and a few such
names are no attack; more than one in twenty is not what visitors who correct mistakes send."""
MOST_MISCALIBRATION = 0.03
MOST_MISCALIBRATION_GAINED = 0.01
"""Expected calibration error of names with 100 bearers or more: a share that is off by more misleads."""


class BadVerdict(BadPart):
    """A stored verdict cannot be read; the message says which part."""

    document = "verdict"


@dataclass(frozen=True)
class Side:
    """What one of the two networks reached."""

    accuracy: float | None
    """On the common holdout."""
    hundred: float | None
    """The same, names with 100 bearers or more."""
    calibration_error: float | None
    famous_right: int
    corrections_right: int


@dataclass(frozen=True)
class Evidence:
    """All that the verdict rests on."""

    champion: Side
    challenger: Side
    names: int
    """In the common holdout, with a label."""
    difference: float
    """Accuracy of the challenger less the champion's on the common holdout."""
    low: float
    high: float
    """Its 95% interval."""
    corrections: int
    """Names corrected that outweigh the corpus: those that are to be learned."""
    contradicting: int
    """Names corrected against strong evidence."""
    corrected: int
    """All names corrected."""
    famous: int


@dataclass(frozen=True)
class Reason:
    """One check, whether it passes, and the figures in a sentence."""

    check: str
    passes: bool
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """Whether the challenger may serve: only if every reason passes."""

    passes: bool
    reasons: tuple[Reason, ...] = ()

    def to_json(self) -> Json:
        """Return the verdict as the database holds it."""
        return {"passes": self.passes, "reasons": [asdict(reason) for reason in self.reasons]}

    @classmethod
    def from_json(cls, document: object) -> "Verdict":
        """Return the verdict in parsed JSON; raises BadVerdict."""
        return cls.from_part(Part.whole(document, BadVerdict))

    @classmethod
    def from_part(cls, part: Part) -> "Verdict":
        """Return the verdict in a part of a document."""
        return cls(part.flag("passes"), tuple(row.record(Reason) for row in part.parts("reasons")))


def judge(evidence: Evidence) -> Verdict:
    """Return the verdict on `evidence`; the same evidence always gets the same."""
    reasons = (
        _holdout(evidence),
        _hundred(evidence),
        _corrections(evidence),
        _famous(evidence),
        _contradictions(evidence),
        _calibration(evidence),
    )
    return Verdict(all(reason.passes for reason in reasons), reasons)


def _holdout(evidence: Evidence) -> Reason:
    if not evidence.names:
        return Reason(
            "holdout", False, "There is no name that both networks were kept from: nothing is proven."
        )
    # Two conditions: the measured loss is small, and a large one is ruled out.
    passes = evidence.difference >= -MOST_LOSS and evidence.low >= -WORST_LOSS
    return Reason(
        "holdout",
        passes,
        f"On {evidence.names:,} names that neither has seen, accuracy changes by "
        f"{_points(evidence.difference)} (95%: {_points(evidence.low)} to {_points(evidence.high)}); "
        f"up to {_points(-MOST_LOSS)} is allowed, and no doubt beyond {_points(-WORST_LOSS)}.",
    )


def _hundred(evidence: Evidence) -> Reason:
    before, after = evidence.champion.hundred, evidence.challenger.hundred
    if before is None or after is None:
        return Reason("hundred", True, "No name of the common holdout has 100 bearers or more.")
    return Reason(
        "hundred",
        after - before >= -MOST_LOSS_HUNDRED,
        f"On those with 100 bearers or more it changes by {_points(after - before)}; "
        f"up to {_points(-MOST_LOSS_HUNDRED)} is allowed.",
    )


def _corrections(evidence: Evidence) -> Reason:
    asked, learned = evidence.corrections, evidence.challenger.corrections_right
    if not evidence.corrected:
        return Reason("corrections", True, "There are no corrections to learn.")
    if not asked:
        return Reason(
            "corrections",
            True,
            f"None of the {evidence.corrected:,} corrected names turns: "
            "the records weigh as much as the visitors, or more.",
        )
    return Reason(
        "corrections",
        learned >= LEAST_LEARNED * asked,
        f"Of {asked:,} corrected names where visitors outweigh the records, {learned:,} are on the visitors’ "
        f"side; at least {LEAST_LEARNED:.0%} are expected.",
    )


def _famous(evidence: Evidence) -> Reason:
    before, after = evidence.champion.famous_right, evidence.challenger.famous_right
    return Reason(
        "famous",
        before - after <= MOST_FAMOUS_LOST,
        f"Of the {evidence.famous:,} most common names it knows {after:,}, the champion {before:,}; "
        f"up to {MOST_FAMOUS_LOST} may be lost.",
    )


def _contradictions(evidence: Evidence) -> Reason:
    # Of few corrections a twentieth is none, and one slip would stop everything.
    allowed = max(FEW_CONTRADICTING, int(MOST_CONTRADICTING * evidence.corrected))
    return Reason(
        "contradictions",
        evidence.contradicting <= allowed,
        f"{evidence.contradicting:,} of {evidence.corrected:,} corrected names contradict people who agree; "
        f"up to {allowed:,} may.",
    )


def _calibration(evidence: Evidence) -> Reason:
    before, after = evidence.champion.calibration_error, evidence.challenger.calibration_error
    if after is None:
        return Reason("calibration", True, "No name of the common holdout has 100 bearers or more.")
    # A champion that is off already may be followed by one that is hardly worse.
    allowed = max(MOST_MISCALIBRATION, (before or 0) + MOST_MISCALIBRATION_GAINED)
    return Reason(
        "calibration",
        after <= allowed,
        f"Its shares are off by {after:.3f} on average; up to {allowed:.3f} is allowed.",
    )


def _points(difference: float) -> str:
    return f"{100 * difference:+.2f} points".replace("-", "−")  # a minus sign, for people read this
