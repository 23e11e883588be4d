"""How good the shipped network is, beside a linear model: `python -m benchmarks.quality [validation]`.

The holdout is scored unless the word `validation` is given: settings are chosen on that, and the holdout is
for the end. The linear model is scikit-learn's, taught on the same names; McNemar's test says whether the two
differ by more than chance.
"""

import json
import math
import sys
from typing import Any

import numpy as np

from training import artifact, corpus
from training.evaluate import holdout_scores
from training.examples import examples_of
from training.guess import probabilities
from training.linear import ngrams
from training.scores import Floats, score

FAMOUS = 2000


def main() -> None:
    """Print a table, and last one line of JSON."""
    names = corpus.base()
    part = names.only(corpus.VALIDATION if "validation" in sys.argv[1:] else corpus.HOLDOUT)
    network = artifact.load(artifact.SHIPPED.read_bytes()).network
    answers = {"network": probabilities(network, part.names), "linear": linear(names, part)}
    result: dict[str, Any] = {who: holdout_scores(given, part) for who, given in answers.items()}
    famous = names.take(np.arange(FAMOUS))
    result["famous"] = score(probabilities(network, famous.names), famous.share).as_dict()
    result["mcnemar"] = mcnemar(answers["network"], answers["linear"], part.share)
    for who in answers:
        for group, figures in result[who].items():
            shown = {key: figures[key] for key in ("n", "accuracy", "ece", "surest80", "nll")}
            print(f"{who:8} {group:11} {shown}")
    print(json.dumps(result))


def linear(names: corpus.Corpus, asked: corpus.Corpus) -> Floats:
    """Return P(female) of the names `asked` by scikit-learn's logistic regression on 1- to 6-grams."""
    from scipy.sparse import vstack
    from sklearn.linear_model import LogisticRegression

    train = examples_of(names.only(corpus.TRAIN))
    vectorizer = ngrams()
    features = vectorizer.fit_transform(f"^{name}$" for name in train.names)
    labels = np.repeat([1, 0], len(train))
    weights = np.concatenate((train.weight * train.share, train.weight * (1 - train.share)))
    model = LogisticRegression(C=0.3, max_iter=1000)
    model.fit(vstack([features, features]).tocsr(), labels, sample_weight=weights)
    return model.predict_proba(vectorizer.transform(f"^{name}$" for name in asked.names))[:, 1]


def mcnemar(first: Floats, second: Floats, share: Floats) -> dict[str, float]:
    """Return how many names only the one or the other gets right, and p of that by chance (corrected)."""
    labelled = share != 0.5
    right = [(given[labelled] > 0.5) == (share[labelled] > 0.5) for given in (first, second)]
    only_first, only_second = int((right[0] & ~right[1]).sum()), int((~right[0] & right[1]).sum())
    statistic = (abs(only_first - only_second) - 1) ** 2 / max(only_first + only_second, 1)
    return {"network": only_first, "linear": only_second, "p": math.erfc(math.sqrt(statistic / 2))}


if __name__ == "__main__":
    main()
