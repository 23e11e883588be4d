"""A guess: what one version says of one name."""

from dataclasses import dataclass

from training.names import LONGEST, Label, Reading, label_of
from webapp.presentation.wording import told_as


@dataclass(frozen=True)
class Guess:
    """What a version says of one name."""

    reading: Reading
    version_id: int
    p_female: float
    """The share of women among bearers, as the network guesses it."""
    trace: tuple[float, ...] = ()
    """P(female) after every letter of `read_as`; empty where nobody asked for it. The last is the guess, but
    of several given names, where the first alone has a part in it."""

    @property
    def typed(self) -> str:
        """The text that was read, or the name alone where that is longer than an answer keeps."""
        return self.reading.typed if len(self.reading.typed) <= LONGEST else self.reading.spelling

    @property
    def name(self) -> str:
        """The key under which answers are stored and records looked up."""
        return self.reading.key

    @property
    def read_as(self) -> str:
        """The letters that the network read."""
        return self.reading.read_as

    @property
    def label(self) -> Label:
        """The likelier label."""
        return label_of(self.p_female)

    @property
    def told(self) -> Label:
        """What the page says of it, and so what is right or wrong of it: both where it is about even."""
        return told_as(self.p_female)

    @property
    def certainty(self) -> float:
        """The probability of the label."""
        return max(self.p_female, 1 - self.p_female)
