"""Parsed JSON, read strictly: every value is what it should be, or an error names the part that is not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeGuard, TypeVar, get_type_hints

LARGEST = 1e12
"""Of a figure: what is larger was not measured by anybody."""
Json = dict[str, object]
"""What `json.dumps` writes as an object."""
Scalar = str | int | float | bool | None
Point = tuple[float, float]
Record = TypeVar("Record")


class BadPart(ValueError):
    """Some JSON cannot be read; `path` leads to the part, as in `holdout.all.tp`."""

    document = "document"
    """What it is called in the sentence."""
    most_rows = 2_000
    """That a list of it may have."""
    longest_text = 2_000
    """Characters that a text of it may have."""

    def __init__(self, path: str, expected: str) -> None:
        part = f" tells its {path!r} in a way that cannot be read: it" if path else ""
        super().__init__(f"The {self.document}{part} should be {expected}.")
        self.path = path


@dataclass(frozen=True)
class Part:
    """One object of a document, and where it stands. Every method raises `error` for what it cannot read."""

    entries: Mapping[str, object]
    error: type[BadPart]
    path: str = ""

    @classmethod
    def whole(cls, document: object, error: type[BadPart]) -> "Part":
        """Return a document that is an object."""
        if not isinstance(document, dict):
            raise error("", "an object with named parts")
        return cls(document, error)

    def bad(self, name: str, expected: str) -> BadPart:
        """Return the error for an entry that is not as expected."""
        return self.error(f"{self.path}.{name}" if self.path else name, expected)

    def has(self, name: str) -> bool:
        """Whether an entry is there and holds anything: neither null nor an empty object."""
        return self.entries.get(name) not in (None, {})

    def count(self, name: str) -> int:
        """Return a whole number from 0 on."""
        value = self.entries.get(name)
        # `type` and not `isinstance`: true is an int to Python, and no count.
        if type(value) is int and 0 <= value <= LARGEST:
            return value
        raise self.bad(name, "a whole number from 0 on")

    def count_or_none(self, name: str) -> int | None:
        """Return a whole number from 0 on, or None where there is none."""
        return None if self.entries.get(name) is None else self.count(name)

    def number(self, name: str) -> float:
        """Return a finite number."""
        value = self.entries.get(name)
        if is_number(value):
            return value
        raise self.bad(name, "a number")

    def number_or_none(self, name: str) -> float | None:
        """Return a finite number, or None where there is none."""
        return None if self.entries.get(name) is None else self.number(name)

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self.entries.get(name)
        if isinstance(value, bool):
            return value
        raise self.bad(name, "true or false")

    def text(self, name: str) -> str:
        """Return a text."""
        value = self.entries.get(name)
        if isinstance(value, str) and len(value) <= self.error.longest_text:
            return value
        raise self.bad(name, f"a text of up to {self.error.longest_text:,} characters")

    def text_or_none(self, name: str) -> str | None:
        """Return a text, or None where there is none."""
        return None if self.entries.get(name) is None else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; none where it is missing."""
        rows = self._list(name)
        if all(isinstance(row, str) and len(row) <= self.error.longest_text for row in rows):
            return tuple(str(row) for row in rows)
        raise self.bad(name, "a list of texts")

    def part(self, name: str) -> "Part":
        """Return an object."""
        value = self.entries.get(name)
        if isinstance(value, dict):
            return Part(value, self.error, f"{self.path}.{name}" if self.path else name)
        raise self.bad(name, "an object with named parts")

    def part_or_empty(self, name: str) -> "Part":
        """Return an object, an empty one where it is missing."""
        return Part({}, self.error) if self.entries.get(name) is None else self.part(name)

    def parts(self, name: str) -> list["Part"]:
        """Return a list of objects; none where it is missing."""
        found = []
        for number, row in enumerate(self._list(name)):
            if not isinstance(row, dict):
                raise self.bad(f"{name}.{number}", "an object with named parts")
            found.append(Part(row, self.error, f"{self.path}.{name}.{number}".lstrip(".")))
        return found

    def record(self, kind: Callable[..., Record], **given: object) -> Record:
        """Return a dataclass whose figures and texts are read by their names, as their types say."""
        # What a type does not tell (a nested part, a list) the caller reads and gives.
        read = {name: method for name, method in _methods(kind).items() if name not in given}
        return kind(**{name: getattr(self, method)(name) for name, method in read.items()}, **given)

    def points(self, name: str) -> tuple[Point, ...]:
        """Return a list of pairs of numbers, at least one."""
        rows = self._list(name)
        if rows and all(is_point(row) for row in rows):
            return tuple((row[0], row[1]) for row in rows if isinstance(row, list))
        raise self.bad(name, "a list of points, each two numbers")

    def scalars(self, name: str) -> dict[str, Scalar]:
        """Return the texts, numbers, yeses and noes of an object; lists and objects in it are left out."""
        part = self.part_or_empty(name)
        flat = [key for key, value in part.entries.items() if not isinstance(value, dict | list)]
        return {key: part._scalar(key) for key in flat}

    def _scalar(self, name: str) -> Scalar:
        value = self.entries[name]
        if value is None or isinstance(value, bool):
            return value
        return self.text(name) if isinstance(value, str) else self.number(name)

    def _list(self, name: str) -> list[object]:
        value = self.entries.get(name)
        if value is None:
            return []
        if isinstance(value, list) and len(value) <= self.error.most_rows:
            return value
        raise self.bad(name, f"a list of up to {self.error.most_rows:,} rows")


_READ = {
    int: "count",
    int | None: "count_or_none",
    float: "number",
    float | None: "number_or_none",
    str: "text",
    str | None: "text_or_none",
    bool: "flag",
}


# A document may hold thousands of rows of one type; their hints are looked up once.
@cache
def _methods(kind: Callable[..., Any]) -> dict[str, str]:
    return {name: _READ[hint] for name, hint in get_type_hints(kind).items() if hint in _READ}


def is_number(value: object) -> TypeGuard[float]:
    """Whether a value is a number that a page could show: neither true nor infinite."""
    # Comparing also leaves out NaN, which is neither above nor below anything.
    return isinstance(value, int | float) and not isinstance(value, bool) and -LARGEST < value < LARGEST


def is_point(value: object) -> TypeGuard[list[float]]:
    """Whether a value is a list of two numbers."""
    return isinstance(value, list) and len(value) == 2 and all(map(is_number, value))
