"""Files that visitors bring: kept for an hour under an unguessable id, converted as a stream, given back."""

import json
import re
import secrets
import shutil
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePath
from typing import IO

from flask import current_app

from training.names import Form
from webapp.errors import Invalid, NotFound, TooLarge, Unavailable
from webapp.files import preview
from webapp.files.formats.convert import Table, is_workbook, open_table
from webapp.files.formats.table import Choice, How
from webapp.guessing import bulk
from webapp.guessing.bulk import Bulk
from webapp.storage import atomic_file

LIFETIME = 3600  # seconds
EACH = 3
"""Files of one visitor; the oldest makes room."""
ALL = 10
"""Times BATCH_MB: what all files together may take."""
AT_ONCE = threading.BoundedSemaphore(2)
"""Conversions of one process: the other threads go on answering."""
_ID = re.compile(r"[A-Za-z0-9_-]{22}")  # what token_urlsafe(16) makes
_PIECE = 2**20  # bytes read at once


class Stopped(Exception):
    """Whoever asked for the conversion does not want it any more."""


@dataclass(frozen=True)
class Batch:
    """An uploaded file; `title` is what its owner calls it, and is never a path here."""

    id: str
    visitor: str
    title: str
    folder: Path

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return self.folder / "file"

    def table(self, how: How = How()) -> Table:  # noqa: B008 - it is frozen
        """Return the file, opened; raise Invalid if it is no table."""
        return open_table(self.file, how, preview.knows)

    @property
    def given_back_as(self) -> str:
        """What the converted file is called: the file's own letters, and an ending that is true."""
        # Some browsers send a path of the visitor's machine; only its last part is a name.
        stem = re.sub(r"[^\w .()-]", "_", PurePath(self.title.replace("\\", "/")).stem).strip(" .")[:80]
        return f"{stem or 'names'}-guessed{self._ending}"

    @property
    def _ending(self) -> str:
        if is_workbook(self.file):
            return ".xlsx"
        ending = PurePath(self.title).suffix.lower()
        return ending if ending in (".csv", ".tsv", ".txt") else ".csv"


class State(StrEnum):
    """Where a conversion is."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


@dataclass(frozen=True)
class ConversionState:
    """How far a conversion is."""

    state: str = State.WAITING
    rows: int = 0
    share: float = 0.0
    seconds: float = 0.0


def add(source: IO[bytes], title: str, visitor: str) -> Batch:
    """Keep a file and look at it; raise Invalid if it is no table, TooLarge, Unavailable."""
    sweep(visitor)
    most = current_app.config["BATCH_MB"] * 2**20
    # One file of the largest size must still fit.
    if _size(_root()) > (ALL - 1) * most:
        raise Unavailable("Others' files fill the space for files at the moment. Try again in an hour.")
    batch_id = secrets.token_urlsafe(16)
    # The path is made of the id alone; the visitor's own name for the file never comes near it.
    batch = Batch(batch_id, visitor, title[:255], _root() / batch_id)
    batch.folder.mkdir(mode=0o700)
    try:
        _copy(source, batch.file, most)
        about = json.dumps({"visitor": visitor, "title": batch.title})
        atomic_file.note(batch.folder / "about.json", about)
        if not batch.table().head().rows:
            raise Invalid("There is nothing in this file.", "file")
    except OSError as error:
        shutil.rmtree(batch.folder)
        raise Unavailable("There is no room for this file at the moment. Try again later.") from error
    # A refusal, a worker that is told to stop, whatever it is: nothing is left of a file that was not taken.
    except BaseException:
        shutil.rmtree(batch.folder)
        raise
    return batch


def _copy(source: IO[bytes], path: Path, most: int) -> None:
    size = 0
    with open(path, "xb") as file:
        while piece := source.read(_PIECE):
            size += len(piece)
            # Counted while it is copied: what a request says of its length is only what it says.
            if size > most:
                raise TooLarge(f"A file may have up to {most // 2**20:,} MB.")
            file.write(piece)


def find_batch(batch_id: str, visitor: str | None) -> Batch:
    """Return a visitor's own file; raise NotFound for another's, for one that is gone, for any other text."""
    folder = _root() / batch_id
    # The id's form first: it comes from an address and becomes a path.
    if _ID.fullmatch(batch_id) and visitor and _owner(folder) == visitor and _age(folder) <= LIFETIME:
        title = json.loads((folder / "about.json").read_text())["title"]
        return Batch(batch_id, visitor, title, folder)
    raise NotFound("This file is not here: files are kept for an hour, for whoever brought them.")


def sweep(visitor: str | None = None) -> None:
    """Delete files that are older than LIFETIME, and the oldest of a visitor who has EACH of them."""
    # Youngest first, so the slice below is the oldest. EACH - 1, for the one that is about to come.
    folders = sorted((path for path in _root().iterdir() if path.is_dir()), key=_age)
    mine = [path for path in folders if visitor and _owner(path) == visitor]
    for path in {*mine[EACH - 1 :], *(path for path in folders if _age(path) > LIFETIME)}:
        shutil.rmtree(path, ignore_errors=True)  # another process may be deleting it too


def _owner(folder: Path) -> str | None:
    try:
        return str(json.loads((folder / "about.json").read_text())["visitor"])
    except (FileNotFoundError, ValueError):  # deleted meanwhile, or written by a process that was killed
        return None


def _age(folder: Path) -> float:
    try:
        # A folder's time is that of the last change to its names: upload, progress of a conversion, stop.
        return time.time() - folder.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*/file") if path.exists())


def _root() -> Path:
    root = Path(current_app.config["INSTANCE"]).resolve() / "batches"
    root.mkdir(mode=0o700, exist_ok=True)
    return root


def progress(batch: Batch) -> ConversionState:
    """Return how far the file's conversion is."""
    try:
        return ConversionState(**json.loads((batch.folder / "progress.json").read_text()))
    except FileNotFoundError:
        return ConversionState()


def stop(batch: Batch) -> None:
    """Ask the file's conversion to end."""
    # A file, since the conversion may run in another of the web processes.
    (batch.folder / "stop").touch()


def remove(batch: Batch) -> None:
    """Delete a file; nothing happens if it is gone already."""
    shutil.rmtree(batch.folder, ignore_errors=True)


class Conversion:
    """The converted file as an iterable of pieces; `close` ends it whether or not it has begun."""

    def __init__(self, batch: Batch, table: Table, choice: Choice, form: Form) -> None:
        """Raise Invalid while the encoding is doubtful, Unavailable while too many are being converted."""
        self.batch, self.choice, self._table = batch, choice, table
        if table.rivals:
            raise Invalid("Choose the encoding first: two are about as likely.", "encoding")
        reader = bulk.for_file(form)
        # Of an earlier conversion of the same file.
        (batch.folder / "stop").unlink(missing_ok=True)
        # Refused and not queued: a thread that waits here answers nobody.
        if not AT_ONCE.acquire(blocking=False):
            raise Unavailable("Others' files are being read at the moment. Try again in a minute.")
        self._pieces = self._convert(reader)
        self._is_open = True
        self._tell(ConversionState(State.RUNNING))

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """End the conversion, if it is not at its end, and let the next one in."""
        # The server calls this however the answer ended. A generator that was never begun runs no `finally`.
        self._pieces.close()
        if (now := progress(self.batch)).state == State.RUNNING:  # it was never begun
            self._tell(replace(now, state=State.STOPPED), is_last=True)
        self._release()

    def _release(self) -> None:
        if self._is_open:
            self._is_open = False  # once: the generator's end and `close` both come here
            AT_ONCE.release()

    def _convert(self, reader: Bulk) -> Generator[bytes, None, None]:
        start = time.monotonic()
        now = ConversionState(State.RUNNING)
        self._tell(now)
        try:
            for done in self._table.convert(self.choice, reader):
                now = ConversionState(State.RUNNING, done.rows, done.share, time.monotonic() - start)
                self._tell(now)
                yield done.data
            now = ConversionState(State.FINISHED, now.rows, 1.0, now.seconds)
        finally:
            # A reader who is gone, a stop or a failure all leave the file unfinished, and it says so.
            if now.state != State.FINISHED:
                now = replace(now, state=State.STOPPED)
            self._tell(now, is_last=True)
            self._release()

    def _tell(self, now: ConversionState, is_last: bool = False) -> None:
        if not self.batch.folder.exists():  # swept away meanwhile
            return
        if not is_last and (self.batch.folder / "stop").exists():
            raise Stopped(self.batch.id)
        atomic_file.note(self.batch.folder / "progress.json", json.dumps(asdict(now)))
