"""The shape of a network: its settings, and the tensors that follow from them. Needs no PyTorch."""

from dataclasses import dataclass

from training.names import ALPHABET, LABELS

CELLS = ("elman", "rnn", "gru", "lstm")
GATES = {"rnn": 1, "gru": 3, "lstm": 4}
"""How many gates each of PyTorch's cells has: its matrices hold as many blocks."""


@dataclass(frozen=True)
class NetworkSettings:
    """The shape of a network: all that is needed, besides the weights, to build it again."""

    cell: str = "gru"
    width: int = 256
    dropout: float = 0.0
    readout: int = 0
    """Neurons between the hidden state and the answer; with 0 the answer is linear in the state."""
    bidirectional: bool = False
    """Whether a second network of this shape reads the name from its end."""

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise ValueError(f"The cell must be one of {', '.join(CELLS)}, not {self.cell!r}.")
        if not 1 <= self.width <= 1024:
            raise ValueError(f"The width must be between 1 and 1024, not {self.width}.")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"The dropout must be at least 0 and less than 1, not {self.dropout}.")
        if not 0 <= self.readout <= 1024:
            raise ValueError(f"The readout must have between 0 and 1024 neurons, not {self.readout}.")
        if self.readout and self.cell == "elman":
            raise ValueError("The course's neuron answers by itself: its readout must be 0.")
        if self.bidirectional and self.cell == "elman":
            raise ValueError("The course's neuron reads in one direction alone.")


def shapes_of(settings: NetworkSettings) -> dict[str, list[int]]:
    """Return the shape of every tensor of a network, by PyTorch's name for it."""
    shapes = _elman(settings.width) if settings.cell == "elman" else shapes_of_direction(settings)
    if settings.bidirectional:
        shapes |= {f"reverse.{name}": shape for name, shape in shapes.items()}
    return shapes


def _elman(width: int) -> dict[str, list[int]]:
    return _linear("recurrent.i2h", len(ALPHABET) + width, width) | _linear(
        "recurrent.i2o", len(ALPHABET) + width, len(LABELS)
    )


def shapes_of_direction(settings: NetworkSettings, inputs: int = len(ALPHABET)) -> dict[str, list[int]]:
    """Return the shape of every tensor of one direction that reads so many numbers a letter."""
    width, gates = settings.width, GATES[settings.cell] * settings.width
    return {
        "recurrent.weight_ih_l0": [gates, inputs],
        "recurrent.weight_hh_l0": [gates, width],
        "recurrent.bias_ih_l0": [gates],
        "recurrent.bias_hh_l0": [gates],
        **_readout(width, settings.readout),
    }


def _readout(width: int, readout: int) -> dict[str, list[int]]:
    if not readout:
        return _linear("readout", width, len(LABELS))
    # The layers of an nn.Sequential, of which the second is a ReLU.
    return _linear("readout.0", width, readout) | _linear("readout.2", readout, len(LABELS))


def _linear(name: str, inputs: int, outputs: int) -> dict[str, list[int]]:
    return {f"{name}.weight": [outputs, inputs], f"{name}.bias": [outputs]}
