"""What a version answers to every name of the holdout: read once, in the background, and kept in a file.

Reading 27,637 names takes a core some four seconds. It is done at a low priority, one version at a time, and
what was read is shared by all processes. A file that is lost is made again.
"""

import logging
import os
import threading
from array import array
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from flask import current_app

from training.model.artifact import BadArtifact
from training.model.inference.cpu_network import CpuNetwork
from webapp.errors import Busy, Unavailable
from webapp.guessing import predictor
from webapp.languages.texts import gettext
from webapp.models import Version
from webapp.records.lookup import HeldOut
from webapp.storage import atomic_file

log = logging.getLogger(__name__)
FOLDER = "holdout"
PATIENCE = 2.0  # seconds that a page waits before it says that the names are being read
MOST_WAITING = 3  # versions that are read or wait to be, in one process
KEPT = 30  # files; the oldest go
NICENESS = 10
"""Guesses on the same machine go first."""
AT_ONCE = 2_000
"""Names between two moments at which others may have the processor."""
_readers: dict[Path, threading.Thread] = {}
_starting = threading.Lock()
_one_at_a_time = threading.Lock()


def of_version(version: Version, held_out: HeldOut) -> Sequence[float] | None:
    """Return P(female) of each name in their order; None while they are being read.

    Raise Busy if too many versions wait, Unavailable if this one cannot be read.
    """
    path = _path(version, held_out)
    found = _kept(path, len(held_out.names))
    if found is not None:
        return found
    _start_reading(path, version, held_out).join(PATIENCE)
    return _kept(path, len(held_out.names))


def _path(version: Version, held_out: HeldOut) -> Path:
    # Both names are hashes of what is read: another corpus, or other weights, are another file.
    name = f"{version.sha256[:24]}-{held_out.fingerprint[:24]}.f32"
    return Path(current_app.config["INSTANCE"]).resolve() / FOLDER / name


def _kept(path: Path, n: int) -> Sequence[float] | None:
    try:
        return _read_file(path, path.stat().st_mtime_ns, n)
    except FileNotFoundError:
        return None


@lru_cache(8)
def _read_file(path: Path, _written: int, n: int) -> Sequence[float] | None:
    answers = array("f")
    data = path.read_bytes()
    # Another length is a file that somebody cut or changed: it is made again.
    if len(data) != n * answers.itemsize:
        path.unlink(missing_ok=True)
        return None
    answers.frombytes(data)
    return answers


def _start_reading(path: Path, version: Version, held_out: HeldOut) -> threading.Thread:
    with _starting:
        for other in [other for other, thread in _readers.items() if not thread.is_alive()]:
            del _readers[other]
        if path in _readers:
            return _readers[path]
        if len(_readers) >= MOST_WAITING:
            raise Busy(gettext("Other versions are being read at the moment. Try again in a few seconds."))
        network = _network(version)
        arguments = (path, network, held_out.names)
        # A daemon: a process that ends does not wait for it, and the next one reads anew.
        thread = threading.Thread(target=_read, args=arguments, name="holdout-reader", daemon=True)
        _readers[path] = thread
        thread.start()
        return thread


def _network(version: Version) -> CpuNetwork:
    try:
        return predictor.load(version.id).network
    except BadArtifact as error:
        raise Unavailable(
            gettext("%(label)s cannot be read: %(error)s", label=version.label, error=error)
        ) from error


def _read(path: Path, network: CpuNetwork, names: Sequence[str]) -> None:
    # Of this thread alone, as Linux counts it.
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
    with _one_at_a_time:
        answers = array("f")
        for start in range(0, len(names), AT_ONCE):
            answers.extend(network.shares(names[start : start + AT_ONCE]))
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            atomic_file.write(path, answers.tobytes())
            _tidy(path.parent)
        except OSError:
            log.exception("what a version answers to the holdout could not be kept")


def _tidy(folder: Path) -> None:
    files = sorted(folder.glob("*.f32"), key=lambda file: file.stat().st_mtime_ns)
    for file in files[:-KEPT]:
        file.unlink(missing_ok=True)
