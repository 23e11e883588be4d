"""What a run's page shows, folded from the trainer's events."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

LOG_LINES = 200
OF_A_PHASE = ("epoch", "epochs", "seconds_left", "names_per_second", "train_loss")
ROW = ("phase", "epoch", "train_loss", "validation_loss", "validation_accuracy", "seconds")
SHOWN = (
    "phase",
    "epoch",
    "epochs",
    "names_seen",
    "names_per_second",
    "seconds_left",
    "memory",
    "train_loss",
    "weighed",
)


class Progress:
    """The newest of everything the trainer told, the epochs so far, and its log."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.told: dict[str, Any] = {"phase": "starting", "history": [], "log": []}
        self.device = ""
        self.error = ""

    def take(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Fold in some events, in order."""
        for event in events:
            self._take(event)

    def say(self, words: str) -> None:
        """Add a line to the log."""
        line = {"seconds": round(time.monotonic() - self.began, 1), "text": words}
        self.told["log"] = [*self.told["log"], line][-LOG_LINES:]

    def _take(self, event: Mapping[str, Any]) -> None:
        if (phase := event.get("phase")) and phase != self.told["phase"]:
            for key in OF_A_PHASE:
                self.told.pop(key, None)
            self.say(str(phase).capitalize())
        self.told.update({key: event[key] for key in SHOWN if event.get(key) is not None})
        self.device = event.get("device") or self.device
        self.error = event.get("error") or self.error
        if place := event.get("resumed"):
            self.told["resumed"] = place
            self.say(f"Goes on from a checkpoint: {place}")
        if event.get("validation_loss") is not None and phase != "dry run":
            self._end_of_epoch(event)
        for words in (event.get("message"), event.get("error")):
            if words:
                self.say(str(words))

    def _end_of_epoch(self, event: Mapping[str, Any]) -> None:
        row = {key: event.get(key) for key in ROW}
        self.told["history"] = [*self.told["history"], row]
        judged = "on the corrections" if row["phase"] == "fine-tuning" else "validating"
        self.say(
            f"Round {row['epoch']}: loss {_figure(row['train_loss'])} learning, "
            f"{_figure(row['validation_loss'])} {judged}; {_figure(row['validation_accuracy'])} right"
        )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"
