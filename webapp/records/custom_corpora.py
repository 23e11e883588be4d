"""Corpora that admins bring: checked and written by the trainer's own command, then chosen in a run."""

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from webapp.audit import trail as audit
from webapp.config import ROOT
from webapp.errors import Conflict, Invalid, NotFound
from webapp.models import Run
from webapp.models.enums import Action
from webapp.storage.database import writing

LARGEST = 64 * 2**20
"""Bytes of a file: the SSA's archive, the largest known, has 7 MB."""
# It becomes a file's name, so it can neither climb out of the folder nor be hidden.
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
FOLDER, ENDING = "corpora", ".db"


@dataclass(frozen=True)
class Brought:
    """A corpus that somebody brought, as it was counted when it was added."""

    name: str
    names: int
    fingerprint: str
    added_at: datetime
    countries: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    """The first and the last that its rows tell."""


def listing() -> list[Brought]:
    """Return all that were brought, by name."""
    return [_brought(path) for path in sorted(_folder().glob(f"*{ENDING}"))]


def paths(names: Iterable[str]) -> list[Path]:
    """Return the files of these corpora; raise Invalid for the first that is not here."""
    return [_path(name) for name in check(names)]


def check(names: Iterable[str]) -> list[str]:
    """Return these names without repetition; raise Invalid for the first that is not here."""
    asked = list(dict.fromkeys(names))
    for name in asked:
        if not NAME.fullmatch(name) or not _path(name).is_file():
            raise Invalid(
                f"There is no corpus {name!r} here: flask corpus list tells which there are.", "corpus"
            )
    return asked


def add(file: Path, by: str, name: str = "", encoding: str = "utf-8") -> Brought:
    """Check a file strictly, count it and keep it under `name`, else its own; raise Invalid or Conflict."""
    name = name or _slug(file.name)
    if not NAME.fullmatch(name):
        raise Invalid(
            "The name of a corpus is up to 32 small letters, digits and hyphens: give one with --name."
        )
    path = _path(name)
    if path.exists():
        raise Conflict(f"There is a corpus {name} already: remove it, or give this one another --name.")
    _check_size(file)
    # The file first, then the entry: an entry of a corpus that is not there would be a lie for ever.
    _write(file, path, encoding)
    brought = _brought(path)
    with writing() as session:
        facts = {"file": file.name, "names": brought.names, "fingerprint": brought.fingerprint}
        audit.note(session, by, Action.CORPUS_ADD, name, **facts)
    return brought


def remove(name: str, by: str) -> None:
    """Remove a corpus; raise NotFound without it, Conflict while a run learns from it."""
    if not NAME.fullmatch(name) or not _path(name).is_file():
        raise NotFound(f"There is no corpus {name!r} here.")
    with writing() as session:
        # Inside the transaction: no run can start between the look and the removal.
        active = session.scalars(select(Run).where(Run.is_active.is_(True))).first()
        if active and name in active.corpora:
            raise Conflict(f"Run {active.id} learns from {name}: wait until it has ended, or cancel it.")
        audit.note(session, by, Action.CORPUS_REMOVE, name)
        # Last, inside the transaction: if it fails, the entry is rolled back too.
        _path(name).unlink()


def _check_size(file: Path) -> None:
    size = sum(path.stat().st_size for path in file.glob("*")) if file.is_dir() else file.stat().st_size
    if size > LARGEST:
        raise Invalid(f"A corpus may have up to {LARGEST // 2**20} MB; {file.name} has {size / 2**20:.0f}.")


def _write(file: Path, path: Path, encoding: str) -> None:
    # A process of its own: numpy and the whole list in memory are nothing for this one.
    said = [str(file.resolve()), "--encoding", encoding, "--write", str(path)]
    command = [sys.executable, "-m", "training", "corpus", *said]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        errors = done.stderr.strip().splitlines()
        raise Invalid(
            # The command's last line is its sentence; what stands above it is for developers.
            errors[-1].removeprefix("python -m training: ") if errors else f"{file.name} cannot be read."
        )


def _brought(path: Path) -> Brought:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as corpus:
        meta = dict(corpus.execute("SELECT key, value FROM meta"))
        countries, years = _origins(corpus)
    added_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Brought(path.stem, int(meta["names"]), meta["fingerprint"], added_at, countries, years)


def _origins(corpus: sqlite3.Connection) -> tuple[tuple[str, ...], tuple[int, int] | None]:
    try:
        found = corpus.execute("SELECT DISTINCT country FROM origins WHERE country != '' ORDER BY country")
        countries = tuple(country for (country,) in found)
        first, last = corpus.execute("SELECT min(year), max(year) FROM origins WHERE year").fetchone()
    except sqlite3.OperationalError:  # it was added before origins were kept
        return (), None
    return countries, (first, last) if first else None


def _slug(filename: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", filename.partition(".")[0].lower()).strip("-")[:32]


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"]).resolve() / FOLDER


def _path(name: str) -> Path:
    return _folder() / f"{name}{ENDING}"
