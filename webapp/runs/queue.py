"""The queue and its one message: the worker does a run.

A message holds the id of a run and nothing else; what a run is stands in its row.
"""

import os
from collections.abc import Callable
from pathlib import Path

import redis
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from redis.backoff import NoBackoff
from redis.retry import Retry

REDIS_SECONDS = 3


def queue() -> Huey:
    """Return this process's queue, opened at the first call: no connection may cross a fork.

    It is opened anew if its file is not the one that was opened: somebody deleted or replaced it.
    """
    if "queue" not in current_app.extensions or is_lost():
        # The app itself and not its proxy: the worker's threads call it outside this context.
        current_app.extensions["queue"] = _open(current_app._get_current_object())  # type: ignore[attr-defined]
    opened: Huey = current_app.extensions["queue"]
    return opened


def is_lost() -> bool:
    """Say whether the file of the open queue is gone: what is put into it now nobody would ever see."""
    opened: int | None = current_app.extensions.get("queue_file")
    if opened is None:
        return False
    try:
        return not os.path.samestat(os.fstat(opened), _path(current_app.config["INSTANCE"]).stat())
    except FileNotFoundError:
        return True


def _path(instance: str) -> Path:
    return Path(instance) / "queue.db"


def _open(app: Flask) -> Huey:
    # Huey's messages are pickles: signed with the site's key, one that somebody else put there is refused.
    serializer = SignedSerializer(secret=app.config["SECRET_KEY"], salt="nomen-queue")
    if app.config["REDIS_URL"]:
        opened: Huey = RedisHuey(
            "nomen", connection_pool=_pool(app.config["REDIS_URL"]), serializer=serializer, results=False
        )
    else:
        path = _path(app.config["INSTANCE"])
        if "queue_file" in app.extensions:
            os.close(app.extensions["queue_file"])
        # Held open, so that no other file can get its number while we would take it for ours.
        app.extensions["queue_file"] = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        # Nobody asks for results: a run's row tells them. fsync: a lost message is a run that waits.
        opened = SqliteHuey("nomen", filename=str(path), serializer=serializer, results=False, fsync=True)
    app.extensions["run_task"] = opened.task(name="run")(lambda run_id: _do(app, run_id))
    return opened


def _pool(url: str) -> redis.ConnectionPool:
    # Who starts a run waits for this, so not for long; a worker waits for a message a second at a time.
    # Tried twice, for a connection of the pool may be from before a restart.
    return redis.ConnectionPool.from_url(
        url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS, retry=Retry(NoBackoff(), 1)
    )


def on_run(do: Callable[[int], None]) -> None:
    """Let `do` be what this process does with a run that it takes from the queue: the worker's alone."""
    current_app.extensions["do_run"] = do


def _do(app: Flask, run_id: int) -> None:
    with app.app_context():
        # Only the worker has it: this is called there, in one of the consumer's threads.
        app.extensions["do_run"](run_id)


def enqueue(run_id: int) -> None:
    """Ask the worker to do a run."""
    queue()
    current_app.extensions["run_task"](run_id)
