"""A small disk that can really be full: a tmpfs, where the system lets us mount one."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

FILLER = "filler"


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path | None]:
    """Give a disk of its own at `folder` inside the block, or None where mounting is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)]
    try:
        is_mounted = subprocess.run(mount, capture_output=True).returncode == 0
    except FileNotFoundError:
        is_mounted = False
    try:
        yield folder if is_mounted else None
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextlib.contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Leave no byte free on a disk inside the block."""
    fill_up(disk)
    try:
        yield
    finally:
        (disk / FILLER).unlink()


def fill_up(disk: Path) -> None:
    """Take the last byte of a disk."""
    file = os.open(disk / FILLER, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        for size in (2**20, 4096, 1):
            with contextlib.suppress(OSError):
                while os.write(file, b"\0" * size):
                    pass
    finally:
        os.close(file)
