"""Answers as files: written for spreadsheets and machines, read back strictly and unharmed."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from training.names import ANSWERS, LONGEST, key_of, label_of
from training.names.scripts.written import country_asked, script_in
from webapp.addresses import keyed_hash
from webapp.errors import Invalid
from webapp.extensions import db
from webapp.feedback import review_cases, tallies
from webapp.feedback import service as feedback
from webapp.models import Feedback, Version
from webapp.models.enums import DECIDED, Source, Status
from webapp.presentation import tabular
from webapp.presentation.wording import told_as
from webapp.storage import pagination, revision
from webapp.storage.database import insert, writing

AT_ONCE = 500  # rows of an import in one transaction
# What `service.new_link` makes has 24 characters; others of this form are as good.
_LINK = re.compile(r"[A-Za-z0-9_-]{16,32}")


def _day_and_time(text: str) -> datetime:
    # Without a zone the same text would be another moment on another machine.
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("it names no time zone")
    return moment.astimezone(UTC)


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"it is one of {', '.join(choices)}")
        return text

    return read


def _name(text: str) -> str:
    # Strictly: a name that is stored under another form would be a second name for the same one.
    if key_of(text) != text:
        raise ValueError(f"normalised it is {key_of(text)!r}")
    return text


def _version(text: str) -> int:
    if not re.fullmatch(r"v[1-9][0-9]{0,8}", text):
        raise ValueError("a version is written as v7")
    return int(text[1:])


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise ValueError("it lies between 0 and 1")
    return share


def _text(longest: int, shortest: int = 0) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not shortest <= len(text) <= longest or feedback.printable(text, longest) != text:
            raise ValueError(f"it has {shortest} to {longest} characters that can be printed")
        return text

    return read


def _link(text: str) -> str:
    if not _LINK.fullmatch(text):
        raise ValueError("it has 16 to 32 letters, digits, - and _")
    return text


def _maybe(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: read(text) if text else None


_READ: dict[str, Callable[[str], Any]] = {
    "created_at": _day_and_time,
    "updated_at": _day_and_time,
    "visitor": _text(64, 1),
    "source": _one_of(*Source),
    "name": _name,
    "typed": _text(LONGEST, 1),
    "version": _version,
    "guessed": _one_of(*ANSWERS),
    "p_female": _share,
    "answer": _one_of(*ANSWERS),
    "status": _one_of(*Status),
    "taught": lambda text: _one_of("True", "False")(text) == "True",
    "decided_at": _maybe(_day_and_time),
    "decided_by": _maybe(_text(255)),
    "reason": _text(500),
    "learned_in": _maybe(_version),
    "link": _link,
}
# The file's columns are those that can be read back, in the order in which they are written.
COLUMNS = tuple(_READ)
_RENAMED = {"version": "version_id", "learned_in": "learned_id"}


def rows(answers: Iterable[Feedback]) -> Iterator[list[Any]]:
    """Yield what is written of each answer, in the order of COLUMNS."""
    for row in answers:
        values = {column: getattr(row, _RENAMED.get(column, column)) for column in COLUMNS}
        for column in _RENAMED:
            values[column] = f"v{values[column]}" if values[column] else None
        yield list(values.values())


def read_rows(file: TextIO, format: str) -> Iterator[dict[str, Any]]:
    """Yield the columns of every answer in a file that was exported as `format` (csv or jsonl).

    Raises Invalid with the line's number for the first thing that is wrong.
    """
    return _csv(file) if format == "csv" else _jsonl(file)


def store(answers: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """Store answers as `read_rows` yields them; return how many are new, and how many were there already.

    An answer is there already if its visitor has answered for that name and version: it stays as it is.
    """
    source, new, old = iter(answers), 0, 0
    # Parts of 500, so that visitors who answer meanwhile wait for one part and not for a million rows.
    while some := list(islice(source, AT_ONCE)):
        with writing() as session:
            revision.bump(answered=True)
            stored = [row for row in some if _store(session, row)]
            review_cases.recount(session, {row["name"] for row in stored})
        new, old = new + len(stored), old + len(some) - len(stored)
    return new, old


def check(answers: Iterable[dict[str, Any]]) -> int:
    """Read all answers and return how many there are; raise Invalid if a version of theirs is not here."""
    here, n = set(db.session.scalars(select(Version.id))), 0
    for row in answers:
        n += 1
        missing = {row["version_id"], row["learned_id"] or row["version_id"]} - here
        if missing:
            raise Invalid(f"Answer {n:,} speaks of v{missing.pop()}, which is not here: import that first.")
    return n


def _store(session: Session, row: dict[str, Any]) -> bool:
    new = insert(session, Feedback).values(
        # The tally counts by day, and a visitor is not told once more what was decided long ago.
        row
        | {"day": row["created_at"].date(), "seen_at": row["decided_at"]}
        | {"script": script_in(row["typed"]), "country": country_asked(row["name"], row["typed"])}
    )
    # Nothing comes back of a row that was there, so it is counted once however often a file is imported.
    added = session.scalars(new.on_conflict_do_nothing().returning(Feedback)).one_or_none()
    if added is not None:
        tallies.count(session, added, +1)
    return added is not None


def _csv(file: TextIO) -> Iterator[dict[str, Any]]:
    lines = csv.reader(file, strict=True)
    with _on_line(1):
        if tuple(next(lines, [])) != COLUMNS:
            raise ValueError(f"the heading is not {','.join(COLUMNS)}")
    while True:
        # The line where a row begins: one cell may hold line ends, so rows and lines are not the same number.
        with _on_line(lines.line_num + 1):
            cells = next(lines, None)
            if cells is None:
                return
            if len(cells) != len(COLUMNS):
                raise ValueError(f"there are {len(cells)} cells and not {len(COLUMNS)}")
            row = _row(dict(zip(COLUMNS, map(tabular.original, cells), strict=True)))
        yield row


def _jsonl(file: TextIO) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file, 1):
        with _on_line(number):
            cells = json.loads(line)
            if not isinstance(cells, dict) or set(cells) != set(COLUMNS):
                raise ValueError(f"an object with exactly these keys is wanted: {', '.join(COLUMNS)}")
            row = _row({key: "" if value is None else str(value) for key, value in cells.items()})
        yield row


@contextmanager
def _on_line(number: int) -> Iterator[None]:
    try:
        yield
    except (ValueError, csv.Error) as error:
        raise Invalid(f"Line {number:,}: {str(error).rstrip('.')}.") from error


def _row(cells: dict[str, str]) -> dict[str, Any]:
    values = {}
    for column, read_cell in _READ.items():
        try:
            values[_RENAMED.get(column, column)] = read_cell(cells[column])
        except ValueError as error:
            raise ValueError(f"{column} {cells[column][:40]!r} cannot be used: {error}") from error
    _check(values)
    return values


def _check(row: dict[str, Any]) -> None:
    if (row["status"] == Status.RIGHT) != (row["answer"] == row["guessed"]):
        raise ValueError("the status is right where the answer is the guess, and only there")
    # Figures are made of these columns, so a file that contradicts itself is not believed in part.
    # Until guesses near one half were told as both, they were told as the likelier label.
    if row["guessed"] not in (label_of(row["p_female"]), told_as(row["p_female"])):
        raise ValueError("guessed and p_female say different things")
    if (row["status"] in DECIDED) != (row["decided_at"] is not None):
        raise ValueError("decided_at is there where somebody decided, and only there")


EXPORT_COLUMNS = (
    "id",
    "created_at",
    "updated_at",
    "visitor",
    "source",
    "name",
    "typed",
    "version",
    "guessed",
    "p_female",
    "answer",
    "status",
    "taught",
    "decided_at",
    "reason",
)


def export_rows() -> Iterator[list[Any]]:
    """Return every answer as EXPORT_COLUMNS, oldest first, a chunk in memory at a time."""
    return map(_export_row, pagination.every(select(Feedback), (Feedback.id,)))


def _export_row(row: Feedback) -> list[Any]:
    # The same visitor is the same word in every export, and it is nowhere else.
    pseudonym = keyed_hash("visitor", row.visitor)[8:24]
    own = {"visitor": pseudonym, "version": f"v{row.version_id}"}
    return [own[column] if column in own else getattr(row, column) for column in EXPORT_COLUMNS]
