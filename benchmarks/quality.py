"""How good the shipped network is, beside four others: `python -m benchmarks.quality [validation]`.

The holdout is scored unless the word `validation` is given: settings are chosen on that, and the holdout is
for the end. All are asked for the same names:

* the linear model: scikit-learn's logistic regression on runs of 1 to 6 letters, taught on the same names;
* gender-guesser: a list of names. `female` and `male` count as P(female) 1 and 0, `mostly_female` and
  `mostly_male` as .75 and .25; `andy` (both) and `unknown` call neither side, so they are gaps;
* nomquamgender: the corpus itself. It looks up the very share that it is judged by, so its figures are no
  prediction; of a name that it does not hold it says nothing;
* always the majority: what most names that one may learn from are, whatever the name.

Gaps count as errors; beside that stands how often each is right where it answers. McNemar's test says whether
the network and the linear model differ by more than chance.
"""

import json
import math
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from tqdm import tqdm

from training.commands import format_table
from training.data import corpus
from training.data.corpus import Corpus
from training.data.minibatches import examples_of
from training.evaluation.metrics import SUREST, Floats, calibration_error, certainty, losses
from training.evaluation.model_card import groups
from training.model import artifact, saving
from training.model.predict import probabilities

SAYS = {"female": 1.0, "mostly_female": 0.75, "mostly_male": 0.25, "male": 0.0}
HEAD = ("", "≥ 100", "not unisex", "all", "ECE ≥ 100", "surest 80%", "famous", "gaps ≥ 100", "all ")
BELOW = """
Right of names with 100 bearers or more, of those not unisex, and of all; surest 80%: of those with 100
bearers or more; famous: of the 2,000 most borne. Gaps: the part without an answer; answered: right of
the rest.
"""
ANSWERED = ("answered ≥ 100", "all  ")
Who = Callable[[Corpus], Floats]
"""Returns P(female) of every name of a corpus; NaN where it calls neither side."""


def main() -> None:
    """Print the table, McNemar's test, and last one line of JSON."""
    names = corpus.read_base_corpus()
    asked = names.only(corpus.VALIDATION if "validation" in sys.argv[1:] else corpus.HOLDOUT)
    famous = names.take(np.arange(corpus.NEVER_HELD_OUT))
    answers, result = {}, {}
    for who, ask in tqdm(everybody(names).items(), leave=False):
        answers[who] = ask(asked)
        result[who] = scores(answers[who], asked) | {"famous": score(ask(famous), famous.share)}
    test = mcnemar(answers["network"], answers["linear model"], asked.share)
    print(format_table(HEAD + ANSWERED, [_row(who, found) for who, found in result.items()]))
    print(BELOW)
    print(
        f"Of {result['network']['all']['n']:,} names the network alone is right on {test['network']:,}, "
        f"the linear model alone on {test['linear']:,}: McNemar's p = {test['p']:.2g}."
    )
    print(json.dumps(result | {"mcnemar": test}))


def everybody(names: Corpus) -> dict[str, Who]:
    """Return all who are asked; the linear model learns here."""
    network = saving.load(artifact.SHIPPED.read_bytes()).network
    train = names.only(corpus.TRAIN)
    return {
        "network": lambda asked: probabilities(network, asked.names),
        "linear model": linear(train),
        "gender-guesser": gender_guesser(),
        "nomquamgender": lambda asked: asked.share,
        "the majority": lambda asked: np.full(len(asked), train.share.mean()),
    }


def linear(train: Corpus) -> Who:
    """Return scikit-learn's logistic regression on 1- to 6-grams, taught on `train`."""
    from scipy.sparse import vstack
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    examples = examples_of(train)
    vectorizer = CountVectorizer(
        analyzer="char", ngram_range=(1, 6), min_df=3, lowercase=False, dtype=np.float32
    )
    features = vectorizer.fit_transform(f"^{name}$" for name in examples.names)
    labels = np.repeat([1, 0], len(examples))
    weights = np.concatenate((examples.weight * examples.share, examples.weight * (1 - examples.share)))
    model = LogisticRegression(C=0.3, max_iter=1000)
    model.fit(vstack([features, features]).tocsr(), labels, sample_weight=weights)

    def ask(asked: Corpus) -> Floats:
        return model.predict_proba(vectorizer.transform(f"^{name}$" for name in asked.names))[:, 1]

    return ask


def gender_guesser() -> Who:
    """Return the list of gender-guesser, capitals as it has them or not."""
    from gender_guesser.detector import Detector

    detector = Detector(case_sensitive=False)
    return lambda asked: np.array([SAYS.get(detector.get_gender(name), math.nan) for name in asked.names])


def scores(p: Floats, asked: Corpus) -> dict[str, dict[str, Any]]:
    """Return the scores of each group of names; p is P(female), NaN for a gap."""
    return {group: score(p[rows], asked.share[rows]) for group, rows in groups(asked).items()}


def score(p: Floats, share: Floats) -> dict[str, Any]:
    """Return the figures of one group: gaps are errors, but not where only its answers are judged."""
    answered, labelled = ~np.isnan(p), share != 0.5
    right = answered & ((p > 0.5) == (share > 0.5))
    return {
        "n": int(labelled.sum()),
        "accuracy": _mean(right[labelled]),
        "surest80": surest(np.where(answered, certainty(p), 0.0)[labelled], right[labelled]),
        "gaps": _mean(~answered),
        "answered": {
            "accuracy": _mean(right[labelled & answered]),
            "ece": round(calibration_error(p[answered], share[answered]), 5) if answered.any() else None,
            "nll": _mean(losses(p[answered], share[answered])),
        },
    }


def surest(sure: Floats, right: np.ndarray) -> float:
    """Return how many are right of the surest 80%; of names that it is equally sure of, by chance any."""
    wanted = int(SUREST * len(right))
    edge = np.sort(sure)[::-1][wanted - 1]
    above, on_edge = sure > edge, sure == edge
    return round(float(right[above].sum() + (wanted - above.sum()) * right[on_edge].mean()) / wanted, 5)


def _mean(values: Any) -> float | None:
    return round(float(values.mean()), 5) if len(values) else None


def _row(who: str, found: Mapping[str, Any]) -> tuple[object, ...]:
    hundred, every = found["hundred"], found["all"]
    return (
        who,
        hundred["accuracy"],
        found["not_unisex"]["accuracy"],
        every["accuracy"],
        hundred["answered"]["ece"],
        hundred["surest80"],
        found["famous"]["accuracy"],
        hundred["gaps"],
        every["gaps"],
        hundred["answered"]["accuracy"],
        every["answered"]["accuracy"],
    )


def mcnemar(first: Floats, second: Floats, share: Floats) -> dict[str, float]:
    """Return how many names only the one or the other gets right, and p of that by chance (corrected)."""
    labelled = share != 0.5
    right = [(given[labelled] > 0.5) == (share[labelled] > 0.5) for given in (first, second)]
    only_first, only_second = int((right[0] & ~right[1]).sum()), int((~right[0] & right[1]).sum())
    statistic = (abs(only_first - only_second) - 1) ** 2 / max(only_first + only_second, 1)
    return {"network": only_first, "linear": only_second, "p": math.erfc(math.sqrt(statistic / 2))}


if __name__ == "__main__":
    main()
