"""What the worker runs on. The worker writes it down, so no web process asks a GPU anything."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import current_app

from training.runtime.strict_json import Part
from webapp.config import ROOT
from webapp.runs.worker.progress import BadProgress
from webapp.runs.worker.trainer_process import trainer_environment
from webapp.storage import atomic_file

FILE = "worker.json"
SILENT = 10  # seconds after which a worker that wrote nothing counts as gone
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
        return f"CPU, {self.cores} core{'s' if self.cores > 1 else ''}, {self.memory / 1024:.0f} GB"


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
    """The worker's sign of life, with the machine that it runs on."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._is_written = False

    def show(self) -> None:
        """Say that the worker lives; raise OSError on a full disk that has no room for a new file."""
        path = _path()
        if not self._is_written or not path.exists():
            atomic_file.note(path, json.dumps(asdict(self._machine)))
            self._is_written = True
        # Its time of change is the sign of life: no row of the database changes every second for it.
        os.utime(path)


def gone() -> None:
    """Say that the worker has stopped."""
    _path().unlink(missing_ok=True)


def known() -> Machine | None:
    """Return the worker's machine, or None while no worker is there."""
    path = _path()
    try:
        is_alive = time.time() - path.stat().st_mtime < SILENT
        return Machine(**json.loads(path.read_text())) if is_alive else None
    except FileNotFoundError:
        return None


def _path() -> Path:
    return Path(current_app.config["INSTANCE"]) / FILE
