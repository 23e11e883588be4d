"""Where files are kept that every machine must find: in a folder, which several may mount, or in a bucket.

Uploads, and what a run leaves to go on from. A key is a path below: `batches/…/file`, `runs/7/checkpoint.pt`.
What is in a database row is small or belongs to it; what is here is large and may be lost.
"""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from flask import Flask, current_app

from webapp.config import BadSetting
from webapp.storage import atomic_file

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

# boto3 is imported where a bucket is used: most sites have none, and it would be a tenth of every start.
FETCHED = "fetched"
"""The folder of an instance that holds copies of a bucket's files."""
STAMP = "written"
"""Under which a file in a bucket notes when the one that it is a copy of was written."""


class FileStorage(Protocol):
    """Keeps files under keys. Its methods raise OSError; FileNotFoundError for a key without a file."""

    def keep(self, key: str, source: Path) -> None:
        """Keep a copy of a file under `key`, in place of what is there."""

    def fetch(self, key: str) -> Path:
        """Return where the file under `key` can be read on this machine."""

    def names(self, prefix: str) -> list[str]:
        """Return what lies directly under `prefix`, which ends with a slash."""

    def remove(self, prefix: str) -> None:
        """Remove a file, or everything under a prefix; it may be gone already."""

    def sweep(self, prefix: str, seconds: float) -> None:
        """Remove what lies directly under `prefix` and was written longer ago than that."""


class Folder:
    """Files in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def keep(self, key: str, source: Path) -> None:
        """Keep a copy under `key`; a file that lies there already is kept by that."""
        path = self.root / key
        if path == source.resolve():
            return
        # For its owner alone: visitors' own files, and what they said.
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(source, "rb") as given, atomic_file.whole(path, mode=0o600) as file:
            shutil.copyfileobj(given, file)

    def fetch(self, key: str) -> Path:
        """Return the file itself."""
        path = self.root / key
        if not path.is_file():
            raise FileNotFoundError(key)
        return path

    def names(self, prefix: str) -> list[str]:
        """Return the names in a folder."""
        folder = self.root / prefix
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []

    def remove(self, prefix: str) -> None:
        """Remove a file or a folder."""
        path = self.root / prefix
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)  # another process may be deleting it too
        else:
            path.unlink(missing_ok=True)

    def sweep(self, prefix: str, seconds: float) -> None:
        """Remove what has grown old."""
        for name in self.names(prefix):
            path = self.root / prefix / name
            with contextlib.suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > seconds:
                    self.remove(f"{prefix}{name}")


class Bucket:
    """Files in S3-compatible object storage; what is fetched is copied into a folder of this machine once.

    Keys, endpoint and region are found as all programs for S3 find them: AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL, AWS_REGION, or the machine's own role.
    """

    def __init__(self, url: str, fetched: Path) -> None:
        import boto3
        from botocore.config import Config

        self.bucket, _, folder = url.removeprefix("s3://").partition("/")
        self.root = f"{folder.strip('/')}/" if folder.strip("/") else ""
        self.fetched = fetched
        quick = Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 3})
        self._client = boto3.session.Session().client("s3", config=quick)

    def keep(self, key: str, source: Path) -> None:
        """Send a file, unless it was sent as it is."""
        stamp = str(source.stat().st_mtime_ns)
        with _told(key):
            if self._stamp(key) != stamp:
                self._client.upload_file(
                    str(source), self.bucket, self.root + key, ExtraArgs={"Metadata": {STAMP: stamp}}
                )
        self._forget(key)

    def fetch(self, key: str) -> Path:
        """Return this machine's copy, fetched at the first call."""
        path = self.fetched / key
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with _told(key), atomic_file.whole(path, 0o600) as file:
                self._client.download_fileobj(self.bucket, self.root + key, file)
        os.utime(path.parent)  # it is in use, so the sweep leaves it
        return path

    def names(self, prefix: str) -> list[str]:
        """Return the names under a prefix."""
        return sorted({key.removeprefix(prefix).partition("/")[0] for key, _ in self._found(prefix)})

    def remove(self, prefix: str) -> None:
        """Remove a file, or all under a prefix, and this machine's copies."""
        keys = [key for key, _ in self._found(prefix) if key == prefix or key.startswith(f"{prefix}/")]
        with _told(prefix):
            for key in keys:
                self._client.delete_object(Bucket=self.bucket, Key=self.root + key)
        self._forget(prefix)

    def sweep(self, prefix: str, seconds: float) -> None:
        """Remove what has grown old, there and here."""
        Folder(self.fetched).sweep(prefix, seconds)
        for key, written in list(self._found(prefix)):
            if time.time() - written > seconds:
                self.remove(key)

    def _found(self, prefix: str) -> Iterator[tuple[str, float]]:
        """Yield each key under a prefix, and when it was written, in seconds since 1970."""
        pages = self._client.get_paginator("list_objects_v2")
        with _told(prefix):
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.root + prefix):
                for row in page.get("Contents", ()):
                    yield row["Key"].removeprefix(self.root), row["LastModified"].timestamp()

    def _stamp(self, key: str) -> str:
        from botocore.exceptions import ClientError

        try:
            found = self._client.head_object(Bucket=self.bucket, Key=self.root + key)
        except ClientError as error:
            if _is_missing(error):
                return ""
            raise
        return str(found["Metadata"].get(STAMP, ""))

    def _forget(self, key: str) -> None:
        Folder(self.fetched).remove(key)


@contextlib.contextmanager
def _told(key: str) -> Iterator[None]:
    """Let what the library raises be an OSError."""
    from boto3.exceptions import S3UploadFailedError
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError, S3UploadFailedError) as error:
        if isinstance(error, ClientError) and _is_missing(error):
            raise FileNotFoundError(key) from error
        raise OSError(f"The file storage: {error}") from error


def _is_missing(error: "ClientError") -> bool:
    return error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey")


def configure(app: Flask) -> None:
    """Make the instance folder, which every machine has; the place for files is opened when it is used."""
    folder = Path(app.config["INSTANCE"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"INSTANCE={folder} cannot be made ({error.strerror}).") from error
    app.extensions["files"] = None


def get() -> FileStorage:
    """Return where files are kept."""
    opened: FileStorage | None = current_app.extensions["files"]
    if opened is None:
        opened = current_app.extensions["files"] = _open(
            current_app.config["FILES_URL"], Path(current_app.config["INSTANCE"]).resolve()
        )
    return opened


def _open(url: str, instance: Path) -> FileStorage:
    if url.startswith("s3://"):
        return Bucket(url, instance / FETCHED)
    return Folder(Path(url.removeprefix("file://")) if url else instance)
