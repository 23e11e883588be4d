"""Many names at once: names that begin alike share the work of their common beginning.

Sorted names form a prefix trie. It is walked level by level, so every distinct prefix is read once however
many names begin with it, and all prefixes of one length form one batch. Each state is multiplied with the
recurrent weights once, for all the letters that follow it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.data.minibatches import NOTHING, encode_padded
from training.model.network import Network
from training.names import ALPHABET

CHUNK = 8192
"""Names that are walked together: more would share more, and need more memory."""
BLOCK = 512
"""Prefixes of one length that are computed together: few enough to stay in the processor's cache."""


@dataclass(frozen=True)
class _Walk:
    """One cell as the walk needs it. A state (nodes, state) is all that goes on to the next letter."""

    inputs: Tensor
    """What each letter adds before the non-linearity, biases included: (alphabet, gates)."""
    recurrent: Tensor
    """(width, gates)"""
    start: Tensor
    """The state before the first letter: (1, state)."""
    step: Callable[[Tensor, Tensor, Tensor], Tensor]
    """(nodes, gates) from the letter, (nodes, gates) from the state, old (nodes, state) -> new state."""
    logits: Callable[[Tensor], Tensor]
    """(nodes, state) -> (nodes, labels)"""


@torch.inference_mode()
def traces(network: Network, names: Sequence[str]) -> list[NDArray[np.float32]]:
    """Return P(female) after every letter of each normalised name, in order; the last is the guess.

    Names may repeat and come in any order; each is computed once. A bidirectional network reads every
    beginning of every name from its end, which takes several times as long as `shares`.
    """
    unique = sorted(set(names))
    odds = dict(zip(unique, _walked(network, unique), strict=True))
    if network.reverse:
        beginnings = sorted({name[:end] for name in unique for end in range(1, len(name) + 1)})
        from_end = dict(zip(beginnings, _from_end(network.reverse, beginnings), strict=True))
        for name, own in odds.items():
            # (letters,): the mean of both directions' logits, prefix by prefix
            odds[name] = (own + [from_end[name[: at + 1]] for at in range(len(name))]) / 2
    return [_p_female(odds[name]) for name in names]


@torch.inference_mode()
def shares(network: Network, names: Sequence[str]) -> list[float]:
    """Return P(female) of each normalised name, in order."""
    unique = sorted(set(names))
    odds = np.array([own[-1] for own in _walked(network, unique)])
    if network.reverse:
        odds = (odds + _from_end(network.reverse, unique)) / 2
    found = dict(zip(unique, _p_female(odds).tolist(), strict=True))
    return [found[name] for name in names]


def _p_female(odds: NDArray[np.float32]) -> NDArray[np.float32]:
    return torch.sigmoid(torch.from_numpy(odds)).numpy()


def _from_end(reverse: Network, names: list[str]) -> NDArray[np.float32]:
    """Return the log odds of each name, read from its last letter to its first."""
    back = [name[::-1] for name in names]
    # Sorted anew: names that end alike are neighbours now.
    order = sorted(range(len(back)), key=back.__getitem__)
    odds = np.empty(len(names), dtype=np.float32)
    odds[order] = [own[-1] for own in _walked(reverse, [back[row] for row in order])]
    return odds


def _walked(network: Network, names: list[str]) -> list[NDArray[np.float32]]:
    """Return log P(female) / P(male) after every letter of sorted names, by the network's first direction."""
    walk = _walk_of(network)
    chunks = (names[start : start + CHUNK] for start in range(0, len(names), CHUNK))
    return [row[: len(name)] for chunk in chunks for name, row in zip(chunk, _read(walk, chunk), strict=True)]


def _read(walk: _Walk, names: list[str]) -> NDArray[np.float32]:
    codes = encode_padded(names)  # (names, letters)
    is_new = _first_of_their_prefix(codes)  # (names, letters)
    odds = np.zeros(codes.shape, dtype=np.float32)
    state, above = walk.start, np.zeros(len(names), dtype=np.int64)  # the node that each name is at
    for depth in range(codes.shape[1]):
        new = is_new[:, depth]
        # (nodes,) letters of the prefixes that begin here, and in `above` the node each hangs on
        letters = torch.from_numpy(codes[new, depth].astype(np.int64))
        state = _descend(walk, state, torch.from_numpy(above[new]), letters)
        logits = walk.logits(state)  # (nodes, labels)
        # (names,): each name's node at this depth is the last new one at or before its row. Names that have
        # ended point to some node too; what they get there is cut off in `_walked`.
        above = np.maximum(np.cumsum(new) - 1, 0)
        odds[:, depth] = (logits[:, 0] - logits[:, 1]).numpy()[above]
    return odds


def _descend(walk: _Walk, state: Tensor, parents: Tensor, letters: Tensor) -> Tensor:
    blocks = zip(parents.split(BLOCK), letters.split(BLOCK), strict=True)
    return torch.cat([_descend_block(walk, state, *block) for block in blocks])


def _descend_block(walk: _Walk, state: Tensor, parents: Tensor, letters: Tensor) -> Tensor:
    # Parents come in ascending order; those at which every name ends are not multiplied.
    used, place = torch.unique_consecutive(parents, return_inverse=True)
    above = state.index_select(0, used)  # (parents, state)
    by_state = above[:, : len(walk.recurrent)] @ walk.recurrent  # (parents, gates)
    if len(used) < len(parents):
        above, by_state = above.index_select(0, place), by_state.index_select(0, place)
    return walk.step(walk.inputs.index_select(0, letters), by_state, above)


def _first_of_their_prefix(codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    differs = np.ones(codes.shape, dtype=np.bool_)
    # (names - 1, letters): once two neighbours differ, they do in every longer prefix.
    np.logical_or.accumulate(codes[1:] != codes[:-1], axis=1, out=differs[1:])
    is_new: NDArray[np.bool_] = differs & (codes != NOTHING)
    return is_new


def _walk_of(network: Network) -> _Walk:
    return {"elman": _elman, "rnn": _rnn, "gru": _gru, "lstm": _lstm}[network.settings.cell](network)


def _torch_weights(network: Network) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    cell = network.recurrent
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    w_ih, w_hh, b_ih, b_hh = (cell.get_parameter(name) for name in names)
    return w_ih.T, w_hh.T.contiguous(), b_ih, b_hh


def _rnn(network: Network) -> _Walk:
    w_ih, w_hh, b_ih, b_hh = _torch_weights(network)

    def step(from_letter: Tensor, from_state: Tensor, _state: Tensor) -> Tensor:
        return from_letter.add_(from_state).tanh_()

    return _Walk(w_ih + b_ih + b_hh, w_hh, w_hh.new_zeros(1, w_hh.shape[0]), step, network.readout)


def _gru(network: Network) -> _Walk:
    w_ih, w_hh, b_ih, b_hh = _torch_weights(network)
    width = w_hh.shape[0]
    # The candidate's bias is not added here: the reset gate multiplies it with the state.
    gates_bias = torch.cat((b_hh[: 2 * width], b_hh.new_zeros(width)))

    def step(from_letter: Tensor, from_state: Tensor, state: Tensor) -> Tensor:
        gates = from_letter[:, : 2 * width].add_(from_state[:, : 2 * width]).sigmoid_()
        reset, update = gates.split(width, dim=1)  # (nodes, width) each
        # (nodes, width)
        candidate = reset.mul_(from_state[:, 2 * width :].add_(b_hh[2 * width :]))
        candidate.add_(from_letter[:, 2 * width :]).tanh_()
        # (1 - update) · candidate + update · state
        new_state: Tensor = candidate.lerp_(state, update)
        return new_state

    return _Walk(w_ih + b_ih + gates_bias, w_hh, w_hh.new_zeros(1, width), step, network.readout)


def _lstm(network: Network) -> _Walk:
    w_ih, w_hh, b_ih, b_hh = _torch_weights(network)
    width = w_hh.shape[0]

    def step(from_letter: Tensor, from_state: Tensor, state: Tensor) -> Tensor:
        into, forget, cell, out = from_letter.add_(from_state).split(width, dim=1)  # (nodes, width) each
        memory = forget.sigmoid_() * state[:, width:] + into.sigmoid_() * cell.tanh_()
        # The state holds both: the hidden state in its first half, the memory in its second.
        return torch.cat((out.sigmoid_() * memory.tanh(), memory), dim=1)  # (nodes, 2 * width)

    def logits(state: Tensor) -> Tensor:
        read_out: Tensor = network.readout(state[:, :width])
        return read_out

    return _Walk(w_ih + b_ih + b_hh, w_hh, w_hh.new_zeros(1, 2 * width), step, logits)


def _elman(network: Network) -> _Walk:
    # The output is a linear function of the same two things as the state, so it is one more pair of gates.
    cell, letters = network.recurrent, len(ALPHABET)
    both = torch.cat((cell.get_parameter("i2h.weight"), cell.get_parameter("i2o.weight")))
    bias = torch.cat((cell.get_parameter("i2h.bias"), cell.get_parameter("i2o.bias")))
    width = both.shape[1] - letters

    def step(from_letter: Tensor, from_state: Tensor, _state: Tensor) -> Tensor:
        return from_letter.add_(from_state)  # (nodes, width + labels)

    def logits(state: Tensor) -> Tensor:
        return state[:, width:]  # (nodes, labels)

    recurrent = both[:, letters:].T.contiguous()  # (width, width + labels)
    return _Walk(both[:, :letters].T + bias, recurrent, bias.new_zeros(1, len(both)), step, logits)
