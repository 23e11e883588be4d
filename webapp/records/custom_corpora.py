"""Corpora that admins bring: checked and counted by the trainer's own command, then chosen in a run.

They are in the database, so every machine has them; a run is given a copy as a file of its own machine.
"""

import re
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from webapp.audit import trail as audit
from webapp.config import ROOT
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.models import Corpus, Run
from webapp.models.enums import Action
from webapp.storage import atomic_file
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
    return [_brought(row) for row in db.session.scalars(select(Corpus).order_by(Corpus.name))]


def paths(names: Iterable[str]) -> list[Path]:
    """Return these corpora as files of this machine; raise Invalid for the first that is not here."""
    return [_written(name) for name in check(names)]


def check(names: Iterable[str]) -> list[str]:
    """Return these names without repetition; raise Invalid for the first that is not here."""
    asked = list(dict.fromkeys(names))
    for name in asked:
        if not NAME.fullmatch(name) or db.session.get(Corpus, name) is None:
            raise Invalid(
                gettext(
                    "There is no corpus %(name)s here: flask corpus list tells which there are.",
                    name=repr(name),
                ),
                "corpus",
            )
    return asked


def add(file: Path, by: str, name: str = "", encoding: str = "utf-8") -> Brought:
    """Check a file strictly, count it and keep it under `name`, else its own; raise Invalid or Conflict."""
    name = name or _slug(file.name)
    if not NAME.fullmatch(name):
        raise Invalid(
            gettext(
                "The name of a corpus is up to 32 small letters, digits and hyphens: give one with --name."
            )
        )
    if db.session.get(Corpus, name):
        raise Conflict(
            gettext(
                "There is a corpus %(name)s already: remove it, or give this one another --name.", name=name
            )
        )
    _check_size(file)
    with tempfile.TemporaryDirectory() as folder:
        counted = Path(folder) / f"{name}{ENDING}"
        _write(file, counted, encoding)
        return keep(counted, name, by, file.name)


def keep(counted: Path, name: str, by: str, file: str) -> Brought:
    """Keep a list that the trainer's command has counted; raise Conflict if there is one of that name."""
    row = _row(counted, name)
    with writing() as session:
        if session.get(Corpus, name):  # somebody else was quicker
            raise Conflict(gettext("There is a corpus %(name)s already.", name=name))
        session.add(row)
        facts = {"file": file, "names": row.names, "fingerprint": row.fingerprint}
        audit.note(session, by, Action.CORPUS_ADD, name, **facts)
    return _brought(row)


def adopt(by: str) -> list[str]:
    """Take in what earlier releases kept in this machine's folder alone; return the names."""
    taken = []
    for path in sorted(_folder().glob(f"*{ENDING}")):
        if NAME.fullmatch(path.stem) and db.session.get(Corpus, path.stem) is None:
            keep(path, path.stem, by, path.name)
            taken.append(path.stem)
    return taken


def remove(name: str, by: str) -> None:
    """Remove a corpus; raise NotFound without it, Conflict while a run learns from it."""
    if not NAME.fullmatch(name) or db.session.get(Corpus, name) is None:
        raise NotFound(gettext("There is no corpus %(name)s here.", name=repr(name)))
    with writing() as session:
        # Inside the transaction: no run can start between the look and the removal.
        active = session.scalars(select(Run).where(Run.is_active.is_(True))).first()
        if active and name in active.corpora:
            raise Conflict(
                gettext(
                    "Run %(id)s learns from %(name)s: wait until it has ended, or cancel it.",
                    id=active.id,
                    name=name,
                )
            )
        audit.note(session, by, Action.CORPUS_REMOVE, name)
        session.execute(delete(Corpus).where(Corpus.name == name))
    (_folder() / f"{name}{ENDING}").unlink(missing_ok=True)  # this machine's copy


def _check_size(file: Path) -> None:
    size = sum(path.stat().st_size for path in file.glob("*")) if file.is_dir() else file.stat().st_size
    if size > LARGEST:
        raise Invalid(
            gettext(
                "A corpus may have up to %(n)s MB; %(name)s has %(size)s.",
                n=LARGEST // 2**20,
                name=file.name,
                size=numbers.decimal(size / 2**20, 0),
            )
        )


def _write(file: Path, path: Path, encoding: str) -> None:
    # A process of its own: numpy and the whole list in memory are nothing for this one.
    said = [str(file.resolve()), "--encoding", encoding, "--write", str(path)]
    command = [sys.executable, "-m", "training", "corpus", *said]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        errors = done.stderr.strip().splitlines()
        raise Invalid(
            # The command's last line is its sentence; what stands above it is for developers.
            errors[-1].removeprefix(gettext("python -m training: "))
            if errors
            else gettext("%(name)s cannot be read.", name=file.name)
        )


def _row(counted: Path, name: str) -> Corpus:
    with closing(sqlite3.connect(f"{counted.resolve().as_uri()}?mode=ro", uri=True)) as corpus:
        meta = dict(corpus.execute("SELECT key, value FROM meta"))
        countries, years = _origins(corpus)
    first, last = years or (None, None)
    return Corpus(
        name=name,
        names=int(meta["names"]),
        fingerprint=meta["fingerprint"],
        # The file's own time: one that an earlier release kept was added then.
        added_at=datetime.fromtimestamp(counted.stat().st_mtime, UTC),
        countries=list(countries),
        first_year=first,
        last_year=last,
        data=zlib.compress(counted.read_bytes()),
    )


def _brought(row: Corpus) -> Brought:
    years = (row.first_year, row.last_year) if row.first_year and row.last_year else None
    return Brought(row.name, row.names, row.fingerprint, row.added_at, tuple(row.countries), years)


def _written(name: str) -> Path:
    """Return this machine's copy of a corpus, written anew if it is another by now."""
    row = db.session.get_one(Corpus, name, options=[undefer(Corpus.data)])
    path = _folder() / f"{name}{ENDING}"
    data = zlib.decompress(row.data)
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic_file.write(path, data)
    return path


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
