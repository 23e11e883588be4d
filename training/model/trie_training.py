"""A GRU's step of training on a CPU, where names that begin alike share the work of their beginning.

The names of a batch have one length. At the first letters they are few distinct beginnings: 512 names begin
with 26 letters, and with some 200 pairs of letters. Each beginning is a row here, computed once, forwards and
backwards, until most names stand alone; from there on every name is a row. The arithmetic is that of
`torch.nn.GRU`, which the tests compare it with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from training.names import ALPHABET
from training.runtime.device import full_precision

MOST_SHARED = 0.7
"""Of the batch: where more beginnings than this are distinct, sharing costs more than it saves."""


@dataclass(frozen=True)
class Level:
    """All distinct beginnings of one length, one row each; or, from some length on, all names."""

    letters: Tensor
    """The last letter of each row (rows,)."""
    parent: Tensor | None
    """The row of the level before that each row goes on from (rows,); None where it is the same one."""
    row_of: Tensor | None
    """The row of each name (batch,); None where every name is its own."""

    def follow(self, before: Tensor) -> Tensor:
        """Take what the level before has (rows before, …), return it for the rows of this one (rows, …)."""
        return before if self.parent is None else before[self.parent]

    def gather(self, gradient: Tensor, rows: int) -> Tensor:
        """Add up the gradients of the rows of this level (rows, …) for the level before (rows before, …)."""
        return gradient if self.parent is None else _add_up(gradient, self.parent, rows)

    def of_names(self, states: Tensor) -> Tensor:
        """Take what each row has (rows, …), return it for each name (batch, …)."""
        return states if self.row_of is None else states[self.row_of]

    def of_rows(self, gradient: Tensor) -> Tensor:
        """Add up the gradients of the names (batch, …) for the rows that they are at (rows, …)."""
        return gradient if self.row_of is None else _add_up(gradient, self.row_of, len(self.letters))


def _add_up(gradient: Tensor, row_of: Tensor, rows: int) -> Tensor:
    # In full precision: a row may be the sum of hundreds.
    sums = gradient.new_zeros(rows, gradient.shape[1], dtype=torch.promote_types(gradient.dtype, torch.float))
    return sums.index_add_(0, row_of, gradient.to(sums.dtype)).to(gradient.dtype)


def levels_of(letters: Tensor) -> list[Level]:
    """Return the level of every letter of names of one length, given as indices (batch, length)."""
    nothing = letters.new_zeros(len(letters))  # all names begin with nothing, which is row 0
    levels = [_next_level(nothing, letters[:, 0])]
    for column in letters.T[1:]:  # (batch,)
        levels.append(_next_level(levels[-1].row_of, column))
    return levels


def _next_level(row_before: Tensor | None, column: Tensor) -> Level:
    if row_before is None:
        return Level(column, None, None)
    beginnings, row_of = (row_before * len(ALPHABET) + column).unique(return_inverse=True)
    if len(beginnings) > MOST_SHARED * len(column):
        return Level(column, row_before, None)
    return Level(beginnings % len(ALPHABET), beginnings // len(ALPHABET), row_of)


def gru_states(gru: nn.Module, letters: Tensor, after: Sequence[int]) -> Tensor:
    """Return the state of `gru`, one layer over one-hot letters, after some letters (batch, after, width).

    `letters` are indices (batch, length). Inside `torch.autocast` the products are of its type.
    """
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    w_ih, w_hh, b_ih, b_hh = (gru.get_parameter(name) for name in names)
    width = w_hh.shape[1]
    kind = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else w_hh.dtype
    with full_precision(letters.device):
        # r and z add their biases to what a letter gives; that of n is inside the reset gate's product.
        of_gates = torch.cat((b_hh[: 2 * width], b_hh.new_zeros(width)))
        by_letter = w_ih.T + b_ih + of_gates  # (alphabet, 3 · width)
        weights = (by_letter.to(kind), w_hh.to(kind), b_hh[2 * width :].to(kind))
        states: Tensor = _GruStates.apply(*weights, levels_of(letters), tuple(after))
    return states


@dataclass(frozen=True)
class _Step:
    """What one letter did, as the way back needs it."""

    state: Tensor
    """Before the letter (rows before, width)."""
    gates: Tensor
    """r and z (rows, 2 · width)."""
    inner: Tensor
    """What r lets through of the state's part of the candidate (rows, width)."""
    candidate: Tensor
    """n (rows, width)."""


class _GruStates(torch.autograd.Function):
    """What autograd would do letter by letter, with one product for all letters' gradient of the weights.

    States and gradients of all letters lie one below the other, in one tensor each, as that product wants.
    """

    @staticmethod
    def forward(
        ctx: Any, by_letter: Tensor, w_hh: Tensor, b_n: Tensor, levels: list[Level], after: tuple[int, ...]
    ) -> Tensor:
        width, rows = w_hh.shape[1], [1, *(len(level.letters) for level in levels)]
        states = w_hh.new_zeros(sum(rows), width)  # the first row is the state before any letter
        by_level, steps = states.split(rows), []  # (rows of the level, width) each
        for level, state, state_after in zip(levels, by_level, by_level[1:], strict=False):
            from_state = level.follow(state @ w_hh.T)  # (rows, 3 · width)
            from_letter = by_letter[level.letters]  # (rows, 3 · width)
            gates = from_letter[:, : 2 * width].add_(from_state[:, : 2 * width]).sigmoid_()
            inner = from_state[:, 2 * width :].add_(b_n)
            candidate = torch.addcmul(from_letter[:, 2 * width :], gates[:, :width], inner).tanh_()
            torch.lerp(candidate, level.follow(state), gates[:, width:], out=state_after)
            steps.append(_Step(state, gates, inner, candidate))
        ctx.levels, ctx.after, ctx.steps, ctx.states = levels, after, steps, states[: -rows[-1]]
        ctx.save_for_backward(by_letter, w_hh)
        return torch.stack([levels[letter].of_names(by_level[letter + 1]) for letter in after], dim=1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (wanted,) = gradients  # (batch, after, width)
        by_letter, w_hh = ctx.saved_tensors
        letters = torch.cat([level.letters for level in ctx.levels])  # (rows of all levels,)
        of_letters = wanted.new_empty(len(letters), len(w_hh))  # (rows of all levels, 3 · width)
        of_states = wanted.new_empty(len(ctx.states), len(w_hh))  # (rows before all levels, 3 · width)
        at_letter = of_letters.split([len(level.letters) for level in ctx.levels])
        at_state = of_states.split([len(step.state) for step in ctx.steps])
        d_state = wanted.new_zeros(1, 1)
        for number in reversed(range(len(ctx.levels))):
            level, step = ctx.levels[number], ctx.steps[number]
            for place in (place for place, letter in enumerate(ctx.after) if letter == number):
                d_state = d_state + level.of_rows(wanted[:, place])  # (rows, width)
            is_shared = level.parent is not None
            from_state = torch.empty_like(at_letter[number]) if is_shared else at_state[number]
            passed_on = _step_back(step, level.follow(step.state), d_state, at_letter[number], from_state)
            if is_shared:
                at_state[number].copy_(level.gather(from_state, len(step.state)))
            d_state = torch.addmm(level.gather(passed_on, len(step.state)), at_state[number], w_hh)
        one_hot = torch.eye(len(by_letter), dtype=by_letter.dtype)[letters]  # (rows of all levels, alphabet)
        d_b_n = of_states[:, 2 * w_hh.shape[1] :].sum(dim=0)
        return one_hot.T @ of_letters, of_states.T @ ctx.states, d_b_n, None, None


def _step_back(
    step: _Step, before: Tensor, d_state: Tensor, from_letter: Tensor, from_state: Tensor
) -> Tensor:
    """Write the gradients of what a letter and the state before it gave to the gates (rows, 3 · width).

    Return that of the state before, as far as it was passed on (rows, width).
    """
    width = before.shape[1]
    reset, update = step.gates.chunk(2, dim=1)
    d_reset, d_update, d_candidate = from_letter.chunk(3, dim=1)  # (rows, width) each, written below
    passed_on = d_state * update
    sigmoid_back, tanh_back = torch.ops.aten.sigmoid_backward, torch.ops.aten.tanh_backward
    sigmoid_back.grad_input(d_state * (before - step.candidate), update, grad_input=d_update)
    tanh_back.grad_input(d_state - passed_on, step.candidate, grad_input=d_candidate)
    sigmoid_back.grad_input(d_candidate * step.inner, reset, grad_input=d_reset)
    from_state[:, : 2 * width].copy_(from_letter[:, : 2 * width])
    torch.mul(d_candidate, reset, out=from_state[:, 2 * width :])
    return passed_on
