"""The linear teacher: logistic regression over the n-grams of 1 to 6 letters of a name, its ends marked.

scipy is imported here, when it is fitted, and nowhere else in `fitting`.
"""

from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from training.data.minibatches import Examples
from training.data.ngrams import NGrams, find_ngrams
from training.fitting.progress import Progress
from training.names import fold_of

Floats = NDArray[np.float64]

ITERATIONS = 20
INVERSE_PENALTY = 0.3
"""C of the logistic regression, as scikit-learn has it."""
CURVATURE = 0.15
"""p · (1 − p), the second derivative of a name's loss by its logit, on the mean."""
FOLDS = 5
TEACHER_SALT = "fold"
"""Of the hash that says which teacher has not seen a name; another one would be another training."""


def count_ngrams(ngrams: NGrams, names: Sequence[str]) -> Any:
    """Return how often each name holds each n-gram, a sparse matrix (names, n-grams)."""
    from scipy.sparse import csr_matrix

    rows, columns = zip(*ngrams.columns(names), strict=True)  # of the names of each length
    counted = np.concatenate([(numbers >= 0).sum(axis=1) for numbers in columns])  # (names,)
    indices = np.concatenate([numbers[numbers >= 0] for numbers in columns])
    starts = np.concatenate(([0], np.cumsum(counted)))
    ones = np.ones(len(indices), dtype=np.float32)
    by_length = csr_matrix((ones, indices, starts), shape=(len(names), len(ngrams)))
    counts = by_length[np.argsort(np.concatenate(rows))]
    counts.sum_duplicates()
    return counts


def fit_logistic(features: Any, share: Floats, weight: Floats) -> Floats:
    """Return the coefficients (n-grams + 1; the last is the intercept) of a penalised logistic regression.

    `features` are counts (names, n-grams), sparse; `share` and `weight` are (names,). The loss is
    scikit-learn's. Its own fit takes hard labels, so every name would be in it twice; here each is in it
    once, which halves the time. Every coefficient is divided by its own scale, the root of the loss's
    curvature along it: n-grams that half of the names hold and n-grams that three do then need steps of one
    size. 15 iterations get further than 150 without.
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    transposed = features.T.tocsr()  # (n-grams, names)
    # scikit-learn's C weighs the sum of the losses; here they are a mean, so the weights' sum goes over.
    penalty = 1 / (INVERSE_PENALTY * weight.sum())
    weight = weight / weight.sum()
    curvature = CURVATURE * np.append(features.multiply(features).T @ weight, 1.0)  # (n-grams + 1,)
    scale = 1 / np.sqrt(curvature + penalty)  # (n-grams + 1,)

    def loss_and_gradient(scaled: Floats) -> tuple[float, Floats]:
        weights = scale * scaled
        logits = (features @ weights[:-1].astype(np.float32)).astype(np.float64) + weights[-1]  # (names,)
        error = weight * (expit(logits) - share)  # (names,)
        loss = weight @ (np.logaddexp(0, logits) - share * logits)
        # float32 for the sparse product, as the features are; the sums stay in float64.
        gradient = np.append(transposed @ error.astype(np.float32) + penalty * weights[:-1], error.sum())
        # The intercept (the last weight) is not penalised.
        return loss + penalty / 2 * (weights[:-1] @ weights[:-1]), scale * gradient

    options = {"maxiter": ITERATIONS, "gtol": 1e-7, "ftol": 1e-8}
    found = minimize(loss_and_gradient, np.zeros_like(scale), jac=True, method="L-BFGS-B", options=options)
    coefficients: Floats = scale * found.x
    return coefficients


@dataclass(frozen=True)
class LinearTeacher:
    """The fitted model: the n-grams it knows, and the coefficient of each; the last is the intercept."""

    ngrams: NGrams
    coefficients: Floats

    def logits(self, names: Sequence[str]) -> Floats:
        """Return log P(female) / P(male) of each name."""
        logits: Floats = self.ngrams.sums(names, self.coefficients[:-1]) + self.coefficients[-1]
        return logits


def fit_linear_teacher(examples: Examples) -> Generator[Progress, None, tuple[LinearTeacher, Floats]]:
    """Fit the linear model; also return out-of-fold logits: of each name by a model that has not seen its
    label.

    Yields its progress before the FOLDS + 1 fits (on the whole corpus a few seconds each) and after each. As
    many run at once as PyTorch may use threads: sparse products release Python's lock.
    """
    yield Progress("linear teacher", 0, FOLDS + 1)
    ngrams = find_ngrams(examples.names)
    features = count_ngrams(ngrams, examples.names)  # (names, n-grams)
    folds = np.array([fold_of(name, FOLDS, TEACHER_SALT) for name in examples.names])

    def fit_without(fold: int) -> Floats:
        # No fold has the number FOLDS, so the last fit leaves nobody out.
        seen = np.flatnonzero(folds != fold)
        return fit_logistic(features[seen], examples.share[seen], examples.weight[seen])

    with ThreadPoolExecutor(torch.get_num_threads()) as threads:
        fits = [threads.submit(fit_without, fold) for fold in range(FOLDS + 1)]  # the last sees all names
        for number, _ in enumerate(as_completed(fits)):
            yield Progress("linear teacher", number + 1, FOLDS + 1)
    *by_fold, of_all = [fit.result() for fit in fits]
    out_of_fold = np.zeros(len(examples))
    for fold, coefficients in enumerate(by_fold):
        rows = np.flatnonzero(folds == fold)
        # (names of the fold,)
        out_of_fold[rows] = features[rows] @ coefficients[:-1] + coefficients[-1]
    return LinearTeacher(ngrams, of_all), out_of_fold
