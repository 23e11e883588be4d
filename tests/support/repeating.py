"""Threads that each do one thing again and again while a test does another."""

import threading
from collections.abc import Callable
from typing import Self


class Repeating:
    """What each thread does is added before or inside the block, and done until the block ends."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        """To wait for instead of sleeping."""
        self._threads: list[threading.Thread] = []
        self._has_begun = False

    def add(self, do: Callable[[], None]) -> None:
        """Let one more thread do something again and again."""
        self._threads.append(threading.Thread(target=self._repeat, args=(do,)))
        if self._has_begun:
            self._threads[-1].start()

    def __enter__(self) -> Self:
        self._has_begun = True
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        for thread in self._threads:
            thread.join()

    def _repeat(self, do: Callable[[], None]) -> None:
        while not self.stopping.is_set():
            do()
