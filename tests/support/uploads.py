"""Whole files by way of the page."""

import io
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.visits import post
from webapp.models import Upload, now
from webapp.storage.database import writing

NAMES = b"id,name\n1,Anna\n2,Kim\n"


def bring(client: FlaskClient, data: bytes = NAMES, title: str = "people.csv") -> TestResponse:
    """Send a file to /batch."""
    return post(client, "/batch", file=(io.BytesIO(data), title))


def brought(client: FlaskClient, data: bytes = NAMES, title: str = "people.csv") -> str:
    """Send a file to /batch that is taken; return the address of its page."""
    answer = bring(client, data, title)
    assert answer.status_code == 303, answer.text
    return answer.location


def folder_of(app: Flask, where: str) -> Path:
    """Return the folder that keeps the file whose page is at `where`."""
    return Path(app.config["INSTANCE"]) / "batches" / where.rpartition("/")[2]


def grow_older(app: Flask, where: str, seconds: int) -> None:
    """Let a file have come so much earlier."""
    with app.app_context(), writing() as session:
        row = session.get_one(Upload, where.rpartition("/")[2])
        row.touched_at = now() - timedelta(seconds=seconds)
