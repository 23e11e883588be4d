"""How corrections meet the records: by counting. Standard library alone, for the site tells it before a run.

What the records say of a name weighs 20·log10(1 + people) bearers, each visitor 20. So a rare name becomes
what it is said to be, one visitor moves a name with 380,000 bearers from .99 to .84, and six turn it.
"""

from dataclasses import dataclass
from math import log10

from training.names import Label

BEARERS_PER_VISITOR = 20
SHARES = {Label.FEMALE: 1.0, Label.BOTH: 0.5, Label.MALE: 0.0}
"""The share of women that each answer means."""
EVEN = 0.15
"""A share this close to one half is what visitors mean who say "both"."""
LEARNED, HALVED, OUTWEIGHED = "learned", "halved", "outweighed"


def evidence(people: int) -> float:
    """Return how many bearers the records' word on a name with `people` bearers counts as."""
    return BEARERS_PER_VISITOR * log10(1 + people)


def answer_meant(share: float) -> str:
    """Return what a share of women means: female, male, or both for exactly one half."""
    if share == 0.5:
        return "both"
    return "female" if share > 0.5 else "male"


@dataclass(frozen=True)
class Count:
    """A corrected name: what the records know of it, and what visitors say."""

    people: int
    """Bearers, 0 for a name that the records have never met."""
    known: float
    """The share of women among them."""
    visitors: int
    said: float
    """The share of women that the visitors' answers mean: 1, 0, or what lies between."""

    @property
    def share(self) -> float:
        """The share of women once both are counted together, which is what a network is taught."""
        # A mean of two shares, each weighed by how many bearers it counts as.
        weight, heard = evidence(self.people), BEARERS_PER_VISITOR * self.visitors
        return (weight * self.known + heard * self.said) / (weight + heard)

    @property
    def effect(self) -> str:
        """LEARNED where the share ends on the visitors' side, HALVED at one half, else OUTWEIGHED."""
        # A share hits one half exactly by chance alone, so "both" is learned where the share ends near it.
        if answer_meant(self.said) == "both":
            return LEARNED if abs(self.share - 0.5) <= EVEN else OUTWEIGHED
        if answer_meant(self.share) == answer_meant(self.said):
            return LEARNED
        return HALVED if answer_meant(self.share) == "both" else OUTWEIGHED


def visitors_needed(people: int, known: float, said: float) -> int:
    """Return how many visitors who say the same it takes until a name is learned as they say.

    At most a dozen: what the records say of a name weighs no more than ten visitors for all people alive.
    """
    visitors = 1
    while Count(people, known, visitors, said).effect != LEARNED:
        visitors += 1
    return visitors
