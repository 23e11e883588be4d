"""Four processes answer at once: nothing is lost, nothing is counted twice."""

import subprocess
import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from webapp.config import ROOT
from webapp.extensions import db
from webapp.feedback import review_cases, tallies
from webapp.models import Case, Feedback, Tally

ANSWERS, PROCESSES = 200, 4
SITE = """
import os, random, sys
from pathlib import Path
from tests.support.sites import settings_for
from tests.support.factories import answer
from webapp import create_app
from webapp.storage import database

def visit(me, answers):
    chance = random.Random(me)
    for _ in range(answers):
        name = chance.choice(["anna", "zuleika", "kim", "ilmarinen"])
        answer(name, chance.choice(["right", "female", "both"]), visitor=f"visitor {chance.randrange(60)}")

app = create_app(settings_for(Path(sys.argv[1])))
database.dispose(app)  # as gunicorn does it: load once, then fork
for me in range(int(sys.argv[2])):
    if os.fork() == 0:
        with app.app_context():
            visit(me, int(sys.argv[3]))
        os._exit(0)
sys.exit(max(os.wait()[1] for _ in range(int(sys.argv[2]))))
"""


def test_four_processes_and_800_answers_are_tallied_exactly(app: Flask, instance: Path) -> None:
    arguments = [sys.executable, "-c", SITE, str(instance), str(PROCESSES), str(ANSWERS)]
    site = subprocess.run(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert (site.returncode, site.stderr) == (0, "")
    with app.app_context():
        rows = db.session.scalar(select(func.count(Feedback.id)))
        assert rows == db.session.scalar(select(func.sum(Tally.n))) > 200
        assert tallies.compare(db.session) == [] and review_cases.compare(db.session) == []
        assert db.session.scalar(select(func.count(Case.name))) == 4
