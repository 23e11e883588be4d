"""Start the whole site: `python -m webapp.server.launch`, which is what `make run` does.

Checks what can be checked, prepares what is missing, starts the processes of the Procfile and says where the
site answers. Imports nothing heavy: the web processes are what one waits for.
"""

import contextlib
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
from pathlib import Path
from typing import Any

from honcho.environ import parse_procfile
from honcho.manager import Manager

from webapp.config import ROOT, BadSetting, read_settings

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
        check_folder(Path(settings["INSTANCE"]))
        check_port(settings["HOST"], settings["PORT"])
        prepare(settings)
    except (CannotStart, BadSetting) as error:
        sys.stderr.write(f"Nomen cannot start: {error}\n")
        return 1
    return serve(settings)


def check_folder(instance: Path) -> None:
    """Raise CannotStart unless the instance folder can be written to and has room."""
    try:
        instance.mkdir(parents=True, exist_ok=True)
        probe = instance / f"{os.getpid()}.partial"
        probe.write_bytes(b" ")
        probe.unlink()
    except OSError as error:
        raise CannotStart(f"the folder {instance} cannot be written to ({error.strerror}).") from error
    free = shutil.disk_usage(instance).free
    if free < LEAST_FREE:
        raise CannotStart(f"the disk is full: {instance} has room for {free / 1e6:.0f} MB more.")


def check_port(host: str, port: int) -> None:
    """Raise CannotStart unless the address can be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
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
    newest = max(path.name for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))[:4]
    with contextlib.closing(sqlite3.connect(f"file:{instance / 'nomen.db'}?mode=ro", uri=True)) as database:
        return all(database.execute(query.format(newest=newest)).fetchone() for query in IS_PREPARED)


def serve(settings: dict[str, Any]) -> int:
    """Run the processes of the Procfile until one ends or a signal comes."""
    manager = Manager()
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONUNBUFFERED": "1",
    }
    for name, command in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
        manager.add_process(name, command, env=environment, cwd=str(ROOT))
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    threading.Thread(target=announce, args=(settings["HOST"], settings["PORT"]), daemon=True).start()
    manager.loop()
    return 0 if manager.returncode in (130, 143) else int(manager.returncode or 0)


def announce(host: str, port: int) -> None:
    """Say where the site answers, as soon as it does."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "[::]": "[::1]"}.get(host, host)
    address = f"http://{reached}:{port}"
    while True:
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(f"{address}/readyz", timeout=5)
            break
        time.sleep(0.1)
    sys.stdout.write(f"\n    Nomen answers at {address}   (Ctrl-C stops it)\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
