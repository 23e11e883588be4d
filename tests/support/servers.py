"""Real PostgreSQL and Redis servers of a test's own, which can be stopped and started again."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg
import pytest
import redis
from flask import Flask
from psycopg import sql

from tests.support import sites
from tests.support.processes import free_port
from tests.support.waiting import eventually

ARE_USED = os.environ.get("TESTS_ON") == "servers"
"""Whether all tests' sites keep their rows in PostgreSQL and their queue and limits in Redis."""


def program(name: str) -> str:
    """Return the path of a server's program; without it the test skips, but not in CI."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name) or next(map(str, newest), None)
    if found is None:
        missing = f"{name} is not installed on this machine."
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    return str(found)


class Server:
    """A server's process; it answers once it is started."""

    def __init__(
        self, url: str, command: Sequence[str], answers: Callable[[], object], folder: Path, user: str = ""
    ) -> None:
        self.url = url
        self._command, self._answers, self._folder = command, answers, folder
        self._user = user or None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            self._command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            user=self._user,
        )
        assert eventually(self.is_up), f"{self._command[0]} did not start"

    def is_up(self) -> bool:
        """Say whether it answers."""
        with contextlib.suppress(psycopg.OperationalError, redis.RedisError):
            self._answers()
            return True
        return False

    def stop(self, number: int = 2) -> None:
        """End it by a signal: 2, and PostgreSQL ends its connections first."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=60)
            self._process = None


@contextlib.contextmanager
def started(server: Server) -> Iterator[Server]:
    """Run a server until the block ends."""
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def run_postgresql() -> Iterator[Server]:
    """Run a new PostgreSQL server, as nobody of importance: it refuses to be root."""
    user = "postgres" if os.geteuid() == 0 else ""
    initdb, server = program("initdb"), program("postgres")
    # Where the tests' own files are: in memory, if there is room.
    with tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as folder:
        if user:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        data, port = f"{folder}/data", str(free_port())
        make = [initdb, "-D", data, "-U", "nomen", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=user or None)
        options = ["-c", "fsync=off", "-c", "max_connections=200"]
        command = [server, "-D", data, "-p", port, "-k", folder, *options]
        url = f"postgresql://nomen@127.0.0.1:{port}/postgres"
        with started(
            Server(url, command, lambda: psycopg.connect(url).close(), Path(folder), user)
        ) as running:
            yield running


@contextlib.contextmanager
def run_redis(folder: Path) -> Iterator[Server]:
    """Run a new Redis server that keeps nothing on disk."""
    port = str(free_port())
    command = [program("redis-server"), "--port", port, "--bind", "127.0.0.1", "--save", ""]
    url = f"redis://127.0.0.1:{port}/0"

    def ping() -> None:
        with redis.Redis.from_url(url) as connection:
            connection.ping()

    with started(Server(url, command, ping, folder)) as running:
        yield running


POOL = """
[databases]
* = host=127.0.0.1 port={port} user=nomen
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
"""


@contextlib.contextmanager
def run_pgbouncer(server_url: str, folder: Path, size: int) -> Iterator[Server]:
    """Run PgBouncer before a PostgreSQL server: each transaction takes one of so many connections."""
    own, settings = free_port(), folder / "pgbouncer.ini"
    there = psycopg.conninfo.conninfo_to_dict(server_url)
    settings.write_text(POOL.format(port=there["port"], own=own, size=size))
    url = f"postgresql://nomen@127.0.0.1:{own}/postgres"
    user = ["--user", "postgres"] if os.geteuid() == 0 else []  # it refuses to be root
    command = [program("pgbouncer"), *user, str(settings)]
    with started(Server(url, command, lambda: psycopg.connect(url).close(), folder)) as running:
        yield running


def new_database(server_url: str, name: str, template: str = "template1") -> str:
    """Make a database on a PostgreSQL server, from a template; return its address."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(made.format(sql.Identifier(name), sql.Identifier(template)))
    return f"{server_url.rpartition('/')[0]}/{name}"


def empty_redis(url: str) -> None:
    """Let a Redis server hold nothing."""
    with redis.Redis.from_url(url) as connection:
        connection.flushall()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server that all tests of a worker share."""
    with run_postgresql() as server:
        yield server.url


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis server that all tests of a worker share."""
    with run_redis(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture(scope="session")
def blank_database(postgresql: str, blank_instance: Path) -> str:
    """The name of a migrated database with what the blank instance holds: copy it by `new_database`."""
    url = new_database(postgresql, "blank")
    with sites.open_site(blank_instance, DATABASE_URL=url) as app:
        sites.prepare(app)
    return "blank"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.process)])
def each_app(request: pytest.FixtureRequest, instance: Path) -> Iterator[Flask]:
    """A site of one's own on SQLite, then one on PostgreSQL."""
    url = ""
    if request.param == "postgresql":
        template = request.getfixturevalue("blank_database")
        url = new_database(request.getfixturevalue("postgresql"), "each", template)
    with sites.open_site(instance, DATABASE_URL=url) as app:
        yield app
