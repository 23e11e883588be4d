"""Files that are there whole or not at all: the trainer's.

The site has its own in `webapp.storage.atomic_file`: neither package may take this of the other.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a path to write to that takes the place of `path` at the end of the block, and not if it raises.

    It has the same ending, by which libraries choose a format.
    """
    beside = path.with_name(f".partial-{os.getpid()}-{path.name}")
    try:
        yield beside
        # In the same folder, hence on the same file system, where a rename is one stroke.
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` in one stroke: a kill or a full disk leaves what was there before.

    Raises OSError.
    """
    with whole(path) as beside, beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
