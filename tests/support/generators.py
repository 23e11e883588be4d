"""Generators that tell how far they are, run to their end."""

from collections.abc import Generator
from typing import TypeVar

Event = TypeVar("Event")
Value = TypeVar("Value")


def last_of(generator: Generator[Event, None, Value]) -> tuple[list[Event], Value]:
    """Run a generator to its end; return its events and its value."""
    events: list[Event] = []
    while True:
        try:
            events.append(next(generator))
        except StopIteration as stop:
            return events, stop.value
