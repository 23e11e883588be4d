"""A site in one file, taken while it runs, and put back.

A plain copy of a live SQLite database in WAL mode is malformed as a rule. SQLite's own online backup takes
one from a single snapshot, while visitors go on answering. The file is a ZIP archive: the database, the
secret key, the corpora that an admin brought, and a manifest with the hash of each.
"""

import hashlib
import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from webapp.errors import Conflict, Invalid, NotFound
from webapp.storage import atomic_file

DATABASE, KEY, CORPORA, MANIFEST = "nomen.db", "secret_key", "corpora", "manifest.json"
FORM = 1
"""Of the archive: a later one may hold more."""
PAGES_AT_ONCE = 2_000  # of the database between two calls of `progress`
PIECE = 2**20  # bytes copied at once
OWNER_ONLY = 0o600
COUNTED = ("feedback", "version", "promotion", "run", "user", "api_key", "audit_entry", "game")
"""Tables whose rows the manifest counts, to be compared after a restore."""

Progress = Callable[[int, int], None]
"""Called with how many pages are left, and how many there are."""


@dataclass(frozen=True)
class Manifest:
    """What an archive holds."""

    taken_at: str
    migration: str
    """The newest migration of the database."""
    rows: dict[str, int]
    files: dict[str, str]
    """The SHA-256 of each file, by its path below the instance folder."""

    def to_json(self) -> str:
        """Return the manifest as the archive keeps it."""
        return json.dumps({"form": FORM, **vars(self)}, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Manifest":
        """Read a manifest; raise Invalid for anything else."""
        try:
            found = json.loads(text)
            # Popped, so that the rest are exactly the fields; anything more or less is no manifest.
            if found.pop("form") != FORM:
                raise Invalid("This backup was written by a later release of Nomen.")
            return cls(**found)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Invalid("This file is no backup of Nomen: its manifest cannot be read.") from error


def take(instance: Path, target: Path, progress: Progress = lambda left, total: None) -> Manifest:
    """Write all that cannot be made again to `target`, check what was written, and return its manifest.

    Raises NotFound without a database, Conflict if `target` is there already, Invalid for a damaged database.
    """
    if not (instance / DATABASE).is_file():
        raise NotFound(f"There is no database in {instance}.")
    # Asked at once, for the copying may take minutes; `atomic_file.new` asks again at the end.
    if target.exists():
        raise Conflict(f"{target} is there already: a backup never replaces another.")
    try:
        with (
            atomic_file.new(target, mode=OWNER_ONLY) as file,
            # Beside the archive, where there must be room for it anyway; /tmp may be small, or memory.
            tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder,
        ):
            copy = Path(folder) / DATABASE
            _copy_database(instance / DATABASE, copy, progress)
            manifest = _describe(copy, instance)
            _pack(file, manifest, copy, instance)
            file.flush()
            check(Path(file.name))  # before it gets its name: what is called a backup has been read again
    except FileExistsError as error:
        raise Conflict(f"{target} is there already: a backup never replaces another.") from error
    return manifest


def _copy_database(source: Path, copy: Path, progress: Progress) -> None:
    with (
        closing(sqlite3.connect(source, isolation_level=None)) as live,
        closing(sqlite3.connect(copy)) as made,
    ):
        # A read transaction keeps to one snapshot: without it every write of others begins the copy anew.
        live.execute("BEGIN")
        # BEGIN alone takes no snapshot: the first read does.
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        live.backup(made, pages=PAGES_AT_ONCE, progress=lambda _status, left, total: progress(left, total))
        live.execute("ROLLBACK")
        made.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    _check_database(copy)


def _check_database(path: Path) -> None:
    try:
        # Read-only, or looking at it would create a file where there is none.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise Invalid(f"The database is damaged: {error}.") from error
    if found != "ok":
        raise Invalid(f"The database is damaged: {found}.")


def _describe(database: Path, instance: Path) -> Manifest:
    with closing(sqlite3.connect(database)) as copy:
        (migration,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        counting = {table: f'SELECT count(*) FROM "{table}"' for table in COUNTED}  # nosec B608 # our names
        rows = {table: copy.execute(query).fetchone()[0] for table, query in counting.items()}
    files = {DATABASE: _hash_of(database)} | {name: _hash_of(path) for name, path in _others(instance)}
    return Manifest(datetime.now(UTC).isoformat(timespec="seconds"), migration, rows, files)


def _others(instance: Path) -> Iterator[tuple[str, Path]]:
    if (instance / KEY).is_file():
        yield KEY, instance / KEY
    for path in sorted((instance / CORPORA).glob("*.db")):
        yield f"{CORPORA}/{path.name}", path


def _hash_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(file: IO[bytes], manifest: Manifest, database: Path, instance: Path) -> None:
    # Level 3 of 9: weights, often most of the bytes, hardly shrink whatever the effort.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.writestr(MANIFEST, manifest.to_json())
        archive.write(database, DATABASE)
        for name, path in _others(instance):
            archive.write(path, name)


def check(path: Path) -> Manifest:
    """Read a whole archive and compare every file with its hash; raise Invalid for the first that differs."""
    with _opened(path) as archive:
        manifest = Manifest.from_json(_read(archive, MANIFEST))
        # What the archive holds beyond the manifest is never unpacked.
        for name, wanted in manifest.files.items():
            if not _is_ours(name) or _hash_in(archive, name) != wanted:
                raise Invalid(f"This backup is damaged: {name} is not what was written.")
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError) as error:
        raise Invalid(f"{path} cannot be read as a backup: {error}.") from error


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except KeyError as error:
        raise Invalid(f"This backup lacks {name}.") from error


def _is_ours(name: str) -> bool:
    folder, _, leaf = name.rpartition("/")
    # Only names that a backup writes: a forged archive must not put a file elsewhere.
    is_corpus = folder == CORPORA and leaf.endswith(".db") and not leaf.startswith(".")
    return name in (DATABASE, KEY) or is_corpus


def _hash_in(archive: zipfile.ZipFile, name: str) -> str:
    try:
        with archive.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    except (KeyError, zipfile.BadZipFile, EOFError, OSError, ValueError):
        return ""


def restore(instance: Path, path: Path, known_migrations: set[str]) -> tuple[Manifest, Path | None]:
    """Put an archive's files into an instance folder that no site uses (`instance_lock.alone`).

    Everything is checked before anything is replaced. What was there is moved into a folder of its own, which
    is returned beside the manifest. Raises Invalid for an archive that is damaged or of a later release.
    """
    manifest = check(path)
    if manifest.migration not in known_migrations:
        raise Invalid(f"This backup is of a later release (its database is at {manifest.migration}).")
    # Unpacked beside what it replaces, so that putting it there is a rename and cannot run out of space.
    with tempfile.TemporaryDirectory(dir=instance) as folder, _opened(path) as archive:
        unpacked = Path(folder)
        for name in manifest.files:
            _unpack(archive, name, unpacked / name)
        # Once more after unpacking: the hash says that it is what was packed, not that SQLite can read it.
        _check_database(unpacked / DATABASE)
        # Nothing of the site was touched up to here; from here on there are only renames.
        put_aside = _put_aside(instance, manifest.taken_at)
        for name in manifest.files:
            (instance / name).parent.mkdir(exist_ok=True)
            (unpacked / name).replace(instance / name)
    return manifest, put_aside


def _unpack(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    with archive.open(name) as source, atomic_file.new(path, mode=OWNER_ONLY) as target:
        shutil.copyfileobj(source, target, PIECE)


def _put_aside(instance: Path, taken_at: str) -> Path | None:
    # The log beside the database goes with it: left behind, it would be played into the restored one.
    present = [instance / name for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", KEY, CORPORA)]
    # A database that was just created is an empty file, and nothing to keep.
    present = [path for path in present if path.is_dir() or (path.is_file() and path.stat().st_size)]
    if not present:
        return None
    aside = Path(tempfile.mkdtemp(prefix="before-restore-", dir=instance))
    for path in present:
        path.replace(aside / path.name)
    return aside
