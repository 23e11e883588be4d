"""Makes bad inputs of good ones: bits flipped, pieces cut out, doubled, moved, and words that are trouble."""

import random
from collections.abc import Sequence

MOST = 6  # changes of one input
LONGEST = 4_000  # bytes that one change may take, double or move


def mutated(chance: random.Random, seeds: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Return one of the seeds after a few changes."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, MOST)):
        chance.choice((_flip, _cut, _double, _move, _insert_noise, _splice, _insert_word))(
            chance, data, seeds, words
        )
    return bytes(data)


def _place(chance: random.Random, data: bytearray) -> slice:
    start = chance.randint(0, len(data))
    return slice(start, min(len(data), start + chance.choice((1, 2, 8, 64, LONGEST))))


def _flip(chance: random.Random, data: bytearray, _seeds: Sequence[bytes], _words: Sequence[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _cut(chance: random.Random, data: bytearray, _seeds: Sequence[bytes], _words: Sequence[bytes]) -> None:
    del data[_place(chance, data)]


def _double(chance: random.Random, data: bytearray, _seeds: Sequence[bytes], _words: Sequence[bytes]) -> None:
    place = _place(chance, data)
    data[place.start : place.start] = data[place] * chance.randint(1, 3)


def _move(chance: random.Random, data: bytearray, _seeds: Sequence[bytes], _words: Sequence[bytes]) -> None:
    place = _place(chance, data)
    piece = data[place]
    del data[place]
    where = chance.randint(0, len(data))
    data[where:where] = piece


def _insert_noise(
    chance: random.Random, data: bytearray, _seeds: Sequence[bytes], _words: Sequence[bytes]
) -> None:
    where = chance.randint(0, len(data))
    data[where:where] = chance.randbytes(chance.randint(1, 8))


def _splice(chance: random.Random, data: bytearray, seeds: Sequence[bytes], _words: Sequence[bytes]) -> None:
    other = chance.choice(seeds)
    data[chance.randint(0, len(data)) :] = other[chance.randint(0, len(other)) :]


def _insert_word(
    chance: random.Random, data: bytearray, _seeds: Sequence[bytes], words: Sequence[bytes]
) -> None:
    where = chance.randint(0, len(data))
    data[where:where] = chance.choice(words) * chance.choice((1, 1, 1, 2, 50))
