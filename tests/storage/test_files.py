"""Files that every machine must find: the same in a folder and in a bucket."""

import os
import time
from pathlib import Path

import boto3
import pytest
from flask import Flask

from webapp.storage import files
from webapp.storage.files import Bucket, FileStorage, Folder


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.process)])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> FileStorage:
    if request.param == "folder":
        return Folder(tmp_path / "kept")
    return Bucket(request.getfixturevalue("bucket_url"), tmp_path / "fetched")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source"
    path.write_bytes(b"Anna\n")
    return path


def test_what_was_kept_is_fetched(storage: FileStorage, source: Path) -> None:
    storage.keep("runs/7/checkpoint.pt", source)
    assert storage.fetch("runs/7/checkpoint.pt").read_bytes() == b"Anna\n"
    storage.keep("runs/7/checkpoint.pt", source)  # again is once


def test_what_is_kept_anew_takes_the_place_of_what_was_there(storage: FileStorage, source: Path) -> None:
    storage.keep("a/file", source)
    assert storage.fetch("a/file").read_bytes() == b"Anna\n"
    source.write_bytes(b"Kim\n")
    os.utime(source, (1, 1))
    storage.keep("a/file", source)
    assert storage.fetch("a/file").read_bytes() == b"Kim\n"


def test_what_lies_under_a_prefix_is_named(storage: FileStorage, source: Path) -> None:
    for key in ("runs/7/a", "runs/7/b", "runs/70/c"):
        storage.keep(key, source)
    assert storage.names("runs/7/") == ["a", "b"] and storage.names("runs/") == ["7", "70"]
    assert storage.names("nothing/") == []


def test_what_is_not_there_is_not_found(storage: FileStorage) -> None:
    with pytest.raises(FileNotFoundError):
        storage.fetch("a/file")
    storage.remove("a/file")
    storage.remove("a")


def test_a_prefix_is_removed_and_its_neighbours_stay(storage: FileStorage, source: Path) -> None:
    for key in ("runs/7/a", "runs/70/c"):
        storage.keep(key, source)
        storage.fetch(key)
    storage.remove("runs/7")
    assert storage.names("runs/") == ["70"]
    with pytest.raises(FileNotFoundError):
        storage.fetch("runs/7/a")


def test_what_is_old_is_swept(storage: FileStorage, source: Path) -> None:
    storage.keep("batches/x/file", source)
    storage.sweep("batches/", 3600)
    assert storage.names("batches/") == ["x"]
    assert eventually_old(storage)


def eventually_old(storage: FileStorage) -> bool:
    # Object storage tells whole seconds.
    deadline = time.monotonic() + 30
    while storage.names("batches/") and time.monotonic() < deadline:
        storage.sweep("batches/", 0.0)
    return storage.names("batches/") == []


def test_files_are_for_their_owner_alone(tmp_path: Path, source: Path) -> None:
    storage = Folder(tmp_path / "kept")
    storage.keep("a/file", source)
    assert storage.fetch("a/file").stat().st_mode & 0o077 == 0


@pytest.mark.process
def test_a_bucket_that_is_away_is_an_error_of_files(
    bucket_url: str, tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boto3.client("s3").create_bucket(Bucket="other")
    with pytest.raises(OSError, match="The file storage"):
        Bucket("s3://nobody/x", tmp_path).keep("a", source)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(OSError, match="The file storage"):
        Bucket(bucket_url, tmp_path).fetch("a")


@pytest.mark.parametrize(
    ("setting", "kind"), [("", Folder), ("file:///srv/nomen", Folder), ("s3://n/x", Bucket)]
)
def test_one_setting_chooses(
    app: Flask, setting: str, kind: type[FileStorage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    app.config["FILES_URL"] = setting
    app.extensions["files"] = None
    with app.app_context():
        assert isinstance(files.get(), kind)
