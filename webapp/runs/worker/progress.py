"""How far a run is: folded from the trainer's events, kept in its row, read by its page and by commands."""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import TypeVar

from training.runtime.strict_json import BadPart, Json, Part
from webapp.languages.texts import gettext
from webapp.runs.worker import phases
from webapp.runs.worker.phases import Phase

Known = TypeVar("Known")
LOG_LINES = 200
LONGEST_LINE = 1_000  # characters of a line that is shown


class BadProgress(BadPart):
    """What a trainer said, or stored progress, cannot be read."""

    document = "progress"
    longest_text = 100_000  # characters of a document's longest text


@dataclass(frozen=True)
class WeighedCounts:
    """How many names are corrected, and how many of them do not turn."""

    names: int
    halved: int
    outweighed: int


@dataclass(frozen=True)
class Event:
    """One line of JSON that the trainer says: see `training/job.py`. None is what it does not say."""

    phase: str | None = None
    epoch: int | None = None
    epochs: int | None = None
    names_seen: int | None = None
    names_per_second: float | None = None
    seconds: float | None = None
    seconds_left: float | None = None
    memory: int | None = None
    train_loss: float | None = None
    validation_loss: float | None = None
    validation_accuracy: float | None = None
    weighed: WeighedCounts | None = None
    device: str | None = None
    resumed: str | None = None
    message: str | None = None
    error: str | None = None

    @classmethod
    def from_line(cls, line: str) -> "Event":
        """Return the event in a line; one that is none is a message for the log."""
        try:
            part = Part.whole(json.loads(line), BadProgress)
            return part.record(cls, weighed=_weighed(part))
        # A library's warning on standard output is no fault of the run; it goes to the log.
        except ValueError:
            return cls(message=line.strip()[:LONGEST_LINE])


@dataclass(frozen=True)
class Round:
    """How one round of a phase ended."""

    phase: str | None
    epoch: int | None
    train_loss: float | None
    validation_loss: float | None
    validation_accuracy: float | None
    seconds: float | None


@dataclass(frozen=True)
class LogLine:
    """A line of a run's log, and the seconds since it began."""

    seconds: float
    text: str


@dataclass(frozen=True)
class RunProgress:
    """How far a run is; what is not known yet is None."""

    phase: str = "starting"
    epoch: int | None = None
    epochs: int | None = None
    names_seen: int | None = None
    names_per_second: float | None = None
    seconds_left: float | None = None
    memory: int | None = None
    train_loss: float | None = None
    weighed: WeighedCounts | None = None
    resumed: str | None = None
    """Where it goes on, of a run that goes on from another."""
    phases: tuple[Phase, ...] = ()
    history: tuple[Round, ...] = ()
    log: tuple[LogLine, ...] = ()

    def to_json(self) -> Json:
        """Return the progress as the row of the run holds it."""
        known = {name: value for name, value in asdict(self).items() if value not in (None, ())}
        return {
            **known,
            **({"phases": [phase.to_json() for phase in self.phases]} if self.phases else {}),
            "history": list(map(asdict, self.history)),
            "log": list(map(asdict, self.log)),
        }

    @classmethod
    def from_json(cls, document: object) -> "RunProgress":
        """Return the progress that a row holds; raises BadProgress."""
        part = Part.whole(document or {}, BadProgress)
        return part.record(
            cls,
            phase=part.text_or_none("phase") or "starting",
            weighed=_weighed(part),
            phases=phases.read_phases(part.parts("phases")),
            history=tuple(row.record(Round) for row in part.parts("history")),
            log=tuple(row.record(LogLine) for row in part.parts("log")),
        )


def _weighed(part: Part) -> WeighedCounts | None:
    return part.part("weighed").record(WeighedCounts) if part.has("weighed") else None


class ProgressRecorder:
    """Folds the trainer's events: the newest of everything, the rounds so far, and the log."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.progress = RunProgress()
        self.device = ""
        self.error = ""

    def take(self, events: Iterable[Event]) -> None:
        """Fold in some events, in order."""
        for event in events:
            self._take(event)

    @property
    def _seconds(self) -> float:
        return round(time.monotonic() - self.began, 1)

    def _phases(self, those: tuple[Phase, ...]) -> None:
        self.progress = replace(self.progress, phases=those)

    def end(self) -> None:
        """End the phase that goes on."""
        self._phases(phases.end(self.progress.phases, self._seconds))

    def log(self, words: str) -> None:
        """Add a line to the log."""
        line = LogLine(self._seconds, words)
        # The row is written every second: only the newest lines stay in it.
        self.progress = replace(self.progress, log=(*self.progress.log, line)[-LOG_LINES:])

    def _take(self, event: Event) -> None:
        if event.phase and event.phase != self.progress.phase:
            self.log(event.phase.capitalize())
            # The trainer has finished; what it made is yet to be stored.
            name = "storing" if event.phase == "finished" else event.phase
            self._phases(phases.enter(self.progress.phases, name, self._seconds))
        self.progress = _after(self.progress, event)
        if event.phase and event.message:
            self._phases(phases.note(self.progress.phases, event.message))
        self.device = event.device or self.device
        self.error = event.error or self.error
        if event.resumed:
            self.log(gettext("Goes on from a checkpoint: %(resumed)s", resumed=event.resumed))
        # A validation loss comes once a round, at its end.
        if event.validation_loss is not None and event.phase != "dry run":
            self._end_round(event)
        for words in (event.message, event.error):
            if words:
                self.log(words)

    def _end_round(self, event: Event) -> None:
        # An event has all that a round has, and more.
        ended = Round(**{field.name: getattr(event, field.name) for field in fields(Round)})
        self.progress = replace(self.progress, history=(*self.progress.history, ended))
        judged = "on the corrections" if ended.phase == "fine-tuning" else "validating"
        self.log(
            f"Round {ended.epoch}: loss {_figure(ended.train_loss)} learning, "
            f"{_figure(ended.validation_loss)} {judged}; {_figure(ended.validation_accuracy)} right"
        )


def _after(before: RunProgress, event: Event) -> RunProgress:
    phase = event.phase or before.phase
    # What is known of one phase says nothing of the next.
    of_phase = before if phase == before.phase else RunProgress()
    return replace(
        before,
        phase=phase,
        epoch=_newer(event.epoch, of_phase.epoch),
        epochs=_newer(event.epochs, of_phase.epochs),
        names_per_second=_newer(event.names_per_second, of_phase.names_per_second),
        seconds_left=_newer(event.seconds_left, of_phase.seconds_left),
        train_loss=_newer(event.train_loss, of_phase.train_loss),
        names_seen=_newer(event.names_seen, before.names_seen),
        memory=_newer(event.memory, before.memory),
        weighed=_newer(event.weighed, before.weighed),
        resumed=_newer(event.resumed, before.resumed),
    )


def _newer(value: Known | None, before: Known | None) -> Known | None:
    return before if value is None else value


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
