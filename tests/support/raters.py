"""Visitors who answer one guess after another, and note each answer that the site said it had taken."""

import contextlib
import http.client
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, islice
from string import ascii_lowercase

from tests.support.processes import Refused, Visitor
from tests.support.repeating import Repeating

PAUSE = 0.05  # seconds between two answers, and before one is given again
PER_VISITOR = 50  # answers


class Raters(Repeating):
    """Threads that answer until they are stopped. Every name is asked once; what is refused is sent again."""

    def __init__(self, address: Callable[[], str], n: int) -> None:
        super().__init__()
        self.address = address
        self.acknowledged: list[str] = []
        self.refused = 0
        """Requests that got no answer, or an error: a visitor would have tried again."""
        self.unexpected: list[str] = []
        """Errors of the site that were no 503."""
        for letter in ascii_lowercase[:n]:
            self.add(partial(self._rate_some, letter, count()))

    def _rate_some(self, letter: str, numbers: Iterator[int]) -> None:
        visitor = Visitor(self.address())
        for number in islice(numbers, PER_VISITOR):
            self._until_taken(visitor, letter + letters(number))

    def _until_taken(self, visitor: Visitor, name: str) -> None:
        while not self.stopping.wait(PAUSE):
            visitor.address = self.address()
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self._is_taken(visitor, name):
                    self.acknowledged.append(name)
                    return
            self.refused += 1

    def _is_taken(self, visitor: Visitor, name: str) -> bool:
        try:
            return visitor.answer(name, "both", follow=False)
        except Refused as refused:
            if refused.status != 503:
                self.unexpected.append(f"{name}: {refused}")
            raise


def letters(number: int) -> str:
    """Return a number as five letters."""
    return "".join(ascii_lowercase[number // 26**place % 26] for place in range(5))
