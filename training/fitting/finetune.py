"""Teaching a network a few corrections while the rest of what it knows stays as it is.

Two pulls make one loss. Corrections are pulled over the middle and a little further, and not at all once they
are there: a margin loss asks no more of the weights than it must. All other names are held where the network
has them, by the Kullback-Leibler divergence from its own old answers (learning without forgetting: Li and
Hoiem, 2016), on a replay of which half is kin to a correction: what it would pull along first.
"""

import copy
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import relu

from training.data.minibatches import Examples, by_length, letters_of
from training.fitting.pipeline import Events, Fitted, resolve
from training.fitting.trainer import Progress, log_probabilities, precision
from training.model.network import Network, together

LEARNED_BOTH = 0.15
"""A name that is both women's and men's is learned when P(female) is this close to its share."""
ROUNDS, STEPS = 8, 25
CLOSING = 0.75
"""Once all is learned, the rest of the schedule begins here: small steps that settle what was stirred up."""
REPLAYED = 30_000
CORRECTED, HELD = 48, 128
"""Names a step, at most: corrections of one length, and replayed names, half of them of the same length."""
HOLD = 4.5
"""How much holding a name weighs against pulling one."""
MARGIN = 0.6
"""Log odds beyond the middle to which a correction is pulled: P = .65."""
EVEN_MARGIN = 0.2
"""Log odds around its share within which a name that is both is left alone."""
SETTLED = 0.1
"""How often a length is drawn for a correction that is where it shall be, against one that is not."""
LETTERS = 0.1
"""Weight of what each direction says after every letter, which is held too, beside the guess."""
KIN = 4
"""Letters at either end that make a name kin to a correction."""


def fine_tune(
    network: Network,
    corrections: Examples,
    replay: Examples,
    seed: int = 0,
    device: str = "auto",
    rate: float = 1e-3,
) -> Events:
    """Teach a copy of `network` some `corrections`; yield Progress, return Fitted.

    It ends a few rounds after all are learned, or after ROUNDS. The validation figures of the events are of
    the corrections. Raises ValueError for an unknown device.
    """
    where = resolve(device)
    random = np.random.default_rng(seed)
    tuning = Tuning(network, corrections, worth_holding(replay, corrections, random), where, rate, random)
    yield from tuning.rounds()
    return Fitted(tuning.network.cpu().eval(), tuning.history, tuning.round, str(where))


def worth_holding(replay: Examples, corrections: Examples, random: np.random.Generator) -> Examples:
    """Return up to REPLAYED names of `replay`, half of them kin to a correction where there are so many."""
    starts = {name[:KIN] for name in corrections.names}
    ends = {name[-KIN:] for name in corrections.names}
    kin = np.array([name[:KIN] in starts or name[-KIN:] in ends for name in replay.names], dtype=bool)
    rows = [random.permutation(np.flatnonzero(mask))[: REPLAYED // 2] for mask in (kin, ~kin)]
    return replay.pick(np.concatenate(rows))


def learned(network: Network, corrections: Examples, device: torch.device) -> NDArray[np.bool_]:
    """Return for each correction whether the network now answers as its training row says."""
    answers = np.exp(log_probabilities(network, corrections.names, device)[:, 0])
    both = np.abs(corrections.share - 0.5) < LEARNED_BOTH
    near = np.abs(answers - corrections.share) < LEARNED_BOTH
    return np.where(both, near, (answers > 0.5) == (corrections.share > 0.5))


@dataclass(frozen=True)
class Pulled:
    """Corrections of one length: letters (names, length), and the log odds to reach, with their slack."""

    letters: Tensor
    odds: Tensor
    even: Tensor

    def loss(self, answers: Tensor, rows: Tensor) -> Tensor:
        """Return how far answers (names, labels) of some rows are from where they shall be (names,)."""
        odds, wanted = answers[:, 0] - answers[:, 1], self.odds[rows]
        one_sided = relu(wanted.abs() - odds * wanted.sign())
        return torch.where(self.even[rows], relu((odds - wanted).abs() - EVEN_MARGIN), one_sided)


@dataclass(frozen=True)
class Held:
    """Names of one length: letters (names, length), the old guesses (names, labels), and the old readings."""

    letters: Tensor
    guesses: Tensor
    readings: list[Tensor]
    """What each direction said after every letter: (names, length, labels)."""

    def loss(self, readings: list[Tensor], rows: Tensor) -> Tensor:
        """Return the divergence of some rows' readings from the old ones, summed."""
        guesses = together([reading[:, -1] for reading in readings])
        pairs = zip(readings, self.readings, strict=True)
        letters = torch.stack([divergence(new, old[rows]).mean(dim=1) for new, old in pairs]).mean(dim=0)
        return (divergence(guesses, self.guesses[rows]) + LETTERS * letters).sum()


def divergence(new: Tensor, old: Tensor) -> Tensor:
    """Return the Kullback-Leibler divergence of log P (..., labels) from what they were (...)."""
    return (old.exp() * (old - new)).sum(dim=-1)


class Tuning:
    """A fine-tune at work."""

    def __init__(
        self,
        network: Network,
        corrections: Examples,
        replay: Examples,
        where: torch.device,
        rate: float,
        random: np.random.Generator,
    ) -> None:
        self.network, self.corrections, self.where = copy.deepcopy(network).to(where), corrections, where
        self.rate, self.random = rate, random
        self.round, self.done, self.seen, self.history = 0, 0.0, 0, list[Progress]()
        self.pulled = {length: self._pulled(rows) for length, rows in by_length(corrections.names).items()}
        # Which corrections are not where they shall be, as the last round left them: these come first.
        self.far = {length: np.ones(len(group.letters), bool) for length, group in self.pulled.items()}
        lengths = by_length(replay.names)
        self.held = {
            length: self._held([replay.names[row] for row in rows]) for length, rows in lengths.items()
        }
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=rate, weight_decay=0.0, betas=(0.9, 0.99)
        )

    def _pulled(self, rows: NDArray[np.intp]) -> Pulled:
        share = self.corrections.share[rows]
        even = np.abs(share - 0.5) < LEARNED_BOTH
        odds = np.where(
            even, np.log(share.clip(0.01, 0.99) / (1 - share).clip(0.01, 0.99)), np.sign(share - 0.5) * MARGIN
        )
        letters = letters_of([self.corrections.names[row] for row in rows]).to(self.where).long()
        return Pulled(
            letters, torch.tensor(odds, device=self.where).float(), torch.tensor(even, device=self.where)
        )

    @torch.no_grad()
    def _held(self, names: list[str]) -> Held:
        letters = letters_of(names).to(self.where).long()
        self.network.eval()
        with precision(self.where):
            pieces = zip(*(self.network.readings(some) for some in letters.split(1024)), strict=True)
        readings = [torch.cat(direction) for direction in pieces]
        return Held(letters, together([reading[:, -1] for reading in readings]), readings)

    def rounds(self) -> Iterator[Progress]:
        """Work in rounds of STEPS steps; yield how far it is after each."""
        began = time.monotonic()
        while self.done < 1:
            self.network.train()
            losses = [self._step() for _ in range(STEPS)]
            self.round += 1
            event = self._judge(began, float(torch.stack(losses).mean()))
            self.history.append(event)
            if event.validation_accuracy == 1:
                self.done = max(self.done, CLOSING)
            yield event

    def _step(self) -> Tensor:
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * self.done)))
        length = self._draw({length: SETTLED * len(far) + far.sum() for length, far in self.far.items()})
        with precision(self.where):
            loss = self._pull_and_hold(length)
            if self.held:
                other = self._draw({length: len(group.letters) for length, group in self.held.items()})
                loss = loss + HOLD * self._hold(other)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.done += 1 / (ROUNDS * STEPS)
        return loss.detach()

    def _pull_and_hold(self, length: int) -> Tensor:
        group = self.pulled[length]
        first = self.random.permutation(len(group.letters))
        rows = torch.from_numpy(first[np.argsort(~self.far[length][first], kind="stable")][:CORRECTED])
        rows = rows.to(self.where)
        self.seen += len(rows)
        loss = group.loss(self.network.answer(group.letters[rows]), rows).sum()
        return (
            (loss + HOLD * self._hold(length) * CORRECTED) / CORRECTED
            if length in self.held
            else loss / CORRECTED
        )

    def _hold(self, length: int) -> Tensor:
        group = self.held[length]
        rows = self._rows(len(group.letters), HELD // 2)
        self.seen += len(rows)
        return group.loss(self.network.readings(group.letters[rows]), rows) / CORRECTED

    def _draw(self, sizes: dict[int, int]) -> int:
        sized = np.array(list(sizes.values()), dtype=float)
        return int(self.random.choice(list(sizes), p=sized / sized.sum()))

    def _rows(self, n: int, most: int) -> Tensor:
        return torch.from_numpy(self.random.permutation(n)[:most]).to(self.where)

    def _judge(self, began: float, loss: float) -> Progress:
        spent = time.monotonic() - began
        right = learned(self.network, self.corrections, self.where)
        return Progress(
            "fine-tuning",
            self.round,
            ROUNDS,
            self.seen,
            round(self.seen / max(spent, 1e-9), 1),
            loss,
            validation_loss=self._apart(),
            validation_accuracy=float(right.mean()),
            learning_rate=self.rate,
            seconds=spent,
            seconds_left=spent / max(self.done, 1e-9) * max(0.0, 1 - self.done),
        )

    @torch.no_grad()
    def _apart(self) -> float:
        self.network.eval()
        total = 0.0
        for length, group in self.pulled.items():
            rows = torch.arange(len(group.letters), device=self.where)
            losses = group.loss(self.network.answer(group.letters), rows)
            self.far[length] = (losses > 0).cpu().numpy()
            total += float(losses.sum())
        return total / len(self.corrections)
