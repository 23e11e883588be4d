"""`flask setup` on two machines at once: one sets the site up, the other finds it done."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import sites
from tests.support.servers import new_database
from webapp.config import ROOT
from webapp.extensions import db
from webapp.models import Promotion, User

pytestmark = pytest.mark.process


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_machines_are_set_up_at_once(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = new_database(request.getfixturevalue("postgresql"), "fresh") if kind == "postgresql" else ""
    folders = [tmp_path / name for name in (("one", "other") if url else ("one", "one"))]
    for folder in set(folders):
        folder.mkdir()
        sites.write_corpus(folder / "corpus.db")
    own = {"DATABASE_URL": url, "REDIS_URL": "", "SECRET_KEY": "two machines 0123456789 abcdefghijk"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "setup"]
    started = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | own | {"INSTANCE": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for folder in folders
    ]
    said = [process.communicate(timeout=300)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    assert sorted("first admin" in text for text in said) == [False, True]
    with sites.open_site(folders[0], DATABASE_URL=url) as app, app.app_context():
        assert db.session.query(User).count() == 1 and db.session.query(Promotion).count() == 1
