"""How much faster many names are guessed together than one by one: `python -m benchmarks.bulk`.

Reads every name of the corpus with the shipped network, one by one and in equal lengths by PyTorch, with
shared beginnings as the site does. The ways are timed side by side, in turns, by the processor's time of this
thread, so that whatever else the machine does weighs on all alike.
"""

import json
import random
import time
from collections.abc import Callable
from statistics import median

import torch
from threadpoolctl import threadpool_limits

from training.data import corpus
from training.model import artifact, saving
from training.model.inference import cpu_network
from training.model.predict import probabilities
from training.names import normalise, read
from webapp.guessing.bulk import Request, guess_many
from webapp.guessing.predictor import Champion

ROUNDS = 3
ONE_BY_ONE = 1_500
EQUAL_LENGTHS = 60_000


def main() -> None:
    """Print each way's names per second, and last one line of JSON."""
    torch.set_num_threads(1)
    threadpool_limits(1)
    data = artifact.SHIPPED.read_bytes()
    eager, champion = saving.load(data).network, Champion(1, 1, cpu_network.load(data))
    names = [name.title() for name in corpus.read_base_corpus().names]
    random.Random(0).shuffle(names)
    ways: dict[str, tuple[Callable[[list[str]], object], int]] = {
        "one_by_one": (
            lambda some: [probabilities(eager, [normalise(name)]) for name in some],
            ONE_BY_ONE,
        ),
        "equal_lengths": (
            lambda some: probabilities(eager, list(map(normalise, some))),
            EQUAL_LENGTHS,
        ),
        "prefixes": (lambda some: guess_many(champion, asked(some)), len(names)),
    }
    speed: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(ROUNDS):
        for way, (guess, n) in ways.items():
            some = names[turn * n : (turn + 1) * n] if n < len(names) else names
            speed[way].append(len(some) / seconds(guess, some))
            print(f"{way:>14}: {speed[way][-1]:>9,.0f} names/s")
    report(champion, names, {way: median(found) for way, found in speed.items()})


def asked(some: list[str]) -> Request:
    """Return names as they are read without a site."""
    return Request(tuple(map(read, some)), traced=False)


def seconds(guess: Callable[[list[str]], object], names: list[str]) -> float:
    """Return the processor time that `guess` takes."""
    start = time.thread_time()
    guess(names)
    return time.thread_time() - start


def report(champion: Champion, names: list[str], speed: dict[str, float]) -> None:
    """Print the last line."""
    some = names[:ONE_BY_ONE]
    at_once = guess_many(champion, asked(some))
    furthest = max(
        abs(a.p_female - champion.guess(b).p_female)  # type: ignore[union-attr]
        for a, b in zip(at_once, some, strict=True)
    )
    figures = {f"{way}_per_s": round(found) for way, found in speed.items()}
    ratio = speed["prefixes"] / speed["one_by_one"]
    batches = speed["prefixes"] / speed["equal_lengths"]
    print(
        json.dumps(
            figures
            | {
                "names": len(names),
                "largest_difference": furthest,
                "ratio_to_equal_lengths": round(batches, 2),
                "ratio": round(ratio, 1),
            }
        )
    )


if __name__ == "__main__":
    main()
