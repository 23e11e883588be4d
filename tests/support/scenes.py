"""A site in all its states, one scene after another: what waits, goes on, has ended, and how.

Every scene changes the instance of a site that is being served, and names the addresses where it shows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from tests.support.cards import CARD
from tests.support.factories import add_tally, add_version, answer
from tests.support.letters import letters_artifact
from tests.support.networks import tiny_artifact
from tests.support.runs import PAIRED, comparison
from training.evaluation.comparison_types import Comparison
from webapp.accounts.keys import service as keys
from webapp.comparisons import service as comparisons
from webapp.models import Run, VersionComparison, now
from webapp.models.enums import Origin, RunState
from webapp.review import service as review
from webapp.review.opinions import service as opinions
from webapp.runs.plans import Plan
from webapp.runs.worker.phases import Phase
from webapp.runs.worker.progress import LogLine, Round, RunProgress, WeighedCounts
from webapp.runs.worker.status import Machine, Presence
from webapp.storage.database import writing
from webapp.versions import service as versions
from webapp.versions.keeping import service as keeping

ADMIN, REVIEWER = "admin@example.org", "reviewer@example.org"
LONGEST = "w" * 64


@dataclass(frozen=True)
class Scene:
    """What a site is made to hold, and the addresses where that shows, by who looks: staff or a visitor."""

    name: str
    make: Callable[[], None]
    staff: Sequence[str] = ()
    visitor: Sequence[str] = ()


def answers_wait() -> None:
    """Let names of every kind wait, some decided, a colleague asked, keys made, days counted."""
    answer("zuleika"), answer("zuleika", "both", visitor="bob"), answer("amparo", "female")
    answer("anna", "male", guessed="female"), answer("torbern", "right"), answer(LONGEST, "both")
    answer("kim", "both", typed="Ms. Kim"), answer("dakota", "female", visitor="bob")
    review.accept(["kim"], REVIEWER, reason="The records say so.")
    review.reject(["dakota"], ADMIN)
    opinions.ask("zuleika", REVIEWER, ADMIN, "Is it Persian?"), opinions.ask("anna", ADMIN, REVIEWER)
    opinions.give(opinions.ask("kim", ADMIN, REVIEWER).id, "none", ADMIN, "Not sure.")
    keys.add("Nightly export", ["export"], 90, ADMIN)
    keys.revoke(keys.add("Old", ["read", "runs"], None, ADMIN).key.id, ADMIN)
    for back in range(1, 5):
        add_tally(30 + back, back=back)
        add_tally(4, "female", "male", back=back)
    add_versions()


def add_versions() -> None:
    """Add a version with a whole card, one with a name and a note, one in the archive, and let one serve."""
    made = versions.add(letters_artifact(), origin=Origin.IMPORT, by=ADMIN)
    versions.promote(made.id, by=ADMIN, reason="It goes by the last letter.")
    versions.add(tiny_artifact(3, **CARD), origin=Origin.IMPORT, by=ADMIN)
    keeping.describe(add_version(4), "A candidate", "Tried on a Sunday", ADMIN)
    keeping.archive(add_version(5), ADMIN)


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PROGRESS = RunProgress(
    phase="training",
    epoch=2,
    epochs=5,
    names_per_second=8_000,
    seconds_left=40,
    memory=2**31,
    train_loss=0.4,
    weighed=WeighedCounts(3, 1, 1),
    phases=(
        Phase("reading", 0, 9),
        Phase("linear teacher", 9, 30, "no better for two rounds"),
        Phase("training", 30),
    ),
    history=(
        Round("training", 1, 0.5, 0.45, 0.8, 20.0),
        Round("training", 2, 0.4, 0.40, 0.85, 40.0),
        Round("fine-tuning", 1, 0.5, 0.45, 0.8, 20.0),
    ),
    log=(LogLine(1, "554,367 names, 3 of them corrected"), LogLine(30, "Learns on CPU.")),
)
FLIP = {"where": "holdout", "people": 900, "share": 0.95, "champion": 0.2, "challenger": 0.9, "known": 0.95}
CORRECTED = FLIP | {"name": "kim", "where": "corrections", "share": 0.5, "visitors": 3}
BIN = {"low": 0.4, "high": 0.5, "n": 5, "predicted": 0.45, "observed": 0.5}


def found() -> dict[str, Any]:
    """Return a comparison that has something of everything."""
    clear = PAIRED | {"only_challenger": 1, "difference": 0.1, "low": 0.01, "high": 0.2}
    halved = [{"name": "anna", "people": 8, "known": 1.0, "visitors": 1, "said": 0.0, "share": 0.5}]
    whole = comparison(names=3, champion=1, challenger=2, learnable=2)
    whole["corrections"] |= {"halved": halved, "outweighed": [halved[0] | {"people": 900}]}
    whole["flips"] = {"mended": [FLIP | {"name": "amparo"}, CORRECTED], "broken": [], "moved": []}
    whole["calibration"] = {"champion": [BIN, BIN | {"predicted": 0.9}], "challenger": [BIN]}
    whole["slices"] = {"length": [{"slice": "5 letters", **clear}, {"slice": "6 letters", **PAIRED}]}
    return whole


def add_run(state: str, **columns: Any) -> int:
    """Store a run in a state; only one may be active."""
    plan = columns.pop("plan", Plan())
    started = now() - timedelta(seconds=50)
    usual = {"created_by": ADMIN, "kind": plan.kind, "settings": plan.settings(), "champion_id": 2}
    ended = {"started_at": started, "finished_at": now(), "device": "CPU, 2 cores"}
    with writing() as session:
        run = Run(
            **usual | (ended if state != "queued" else {}) | {"state": state, "corrections": 3} | columns
        )
        session.add(run)
        session.flush()
        # The column's default is put in place of None before.
        run.is_active = True if state in ("queued", "running") else None
        return run.id


def add_comparison(state: str, **columns: Any) -> int:
    """Store a comparison of the two first versions in a state."""
    with writing() as session:
        row = VersionComparison(created_by=ADMIN, old_id=1, new_id=2, state=state, **columns)
        session.add(row)
        session.flush()
        return row.id


def all_is_queued() -> None:
    """Let a run and a comparison wait, with no worker there."""
    add_run("queued"), add_comparison("queued")


def all_goes_on() -> None:
    """Let the worker be at both."""
    Presence(Machine(2, 24_000)).show()
    with writing() as session:
        run, row = session.get_one(Run, 1), session.get_one(VersionComparison, 1)
        row.state, row.phase, row.started_at, row.heartbeat_at = RunState.RUNNING, "reading", now(), now()
        run.state, run.started_at, run.heartbeat_at = RunState.RUNNING, now() - timedelta(seconds=50), now()
        run.progress, run.device, run.snapshot, run.request_id = (
            PROGRESS.to_json(),
            "CPU, 2 cores",
            "ab" * 32,
            "r" * 32,
        )


def worker_is_silent() -> None:
    """Let the run's worker have gone, and the comparison have failed."""
    with writing() as session:
        run, row = session.get_one(Run, 1), session.get_one(VersionComparison, 1)
        run.heartbeat_at, run.cancel_asked = now() - timedelta(hours=1), True
        row.state, row.error, row.finished_at = RunState.FAILED, "The corpus holds no names.", now()


def all_has_ended() -> None:
    """Let runs have ended in every way, one comparison have been finished, and a correction be learned."""
    with writing() as session:
        run = session.get_one(Run, 1)
        run.state, run.is_active = RunState.CANCELLED, None
    add_run("failed", error="Memory ran out: " + "the trainer was killed. " * 5, progress=PROGRESS.to_json())
    reason = {
        "check": "holdout",
        "passes": True,
        "sentence": "It is no worse on names that neither has seen.",
    }
    worse = reason | {"passes": False, "sentence": "It is worse on names that neither has seen."}
    ended = replace(PROGRESS, phase="finished").to_json()
    for passes, version, why in ((True, 3, [reason]), (False, 4, [reason, worse])):
        verdict = {"passes": passes, "reasons": why}
        add_run("finished", version_id=version, verdict=verdict, comparison=found(), progress=ended)
    comparisons_end()


def comparisons_end() -> None:
    """Finish a comparison as the worker does."""
    row = add_comparison("queued", phase="")
    assert comparisons.claim(row)
    comparisons.finish(row, Comparison.from_json(found()))


SCENES = (
    Scene(
        "answers wait",
        answers_wait,
        staff=_addresses(
            f"""
            /admin /review /review?sort=conflicts&text=z /review?version=9 /review?status=x
            /review?status=accepted /review?status=rejected /review?status=right /review?status=any&text=q
            /review/name/zuleika /review/name/anna /review/name/kim /review/name/{LONGEST}
            /review/visitor/1 /review/opinions /retraining /versions /versions/v1 /versions/v3 /users
            /admin/keys /audit /audit?action=feedback.accept /audit?since=tomorrow /nothing
            """
        ),
        visitor=_addresses(
            f"""
            / /?name=Anna /?name=Roy /?name=u /?name={LONGEST} /?name=12 /?name=Ms.+Kim+Lee /n/Anna
            /scoreboard /scoreboard?version=1&source=api /scoreboard?from=x /scoreboard/time
            /scoreboard/names?guessed=male&answer=female /scoreboard/versions /scoreboard/again
            /scoreboard/holdout?version=v3 /scoreboard/holdout/names?version=v3 /learn?name=Anna
            /nothing /thanks/999
            """
        ),
    ),
    Scene(
        "queued",
        all_is_queued,
        _addresses("/retraining /retraining/1 /versions/comparisons/1 /versions/comparisons"),
    ),
    Scene("going on", all_goes_on, _addresses("/admin /retraining /retraining/1 /versions/comparisons/1")),
    Scene(
        "silent",
        worker_is_silent,
        _addresses("/retraining/1 /versions/comparisons/1 /retraining/1/compare"),
    ),
    Scene(
        "ended",
        all_has_ended,
        _addresses(
            """
            /admin /retraining /retraining/1 /retraining/2 /retraining/3 /retraining/4 /retraining/3/compare
            /retraining/4/compare?kind=broken /versions /versions/comparisons /versions/comparisons/2
            """
        ),
    ),
)
