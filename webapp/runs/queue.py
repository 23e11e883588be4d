"""The queue, its one task, and the worker that does it.

A message holds the id of a run and nothing else; what a run is stands in its row.
"""

import logging
import os
import signal
import threading
from pathlib import Path

from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer

from webapp.files import uploads
from webapp.runs import lifecycle, worker_status

log = logging.getLogger(__name__)
TICK = 1.0  # seconds between two looks of the worker at what has gone dead
LONGEST_NAP = 0.5  # seconds the worker may sleep while the queue is empty

stopping = threading.Event()


def queue() -> Huey:
    """Return this process's queue, opened at the first call: no connection may cross a fork."""
    if "queue" not in current_app.extensions:
        current_app.extensions["queue"] = _open(current_app._get_current_object())  # type: ignore[attr-defined]
    return current_app.extensions["queue"]


def _open(app: Flask) -> Huey:
    serializer = SignedSerializer(secret=app.config["SECRET_KEY"], salt="nomen-queue")
    if app.config["REDIS_URL"]:
        opened: Huey = RedisHuey("nomen", url=app.config["REDIS_URL"], serializer=serializer, results=False)
    else:
        path = Path(app.config["INSTANCE"]) / "queue.db"
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        opened = SqliteHuey("nomen", filename=str(path), serializer=serializer, results=False, fsync=True)
    app.extensions["run_task"] = opened.task(name="run")(lambda run_id: _work_on(app, run_id))
    return opened


def enqueue(run_id: int) -> None:
    """Ask the worker to do a run."""
    queue()
    current_app.extensions["run_task"](run_id)


def _work_on(app: Flask, run_id: int) -> None:
    from webapp.runs.worker import supervisor  # only the worker needs it

    with app.app_context():
        supervisor.supervise(run_id, stopping)


def work() -> None:
    """Be the worker until SIGTERM or SIGINT; a run that is going then is ended and says so."""
    consumer = queue().create_consumer(workers=1, periodic=False, max_delay=LONGEST_NAP)
    worker_status.write(worker_status.look())
    for run_id in lifecycle.waiting():
        enqueue(run_id)  # a message that was taken by a worker that died is lost: ask again
    consumer.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    log.info("the worker waits for runs on %s", worker_status.look())
    while not stopping.wait(TICK):
        worker_status.still_here()
        lifecycle.sweep()
        uploads.sweep()
    consumer.stop(graceful=True)
    worker_status.gone()
