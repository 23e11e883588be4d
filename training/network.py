"""The networks: a name goes in letter by letter, an answer comes out after every letter.

Four cells share one interface. `elman` is the plain recurrent neuron of the course, written out; `rnn`,
`gru` and `lstm` are PyTorch's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.names import ALPHABET, LABELS

CELLS = ("elman", "rnn", "gru", "lstm")


@dataclass(frozen=True)
class NetworkSettings:
    """The shape of a network: all that is needed, besides the weights, to build it again."""

    cell: str = "gru"
    width: int = 256
    dropout: float = 0.0
    readout: int = 0
    """Neurons between the hidden state and the answer; with 0 the answer is linear in the state."""

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


class ElmanCell(nn.Module):
    """The course's neuron: two linear layers over the letter and the hidden state before it.

    There is no non-linearity on the hidden state, exactly as the course builds it: what it carries is a
    linear function of the letters, and its gradient shrinks or grows by the same matrix at every step.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.i2h = nn.Linear(len(ALPHABET) + width, width)
        self.i2o = nn.Linear(len(ALPHABET) + width, len(LABELS))

    def forward(self, letters: Tensor) -> tuple[Tensor, Tensor]:
        """Take (batch, letters, alphabet); return logits (batch, letters, labels) and hidden states."""
        hidden = letters.new_zeros(letters.shape[0], self.width)
        answers, states = [], []
        for letter in letters.unbind(dim=1):  # (batch, alphabet)
            both = torch.cat((letter, hidden), dim=1)  # (batch, alphabet + width)
            hidden = self.i2h(both)  # (batch, width)
            answers.append(self.i2o(both))  # (batch, labels)
            states.append(hidden)
        return torch.stack(answers, dim=1), torch.stack(states, dim=1)


class Network(nn.Module):
    """A character-level recurrent network, one direction, first letter to last."""

    def __init__(self, settings: NetworkSettings) -> None:
        super().__init__()
        self.settings = settings
        self.dropout = nn.Dropout(settings.dropout)
        if settings.cell == "elman":
            self.recurrent: nn.Module = ElmanCell(settings.width)
        else:
            kind = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[settings.cell]
            self.recurrent = kind(len(ALPHABET), settings.width, batch_first=True)
            self.readout = readout_of(settings)

    def forward(self, letters: Tensor) -> Tensor:
        """Take letter indices (batch, letters), return log P(label) (batch, letters, labels).

        All names of a batch have the same length, so nothing is padded. Row t is the answer after t + 1
        letters; the last row is the network's guess.
        """
        return self.read(letters)[0]

    def answer(self, letters: Tensor) -> Tensor:
        """Like `forward`, but return the guess alone: log P(label) of the whole names (batch, labels)."""
        answers, _ = self.recurrent(self._one_hot(letters))
        last = answers[:, -1]
        return F.log_softmax(last, dim=-1) if self.settings.cell == "elman" else self._said(last)

    def read(self, letters: Tensor) -> tuple[Tensor, Tensor]:
        """Like `forward`, and also return the hidden state after every letter (batch, letters, width)."""
        return self.read_one_hot(self._one_hot(letters))

    def read_one_hot(self, one_hot: Tensor) -> tuple[Tensor, Tensor]:
        """Like `read`, of letters that are one-hot already (batch, letters, alphabet)."""
        answers, states = self.recurrent(one_hot)
        if self.settings.cell == "elman":
            return F.log_softmax(answers, dim=-1), states
        return self._said(answers), answers

    def _one_hot(self, letters: Tensor) -> Tensor:
        return F.one_hot(letters, len(ALPHABET)).to(next(self.parameters()).dtype)

    def _said(self, states: Tensor) -> Tensor:
        with torch.autocast(states.device.type, enabled=False):  # two near logits need all their digits
            answers = self.readout(self.dropout(states.to(next(self.parameters()).dtype)))
        return F.log_softmax(answers, dim=-1)


def readout_of(settings: NetworkSettings) -> nn.Module:
    """Return what makes two logits (batch, letters, labels) of the hidden states (batch, letters, width)."""
    if not settings.readout:
        return nn.Linear(settings.width, len(LABELS))
    between = nn.Linear(settings.width, settings.readout)
    return nn.Sequential(between, nn.ReLU(), nn.Linear(settings.readout, len(LABELS)))


def mean_of(networks: Sequence[Network]) -> Network:
    """Return the network whose weights are the mean of those given, which must have learned from one start.

    It is often better than each (Wortsman et al., 2022, "Model soups"). Evaluation mode, on the CPU.
    """
    whole = Network(networks[0].settings)
    states = [network.cpu().state_dict() for network in networks]
    whole.load_state_dict({name: torch.stack([s[name] for s in states]).mean(dim=0) for name in states[0]})
    return whole.eval()


@torch.no_grad()
def initialise(network: Network) -> None:
    """Set the weights that a network starts to learn from; PyTorch's random seed decides them.

    A one-hot letter meets one column of the input weights, so these start far larger than PyTorch's
    (standard deviation 1 instead of 1 / sqrt(3 * width)): every letter then makes a difference at once. The
    recurrent matrices start orthogonal (Saxe et al., 2014), and gates that keep the state start open
    (Jozefowicz et al., 2015). With the defaults, two rounds over the corpus end 3 points lower.
    """
    if network.settings.cell == "elman":
        return
    width, weights = network.settings.width, dict(network.recurrent.named_parameters())
    for gate in weights["weight_hh_l0"].split(width):
        nn.init.orthogonal_(gate)
    nn.init.normal_(weights["weight_ih_l0"], std=1.0)
    weights["bias_ih_l0"].zero_()
    weights["bias_hh_l0"].zero_()
    if network.settings.cell in ("gru", "lstm"):  # r, z, n and i, f, g, o: the second one keeps the state
        weights["bias_ih_l0"][width : 2 * width] = 1.0
    *between, last = [layer for layer in network.readout.modules() if isinstance(layer, nn.Linear)]
    for layer in between:  # as large as keeps the size of what goes through (He et al., 2015)
        nn.init.normal_(layer.weight, std=(2 / width) ** 0.5)
        layer.bias.zero_()
    last.weight.mul_(0.1)
    last.bias.zero_()
