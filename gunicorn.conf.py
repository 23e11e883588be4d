"""How gunicorn serves the site; the figures that one may set are settings of `webapp/config.py`."""

import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from webapp.config import BadSetting, read_settings

try:
    _settings = read_settings()
except BadSetting as error:
    sys.exit(f"Nomen cannot start: {error}")

bind = f"{_settings['HOST']}:{_settings['PORT']}"
workers = _settings["WEB_WORKERS"]
threads = _settings["WEB_THREADS"]
worker_class = "webapp.server.gunicorn_worker.PatientWorker"
preload_app = True  # the workers share what is loaded once
sendfile = False  # what a slow client does not take waits in the event loop, not in a thread
# No disk under the heartbeat; gunicorn makes the file itself, unnamed and for its owner alone.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # nosec B108
timeout = 60
graceful_timeout = _settings["WEB_DRAIN_SECONDS"]  # who started this ends what is left some seconds later
keepalive = 15
forwarded_allow_ips = ""  # PROXIES alone says whom to believe
control_socket_disable = True

logger_class = "webapp.logs.log_format.GunicornLogger"
accesslog = "-" if _settings["ACCESS_LOG"] else None
access_log_format = "%(m)s %(U)s %(s)s %(b)s bytes %(M)s ms"
loglevel = "warning"


if _settings["METRICS"]:
    # Before the site is loaded: each process counts in a file of its own there, and /metrics adds them up.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="nomen-metrics-"))


def child_exit(server: Any, worker: Any) -> None:
    """Let what a process that is gone was at the moment no longer count; what it had counted stays."""
    if _settings["METRICS"]:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Remove the files in which the processes counted."""
    if _settings["METRICS"]:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)


def on_starting(server: Any) -> None:
    """Say that a site runs over this folder, for as long as any of its processes lives."""
    from webapp.errors import Conflict, Unavailable
    from webapp.maintenance import instance_lock
    from webapp.presentation import plotly_asset
    from webapp.server import memory

    memory.use_few_arenas()

    try:
        server.instance_lock = instance_lock.hold(Path(_settings["INSTANCE"]))
    except Conflict as error:
        sys.exit(f"Nomen cannot start: {error}")
    with contextlib.suppress(Unavailable):
        plotly_asset.compressed()  # before the first visitor waits for it, and once for all processes


def pre_fork(server: Any, worker: Any) -> None:
    """Close the master's connections: no two processes may share one. Its memory they do share."""
    from webapp.server import memory
    from webapp.storage import database
    from wsgi import app

    database.dispose(app)
    memory.share_with_forks()


def post_worker_init(worker: Any) -> None:
    """Read the champion in before the first visitor asks for it; a database that is away may come back."""
    from sqlalchemy.exc import SQLAlchemyError

    from webapp.errors import Unavailable
    from webapp.guessing import predictor
    from wsgi import app

    with app.app_context():
        try:
            predictor.get().current().guess("nomen")
        except (Unavailable, SQLAlchemyError) as error:
            worker.log.warning("%s", error)


def worker_exit(server: Any, worker: Any) -> None:
    """End a worker at once: PyTorch's clean-up waits for threads that the fork did not bring along."""
    if worker.booted:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
