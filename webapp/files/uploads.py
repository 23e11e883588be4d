"""Files that visitors bring: kept for an hour under an unguessable id, converted as a stream, given back."""

import re
import secrets
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path, PurePath
from typing import IO

from flask import Flask, current_app
from sqlalchemy import delete, func, select, update

from training.names import Country, Form
from webapp.errors import Busy, Invalid, NotFound, TooLarge, Unavailable
from webapp.extensions import db
from webapp.files import preview
from webapp.files.formats.convert import Table, is_workbook, open_table
from webapp.files.formats.table import Choice, How
from webapp.guessing import bulk
from webapp.guessing.bulk import Bulk
from webapp.languages import numbers
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.models import Upload, now
from webapp.models.enums import ConversionStep as State
from webapp.storage import files
from webapp.storage.database import AWAY, reading, writing

LIFETIME = 3600  # seconds
EACH = 3
"""Files of one visitor; the oldest makes room."""
ALL = 10
"""Times BATCH_MB: what all files together may take."""
AT_ONCE = threading.BoundedSemaphore(2)
"""Conversions of one process: the other threads go on answering."""
EVERY = 0.5
"""Seconds between two notes of how far a conversion is, and two looks whether it is to stop."""
FOLDER = "batches"
GONE = N_("This file is not here: files are kept for an hour, for whoever brought them.")
_swept_at = -float(LIFETIME)  # when lost files were looked for, on the monotonic clock
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

    @cached_property
    def file(self) -> Path:
        """Where it can be read on this machine; raises NotFound if it is gone."""
        try:
            return files.get().fetch(_key(self.id))
        except FileNotFoundError as error:
            raise NotFound(GONE) from error

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
    if (db.session.scalar(select(func.sum(Upload.size))) or 0) > (ALL - 1) * most:
        raise Unavailable(
            gettext("Others' files fill the space for files at the moment. Try again in an hour.")
        )
    # The key is made of the id alone; the visitor's own name for the file never comes near it.
    batch = Batch(secrets.token_urlsafe(16), visitor, title[:255])
    try:
        with tempfile.NamedTemporaryFile() as kept:
            size = _copy(source, kept, most)
            preview.first_rows(open_table(Path(kept.name), How(), preview.knows))
            files.get().keep(_key(batch.id), Path(kept.name))
        with writing() as session:
            session.add(Upload(id=batch.id, visitor=visitor, title=batch.title, size=size))
    except OSError as error:
        _remove_file(batch.id)
        raise Unavailable(
            gettext("There is no room for this file at the moment. Try again later.")
        ) from error
    # A refusal, a worker that is told to stop, whatever it is: nothing is left of a file that was not taken.
    except BaseException:
        _remove_file(batch.id)
        raise
    return batch


def _copy(source: IO[bytes], file: IO[bytes], most: int) -> int:
    size = 0
    while piece := source.read(_PIECE):
        size += len(piece)
        # Counted while it is copied: what a request says of its length is only what it says.
        if size > most:
            raise TooLarge(gettext("A file may have up to %(most)s MB.", most=numbers.count(most // 2**20)))
        file.write(piece)
    file.flush()
    return size


def find_batch(batch_id: str, visitor: str | None) -> Batch:
    """Return a visitor's own file; raise NotFound for another's, for one that is gone, for any other text."""
    # The id's form first: it comes from an address and becomes a path.
    row = db.session.get(Upload, batch_id) if _ID.fullmatch(batch_id) else None
    if row is None or not visitor or row.visitor != visitor or row.touched_at < _oldest():
        raise NotFound(GONE)
    return Batch(row.id, row.visitor, row.title)


def sweep(visitor: str | None = None) -> None:
    """Delete files that are older than LIFETIME, and the oldest of a visitor who has EACH of them."""
    gone = list(db.session.scalars(select(Upload.id).where(Upload.touched_at < _oldest())))
    if visitor:
        mine = select(Upload.id).where(Upload.visitor == visitor).order_by(Upload.touched_at.desc())
        # EACH - 1, for the one that is about to come.
        gone += db.session.scalars(mine.offset(EACH - 1))
    db.session.rollback()  # a read that stays open keeps the write-ahead log from starting anew
    for batch_id in gone:
        _remove(batch_id)


def sweep_lost() -> None:
    """Delete files that have no row: whoever was to write it was killed. Once an hour at most."""
    global _swept_at
    if time.monotonic() - _swept_at > LIFETIME:
        _swept_at = time.monotonic()
        files.get().sweep(f"{FOLDER}/", 2 * LIFETIME)


def _oldest() -> datetime:
    return now() - timedelta(seconds=LIFETIME)


def _key(batch_id: str) -> str:
    return f"{FOLDER}/{batch_id}/file"


def progress(batch: Batch) -> ConversionState:
    """Return how far the file's conversion is."""
    row = db.session.get(Upload, batch.id, populate_existing=True)
    return ConversionState(row.state, row.rows, row.share, row.seconds) if row else ConversionState()


def stop(batch: Batch) -> None:
    """Ask the file's conversion to end, on whatever machine it runs."""
    _change(batch, stop_asked=True)


def remove(batch: Batch) -> None:
    """Delete a file; nothing happens if it is gone already."""
    _remove(batch.id)


def _remove(batch_id: str) -> None:
    with writing() as session:
        session.execute(delete(Upload).where(Upload.id == batch_id))
    # After the row: a file without one is swept in the end, a row without its file would only disappoint.
    _remove_file(batch_id)


def _remove_file(batch_id: str) -> None:
    with suppress(OSError):
        files.get().remove(f"{FOLDER}/{batch_id}")


def _change(batch: Batch, **values: object) -> None:
    with writing() as session:
        query = update(Upload).where(Upload.id == batch.id).values(**values, touched_at=now())
        session.execute(query, execution_options={"synchronize_session": False})


class Conversion:
    """The converted file as an iterable of pieces; `close` ends it whether or not it has begun."""

    def __init__(
        self, batch: Batch, table: Table, choice: Choice, form: Form, country: Country | None = None
    ) -> None:
        """Raise Invalid while the encoding is doubtful, Unavailable while too many are being converted."""
        self.batch, self.choice, self._table = batch, choice, table
        if table.rivals:
            raise Invalid(gettext("Choose the encoding first: two are about as likely."), "encoding")
        reader = bulk.for_file(form, country)
        self._app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        self._told_at = 0.0
        # Refused and not queued: a thread that waits here answers nobody.
        if not AT_ONCE.acquire(blocking=False):
            raise Unavailable(gettext("Others' files are being read at the moment. Try again in a minute."))
        self._pieces = self._convert(reader)
        self._is_open = True
        try:
            # A stop is of an earlier conversion of the same file.
            _change(batch, **asdict(ConversionState(State.RUNNING)), stop_asked=False)
        except BaseException:
            self._release()
            raise

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """End the conversion, if it is not at its end, and let the next one in."""
        # The server calls this however the answer ended. A generator that was never begun runs no `finally`.
        self._pieces.close()
        if self._is_open:  # it was never begun
            self._tell(ConversionState(State.STOPPED), is_last=True)
        self._release()

    def close_and_remove(self) -> None:
        """End the conversion, and delete the file: nobody will fetch it again."""
        self.close()
        with self._app.app_context():
            remove(self.batch)

    def _release(self) -> None:
        if self._is_open:
            self._is_open = False  # once: the generator's end and `close` both come here
            AT_ONCE.release()

    def _convert(self, reader: Bulk) -> Generator[bytes, None, None]:
        start = time.monotonic()
        so_far = ConversionState(State.RUNNING)
        try:
            for done in self._table.convert(self.choice, reader):
                so_far = ConversionState(State.RUNNING, done.rows, done.share, time.monotonic() - start)
                self._tell(so_far)
                yield done.data
            so_far = ConversionState(State.FINISHED, so_far.rows, 1.0, so_far.seconds)
        finally:
            # A reader who is gone, a stop or a failure all leave the file unfinished, and it says so.
            if so_far.state != State.FINISHED:
                so_far = replace(so_far, state=State.STOPPED)
            try:
                self._tell(so_far, is_last=True)
            finally:
                self._release()

    def _tell(self, so_far: ConversionState, is_last: bool = False) -> None:
        if not is_last and time.monotonic() - self._told_at < EVERY:
            return
        self._told_at = time.monotonic()
        # What is sent outlives the request that asked for it, and a database that is away.
        with self._app.app_context(), suppress(Busy, *AWAY):
            with reading() as session:
                asked = session.scalar(select(Upload.stop_asked).where(Upload.id == self.batch.id))
            if not is_last and asked is not False:  # None: it was deleted meanwhile
                raise Stopped(self.batch.id)
            _change(self.batch, **asdict(so_far))
