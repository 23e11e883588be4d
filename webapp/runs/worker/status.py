"""What the worker runs on. It writes that into the database: no web process asks a GPU anything."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from training.runtime.strict_json import Part
from webapp.config import ROOT
from webapp.extensions import db
from webapp.languages.texts import ngettext
from webapp.models import Worker, now
from webapp.runs.worker.progress import BadProgress
from webapp.runs.worker.trainer_process import trainer_environment
from webapp.storage.database import AWAY, writing

EACH = 3.0  # seconds between two signs of life
SILENT = 10  # seconds after which a worker that wrote nothing counts as gone
FORGOTTEN = 24 * 3600  # seconds after which its row is dropped
# PyTorch is asked, for a GPU that its wheels cannot use takes part in no run. In a process of its own, as a
# run is one: a CUDA context would hold hundreds of MB for as long as the worker lives.
ASK_DEVICE = (sys.executable, "-m", "training", "device", "--json")
LONGEST_ANSWER = 60  # seconds: PyTorch is loaded for it


@dataclass(frozen=True)
class Machine:
    """The worker's machine: memory in MiB, the GPU's name empty where there is none."""

    cores: int
    memory: int
    gpu: str = ""
    gpu_memory: int = 0

    @property
    def processor(self) -> str:
        """What a run's device begins with."""
        return self.gpu or "CPU"

    def __str__(self) -> str:
        if self.gpu:
            return f"{self.gpu}, {self.gpu_memory / 1024:.0f} GB"
        return ngettext(
            "CPU, %(n)s core, %(memory)s GB",
            "CPU, %(n)s cores, %(memory)s GB",
            self.cores,
            n=self.cores,
            memory=f"{self.memory / 1024:.0f}",
        )


def look(command: Sequence[str] = ASK_DEVICE) -> Machine:
    """Return the machine that this process runs on, with the GPU that a run would take."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return Machine(len(os.sched_getaffinity(0)), memory, *_gpu(command))


def _gpu(command: Sequence[str]) -> tuple[str, int]:
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=LONGEST_ANSWER,
            check=True,
            cwd=ROOT,
            env=trainer_environment(),
        )
        told = Part.whole(json.loads(answer.stdout), BadProgress)
        return told.text("gpu"), told.count("gpu_memory")
    except (OSError, subprocess.SubprocessError, ValueError):
        return "", 0  # no GPU, or none that answers


class Presence:
    """The worker's sign of life, with the machine that it runs on: a row in the database."""

    def __init__(self, machine: Machine) -> None:
        self._id = f"{socket.gethostname()[:48]}:{os.getpid()}"
        self._machine = machine
        self._shown_at = -EACH

    def show(self) -> None:
        """Say that the worker lives, every few seconds, at most; raise OperationalError."""
        if time.monotonic() - self._shown_at < EACH:
            return
        with writing() as session:
            forgotten = now() - timedelta(seconds=FORGOTTEN)
            session.execute(delete(Worker).where(Worker.seen_at < forgotten))
            session.merge(Worker(id=self._id, machine=asdict(self._machine), seen_at=now()))
        self._shown_at = time.monotonic()

    def end(self) -> None:
        """Say that the worker has stopped, if the database can be written to."""
        with suppress(*AWAY), writing() as session:
            session.execute(delete(Worker).where(Worker.id == self._id))


def known() -> Machine | None:
    """Return the machine of the worker that was heard of last, or None while none is there."""
    alive = select(Worker.machine).where(Worker.seen_at > now() - timedelta(seconds=SILENT))
    found = db.session.scalars(alive.order_by(Worker.seen_at.desc()).limit(1)).first()
    return Machine(**found) if found else None
