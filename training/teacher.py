"""Teachers: what helps a network learn what one label a name cannot tell it.

Two fifths of the corpus's names have one bearer: their share is 0 or 1, and often wrong by chance. A linear
model that has not seen the name says how likely that is, and the target becomes a mean of the two, weighted
by the evidence of each. A network that reads names from their end and the linear model, together, also label
names that nobody bears; on these the student learns to agree with both. scikit-learn is loaded here alone.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.batches import Batches, Examples
from training.config import FitSettings
from training.invented import invent
from training.loop import Progress, Run, log_probabilities
from training.names import letters_only
from training.network import Network

Floats = NDArray[np.float64]

ITERATIONS = 300
LOOSENESS = 0.3
"""C of the logistic regression: the inverse of its penalty on large weights."""
FOLDS = 5
TEACHERS_WIDTH = 256
EVIDENCE_OF_INVENTED = 2.0
"""Weight of an invented name: that of a name with nine bearers."""


def _ngrams(**options: Any) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(
        analyzer="char", ngram_range=(1, 6), min_df=3, lowercase=False, dtype=np.float32, **options
    )


def _marked(names: Sequence[str]) -> list[str]:
    return [f"^{name}$" for name in names]


def logistic(features: Any, share: Floats, weight: Floats) -> Floats:
    """Return the coefficients (n-grams + 1; the last is the constant) of a penalised logistic regression.

    Its loss is scikit-learn's; soft labels need every name once instead of twice, which halves the time.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    transposed = features.T.tocsr()
    penalty = 1 / (LOOSENESS * weight.sum())
    weight = weight / weight.sum()

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = (features @ weights[:-1].astype(np.float32)).astype(np.float64) + weights[-1]
        error = weight * (expit(logits) - share)
        value = weight @ (np.logaddexp(0, logits) - share * logits)
        slope = np.append(transposed @ error.astype(np.float32) + penalty * weights[:-1], error.sum())
        return value + penalty / 2 * (weights[:-1] @ weights[:-1]), slope

    start = np.zeros(features.shape[1] + 1)
    options = {"maxiter": ITERATIONS, "gtol": 1e-7, "ftol": 1e-8}
    return minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x


@dataclass(frozen=True)
class Linear:
    """Logistic regression over the runs of 1 to 6 letters of a name, its ends marked."""

    vectorizer: Any
    weights: Floats

    def logits(self, names: Sequence[str]) -> Floats:
        """Return log P(female) / P(male) of each name."""
        return self.vectorizer.transform(_marked(names)) @ self.weights[:-1] + self.weights[-1]


def fold_of(name: str) -> int:
    """Return 0 to FOLDS - 1 by a hash of the letters, independent of the one that chooses the holdout."""
    return int(sha256(f"fold {letters_only(name)}".encode()).hexdigest()[:8], 16) % FOLDS


def cross_fit(examples: Examples) -> Generator[Progress, None, tuple[Linear, Floats]]:
    """Fit the linear model; also return logits of each name by a model that has not seen its label.

    Yields its progress before each of the FOLDS + 1 fits (on the whole corpus about half a minute each).
    """
    vectorizer = _ngrams()
    features = vectorizer.fit_transform(_marked(examples.names))
    folds = np.array([fold_of(name) for name in examples.names])
    unseen = np.zeros(len(examples))
    for fold in range(FOLDS):
        yield Progress("linear teacher", fold + 1, FOLDS + 1)
        seen = folds != fold
        weights = logistic(features[seen], examples.share[seen], examples.weight[seen])
        unseen[~seen] = features[~seen] @ weights[:-1] + weights[-1]
    yield Progress("linear teacher", FOLDS + 1, FOLDS + 1)
    return Linear(vectorizer, logistic(features, examples.share, examples.weight)), unseen


def taught(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    device: torch.device,
    checkpoint: Path | None = None,
) -> Generator[Progress, None, Examples]:
    """Return the names to learn from with the targets that the teacher of `settings` gives them.

    The names invented are at the end. With a `checkpoint` all is kept beside it, to be read by a run that
    goes on.
    """
    kept = checkpoint and checkpoint.with_suffix(".taught.npz")
    if kept and kept.exists():
        return _read(kept)
    linear, unseen = yield from cross_fit(train)
    examples = Examples(train.names, blended(train, unseen, settings.trust), train.weight)
    if settings.invented:
        names = invent(train, round(settings.invented * len(train)), settings.seed)
        logits = linear.logits(names)
        if settings.teacher == "ensemble":
            backwards = yield from _backwards(settings, train, validation, device, checkpoint)
            logits = (logits + backwards.logits(names)) / 2
        weight = np.full(len(names), EVIDENCE_OF_INVENTED)
        examples += Examples(names, sigmoid(logits), weight)
    if kept:
        _write(kept, examples)
    return examples


def sigmoid(logits: Floats) -> Floats:
    """Return 1 / (1 + exp(-logits))."""
    return 1 / (1 + np.exp(-logits.clip(-30, 30)))


def blended(examples: Examples, logits: Floats, trust: float) -> Floats:
    """Return the share of each name, drawn to the teacher's as if it had seen `trust` bearers more."""
    bearers = 10 ** (examples.weight - 1) - 1
    return (bearers * examples.share + trust * sigmoid(logits)) / (bearers + trust)


def _backwards(
    settings: FitSettings,
    train: Examples,
    validation: Examples,
    device: torch.device,
    checkpoint: Path | None,
) -> Generator[Progress, None, "Backwards"]:
    own = replace(
        settings, width=min(settings.width, TEACHERS_WIDTH), epochs=settings.teacher_epochs, patience=0
    )
    run = Run(own, Batches(_reversed(train), device), Batches(_reversed(validation), device), device)
    run.phase = "teacher"
    yield from run.rounds(checkpoint and checkpoint.with_suffix(".teacher"))
    return Backwards(run.result(), device)


def _reversed(examples: Examples) -> Examples:
    return replace(examples, names=[name[::-1] for name in examples.names])


@dataclass(frozen=True)
class Backwards:
    """A network that reads names from the last letter to the first: as good, and wrong elsewhere."""

    network: Network
    device: torch.device

    def logits(self, names: Sequence[str]) -> Floats:
        """Return log P(female) / P(male) of each name."""
        answers = log_probabilities(self.network, [name[::-1] for name in names], self.device)
        return answers[:, 0] - answers[:, 1]


def _write(path: Path, examples: Examples) -> None:
    beside = path.with_suffix(".writing.npz")
    np.savez(beside, names=np.array(examples.names), share=examples.share, weight=examples.weight)
    beside.replace(path)


def _read(path: Path) -> Examples:
    with np.load(path, allow_pickle=False) as kept:
        return Examples(kept["names"].tolist(), kept["share"], kept["weight"])
