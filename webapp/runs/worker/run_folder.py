"""The folder of a run: what the trainer is given, and what is kept of it afterwards."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from training import names
from training.data.evidence import SHARES
from training.names import Label
from training.runtime.strict_json import Json
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.languages.texts import gettext
from webapp.models import Feedback, Run
from webapp.models.enums import Status
from webapp.records import custom_corpora
from webapp.review import service as review
from webapp.runs import lifecycle, resume_files
from webapp.runs.resume_files import SNAPSHOT, root
from webapp.storage import atomic_file, files
from webapp.versions import service as versions

CHAMPION, ANSWERS, JOB = "champion.safetensors", "feedback.jsonl", "job.json"
CHALLENGER, COMPARISON = "challenger.safetensors", "comparison.json"
MAX_FOLDERS = 10  # folders of runs; older ones are removed
MOST_ANSWERS = 50_000  # of the newest feedback is scored again


@dataclass(frozen=True)
class Votes:
    """How many visitors gave each answer about one name."""

    by_answer: Mapping[Label, int]

    @property
    def answer(self) -> Label:
        """The answer of most of them."""
        return max(self.by_answer, key=lambda answer: self.by_answer[answer])

    @property
    def visitors(self) -> int:
        """All who answered."""
        return sum(self.by_answer.values())

    @property
    def said(self) -> float:
        """The share of women that their answers mean together."""
        return sum(SHARES[answer] * n for answer, n in self.by_answer.items()) / self.visitors


def prepare(run: Run) -> Path:
    """Make the folder of a run with everything that the trainer needs; raise OSError where it cannot be."""
    folder = root() / str(run.id)
    # For its owner alone: the snapshot and the answers are what visitors said.
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    champion = versions.serving()
    if champion is None:
        raise Conflict(gettext("No network serves, so there is nothing to compare a new one with."))
    atomic_file.write(folder / CHAMPION, versions.data(champion.version_id))
    # A run that goes on keeps the snapshot of the one before: its checkpoint was made of those names.
    if not resume_files.take_over(run):
        write_corrections(folder)
    write_answers(folder)
    atomic_file.write(folder / JOB, json.dumps(_job(run, champion.version_id), indent=1).encode())
    # Of the file as it lies there, so that anybody can compare it.
    fingerprint = hashlib.sha256((folder / SNAPSHOT).read_bytes()).hexdigest()
    n_names = len(taught_names(folder))
    lifecycle.beat(run.id, {}, snapshot=fingerprint, corrections=n_names, champion_id=champion.version_id)
    return folder


def write_corrections(folder: Path) -> None:
    """Write what visitors corrected and reviewers accepted."""
    _write_lines(folder / SNAPSHOT, _corrections())


def write_answers(folder: Path) -> None:
    """Write what visitors answered before."""
    _write_lines(folder / ANSWERS, _answers())


def corpus_entry() -> Json:
    """Return what a job says of the base corpus."""
    written = Path(current_app.config["INSTANCE"]).resolve() / "corpus.db"
    # Without the written corpus the trainer reads the package: slower, and the same names.
    return {"corpus": str(written)} if written.exists() else {}


def taught_names(folder: Path) -> dict[str, Votes]:
    """Return what a snapshot teaches: each name with its visitors, by answer."""
    votes: dict[str, dict[Label, int]] = {}
    for line in (folder / SNAPSHOT).read_text().splitlines():
        row = json.loads(line)
        # One line a name and answer.
        votes.setdefault(row["name"], {})[Label(row["answer"])] = row["votes"]
    return {name: Votes(answers) for name, answers in votes.items()}


def tidy(run_id: int) -> None:
    """Keep of an ended run what explains it and what another could go on from; of old ones nothing."""
    folder = root() / str(run_id)
    for path in [folder / CHAMPION, folder / CHALLENGER, folder / COMPARISON, *folder.glob(".partial-*")]:
        path.unlink(missing_ok=True)
    # By number, not by letters: 10 comes after 9.
    numbers = sorted(int(path.name) for path in root().glob("[0-9]*"))
    for number in numbers[:-MAX_FOLDERS]:
        shutil.rmtree(root() / str(number))
        files.get().remove(f"runs/{number}")


def _job(run: Run, champion_id: int) -> Json:
    given = {"kind": run.kind, "name": f"run {run.id}", "taught": sorted(versions.taught_names(champion_id))}
    own = [str(path) for path in custom_corpora.paths(run.corpora)]
    return given | run.settings | {"files": own} | corpus_entry()


def _corrections() -> Iterable[Json]:
    rows = review.accepted()
    return (
        {"name": names.of_key(row.name).asked, "answer": row.answer, "votes": row.visitors} for row in rows
    )


def _answers() -> Iterable[Json]:
    query = (
        select(Feedback.name, Feedback.answer)
        .where(Feedback.status != Status.REJECTED)
        .order_by(Feedback.id.desc())
        .limit(MOST_ANSWERS)
    )
    answers = db.session.execute(query)
    learnable = (row for row in answers if names.is_learnable(row.name))
    return ({"name": names.of_key(row.name).asked, "answer": row.answer} for row in learnable)


def _write_lines(path: Path, rows: Iterable[Json]) -> None:
    # Sorted keys, so that the same corrections give the same bytes and the same fingerprint.
    atomic_file.write(path, "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows).encode())
