"""Old answers, scored again: what any version would have said to the earlier visitors.

The names that were answered most are read by each version, in one bounded batch, and what it says is kept for
some minutes. Names that any of the compared versions was taught stand apart: they are no test of it.
"""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app
from sqlalchemy import select

from training import names
from training.evaluation.comparison_types import FeedbackScores
from training.names import LABELS, Label, label_of
from training.runtime.strict_json import Json
from webapp.extensions import db
from webapp.guessing import predictor
from webapp.models import NameTally, Run
from webapp.presentation.confusion import Matrix, Metric, matrix_from, matrix_of
from webapp.versions import service as versions

NAMES = 2_000
"""The names that are scored again: those with most answers."""
CACHE_SECONDS = 600
"""Seconds that what a version says of them is kept."""
RUNS = 20  # newest runs that the page lists
# Reading 2,000 names takes a core for a moment: several askers at once wait for one result, not make it each.
_one_at_a_time = threading.Lock()

Answers = tuple[tuple[str, int, int], ...]
"""Names with how many visitors' answers said women, and men."""


@dataclass(frozen=True)
class Again:
    """One version on the old answers."""

    version: str
    rated: Matrix
    """Answers about names that none of the compared versions was taught."""
    taught: Matrix


def score(ids: Sequence[int], positive: str = Label.FEMALE) -> list[Again]:
    """Return each version's matrices of the same old answers; raise NotFound for a version that is gone."""
    labels = {version_id: _labels_of(version_id) for version_id in ids}
    # Taught to any of them: so all versions are judged on the same names.
    taught = {name for version_id in ids for name in versions.taught_names(version_id)}
    answers = _most_answered()
    return [
        Again(
            f"v{version_id}",
            _matrix((row for row in answers if row[0] not in taught), labels[version_id], positive),
            _matrix((row for row in answers if row[0] in taught), labels[version_id], positive),
        )
        for version_id in ids
    ]


def _matrix(rows: Iterable[tuple[str, int, int]], labels: dict[str, str], positive: str) -> Matrix:
    counts: dict[tuple[str, str], int] = {}
    for name, *answered in rows:
        for answer, n in zip(LABELS, answered, strict=True):
            key = labels[name], answer
            counts[key] = counts.get(key, 0) + n
    return matrix_of(counts, positive)


def _labels_of(version_id: int) -> dict[str, str]:
    versions.find_version(version_id)  # raises NotFound: a wrong address never gets as far as the lock
    with _one_at_a_time:
        return _labels(*_cache_key(), version_id)


def _most_answered() -> Answers:
    return _answers(*_cache_key())


def _cache_key() -> tuple[str, int]:
    # The moment changes every ten minutes: older entries are asked for no more and fall out of the cache. The
    # database's address keeps two sites in one process, as in tests, apart.
    return current_app.config["SQLALCHEMY_DATABASE_URI"], int(time.time() // CACHE_SECONDS)


@lru_cache(2)
def _answers(_database: str, _moment: int) -> Answers:
    answered = NameTally.women + NameTally.men
    most = select(NameTally.name, NameTally.women, NameTally.men).where(answered > 0)
    rows = db.session.execute(most.order_by(answered.desc(), NameTally.name).limit(NAMES))
    return tuple((name, women, men) for name, women, men in rows)


@lru_cache(32)
def _labels(database: str, moment: int, version_id: int) -> dict[str, str]:
    # Cached by the caller's moment too: if answers are read anew, every version judges the new list.
    keys = [name for name, *_ in _answers(database, moment)]
    # Loaded for this and let go: only the serving version is held in memory.
    shares = predictor.load(version_id).network.shares([names.of_key(key).asked for key in keys])
    return {key: label_of(share) for key, share in zip(keys, shares, strict=True)}


@dataclass(frozen=True)
class RunComparison:
    """What a training run found when it compared two versions on the answers of its day."""

    run: int
    champion: str
    challenger: str
    answers: int
    before: Metric
    after: Metric
    taught: int


def by_runs() -> list[RunComparison]:
    """Return the newest runs' own comparisons on visitors' answers, as the trainer computed them."""
    query = (
        # Only this part of the comparison, which is long, leaves the database.
        select(Run.id, Run.champion_id, Run.version_id, Run.comparison["feedback"])
        .where(Run.version_id.is_not(None), Run.champion_id.is_not(None))
        .order_by(Run.id.desc())
        .limit(RUNS)
    )
    return [
        RunComparison(
            run,
            f"v{champion}",
            f"v{challenger}",
            scores.rated.n,
            matrix_from(scores.rated.champion).accuracy,
            matrix_from(scores.rated.challenger).accuracy,
            scores.taught.n,
        )
        for run, champion, challenger, found in db.session.execute(query)
        if found and (scores := FeedbackScores.from_json(found))
    ]


def as_dict(rows: Sequence[Again]) -> Json:
    """Return what `score` found as JSON shows it."""
    rescored = [
        {"version": row.version, "rated": row.rated.as_dict, "taught": row.taught.as_dict} for row in rows
    ]
    return {"names": NAMES, "versions": rescored}
