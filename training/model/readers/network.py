"""A reader as PyTorch learns it."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import log_softmax

from training.model.readers.contents import ReaderContents
from training.model.readers.settings import N_LABELS, ReaderSettings, from_end


class Direction(nn.Module):
    """The second of both, under the names that its weights have in an artifact."""

    def __init__(self, settings: ReaderSettings) -> None:
        super().__init__()
        self.recurrent = nn.GRU(settings.embedding, settings.width, batch_first=True)
        self.readout = nn.Linear(settings.width, N_LABELS)


class ReaderNetwork(nn.Module):
    """A GRU in both directions over letters of its own; each direction gives logits."""

    def __init__(self, settings: ReaderSettings, dropout: float = 0.0) -> None:
        super().__init__()
        self.settings = settings
        self.letters = nn.Embedding(len(settings.letters) + 1, settings.embedding)
        self.dropout = nn.Dropout(dropout)
        self.recurrent = nn.GRU(settings.embedding, settings.width, batch_first=True)
        self.readout = nn.Linear(settings.width, N_LABELS)
        self.reverse = Direction(settings)
        self._index = {letter: at for at, letter in enumerate(settings.letters, start=1)}

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Return the letters of texts of one length in both directions (texts, 2, letters)."""
        both = ([text, from_end(text)] for text in texts)
        return torch.tensor([[[self._index.get(c, 0) for c in way] for way in ways] for ways in both])

    def forward(self, letters: Tensor) -> list[Tensor]:
        """Take encoded texts (texts, 2, letters), return each direction's logits (texts, labels)."""
        ways = ((self.recurrent, self.readout), (self.reverse.recurrent, self.reverse.readout))
        found = []
        for way, (recurrent, readout) in enumerate(ways):
            read = self.dropout(self.letters(letters[:, way]))  # (texts, letters, embedding)
            found.append(readout(self.dropout(recurrent(read)[0][:, -1])))
        return found

    def odds(self, letters: Tensor) -> Tensor:
        """Return log P(female) / P(male) of encoded texts (texts,)."""
        return torch.stack([logits[:, 0] - logits[:, 1] for logits in self(letters)]).mean(dim=0)

    @torch.no_grad()
    def initialise(self) -> None:
        """Set the weights that a reader starts from, as `weights.initialise` does for the network."""
        width = self.settings.width
        nn.init.normal_(self.letters.weight, std=0.5)
        for recurrent in (self.recurrent, self.reverse.recurrent):
            weights = dict(recurrent.named_parameters())
            for gate in weights["weight_hh_l0"].split(width):
                nn.init.orthogonal_(gate)
            weights["bias_ih_l0"].zero_()
            weights["bias_hh_l0"].zero_()
            weights["bias_ih_l0"][width : 2 * width] = 1.0
        for readout in (self.readout, self.reverse.readout):
            readout.weight.mul_(0.1)
            readout.bias.zero_()

    def contents(self) -> ReaderContents:
        """Return the reader as an artifact holds it."""
        tensors = {name: tensor.detach().cpu().numpy() for name, tensor in self.state_dict().items()}
        return ReaderContents(self.settings, tensors)


def of_contents(contents: ReaderContents) -> ReaderNetwork:
    """Return the reader of an artifact, in evaluation mode on the CPU."""
    network = ReaderNetwork(contents.settings)
    network.load_state_dict({name: torch.from_numpy(t.copy()) for name, t in contents.tensors.items()})
    return network.eval()


def log_probs(logits: Tensor) -> Tensor:
    """Return log P(label) (texts, labels)."""
    return log_softmax(logits, dim=-1)
