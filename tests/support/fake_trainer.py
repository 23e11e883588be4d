"""A trainer that trains nothing: it does what its first argument says, in the folder that is its last."""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path


def tell(**event: object) -> None:
    """Write one event as the real trainer does."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def finish(folder: Path, made: str) -> None:
    """Hand over what was made before."""
    for epoch in (1, 2):
        tell(phase="training", epoch=epoch, epochs=2, train_loss=0.5, validation_loss=0.4, device="cpu")
    shutil.copytree(made, folder, dirs_exist_ok=True)


def finish_when_told(folder: Path, made: str, sign: str) -> None:
    """Go on, telling of one round after another, until a file is there; then hand over what was made."""
    epoch = 0
    while not Path(sign).exists():
        epoch += 1
        tell(phase="training", epoch=epoch, epochs=epoch + 1, train_loss=0.5, validation_loss=0.4)
        time.sleep(0.2)
    finish(folder, made)


def teach_cells(folder: Path, rounds: str) -> None:
    """Tell of so many rounds of each cell, as a live training does."""
    given = json.loads((folder / "live.json").read_text())
    assert given["train"] and 0 <= given["settings"]["dropout"] < 1
    for cell in ("elman", "rnn", "gru", "lstm"):
        for epoch in range(1, int(rounds) + 1):
            losses = {"train_loss": 0.6 / epoch, "validation_loss": 0.7 / epoch, "validation_accuracy": 0.8}
            tell(phase=cell, epoch=epoch, epochs=int(rounds), **losses)


def hang(folder: Path) -> None:
    """Work until stdin closes, deaf to polite signals."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    tell(phase="training", epoch=1, epochs=9)
    sys.stdin.read()


def run_out_of_memory(folder: Path) -> None:
    """Be killed, as a system does that has no memory left."""
    tell(phase="training")
    os.kill(os.getpid(), signal.SIGKILL)


def crash(folder: Path) -> None:
    """Fall over in the middle."""
    sys.stderr.write("MemoryOfElephants: forgot\n")
    sys.exit(3)


def complain(folder: Path) -> None:
    """Say in a sentence what is wrong."""
    tell(error="The corpus holds no names.")
    sys.exit(1)


def say_nothing(folder: Path) -> None:
    """End well without a network."""


if __name__ == "__main__":
    *arguments, where = sys.argv[2:]
    globals()[sys.argv[1]](Path(where), *arguments)
