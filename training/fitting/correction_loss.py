"""What a fine-tune learns and what it keeps: the losses of corrections and of replayed names, by length.

Tensors hold one row a name. Log odds are log P(female) / P(male).
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import relu

from training.data.minibatches import Examples, encode_names, rows_by_length
from training.model.network import Network, mean_logits
from training.model.predict import log_probabilities
from training.runtime.device import mixed_precision

UNISEX_TOLERANCE = 0.15
"""A name that is both women's and men's is learned when P(female) is this close to its share."""
REPLAY_SIZE = 30_000
MARGIN = 0.3
"""Log odds beyond one half that a correction must reach: P = .57."""
UNISEX_MARGIN = 0.2
"""Log odds around its share within which a unisex name adds no loss."""
UNISEX_ODDS = 0.4
"""Log odds beyond which no unisex name is taught: with the margin that is P = .646, still told as both."""
PREFIX_LOSS_WEIGHT = 0.1
"""Weight of each direction's answers after every letter, which are held too, beside the guess."""
AFFIX = 4
"""Letters at either end of a name that make it similar to a correction."""
CHUNK = 1024
"""Names whose old answers are computed at once."""


def sample_replay(replay: Examples, corrections: Examples, random: np.random.Generator) -> Examples:
    """Return up to REPLAY_SIZE names, half of them similar to a correction where there are so many."""
    starts = {name[:AFFIX] for name in corrections.names}
    ends = {name[-AFFIX:] for name in corrections.names}
    similar = np.array([name[:AFFIX] in starts or name[-AFFIX:] in ends for name in replay.names], dtype=bool)
    # At most half from each: with few similar names the sample is smaller, not filled up with others.
    rows = [random.permutation(np.flatnonzero(mask))[: REPLAY_SIZE // 2] for mask in (similar, ~similar)]
    return replay.take(np.concatenate(rows))


def is_learned(network: Network, corrections: Examples, device: torch.device) -> NDArray[np.bool_]:
    """Return for each correction whether the network now answers as its training row says."""
    p_female = np.exp(log_probabilities(network, corrections.names, device)[:, 0])  # (names,)
    unisex = np.abs(corrections.share - 0.5) < UNISEX_TOLERANCE
    near = np.abs(p_female - corrections.share) < UNISEX_TOLERANCE
    told_as_both = np.abs(p_female - 0.5) < UNISEX_TOLERANCE
    return np.where(unisex, near & told_as_both, (p_female > 0.5) == (corrections.share > 0.5))


@dataclass(frozen=True)
class CorrectionGroup:
    """Corrections of one length."""

    letters: Tensor
    """(names, length)"""
    target_odds: Tensor
    """Log odds to reach (names,)."""
    highest_odds: Tensor
    """Log odds on the target's side that are not to be passed; infinite for most (names,)."""
    is_unisex: Tensor
    """(names,)"""

    def loss(self, log_probs: Tensor, rows: Tensor) -> Tensor:
        """Return how far log P (rows, labels) of some rows are from their targets, in log odds (rows,)."""
        odds, target = log_probs[:, 0] - log_probs[:, 1], self.target_odds[rows]
        # (rows,): nothing once the odds are beyond the target on its side, and not beyond the highest
        on_side = odds * target.sign()
        one_sided = relu(target.abs() - on_side) + relu(on_side - self.highest_odds[rows])
        # (rows,): nothing once they are near it
        two_sided = relu((odds - target).abs() - UNISEX_MARGIN)
        return torch.where(self.is_unisex[rows], two_sided, one_sided)


@dataclass(frozen=True)
class ReplayGroup:
    """Names of one length with what the network said of them before."""

    letters: Tensor
    """(names, length)"""
    log_probs: Tensor
    """The guess (names, labels)."""
    prefix_log_probs: list[Tensor]
    """Of each direction, after every letter: (names, length, labels)."""

    def loss(self, prefix_log_probs: list[Tensor], rows: Tensor) -> Tensor:
        """Return the divergence of some rows' answers from the old ones, summed over the rows (scalar)."""
        guess = mean_logits([log_probs[:, -1] for log_probs in prefix_log_probs])  # (rows, labels)
        pairs = zip(prefix_log_probs, self.prefix_log_probs, strict=True)
        # (directions, rows)
        by_direction = torch.stack([kl_divergence(new, old[rows]).mean(dim=1) for new, old in pairs])
        prefixes = by_direction.mean(dim=0)  # (rows,)
        return (kl_divergence(guess, self.log_probs[rows]) + PREFIX_LOSS_WEIGHT * prefixes).sum()


def kl_divergence(new: Tensor, old: Tensor) -> Tensor:
    """Return the Kullback-Leibler divergence of log P (..., labels) from the old ones, in nats (...)."""
    return (old.exp() * (old - new)).sum(dim=-1)


def group_corrections(
    network: Network, corrections: Examples, device: torch.device
) -> dict[int, CorrectionGroup]:
    """Return the corrections of each length, with the log odds that they shall reach."""
    groups = {}
    log_probs = log_probabilities(network, corrections.names, device)  # (names, labels)
    for length, rows in rows_by_length(corrections.names).items():
        share = corrections.share[rows]
        unisex = np.abs(share - 0.5) < UNISEX_TOLERANCE
        # Of exactly 0 or 1 the log odds are infinite.
        own_odds = np.log(share.clip(0.01, 0.99) / (1 - share).clip(0.01, 0.99))
        side = np.sign(share - 0.5)
        odds = np.where(unisex, own_odds.clip(-UNISEX_ODDS, UNISEX_ODDS), side * MARGIN)
        # The records outweigh these: the network is surer than they and the visitors are together.
        is_surer = (log_probs[rows, 0] - log_probs[rows, 1]) * side > np.abs(own_odds) + UNISEX_MARGIN
        highest = np.where(is_surer & ~unisex, np.abs(own_odds) + UNISEX_MARGIN, np.inf)
        groups[length] = CorrectionGroup(
            encode_names([corrections.names[row] for row in rows]).to(device).long(),
            torch.tensor(odds, device=device).float(),
            torch.tensor(highest, device=device).float(),
            torch.tensor(unisex, device=device),
        )
    return groups


@torch.no_grad()
def group_replay(network: Network, replay: Examples, device: torch.device) -> dict[int, ReplayGroup]:
    """Return the replayed names of each length, with what `network` says of them."""
    network.eval()
    groups = {}
    for length, rows in rows_by_length(replay.names).items():
        # (names, length)
        letters = encode_names([replay.names[row] for row in rows]).to(device).long()
        with mixed_precision(device):
            chunks = [network.prefix_log_probs(chunk) for chunk in letters.split(CHUNK)]
        by_direction = [torch.cat(direction) for direction in zip(*chunks, strict=True)]
        # by_direction: (names, length, labels) each; guess: (names, labels)
        guess = mean_logits([log_probs[:, -1] for log_probs in by_direction])
        groups[length] = ReplayGroup(letters, guess, by_direction)
    return groups
