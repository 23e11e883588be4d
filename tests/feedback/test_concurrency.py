"""Four processes answer at once: nothing is lost, nothing is counted twice."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.waiting import PATIENCE
from webapp.config import ROOT
from webapp.extensions import db
from webapp.feedback import review_cases, tallies
from webapp.models import Case, Feedback, Tally

PROCESSES, ANSWERS = 4, 200
SITE = """
import os, random, sys
from pathlib import Path
from tests.support.factories import answer
from tests.support.sites import open_site
from webapp.storage import database

folder, processes, answers, patience = Path(sys.argv[1]), *map(int, sys.argv[2:])

def visit(me):
    chance = random.Random(me)
    for _ in range(answers):
        name = chance.choice(["anna", "zuleika", "kim", "ilmarinen"])
        answer(name, chance.choice(["right", "female", "both"]), visitor=f"visitor {chance.randrange(60)}")

# A lock is waited for until the machine has time: a slow one is not what is tested.
with open_site(folder, BUSY_SECONDS=patience) as app:
    database.dispose(app)  # as gunicorn does it: load once, then fork
    begin, started = os.pipe()
    for me in range(processes):
        if os.fork() == 0:
            os.close(started)
            os.read(begin, 1)  # until the last one is there
            with app.app_context():
                visit(me)
            os._exit(0)
    os.close(started)
    sys.exit(max(os.wait()[1] for _ in range(processes)))
"""


@pytest.mark.process
def test_what_four_processes_write_at_once_is_tallied_exactly(app: Flask, instance: Path) -> None:
    figures = [str(figure) for figure in (PROCESSES, ANSWERS, int(PATIENCE))]
    site = subprocess.run(
        [sys.executable, "-c", SITE, str(instance), *figures], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    assert (site.returncode, site.stderr) == (0, "")
    with app.app_context():
        assert tallies.compare(db.session) == [] and review_cases.compare(db.session) == []
        rows = db.session.scalar(select(func.count(Feedback.id)))
        assert rows == db.session.scalar(select(func.sum(Tally.n))) == expected_rows()
        assert db.session.scalar(select(func.count(Case.name))) == 4


def expected_rows() -> int:
    """Return how many pairs of a visitor and a name the processes answer for."""
    pairs = set()
    for me in range(PROCESSES):
        chance = random.Random(me)
        for _ in range(ANSWERS):
            name = chance.choice(["anna", "zuleika", "kim", "ilmarinen"])
            chance.choice(["right", "female", "both"])
            pairs.add((name, chance.randrange(60)))
    return len(pairs)
