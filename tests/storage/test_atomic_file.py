"""Files that are there whole or not at all."""

import stat
from pathlib import Path

import pytest

from training.runtime import atomic_write
from webapp.storage import atomic_file


def test_a_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(b"old")
    with atomic_file.whole(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new" and list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="full"), atomic_file.whole(path) as file:
        file.write(b"half of the n")
        raise OSError("the disk is full")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_a_note_is_written_over_the_last_one(tmp_path: Path) -> None:
    atomic_file.note(tmp_path / "progress.json", "{}")
    atomic_file.note(tmp_path / "progress.json", "[1]")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("progress.json", "[1]")]


def test_a_file_that_is_created_replaces_none(tmp_path: Path) -> None:
    path = tmp_path / "key"
    atomic_file.create(path, b"first", mode=0o600)
    with pytest.raises(FileExistsError):
        atomic_file.create(path, b"second", mode=0o600)
    assert path.read_bytes() == b"first" and list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_trainer_writes_beside_with_the_same_ending(tmp_path: Path) -> None:
    path = tmp_path / "opinions.npz"
    with atomic_write.whole(path) as beside:
        beside.write_bytes(b"new")
        assert beside.parent == tmp_path and beside.suffix == ".npz" and not path.exists()
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_of_the_trainer_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "opinions.npz"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="full"), atomic_write.whole(path) as beside:
        beside.write_bytes(b"ne")
        raise OSError("the disk is full")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]
