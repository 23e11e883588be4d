"""Does the loop close: `python -m benchmarks.loop`.

500 accepted corrections, all mistakes of the champion in holdout buckets 0 to 2, go through the site's own
path: snapshot, trainer, artifact, comparison, gate. Then 500 poisoned ones: right answers flipped, famous
names among them. Ends with one line of JSON: the share learned, how many points accuracy changes on holdout
buckets 3 and 4 (whole), the seconds from snapshot to verdict, whether the gate refused the poison.
"""

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import flask_migrate
import numpy as np

from training.data import corpus
from training.data.corpus import HOLDOUT, Corpus
from training.model import artifact, saving
from training.model.network import Network
from training.model.predict import probabilities
from training.names import LABELS, bucket
from webapp import create_app
from webapp.admin.setup_command import write_corpus
from webapp.models import Feedback
from webapp.runs import plans
from webapp.runs import service as runs
from webapp.runs.worker import supervisor
from webapp.storage.database import writing
from webapp.versions import service as versions

CORRECTIONS = 500
POISONED_FAMOUS = 100
"""Of the poisoned names."""
SEED = 0


@dataclass(frozen=True)
class Outcome:
    """What became of one run."""

    seconds: float
    passes: bool
    challenger: Network


def main() -> None:
    """Do both runs; print what they did and a line of JSON."""
    names = corpus.read_base_corpus()
    champion = saving.load(artifact.SHIPPED.read_bytes()).network
    taught = mistakes(champion, names)
    good = run(taught)
    bad = run(poison(champion, names))
    payload = {
        "learned_share": learned_share(good.challenger, taught),
        "holdout_change_points": change(champion, good.challenger, names),
        "seconds": round(good.seconds, 1),
        "poison_refused": not bad.passes,
    }
    print(f"The gate {'passes' if good.passes else 'refuses'} what was taught well.")
    print(json.dumps(payload))


def mistakes(champion: Network, names: Corpus) -> dict[str, str]:
    """Return 500 mistakes of the champion in holdout buckets 0 to 2, with what the corpus says."""
    aside = names.only(HOLDOUT)
    wrong = ~_right(champion, aside) & (aside.share != 0.5)
    rows = [row for row in np.flatnonzero(wrong) if bucket(aside.names[row]) < 3]
    return {aside.names[row]: _label(aside.share[row]) for row in _some(rows, CORRECTIONS)}


def poison(champion: Network, names: Corpus) -> dict[str, str]:
    """Return 500 right answers, a fifth of them famous, with the other label."""
    flipped = {}
    famous, others = np.arange(1000), np.arange(1000, len(names), 100)
    for group, n in ((famous, POISONED_FAMOUS), (others, CORRECTIONS - POISONED_FAMOUS)):
        some = names.take(group)
        for row in _some(np.flatnonzero(_right(champion, some)), n):
            flipped[some.names[row]] = _label(1 - some.share[row])
    return flipped


def run(corrections: Mapping[str, str]) -> Outcome:
    """Teach a fresh site's champion some corrections, as its worker does."""
    with site():
        accept(corrections)
        queued = runs.start(plans.Plan(device="cpu"), by="benchmark")
        began = time.monotonic()
        supervisor.supervise(queued.id, threading.Event())
        seconds = time.monotonic() - began
        done = runs.find_run(queued.id)
        if done.state != "finished" or not done.verdict or not done.version_id:
            sys.exit(f"The run {done.state}: {done.error}")
        print(f"{len(corrections)} corrections, {seconds:.1f} s:")
        for reason in done.verdict["reasons"]:
            print("   ", "passes " if reason["passes"] else "refused", reason["sentence"])
        challenger = saving.load(versions.data(done.version_id)).network
        return Outcome(seconds, done.verdict["passes"], challenger)


@contextmanager
def site() -> Iterator[None]:
    """Give a fresh site as setup leaves it, which serves the shipped network."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder) / "corpus.db")
        app = create_app({"INSTANCE": folder, "DATABASE_URL": "", "REDIS_URL": "", "SECRET_KEY": ""})
        with app.app_context():
            flask_migrate.upgrade()
            versions.ensure_first(artifact.SHIPPED.read_bytes())
            yield


def accept(corrections: Mapping[str, str]) -> None:
    """Store corrections as a reviewer leaves them."""
    with writing() as session:
        for name, answer in corrections.items():
            session.add(
                Feedback(
                    visitor="benchmark",
                    name=name,
                    typed=name,
                    version_id=1,
                    guessed=LABELS[1 - LABELS.index(answer)],
                    p_female=0.5,
                    answer=answer,
                    status="accepted",
                    day=date.today(),
                    link=os.urandom(12).hex(),
                )
            )


def learned_share(network: Network, taught: Mapping[str, str]) -> float:
    """Return the share of taught names that the network now answers as taught."""
    answers = probabilities(network, list(taught))
    return sum(_label(p) == label for p, label in zip(answers, taught.values(), strict=True)) / len(taught)


def change(champion: Network, challenger: Network, names: Corpus) -> float:
    """Return by how many points accuracy changes on holdout buckets 3 and 4."""
    rows = [row for row in np.flatnonzero(names.part == HOLDOUT) if bucket(names.names[row]) >= 3]
    unseen = names.take(np.array(rows))
    labelled = unseen.share != 0.5
    before, after = (_right(network, unseen)[labelled].mean() for network in (champion, challenger))
    return round(100 * float(after - before), 3)


def _right(network: Network, names: Corpus) -> np.ndarray:
    answers = probabilities(network, names.names)
    return ((answers > 0.5) == (names.share > 0.5)) & (names.share != 0.5)


def _label(share: float) -> str:
    return LABELS[0] if share > 0.5 else LABELS[1]


def _some(rows: list[int] | np.ndarray, n: int) -> list[int]:
    return sorted(np.random.default_rng(SEED).choice(rows, n, replace=False).tolist())


if __name__ == "__main__":
    main()
