"""How a network is taught: one frozen set of settings, each described where it stands.

What is written here about a setting is what `--help`, the page /retraining and docs/settings.md show.
"""

from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from training.model.settings import CELLS, NetworkSettings

TEACHERS = ("none", "linear", "ensemble")
GROUPS = ("network", "optimisation", "loss", "oversampling", "teachers", "self-training")
T = TypeVar("T")


class BadSettings(ValueError):
    """Settings with which no network could be taught; the message says why, in one sentence."""


@dataclass(frozen=True)
class Setting:
    """What there is to say about one setting."""

    group: str
    unit: str
    sentence: str
    lowest: float | None = None
    highest: float | None = None
    name: str = ""
    default: Any = None


def _setting(
    default: T,
    group: str,
    unit: str,
    sentence: str,
    lowest: float | None = None,
    highest: float | None = None,
) -> T:
    about = Setting(group, unit, sentence, lowest, highest)
    # What is said of a field lies in its metadata, so the two cannot part.
    described: T = field(default=default, metadata={"about": about})
    return described


@dataclass(frozen=True)
class FitSettings:
    """All that decides how a network learns."""

    preset: str = "full"
    cell: str = _setting("gru", "network", "", f"The recurrent cell: {', '.join(CELLS[:-1])} or {CELLS[-1]}.")
    width: int = _setting(512, "network", "neurons", "Size of the hidden state.")
    dropout: float = _setting(
        0.0, "network", "probability", "How likely each neuron is left out in a step of training."
    )
    readout: int = _setting(
        0, "network", "neurons", "Size of the layer between hidden state and answer; 0 leaves it out."
    )
    bidirectional: bool = _setting(
        False, "network", "", "Whether a second network reads the name from its last letter to its first."
    )

    epochs: int = _setting(12, "optimisation", "epochs", "Times that all names are learned from.", 1, 1000)
    batch_size: int = _setting(
        512, "optimisation", "names", "Names in one step; all have the same length.", 1, 65536
    )
    learning_rate: float = _setting(
        8e-3, "optimisation", "per step", "The highest learning rate of AdamW.", 1e-7, 1
    )
    warmup: float = _setting(
        0.15,
        "optimisation",
        "share of all steps",
        "How long the learning rate rises before it falls as half a cosine.",
        0,
        0.9,
    )
    weight_decay: float = _setting(
        0.01, "optimisation", "per unit of learning rate", "How strongly weights are pulled to 0.", 0, 1
    )
    gradient_clip: float = _setting(
        1.0, "optimisation", "norm", "Longer gradients are shortened to this length.", 1e-3, 1e3
    )
    ema_decay: float = _setting(
        0.0,
        "optimisation",
        "per step",
        "Decay of the moving average of the weights, which is what is kept; 0 keeps the last weights.",
        0,
        0.99999,
    )
    patience: int = _setting(
        0,
        "optimisation",
        "epochs",
        "Early stopping: epochs without a better validation loss before it stops; 0 never stops early.",
        0,
        1000,
    )
    seed: int = _setting(0, "optimisation", "", "Start of the random numbers.", 0, 2**31 - 1)
    deterministic: bool = _setting(
        False,
        "optimisation",
        "",
        "Whether equal settings give equal weights on a GPU, too; it costs speed.",
    )
    cuda_graphs: bool = _setting(
        False, "optimisation", "", "Whether a GPU replays recorded steps, with a stream for each direction."
    )

    label_smoothing: float = _setting(
        0.0, "loss", "share", "How far every target is drawn towards one half.", 0, 0.5
    )
    prefix_loss_weight: float = _setting(
        0.1, "loss", "times the main loss", "Weight of the loss after a letter inside the name.", 0, 10
    )

    oversample_frequent: int = _setting(
        1, "oversampling", "times an epoch", "How often a name with 10,000 bearers or more comes.", 1, 100
    )
    oversample_unisex: int = _setting(
        1,
        "oversampling",
        "times",
        "How often a name that women and men share comes in the last generation of self-training.",
        1,
        100,
    )

    teacher: str = _setting(
        "none", "teachers", "", "Who helps with the targets: none, linear, or ensemble (linear and networks)."
    )
    teacher_pseudocount: float = _setting(
        4.0, "teachers", "bearers", "How many bearers the teacher's opinion of a name counts as.", 0, 1e6
    )
    teacher_epochs: int = _setting(
        6, "teachers", "epochs", "Times that a network of the ensemble learns from its half.", 1, 1000
    )

    self_training_repeats: int = _setting(
        0,
        "self-training",
        "times",
        "How often real names come in each generation of self-training; 0 leaves self-training out.",
        0,
        1000,
    )
    self_training_learning_rate: float = _setting(
        2e-3,
        "self-training",
        "per step",
        "The highest learning rate of the first generation; each later one has two thirds of the one before.",
        1e-7,
        1,
    )
    self_training_generations: int = _setting(
        1, "self-training", "generations", "How often new synthetic names are labelled and learned.", 1, 100
    )
    synthetic_ratio: float = _setting(
        0.0, "self-training", "times the corpus", "Synthetic names that each generation learns from.", 0, 100
    )
    noise_ratio: float = _setting(
        0.0, "self-training", "times the names learned", "Random consonants with a target of one half.", 0, 1
    )

    def validated(self) -> "FitSettings":
        """Return these settings, or raise BadSettings for the first that cannot be."""
        try:
            self.network()
        except ValueError as error:
            raise BadSettings(str(error)) from error
        for about in describe_settings():
            value = getattr(self, about.name)
            if about.lowest is None or about.highest is None:
                continue
            if not about.lowest <= value <= about.highest:
                limits = f"{about.lowest:g} to {about.highest:g}"
                raise BadSettings(f"The setting {about.name!r} must be {limits}, not {value:g}.")
        if self.teacher not in TEACHERS:
            raise BadSettings(f"The teacher must be one of {', '.join(TEACHERS)}, not {self.teacher!r}.")
        if self.synthetic_ratio and self.teacher == "none":
            raise BadSettings("Synthetic names have no label unless a teacher gives them one.")
        if self.synthetic_ratio and not self.self_training_repeats:
            raise BadSettings("Synthetic names are for self-training: real names must come in it, too.")
        return self

    def network(self) -> NetworkSettings:
        """Return the shape of the network that these settings teach; raises ValueError if there is none."""
        return NetworkSettings(self.cell, self.width, self.dropout, self.readout, self.bidirectional)


def describe_settings() -> tuple[Setting, ...]:
    """Return what is known of every setting but the preset, in the order of FitSettings."""
    return tuple(
        replace(entry.metadata["about"], name=entry.name, default=entry.default)
        for entry in fields(FitSettings)
        if "about" in entry.metadata
    )
