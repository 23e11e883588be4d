"""The networks: a name goes in letter by letter, an answer comes out after every letter.

Four cells share one interface. `elman` is the plain recurrent cell of the course, written out; `rnn`, `gru`
and `lstm` are PyTorch's own. A network reads from the first letter to the last. A bidirectional one holds a
second network that reads from the last letter to the first; their guess is the mean of their logits.
"""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence

from training.model.settings import NetworkSettings
from training.model.trie_training import gru_states
from training.names import ALPHABET, LABELS
from training.runtime.cuda import start_beside
from training.runtime.device import full_precision


class ElmanCell(nn.Module):
    """The course's cell: two linear layers over the letter and the hidden state before it.

    There is no non-linearity on the hidden state, exactly as the course builds it: what it carries is a
    linear function of the letters, and its gradient shrinks or grows by the same matrix at every step.
    Dropout stands before i2o, so that it leaves out what is answered from and never what is remembered.
    """

    def __init__(self, width: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.width = width
        self.dropout = nn.Dropout(dropout)
        self.i2h = nn.Linear(len(ALPHABET) + width, width)
        self.i2o = nn.Linear(len(ALPHABET) + width, len(LABELS))

    def forward(self, letters: Tensor) -> tuple[Tensor, Tensor]:
        """Take (batch, letters, alphabet); return logits (batch, letters, labels) and hidden states."""
        hidden = letters.new_zeros(letters.shape[0], self.width)
        answers, states = [], []
        for letter in letters.unbind(dim=1):  # (batch, alphabet)
            both = torch.cat((letter, hidden), dim=1)  # (batch, alphabet + width)
            hidden = self.i2h(both)  # (batch, width)
            answers.append(self.i2o(self.dropout(both)))  # (batch, labels)
            states.append(hidden)
        return torch.stack(answers, dim=1), torch.stack(states, dim=1)


class Network(nn.Module):
    """A character-level recurrent network: from the first letter to the last, or from both ends."""

    def __init__(self, settings: NetworkSettings) -> None:
        super().__init__()
        self.settings = settings
        self.uses_streams = False
        """Whether both directions go their ways at once, each on a stream of the GPU."""
        self.dropout = nn.Dropout(settings.dropout)
        if settings.cell == "elman":
            self.recurrent: nn.Module = ElmanCell(settings.width, settings.dropout)
        else:
            kind = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[settings.cell]
            self.recurrent = kind(len(ALPHABET), settings.width, batch_first=True)
            self.readout = make_readout(settings)
        # second.
        self.reverse = Network(replace(settings, bidirectional=False)) if settings.bidirectional else None

    def forward(self, letters: Tensor) -> Tensor:
        """Take letter indices (batch, letters), return log P(label) (batch, letters, labels).

        All names of a batch have the same length, so nothing is padded. Row t is the answer had the name
        ended after t + 1 letters; the last row is the guess. Read from its end, every prefix of a name is
        another name: a bidirectional network reads them all, and takes so much longer.
        """
        own = self._prefix_log_probs(letters)
        return mean_logits([own, self.reverse._reverse_log_probs(letters)]) if self.reverse else own

    def log_probs(self, letters: Tensor) -> Tensor:
        """Take letter indices (batch, letters), return log P(label) of the whole names (batch, labels)."""
        if self._shares_beginnings(letters):
            whole = self.prefix_log_probs(letters, [letters.shape[1] - 1])
            return mean_logits([log_probs[:, 0] for log_probs in whole])
        return self.log_probs_of_one_hot(self._one_hot(letters))

    def log_probs_of_one_hot(self, one_hot: Tensor) -> Tensor:
        """Like `log_probs`, of letters that are one-hot already (batch, letters, alphabet)."""
        # outputs of `elman` are logits already (batch, letters, labels); _read_out knows.
        outputs, _ = self.recurrent(one_hot)  # (batch, letters, width)
        own = self._read_out(outputs[:, -1])  # (batch, labels)
        return mean_logits([own, self.reverse.log_probs_of_one_hot(one_hot.flip(1))]) if self.reverse else own

    def prefix_log_probs(self, letters: Tensor, after: Sequence[int] | Tensor | None = None) -> list[Tensor]:
        """Return log P(label) (batch, letters, labels) of each direction, after every letter that it reads.

        The second direction begins with the last letter. With `after`, counted from 0, only the answers after
        these letters are computed. `mean_logits` of the answers after the last letters is the guess.
        """
        reverse = self.reverse
        if reverse is None:
            return [self._prefix_log_probs(letters, after)]
        if self.uses_streams:
            from_end = start_beside(letters.device, lambda: reverse.prefix_log_probs(letters.flip(1), after))
            return [self._prefix_log_probs(letters, after), *from_end()]
        return [self._prefix_log_probs(letters, after), *reverse.prefix_log_probs(letters.flip(1), after)]

    def own_log_probs(self, letters: Tensor) -> Tensor:
        """Return log P(label) of whole names (batch, labels) by the first direction alone.

        On a CPU the names of a batch share the work of their beginnings, so they are best sorted.
        """
        last = [letters.shape[1] - 1]
        if self._is_gru_on_cpu(letters):
            return self._read_out(gru_states(self.recurrent, letters, last))[:, 0]
        return self._prefix_log_probs(letters, last)[:, 0]

    def _prefix_log_probs(self, letters: Tensor, after: Sequence[int] | Tensor | None = None) -> Tensor:
        return self._read_out(self.outputs(letters, after))

    def outputs(self, letters: Tensor, after: Sequence[int] | Tensor | None = None) -> Tensor:
        """Return what the first direction's cell gives after some letters, or all (batch, after, width).

        Of the course's neuron these are logits already (batch, after, labels).
        """
        if self._shares_beginnings(letters):
            return gru_states(self.recurrent, letters, _places(after, letters.shape[1]))
        outputs: Tensor = self.recurrent(self._one_hot(letters))[0]  # (batch, letters, width)
        if after is None:
            return outputs
        if isinstance(after, Tensor):
            return outputs.index_select(1, after)
        return torch.stack([outputs[:, letter] for letter in after], dim=1)

    def states(self, letters: Tensor) -> Tensor:
        """Return the hidden state after every letter, from the first to the last (batch, letters, width)."""
        outputs, states = self.recurrent(self._one_hot(letters))
        hidden: Tensor = states if self.settings.cell == "elman" else outputs
        return hidden

    def _reverse_log_probs(self, letters: Tensor) -> Tensor:
        """Return log P(label) of every prefix, read from its end (batch, letters, labels)."""
        # Step s reads, of each prefix, the letter s places before its end; the longest prefixes come first.
        # That is PyTorch's packed form of sequences of many lengths, and none is padded.
        batch, length = letters.shape
        # .flip(1): the longest prefixes first; .T.flatten(): prefix by prefix, each of all names.
        steps = [letters[:, : length - step].flip(1).T.flatten() for step in range(length)]
        packed = PackedSequence(self._one_hot(torch.cat(steps)), torch.tensor([len(step) for step in steps]))
        _, last = self.recurrent(packed)
        # An LSTM gives (hidden, memory); only the hidden state is read out.
        state = last[0] if self.settings.cell == "lstm" else last  # (1, length * batch, width)
        log_probs = self._read_out(state[0]).unflatten(0, (length, batch))  # the whole names first
        by_name: Tensor = log_probs.flip(0).transpose(0, 1)  # (batch, letters, labels)
        return by_name

    def _shares_beginnings(self, letters: Tensor) -> bool:
        # While a GRU learns on a CPU. On a GPU cuDNN's own is faster than any loop of ours.
        return self.training and torch.is_grad_enabled() and self._is_gru_on_cpu(letters)

    def _is_gru_on_cpu(self, letters: Tensor) -> bool:
        return self.settings.cell == "gru" and letters.device.type == "cpu"

    def _one_hot(self, letters: Tensor) -> Tensor:
        weights = next(self.parameters())  # letters are rows of the unit matrix (..., alphabet)
        return torch.eye(len(ALPHABET), dtype=weights.dtype, device=weights.device)[letters]

    def _read_out(self, outputs: Tensor) -> Tensor:
        """Take what the cell gives (..., width), return log P(label) (..., labels)."""
        if self.settings.cell != "elman":  # whose outputs are logits already
            with full_precision(outputs.device):  # two near logits need all their digits
                outputs = self.readout(self.dropout(outputs.to(next(self.parameters()).dtype)))
        return F.log_softmax(outputs, dim=-1)


def _places(after: Sequence[int] | Tensor | None, length: int) -> list[int]:
    if after is None:
        return list(range(length))
    return after.tolist() if isinstance(after, Tensor) else list(after)


def mean_logits(log_probs: Sequence[Tensor]) -> Tensor:
    """Return log P(label) (..., labels) by the mean of the logits of one or two directions."""
    if len(log_probs) == 1:
        return log_probs[0]
    return F.log_softmax(torch.stack(list(log_probs)).mean(dim=0), dim=-1)


def make_readout(settings: NetworkSettings) -> nn.Module:
    """Return the layers from the hidden state (..., width) to the logits (..., labels)."""
    if not settings.readout:
        return nn.Linear(settings.width, len(LABELS))
    hidden_layer = nn.Linear(settings.width, settings.readout)
    return nn.Sequential(hidden_layer, nn.ReLU(), nn.Linear(settings.readout, len(LABELS)))
