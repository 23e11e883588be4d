"""Servers that are started, found to answer, measured with all their processes, and ended."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

START_SECONDS = 180
TICKS = os.sysconf("SC_CLK_TCK")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(
    command: Sequence[str], port: int, environment: Mapping[str, str], folder: Path
) -> Iterator["Server"]:
    """Run a server until the block ends."""
    with open(folder / f"{port}.log", "wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env=environment, start_new_session=True, stdin=subprocess.DEVNULL
        )
    try:
        server = Server(process.pid, port)
        _wait(process, port, folder / f"{port}.log")
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"{' '.join(map(str, process.args))} ended:\n{log.read_text()[-2000:]}")  # type: ignore[arg-type]
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit(f"Nothing answers on port {port}:\n{log.read_text()[-2000:]}")


class Server:
    """A running server: its port, and what all its processes have used."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid, self.port = pid, port

    def processor_seconds(self) -> float:
        """Return the processor time of all its processes, those that ended counted in."""
        return sum(_ticks(pid) for pid in self.pids()) / TICKS

    def megabytes(self) -> float:
        """Return the memory of all its processes, what they share counted once."""
        return sum(_proportional_kb(pid) for pid in self.pids()) / 1024

    def pids(self) -> list[int]:
        """Return the first process, and all that it and they have started."""
        parents = {int(path.name): _parent(path) for path in Path("/proc").glob("[0-9]*")}
        found = [self.pid]
        for pid in found:  # it grows while it is walked
            found += [child for child, parent in parents.items() if parent == pid]
        return found


def _stat(folder: Path) -> list[str]:
    try:
        return (folder / "stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []


def _parent(folder: Path) -> int:
    fields = _stat(folder)
    return int(fields[1]) if fields else -1


def _ticks(pid: int) -> int:
    fields = _stat(Path("/proc") / str(pid))
    return sum(map(int, fields[11:15])) if fields else 0  # utime, stime, cutime, cstime


def _proportional_kb(pid: int) -> int:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return 0
