"""Two works that tell how far they are, one after another or both at once."""

import os
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

import torch

Event = TypeVar("Event")
First = TypeVar("First")
Second = TypeVar("Second")


def has_room_beside(device: torch.device) -> bool:
    """Whether a core is left beside a training on `device`.

    Threads of PyTorch that must share a core wait for each other at every product.
    """
    return device.type == "cuda" or torch.get_num_threads() < (os.cpu_count() or 1)


def one_after_another(
    first: Generator[Event, None, First], second: Generator[Event, None, Second]
) -> Generator[Event, None, tuple[First, Second]]:
    """Run both to their ends, `first` first; yield what they tell, return what they return."""
    return (yield from first), (yield from second)


def at_once(
    beside: Generator[Event, None, First], ahead: Generator[Event, None, Second]
) -> Generator[Event, None, tuple[First, Second]]:
    """Run `beside` in a thread while `ahead` goes on; yield what both tell, return what they return."""
    told: SimpleQueue[Event] = SimpleQueue()
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(_run, beside, told.put)
        second = yield from _interleaved(ahead, told)
        first = found.result()
        yield from _waiting(told)
    return first, second


def _run(work: Generator[Event, None, First], tell: Callable[[Event], None]) -> First:
    while True:
        try:
            tell(next(work))
        except StopIteration as end:
            result: First = end.value
            return result


def _interleaved(
    ahead: Generator[Event, None, Second], told: "SimpleQueue[Event]"
) -> Generator[Event, None, Second]:
    while True:
        try:
            event = next(ahead)
        except StopIteration as end:
            result: Second = end.value
            return result
        yield from _waiting(told)
        yield event


def _waiting(told: "SimpleQueue[Event]") -> Iterator[Event]:
    while not told.empty():
        yield told.get()
