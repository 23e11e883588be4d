"""How long a run will take on this machine, as settings are chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import median

from sqlalchemy import select

from training.fitting.presets import preset
from training.fitting.settings import BadSettings
from webapp.extensions import db
from webapp.languages.texts import gettext, ngettext
from webapp.models import Run
from webapp.models.enums import RunKind, RunState
from webapp.presentation.template_filters import duration
from webapp.records import custom_corpora
from webapp.runs import plans
from webapp.runs.estimates.work import work
from webapp.runs.plans import Plan
from webapp.runs.worker.progress import RunProgress
from webapp.runs.worker.status import Machine

GUESSED_SECONDS = {"fine-tune": 60, "cpu": 1800, "gpu": 900}
"""Of a fine-tune, and of the presets for a CPU and for a GPU, before anything was measured."""
READERS_SECONDS = {"cpu": 1800, "gpu": 300}
"""Of teaching both readers, before a run on this machine did: it costs the same whatever the network is."""
READERS = "reader of "
"""How their phases begin."""
LEARNING = ("teacher", "training", "training from the end", "self-training")
"""The phases whose time grows with the settings; the others take what they take."""
BY_TEACHERS = ("linear teacher", "synthetic names")
LATEST, USED = 100, 5
"""Runs that are looked through, and the newest ones alike whose median is told."""


@dataclass(frozen=True)
class Estimate:
    """How long a run will take, and what that rests on."""

    seconds: float
    runs: int
    """Earlier runs of the same kind that were measured; with none it is reckoned, or a rough guess."""
    like: int | None = None
    """The run whose speed it is reckoned from, where none was alike."""


def by_preset(machine: Machine | None) -> dict[str, Estimate]:
    """Return how long a fine-tune and each preset will take."""
    ended = _ended()
    usual = {name: Plan(RunKind.SCRATCH, name) for name in plans.presets()}
    wanted = {RunKind.FINE_TUNE.value: Plan(), **usual}
    return {name: _estimate(plan, ended, machine) for name, plan in wanted.items()}


def of_plan(plan: Plan, machine: Machine | None) -> Estimate:
    """Return how long a run will take that follows a plan."""
    return _estimate(plan, _ended(), machine)


def in_words(estimate: Estimate, machine: Machine | None) -> str:
    """Return an estimate as one sentence."""
    time = duration(estimate.seconds)
    if machine is None:
        return gettext("About %(time)s at a rough guess: no worker is there to run it.", time=time)
    if estimate.runs:
        return ngettext(
            "About %(time)s on this machine, as the last run like it took.",
            "About %(time)s on this machine, as the last %(n)s runs like it took.",
            estimate.runs,
            n=estimate.runs,
            time=time,
        )
    if estimate.like:
        return gettext(
            "About %(time)s on this machine, reckoned from run %(run)s, which had other settings.",
            time=time,
            run=estimate.like,
        )
    return gettext("About %(time)s at a rough guess: no such run has ended on this machine yet.", time=time)


def _estimate(plan: Plan, ended: Sequence[Run], machine: Machine | None) -> Estimate:
    processor = _processor(plan, machine)
    here = [run for run in ended if processor and run.device.startswith(processor)]
    alike = [run.seconds for run in here if _is_alike(Plan.of(run), plan)][:USED]
    if alike:
        return Estimate(median(alike), len(alike))
    if plan.kind == RunKind.FINE_TUNE:
        return Estimate(GUESSED_SECONDS["fine-tune"], 0)
    return _reckon(plan, here, processor)


def _processor(plan: Plan, machine: Machine | None) -> str:
    if machine is None:
        return ""
    return "CPU" if plan.device == "cpu" else machine.processor


def _reckon(plan: Plan, ended: Sequence[Run], processor: str) -> Estimate:
    wanted, rough = _work(plan), "cpu" if processor in ("", "CPU") else "gpu"
    readers = _of_readers(ended, rough) if plan.readers else 0
    works = {run.id: amount for run in ended if run.kind == RunKind.SCRATCH and (amount := _work_of(run))}
    if not works:
        return Estimate(GUESSED_SECONDS[rough] * wanted / work(preset(rough)) + readers, 0)
    # The one that is nearest tells most; of two as near, the newer one, which comes first.
    nearest = min(works, key=lambda id_: abs(log(wanted / works[id_])))
    run = next(run for run in ended if run.id == nearest)
    return Estimate(_scaled(run, plan, wanted / works[nearest]) + readers, 0, nearest)


def of_readers(machine: Machine | None) -> float:
    """Return how many seconds it takes to teach the readers, as the last run took that did, or as guessed."""
    processor = _processor(Plan(), machine)
    here = [run for run in _ended() if processor and run.device.startswith(processor)]
    return _of_readers(here, "cpu" if processor in ("", "CPU") else "gpu")


def _of_readers(ended: Sequence[Run], rough: str) -> float:
    taught = next((run for run in ended if Plan.of(run).readers), None)
    return _seconds_of_readers(taught) if taught else READERS_SECONDS[rough]


def _seconds_of_readers(run: Run) -> float:
    phases = RunProgress.from_json(run.progress).phases
    return sum(phase.seconds or 0 for phase in phases if phase.phase.startswith(READERS))


def _scaled(run: Run, plan: Plan, times: float) -> float:
    """Return how long a run took, with what its settings decide multiplied."""
    phases = RunProgress.from_json(run.progress).phases
    has_teacher = preset(plan.preset, **plan.changes).teacher != "none"
    without = () if has_teacher else BY_TEACHERS
    learning = sum(phase.seconds or 0 for phase in phases if phase.phase in LEARNING)
    around = sum(phase.seconds or 0 for phase in phases if phase.phase not in (*LEARNING, *without))
    around -= _seconds_of_readers(run)
    # Runs of old releases did not note their phases.
    return around + learning * times if learning else run.seconds * times


def _is_alike(other: Plan, plan: Plan) -> bool:
    if other.kind != plan.kind or other.resumes:
        return False
    # A fine-tune keeps the champion's network; what it learns takes about the same time however many names.
    same = _what_it_learns(other) == _what_it_learns(plan)
    return plan.kind == RunKind.FINE_TUNE or same


def _what_it_learns(plan: Plan) -> tuple[object, ...]:
    return plan.preset, plan.changes, list(plan.corpora), plan.readers


def _work(plan: Plan) -> float:
    more = sum(corpus.names for corpus in custom_corpora.listing() if corpus.name in plan.corpora)
    return work(preset(plan.preset, **plan.changes), more)


def _work_of(run: Run) -> float | None:
    try:
        return _work(Plan.of(run))
    except BadSettings:
        return None  # settings that an old release took and this one refuses


def _ended() -> list[Run]:
    query = select(Run).where(Run.state == RunState.FINISHED).order_by(Run.id.desc()).limit(LATEST)
    return [run for run in db.session.scalars(query) if not Plan.of(run).resumes]
