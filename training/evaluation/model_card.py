"""Evaluate a network on the holdout, and write its card: all that pages tell about a version.

docs/card.md documents the card entry by entry. Everything about a holdout is computed here, in the trainer,
once; web pages only read it.
"""

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import numpy as np
import torch
from numpy.typing import NDArray

from training.data.corpus import HOLDOUT, Corpus
from training.data.name_groups import HUNDRED, OF_HOLDOUT, UNISEX, Group, SliceKind, slice_of
from training.data.world.lessons import Lessons
from training.evaluation.card_types import Data, Epoch, Lineage, ModelCard
from training.evaluation.metrics import Floats, Mask, curves, score
from training.evaluation.parts.beside import beside_of, scores_beside
from training.evaluation.parts.scores import Curves, Scores, Slice
from training.fitting.progress import Progress
from training.model.predict import Answers
from training.model.readers.settings import ReaderKind
from training.names import ALPHABET, LABELS
from training.runtime.strict_json import Scalar

_NONE: Mapping[ReaderKind, Lessons] = {}
SCORED_FAMOUS = 2000
"""The most borne names: trained on, and to be known by heart."""


@dataclass(frozen=True)
class Provenance:
    """How a network came to be: what a card tells besides scores."""

    name: str
    command: str = ""
    corrections: int = 0
    """Names with accepted corrections that were learned."""
    history: Sequence[Epoch] = ()
    training: Mapping[str, Scalar] = field(default_factory=dict)
    """The settings of the training run."""
    lineage: Lineage = Lineage()


def make_card(
    answers: Answers, corpus: Corpus, provenance: Provenance, held_out: Mapping[ReaderKind, Lessons] = _NONE
) -> ModelCard:
    """Return the card of a network, scored on the holdout of `corpus`, which it was trained without.

    `held_out` are names in other scripts and of countries that its readers were taught without.
    """
    network = answers.network
    holdout = corpus.only(HOLDOUT)
    predicted = answers.of(holdout.names)  # (names,)
    # The corpus begins with the most borne names.
    famous = corpus.take(np.arange(min(SCORED_FAMOUS, len(corpus))))
    famous_scores = score(answers.of(famous.names), famous.share)
    scores = holdout_scores(predicted, holdout)
    beside = scores_beside(answers, beside_of(held_out), scores[Group.ALL]) if held_out else {}
    return ModelCard(
        name=provenance.name,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        command=provenance.command,
        machine={"torch": torch.__version__, "python": platform.python_version()},
        settings=asdict(network.settings),
        training=dict(provenance.training),
        weights=sum(parameter.numel() for parameter in network.parameters()),
        vocabulary=ALPHABET,
        labels=tuple(LABELS),
        data=Data(corpus.fingerprint, corpus.source, corpus.counts(), provenance.corrections),
        holdout_fingerprint=holdout.fingerprint,
        holdout={**scores, Group.FAMOUS: famous_scores},
        curves=_curves(predicted, holdout),
        slices=slices(predicted, holdout) | beside,
        history=tuple(provenance.history),
        lineage=provenance.lineage,
    )


def history_of(rounds: Iterable[Progress]) -> tuple[Epoch, ...]:
    """Return what a card keeps of the progress that ended each round.

    Seconds are left out: artifacts of equal runs are equal but for the time they were made.
    """
    return tuple(
        Epoch(
            progress.epoch,
            progress.train_loss,
            progress.validation_loss,
            progress.validation_accuracy,
            progress.learning_rate,
        )
        for progress in rounds
    )


def holdout_scores(predicted: Floats, holdout: Corpus) -> dict[Group, Scores]:
    """Return the scores of all names, of those with 100 bearers or more, and of these that are not unisex."""
    return {group: score(predicted[rows], holdout.share[rows]) for group, rows in groups(holdout).items()}


def groups(corpus: Corpus) -> dict[Group, Mask]:
    """Return the rows of `corpus` in each group of the holdout that scores are given for."""
    # (names,) bool, as the groups are
    hundred = corpus.people >= HUNDRED
    one_sided = (corpus.share <= UNISEX[0]) | (corpus.share >= UNISEX[1])
    return {
        Group.ALL: np.ones(len(corpus), bool),
        Group.HUNDRED: hundred,
        Group.NOT_UNISEX: hundred & one_sided,
    }


def _curves(predicted: Floats, holdout: Corpus) -> dict[Group, Curves]:
    rows_of = groups(holdout)
    shares = {group: holdout.share[rows_of[group]] for group in (Group.ALL, Group.HUNDRED)}
    return {
        group: curves(predicted[rows_of[group]], share)
        for group, share in shares.items()
        # A curve between two labels needs names of both; a small corpus may lack one.
        if (share > 0.5).any() and (share < 0.5).any()
    }


def slices(predicted: Floats, corpus: Corpus) -> dict[SliceKind, tuple[Slice, ...]]:
    """Return the scores of P(female) `predicted` on the slices of `corpus`; empty slices are left out."""
    return {
        kind: tuple(Slice(name, score(predicted[rows], corpus.share[rows])) for name, rows in found)
        for kind, found in slice_rows(corpus).items()
    }


def slice_rows(corpus: Corpus) -> dict[SliceKind, list[tuple[str, Mask]]]:
    """Return, for each kind of slice, the names of the slices that are not empty and their rows."""
    people, share = corpus.people.tolist(), corpus.share.tolist()
    return {
        kind: _rows_of(
            np.array([slice_of(kind, *row) for row in zip(corpus.names, people, share, strict=True)])
        )
        for kind in OF_HOLDOUT
    }


def _rows_of(values: NDArray[np.str_]) -> list[tuple[str, Mask]]:
    found = sorted(set(values.tolist()), key=_in_order)
    return [(value, values == value) for value in found if value]


def _in_order(value: str) -> tuple[int, str]:
    # Ranges in the order of their numbers ("2–9" before "10–99"), words and letters in that of the alphabet.
    digits = value.replace(",", "").split("–")[0].rstrip("+")
    return (int(digits), "") if digits.isdecimal() else (0, value)
