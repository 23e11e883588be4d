"""The networks: a name goes in letter by letter, an answer comes out after every letter.

Four cells share one interface. `elman` is the plain recurrent neuron of the course, written out; `rnn`,
`gru` and `lstm` are PyTorch's own. A network reads from the first letter to the last; a bidirectional one
holds a second that reads from the last to the first, and what both say is the mean of their logits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence

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
    """A character-level recurrent network: from the first letter to the last, or from both ends."""

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
        self.reverse = Network(replace(settings, bidirectional=False)) if settings.bidirectional else None

    def forward(self, letters: Tensor) -> Tensor:
        """Take letter indices (batch, letters), return log P(label) (batch, letters, labels).

        All names of a batch have the same length, so nothing is padded. Row t is the answer had the name
        ended after t + 1 letters; the last row is the network's guess. From its end, every beginning of a
        name is another name: a bidirectional network reads them all, and takes so much longer.
        """
        own = self._reading(letters)
        return together([own, self.reverse._of_beginnings(letters)]) if self.reverse else own

    def answer(self, letters: Tensor) -> Tensor:
        """Like `forward`, but return the guess alone: log P(label) of the whole names (batch, labels)."""
        return self.answer_one_hot(self._one_hot(letters))

    def answer_one_hot(self, one_hot: Tensor) -> Tensor:
        """Like `answer`, of letters that are one-hot already (batch, letters, alphabet)."""
        answers, _ = self.recurrent(one_hot)
        own = self._said(answers[:, -1])
        return together([own, self.reverse.answer_one_hot(one_hot.flip(1))]) if self.reverse else own

    def readings(self, letters: Tensor, after: Sequence[int] | None = None) -> list[Tensor]:
        """Return what each direction says by itself after every letter that it reads, or after some.

        One tensor of log P(label) (batch, letters, labels) for each; the second direction begins with the
        last letter. `together` makes the guess of what they say after theirs. `after` counts from 0.
        """
        own = [self._reading(letters, after)]
        return own + self.reverse.readings(letters.flip(1), after) if self.reverse else own

    def _reading(self, letters: Tensor, after: Sequence[int] | None = None) -> Tensor:
        answers, _ = self.recurrent(self._one_hot(letters))
        if after is not None:
            answers = torch.stack([answers[:, letter] for letter in after], dim=1)
        return self._said(answers)

    def states(self, letters: Tensor) -> Tensor:
        """Return the hidden state after every letter, from the first to the last (batch, letters, width)."""
        answers, states = self.recurrent(self._one_hot(letters))
        return states if self.settings.cell == "elman" else answers

    def _of_beginnings(self, letters: Tensor) -> Tensor:
        # Step s reads the letter that stands s before the end of each beginning, the longest beginnings
        # first: so PyTorch packs sequences of many lengths, and none is padded.
        batch, length = letters.shape
        steps = [letters[:, : length - step].flip(1).T.flatten() for step in range(length)]
        packed = PackedSequence(self._one_hot(torch.cat(steps)), torch.tensor([len(step) for step in steps]))
        _, last = self.recurrent(packed)
        state = last[0] if self.settings.cell == "lstm" else last  # (1, beginnings, width)
        said = self._said(state[0]).unflatten(0, (length, batch))  # the whole names first
        return said.flip(0).transpose(0, 1)  # (batch, letters, labels)

    def _one_hot(self, letters: Tensor) -> Tensor:
        return F.one_hot(letters, len(ALPHABET)).to(next(self.parameters()).dtype)

    def _said(self, answers: Tensor) -> Tensor:
        if self.settings.cell != "elman":
            with torch.autocast(answers.device.type, enabled=False):  # two near logits need all their digits
                answers = self.readout(self.dropout(answers.to(next(self.parameters()).dtype)))
        return F.log_softmax(answers, dim=-1)


def together(answers: Sequence[Tensor]) -> Tensor:
    """Return log P(label) (..., labels) of what one or two directions say: the mean of their logits."""
    return answers[0] if len(answers) == 1 else F.log_softmax(torch.stack(list(answers)).mean(dim=0), dim=-1)


def bidirectional(network: Network, reverse: Network) -> Network:
    """Return the network that reads as `network` does, and from the end as `reverse` does."""
    both = Network(replace(network.settings, bidirectional=True))
    from_end = {f"reverse.{name}": tensor for name, tensor in reverse.state_dict().items()}
    both.load_state_dict(network.state_dict() | from_end)
    return both.eval()


def readout_of(settings: NetworkSettings) -> nn.Module:
    """Return what makes two logits (batch, letters, labels) of the hidden states (batch, letters, width)."""
    if not settings.readout:
        return nn.Linear(settings.width, len(LABELS))
    between = nn.Linear(settings.width, settings.readout)
    return nn.Sequential(between, nn.ReLU(), nn.Linear(settings.readout, len(LABELS)))


def directions_of(network: Network) -> list[Network]:
    """Return what reads in each direction: one network, or the two of a bidirectional one."""
    if network.reverse is None:
        return [network]
    forwards = Network(replace(network.settings, bidirectional=False))
    own = {name: tensor for name, tensor in network.state_dict().items() if not name.startswith("reverse.")}
    forwards.load_state_dict(own)
    return [forwards.eval(), network.reverse]


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
    if network.reverse:
        initialise(network.reverse)
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
