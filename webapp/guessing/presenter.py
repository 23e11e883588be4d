"""One guess as its page tells it: the letters to show, the words under them, and what the records know."""

import unicodedata
from dataclasses import dataclass

from webapp.guessing import explanation
from webapp.guessing.predictor import Champion, Guess
from webapp.records import lookup
from webapp.records.lookup import Known

SHORTEST_FIRST = 2  # letters of a first word that is worth trying alone


@dataclass(frozen=True)
class Reading:
    """A guess, what the corpus knows of exactly this name (None if it has never met it)."""

    guess: Guess
    known: Known | None
    is_taught: bool = False  # whether this version learned the name from visitors

    @property
    def typed(self) -> str:
        """The name as typed, without blanks around it."""
        return unicodedata.normalize("NFC", self.guess.typed).strip()

    @property
    def is_as_typed(self) -> bool:
        """Whether the network read what was typed, capitals aside."""
        return self.typed.lower() == self.guess.name

    @property
    def letters(self) -> str:
        """One letter for each of the trace: in capitals where they were typed so."""
        return self.typed if self.is_as_typed else self.guess.name

    @property
    def sentence(self) -> str:
        """How the guess came about; letters stand between asterisks."""
        return explanation.tell(self.guess.name, self.guess.trace)

    @property
    def headline(self) -> str:
        """The guess in one sentence; whom it leans to stands between asterisks."""
        return explanation.headline(self.guess.p_female)

    @property
    def first_word(self) -> str | None:
        """What to try alone if this was a full name; None where that is no question."""
        words = self.typed.split()
        if self.known or len(words) < 2 or len(words[0]) < SHORTEST_FIRST or " " not in self.guess.name:
            return None
        return words[0][:1].upper() + words[0][1:]


def read_name(champion: Champion, typed: str) -> Reading:
    """Guess `typed` and look it up; raise training.names.UnreadableName if it cannot be read."""
    guess = champion.guess(typed)
    return Reading(guess, lookup.known(guess.name), guess.name in champion.taught)
