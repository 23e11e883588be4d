"""What was asked for lately, within bounds."""

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Remembers what was put in or asked for lately: `most` things at least, twice as many at most.

    Threads may share one. It takes no lock: what two of them do at once may be forgotten early, and is never
    mixed up.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._new: dict[K, V] = {}
        self._old: dict[K, V] = {}
        """What was there when `_new` began; whatever is asked for moves over, and the rest goes."""

    def get(self, key: K) -> V | None:
        """Return what was put under `key`, or None if it is forgotten."""
        found = self._new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: K, value: V) -> None:
        """Remember `value` under `key`."""
        if len(self._new) >= self.most:
            self._old, self._new = self._new, {}
        self._new[key] = value
