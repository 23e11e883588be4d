"""The linear teacher: logistic regression over the runs of 1 to 6 letters of a name, its ends marked.

scikit-learn and scipy are loaded here alone, when it is fitted.
"""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.data.minibatches import Examples
from training.fitting.trainer import Progress
from training.names import letters_only

Floats = NDArray[np.float64]

ITERATIONS = 20
LOOSENESS = 0.3
"""C of the logistic regression: the inverse of its penalty on large weights."""
CURVATURE = 0.15
"""Of a name's loss, about: p * (1 - p), as it is on the mean."""
FOLDS = 5


def ngrams(**options: Any) -> Any:
    from sklearn.feature_extraction.text import CountVectorizer

    return CountVectorizer(
        analyzer="char", ngram_range=(1, 6), min_df=3, lowercase=False, dtype=np.float32, **options
    )


def _marked(names: Sequence[str]) -> list[str]:
    return [f"^{name}$" for name in names]


def logistic(features: Any, share: Floats, weight: Floats) -> Floats:
    """Return the coefficients (n-grams + 1; the last is the constant) of a penalised logistic regression.

    Its loss is scikit-learn's; soft labels need every name once instead of twice, which halves the time.
    Each coefficient is looked for in its own unit, by how much the loss bends with it: single letters, which
    half of the names hold, and endings that three do. So 15 iterations go further than 150 without.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    transposed = features.T.tocsr()
    penalty = 1 / (LOOSENESS * weight.sum())
    weight = weight / weight.sum()
    bends = CURVATURE * np.append(features.multiply(features).T @ weight, 1.0)
    unit = 1 / np.sqrt(bends + penalty)

    def loss(coordinates: Floats) -> tuple[float, Floats]:
        weights = unit * coordinates
        logits = (features @ weights[:-1].astype(np.float32)).astype(np.float64) + weights[-1]
        error = weight * (expit(logits) - share)
        value = weight @ (np.logaddexp(0, logits) - share * logits)
        slope = np.append(transposed @ error.astype(np.float32) + penalty * weights[:-1], error.sum())
        return value + penalty / 2 * (weights[:-1] @ weights[:-1]), unit * slope

    options = {"maxiter": ITERATIONS, "gtol": 1e-7, "ftol": 1e-8}
    return unit * minimize(loss, np.zeros_like(unit), jac=True, method="L-BFGS-B", options=options).x


@dataclass(frozen=True)
class Linear:
    """The fitted model: which runs of letters it knows, and what each of them says."""

    vectorizer: Any
    weights: Floats

    def logits(self, names: Sequence[str]) -> Floats:
        """Return log P(female) / P(male) of each name."""
        return self.vectorizer.transform(_marked(names)) @ self.weights[:-1] + self.weights[-1]


def fold_of(name: str, folds: int) -> int:
    """Return 0 to folds - 1 by a hash of the letters, independent of the one that chooses the holdout."""
    return int(sha256(f"fold {letters_only(name)}".encode()).hexdigest()[:8], 16) % folds


def cross_fit(examples: Examples) -> Generator[Progress, None, tuple[Linear, Floats]]:
    """Fit the linear model; also return logits of each name by a model that has not seen its label.

    Yields its progress before the FOLDS + 1 fits (on the whole corpus a few seconds each) and after
    each; as many are at work as PyTorch may use threads, for sparse products leave Python's lock alone.
    """
    yield Progress("linear teacher", 0, FOLDS + 1)
    vectorizer = ngrams()
    features = vectorizer.fit_transform(_marked(examples.names))
    folds = np.array([fold_of(name, FOLDS) for name in examples.names])

    def without(fold: int) -> Floats:
        seen = np.flatnonzero(folds != fold)
        return logistic(features[seen], examples.share[seen], examples.weight[seen])

    with ThreadPoolExecutor(torch.get_num_threads()) as threads:
        fits = [threads.submit(without, fold) for fold in range(FOLDS + 1)]  # the last is without none
        for number, _ in enumerate(as_completed(fits)):
            yield Progress("linear teacher", number + 1, FOLDS + 1)
    *weights, of_all = [fit.result() for fit in fits]
    unseen = np.zeros(len(examples))
    for fold, known in enumerate(weights):
        rows = np.flatnonzero(folds == fold)
        unseen[rows] = features[rows] @ known[:-1] + known[-1]
    return Linear(vectorizer, of_all), unseen
