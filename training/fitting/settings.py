"""How a network is taught: one frozen set of settings, validated together before any work."""

from dataclasses import dataclass, fields, replace
from typing import Any

from training.model.network import NetworkSettings

TEACHERS = ("none", "linear", "ensemble")


class BadSettings(ValueError):
    """Settings with which no network could be taught; the message says why, in one sentence."""


@dataclass(frozen=True)
class FitSettings:
    """All that decides how a network learns. Rates are per step, times are in rounds over the names."""

    preset: str = "full"
    cell: str = "gru"
    width: int = 512
    dropout: float = 0.0
    readout: int = 0
    """Neurons between the hidden state and the answer."""
    bidirectional: bool = False
    """Whether names are read from both ends, by two networks that learn apart and are refined together."""
    epochs: int = 12
    batch: int = 512
    """Names a step; all of one length."""
    learning_rate: float = 8e-3
    """Of AdamW at its highest: it rises over the first `warmup` of the steps, then falls as a cosine."""
    warmup: float = 0.15
    weight_decay: float = 0.01
    clip: float = 1.0
    """The longest gradient that is followed; longer ones are shortened to it."""
    smoothing: float = 0.0
    """How far every target is drawn towards one half."""
    letters: float = 0.1
    """Weight of the loss after one more letter, each in its turn, beside the loss after the last."""
    ema: float = 0.0
    """Decay of the running mean of the weights, which is what is kept; 0 keeps the last weights."""
    patience: int = 0
    """Rounds without a better validation loss before it stops early; 0 never stops early."""
    by_heart: int = 1
    """How often a name with 10,000 bearers or more comes in every round; the others come once."""
    teacher: str = "none"
    """Who helps with the targets: nobody, a linear model, or an ensemble of it and a network."""
    trust: float = 4.0
    """Bearers that the teacher's opinion of a name counts as, beside those the corpus counted."""
    invented: float = 0.0
    """Invented names that a generation of the refining learns from, once, as a multiple of the corpus's."""
    gibberish: float = 0.0
    """Strings of consonants with a target of one half, as a multiple of the names of the corpus."""
    refining: int = 0
    """How often the real names come in a generation of the refining."""
    refining_rate: float = 2e-3
    """Of the first generation, at its highest; every later one has two thirds of the one before."""
    generations: int = 1
    """Times that the refining is done, each with names invented anew and labelled by all that was learned."""
    rehearsed: int = 1
    """How often a name that women and men share comes in the last generation, where others come once."""
    teacher_epochs: int = 6
    """Rounds that the network of the ensemble learns for."""
    seed: int = 0

    def validated(self) -> "FitSettings":
        """Return these settings, or raise BadSettings for the first that cannot be."""
        try:
            self.network()
        except ValueError as error:
            raise BadSettings(str(error)) from error
        for name, (lowest, highest) in _RANGES.items():
            value = getattr(self, name)
            if not lowest <= value <= highest:
                raise BadSettings(f"The setting {name!r} must be {lowest:g} to {highest:g}, not {value:g}.")
        if self.teacher not in TEACHERS:
            raise BadSettings(f"The teacher must be one of {', '.join(TEACHERS)}, not {self.teacher!r}.")
        if self.invented and self.teacher == "none":
            raise BadSettings("Invented names have no label unless a teacher gives them one.")
        if self.invented and not self.refining:
            raise BadSettings("Invented names are for the refining: real names must come in it, too.")
        return self

    def network(self) -> NetworkSettings:
        """Return the shape of the network that these settings teach."""
        if self.cell == "elman":  # the course's neuron answers by itself, and reads in one direction
            return NetworkSettings(self.cell, self.width, self.dropout)
        return NetworkSettings(self.cell, self.width, self.dropout, self.readout, self.bidirectional)


_RANGES: dict[str, tuple[float, float]] = {
    "epochs": (1, 1000),
    "batch": (1, 65536),
    "learning_rate": (1e-7, 1),
    "warmup": (0, 0.9),
    "weight_decay": (0, 1),
    "clip": (1e-3, 1e3),
    "smoothing": (0, 0.5),
    "letters": (0, 10),
    "ema": (0, 0.99999),
    "patience": (0, 1000),
    "by_heart": (1, 100),
    "trust": (0, 1e6),
    "invented": (0, 100),
    "gibberish": (0, 1),
    "refining": (0, 1000),
    "refining_rate": (1e-7, 1),
    "rehearsed": (1, 100),
    "generations": (1, 100),
    "teacher_epochs": (1, 1000),
    "seed": (0, 2**31 - 1),
}

_FULL = FitSettings(
    "full",
    width=384,
    readout=256,
    bidirectional=True,
    epochs=6,
    learning_rate=6e-3,
    by_heart=6,
    gibberish=0.01,
    invented=3.0,
    refining=3,
    refining_rate=3e-3,
    generations=2,
    rehearsed=3,
    teacher="ensemble",
    teacher_epochs=4,
)
PRESETS = {
    "tiny": FitSettings("tiny", width=8, epochs=2, batch=64),
    "cpu": replace(_FULL, preset="cpu", epochs=5, invented=1.5, generations=1, rehearsed=1),
    "full": _FULL,
}


def preset(name: str, **changes: Any) -> FitSettings:
    """Return the settings of a preset with some of them changed; raises BadSettings."""
    if name not in PRESETS:
        raise BadSettings(f"The preset must be one of {', '.join(PRESETS)}, not {name!r}.")
    if unknown := sorted(set(changes) - {field.name for field in fields(FitSettings)}):
        raise BadSettings(f"There is no setting {unknown[0]!r}.")
    return replace(PRESETS[name], **changes).validated()
