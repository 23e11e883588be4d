"""Start the whole site: `python -m webapp.server.launch`, which is what `make run` does.

Checks what can be checked, prepares what is missing, starts the processes of the Procfile and says where the
site answers. Imports nothing heavy: the web processes are what one waits for.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from webapp.config import ROOT, BadSetting, read_settings
from webapp.server.supervisor import Part, Supervisor, read_procfile, say
from webapp.storage import atomic_file

LEAST_FREE = 200e6  # bytes of disk space
IS_PREPARED = (
    "SELECT 1 FROM alembic_version WHERE version_num = '{newest}'",
    "SELECT 1 FROM promotion LIMIT 1",
    'SELECT 1 FROM "user" JOIN roles_users ON user_id = "user".id JOIN role ON role_id = role.id '
    "WHERE active AND role.name = 'admin' LIMIT 1",
)


class CannotStart(Exception):
    """The site cannot start; the message says why and what to do."""


def main() -> int:
    """Start, wait until Ctrl-C, return the exit code."""
    try:
        settings = read_settings()
        instance = Path(settings["INSTANCE"])
        check_folder(instance)
        with lock(instance, address_of(settings["HOST"], settings["PORT"])):
            # Inside the lock, so that a second start is told of the first and not of a taken port.
            check_port(settings["HOST"], settings["PORT"])
            check_database(instance / "nomen.db")
            prepare(settings)
            return serve(settings)
    except (CannotStart, BadSetting) as error:
        sys.stderr.write(f"Nomen cannot start: {error}\n")
        return 1


def check_folder(instance: Path) -> None:
    """Raise CannotStart unless the instance folder can be written to and has room."""
    try:
        instance.mkdir(parents=True, exist_ok=True)
        probe = instance / f"probe-{os.getpid()}"
        atomic_file.write(probe, b" ")
        probe.unlink()
    except OSError as error:
        raise CannotStart(f"the folder {instance} cannot be written to ({error.strerror}).") from error
    free = shutil.disk_usage(instance).free
    if free < LEAST_FREE:
        raise CannotStart(f"the disk is full: {instance} has room for {free / 1e6:.0f} MB more.")


@contextlib.contextmanager
def lock(instance: Path, address: str) -> Iterator[None]:
    """Be the only start over an instance folder inside the block; raise CannotStart, saying who else is."""
    with open(instance / "start.lock", "a+", opener=_owner_only) as file:
        try:
            # The system takes a lock back however its process dies; a file alone would stay behind.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise CannotStart(
                f"{file.read().strip()} runs over {instance} already. Stop it first."
            ) from error
        file.truncate(0)
        file.write(f"Process {os.getpid()}, started {datetime.now():%Y-%m-%d %H:%M} for {address},")
        file.flush()
        yield


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def check_database(path: Path) -> None:
    """Raise CannotStart for a database file that was cut or is none; nothing is touched."""
    if not path.exists() or not path.stat().st_size:
        return
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            (pages,) = database.execute("PRAGMA page_count").fetchone()
            (size,) = database.execute("PRAGMA page_size").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "readonly" in str(error):
            return  # it is there, and busy
        raise CannotStart(_damaged(path, str(error))) from error
    except sqlite3.DatabaseError as error:
        raise CannotStart(_damaged(path, str(error))) from error
    # Beside a log the file may be shorter than it says; the log has the rest.
    if path.stat().st_size < pages * size and not path.with_name(f"{path.name}-wal").exists():
        raise CannotStart(_damaged(path, "its end is missing"))


def _damaged(path: Path, why: str) -> str:
    restore = "flask --app wsgi restore FILE"
    return f"{path} is damaged ({why}). Nothing was touched. Put a backup back: {restore}"


def check_port(host: str, port: int) -> None:
    """Raise CannotStart unless the address can be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As gunicorn does: connections that just ended must not make the address look taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            taken = f"{host}:{port} cannot be listened on ({error.strerror})"
            raise CannotStart(f"{taken}. Try another: make run PORT={port + 1}") from error


def prepare(settings: dict[str, Any]) -> None:
    """Run `flask setup` unless all it would do is done."""
    with contextlib.suppress(OSError, sqlite3.Error):
        if is_prepared(settings):
            return
    done = subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", "setup"], cwd=ROOT)
    if done.returncode:
        raise CannotStart("it could not be prepared, as said above.")


def is_prepared(settings: dict[str, Any]) -> bool:
    """Say whether the SQLite file is migrated, a version serves and there is an admin.

    Asking this without the site's own code takes milliseconds instead of seconds. Raises sqlite3.Error.
    """
    instance = Path(settings["INSTANCE"])
    if settings["DATABASE_URL"] or not (instance / "corpus.db").exists():
        return False
    # Migrations begin with a number of four digits.
    newest = max(path.name for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))[:4]
    with contextlib.closing(sqlite3.connect(f"file:{instance / 'nomen.db'}?mode=ro", uri=True)) as database:
        return all(database.execute(query.format(newest=newest)).fetchone() for query in IS_PREPARED)


def serve(settings: dict[str, Any]) -> int:
    """Run the processes of the Procfile until a signal comes; return the exit code."""
    environment = os.environ | {
        # The Procfile names programs: those of this environment come first.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        # Lines appear when they are written, also where output is a file.
        "PYTHONUNBUFFERED": "1",
    }
    commands = read_procfile(ROOT / "Procfile").items()
    parts = [Part(name, command, ROOT, environment, os.getpid()) for name, command in commands]
    answered = threading.Event()
    supervisor = Supervisor(parts, answered.is_set, settings["WEB_DRAIN_SECONDS"])
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # Only a flag: what ends the parts is the loop that started them.
        signal.signal(number, lambda *_: supervisor.stopping.set())
    where = settings["HOST"], settings["PORT"]
    threading.Thread(target=announce, args=(*where, answered), daemon=True).start()
    return supervisor.run()


def announce(host: str, port: int, answered: threading.Event) -> None:
    """Say where the site answers, as soon as it does."""
    address = address_of(host, port)
    while True:
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"{address}/readyz", timeout=5)  # nosec B310 # address_of, always http
            break
        time.sleep(0.1)
    answered.set()
    say(sys.stdout, f"\n    Nomen answers at {address}   (Ctrl-C stops it)\n")


def address_of(host: str, port: int) -> str:
    """Return the address that a browser on this machine reaches the site at."""
    # "All addresses" is no address that a browser can go to.
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "[::]": "[::1]"}  # nosec B104 # listens nowhere
    reached = everywhere.get(host, host)
    return f"http://{reached}:{port}"


if __name__ == "__main__":
    sys.exit(main())
