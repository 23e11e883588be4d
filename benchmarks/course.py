"""The course's own corpus by its own protocol: `python -m benchmarks.course FOLDER [NETWORK | --tested]`.

FOLDER holds female.txt and male.txt, the Names Corpus 1.3. Alone, a network learns from 80% of it and is
tested on the rest, for five splits; beside these names it learns what a linear model of the same 80% says of
invented ones. With NETWORK, an artifact taught on the base corpus less all names that are tested
(--tested prints them, for `python -m training fit --exclude`), it starts from that one: six times, in
other orders of the names, and what is tested is the one network whose weights are the mean of the six.
"""

import json
import sys
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import torch

from training.data.minibatches import Examples
from training.data.synthetic_names import make_synthetic_names
from training.fitting.pipeline import fit, run_to_end
from training.fitting.presets import preset
from training.fitting.settings import FitSettings
from training.fitting.teachers.distillation import sigmoid
from training.model import saving
from training.model.network import Network
from training.model.predict import probabilities
from training.model.weights import average_weights

SEEDS = range(5)
EVIDENCE = 2.3
"""Weight of a name of the course: that of one with 20 bearers. Its labels are no chance."""
INVENTED = 100_000
GAPPED = ((1, 1, 3), (2, 1, 2), (1, 2, 2))
"""Letters before a gap, letters after it, and how many it leaves out at most."""
STEEPNESS = 3.5
"""Log odds at the margin of the support vector machine."""
ALONE = {"width": 192, "bidirectional": True, "epochs": 4, "learning_rate": 6e-3, "batch_size": 256}
PRETRAINED = {"epochs": 4, "learning_rate": 3e-3, "batch_size": 256}
ORDERS = 6
"""Networks that start from the pretrained one; their weights are near enough to have a mean that works."""


def main() -> None:
    """Print the accuracy of each split, and last one line of JSON."""
    if len(sys.argv) < 2:
        print("The Names Corpus does not come with Nomen: python -m benchmarks.course FOLDER [NETWORK]")
        return
    torch.set_num_threads(1)
    names, share = read(Path(sys.argv[1]))
    if sys.argv[2:] == ["--tested"]:
        print(*sorted({names[row] for seed in SEEDS for row in split(share, seed)[1]}), sep="\n")
        return
    start = saving.load(Path(sys.argv[2]).read_bytes()).network if len(sys.argv) > 2 else None
    found = [one_split(names, share, seed, start) for seed in SEEDS]
    print(json.dumps({"accuracies": found, "mean": mean(found), "sd": stdev(found)}))


def read(folder: Path) -> tuple[list[str], np.ndarray]:
    """Return the names that are in one list only, sorted, and 1 for women's, 0 for men's."""
    lists = {}
    for label in ("female", "male"):
        lines = (folder / f"{label}.txt").read_text(encoding="utf-8").splitlines()
        lists[label] = {line.strip().lower() for line in lines} - {""}
    both = lists["female"] & lists["male"]
    rows = sorted((name, label) for label in lists for name in lists[label] - both)
    return [name for name, _ in rows], np.array([float(label == "female") for _, label in rows])


def one_split(names: list[str], share: np.ndarray, seed: int, start: Network | None) -> float:
    """Return the accuracy on the fifth of the names that this seed keeps from training."""
    learned, tested = split(share, seed)
    train = Examples(names, share, np.full(len(names), EVIDENCE)).take(learned)
    some = train.take(np.arange(0, len(train), 10))  # for the progress alone: nothing is chosen by them
    if start:
        network = average_weights(
            [train_network(start, train, some, ORDERS * seed + order) for order in range(ORDERS)]
        )
    else:
        network = train_network(None, train + labelled(train, seed), some, seed)
    answers = probabilities(network, [names[row] for row in tested])
    accuracy = float(((answers > 0.5) == (share[tested] > 0.5)).mean())
    print(f"split {seed}: {accuracy:.4f}", flush=True)
    return accuracy


def train_network(start: Network | None, examples: Examples, some: Examples, seed: int) -> Network:
    """Return what a network learns of the lessons, from nothing or from `start`."""
    return run_to_end(fit(settings_of(start, seed), examples, some, "cpu", start=start)).network


def split(share: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows to learn from and the rows to test on."""
    from sklearn.model_selection import train_test_split

    rows = train_test_split(range(len(share)), test_size=0.2, random_state=seed, stratify=share > 0.5)
    return np.array(rows[0]), np.array(rows[1])


def labelled(train: Examples, seed: int) -> Examples:
    """Return invented names with the shares that a support vector machine of these names gives them.

    It knows runs of 1 to 5 letters and runs with a gap, weighted by tf-idf: the best linear model that was
    found for a corpus this small.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    runs = TfidfVectorizer(analyzer="char", ngram_range=(1, 5), sublinear_tf=True)
    model = make_pipeline(
        make_union(runs, TfidfVectorizer(analyzer=gapped, sublinear_tf=True)), LinearSVC(C=1)
    )
    model.fit([f"^{name}$" for name in train.names], train.share > 0.5)
    names = make_synthetic_names(train, INVENTED, seed)
    margins = model.decision_function([f"^{name}$" for name in names])
    return Examples(names, sigmoid(STEEPNESS * margins), np.full(len(names), EVIDENCE))


def gapped(name: str) -> list[str]:
    """Return the runs of 2 or 3 letters of a name that leave some letters out: m_i and m_ia of "maria"."""
    return [
        f"{name[start : start + before]}_{name[start + before + gap : start + before + gap + after]}"
        for before, after, widest in GAPPED
        for gap in range(1, widest + 1)
        for start in range(len(name) - before - gap - after + 1)
    ]


def settings_of(start: Network | None, seed: int) -> FitSettings:
    """Return the settings of one split, for a new network or for one that goes on."""
    shape = vars(start.settings) | PRETRAINED if start else ALONE
    return preset("tiny", **shape, seed=seed)


if __name__ == "__main__":
    main()
