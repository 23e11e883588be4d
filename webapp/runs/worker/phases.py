"""The phases of a run: how long each took, how far it is, and how long the rest will take.

The trainer names them (`training/job.py`); which are to come, and how long they take, is known from the last
run that was like this one.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from training.runtime.strict_json import Json, Part


@dataclass(frozen=True)
class Phase:
    """One phase of a run. Seconds are since the run began."""

    phase: str
    began: float
    ended: float | None = None
    note: str | None = None
    """Why it ended before its last round."""

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it goes on."""
        return None if self.ended is None else self.ended - self.began

    def to_json(self) -> Json:
        """Return the phase as the row of a run holds it."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def read_phases(parts: Sequence[Part]) -> tuple[Phase, ...]:
    """Return the phases that a row holds."""
    return tuple(part.record(Phase) for part in parts)


def enter(phases: Sequence[Phase], name: str, seconds: float) -> tuple[Phase, ...]:
    """Return the phases with the last one ended and a new one begun."""
    return (*end(phases, seconds), Phase(name, seconds))


def end(phases: Sequence[Phase], seconds: float) -> tuple[Phase, ...]:
    """Return the phases with the last one ended, if it goes on."""
    if not phases or phases[-1].ended is not None:
        return tuple(phases)
    return (*phases[:-1], replace(phases[-1], ended=seconds))


def note(phases: Sequence[Phase], words: str) -> tuple[Phase, ...]:
    """Return the phases with a note on the last one."""
    return (*phases[:-1], replace(phases[-1], note=words)) if phases else ()


@dataclass(frozen=True)
class Schedule:
    """What of a run is done, goes on and is to come."""

    done: Sequence[Phase]
    now: Phase | None
    coming: Sequence[Phase]
    """As long as each took in the run before."""
    left: float | None
    """Seconds until the end; None where no earlier run tells."""

    def share(self, seconds: float) -> float | None:
        """The part of the time that is over after so many seconds."""
        return None if self.left is None else seconds / max(seconds + self.left, 1e-9)


def schedule(
    phases: Sequence[Phase], earlier: Sequence[Phase], seconds: float, left_in_phase: float | None
) -> Schedule:
    """Return the schedule of a run after so many seconds.

    `earlier` are the phases of the last run that was like it; `left_in_phase` is what the trainer expects of
    the phase that goes on.
    """
    done = [phase for phase in phases if phase.ended is not None]
    now = phases[-1] if phases and phases[-1].ended is None else None
    seen = {phase.phase for phase in phases}
    coming = [phase for phase in earlier if phase.phase not in seen and phase.seconds is not None]
    if not earlier or now is None:
        return Schedule(done, now, coming, None)
    took = sum(phase.seconds or 0 for phase in earlier if phase.phase == now.phase)
    here = max(took - (seconds - now.began), 0) if left_in_phase is None else left_in_phase
    return Schedule(done, now, coming, here + sum(phase.seconds or 0 for phase in coming))
