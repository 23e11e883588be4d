"""Our own static files: kept for ever under an address that holds a hash of their content, and compressed.

Whatever a page links to has such an address. What scripts import from each other has none, and is asked for
again with its ETag.
"""

import gzip
import hashlib
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

FOR_EVER = "public, max-age=31536000, immutable"
COMPRESSED = ("text/", "image/svg", "application/json", "application/javascript")
WORTH = 512
"""Bytes from which on it is worth compressing."""


def configure(app: Flask) -> None:
    """Give every linked file an address of its own, and let it be kept."""
    folder = app.static_folder or ""

    @app.url_defaults
    def add_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and (digest := _digest(f"{folder}/{values['filename']}")):
            values.setdefault("v", digest)

    @lru_cache(512)
    def address(endpoint: str, filename: str, _prefix: str) -> str:
        values: dict[str, Any] = {"filename": filename} if filename else {}
        return app.url_for(endpoint, **values)

    def url_for(endpoint: str, **values: Any) -> str:
        # A page has a dozen files and places to go, and all pages have the same.
        is_same = endpoint == "static" or not values
        # Who edits a file while looking wants it at once.
        if is_same and request and not app.debug:
            return address(endpoint, values.get("filename", ""), request.script_root)
        return app.url_for(endpoint, **values)

    app.jinja_env.globals["url_for"] = url_for

    @app.after_request
    def keep(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code == 200:
            _finish(response, f"{folder}/{(request.view_args or {})['filename']}")
        return response


def _finish(response: Response, path: str) -> None:
    if request.args.get("v") == _digest(path):
        response.headers["Cache-Control"] = FOR_EVER
    if not (response.mimetype or "").startswith(COMPRESSED) or (response.content_length or 0) < WORTH:
        return
    response.vary.add("Accept-Encoding")  # or a cache would hand gzip to those who cannot read it
    if request.accept_encodings.quality("gzip"):
        response.close()  # the open file, which would have been sent
        response.direct_passthrough = False
        response.set_data(_compressed(path, os.stat(path).st_mtime_ns))
        response.content_encoding = "gzip"
        etag, _ = response.get_etag()
        response.set_etag(etag or "", weak=True)  # the same file in other bytes


def _digest(path: str) -> str | None:
    try:
        return _digest_of(path, os.stat(path).st_mtime_ns)
    except OSError:
        return None


# By its time too: a file that is edited has another address at once.
@lru_cache(256)
def _digest_of(path: str, _written: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


@lru_cache(256)
def _compressed(path: str, _written: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), mtime=0)
