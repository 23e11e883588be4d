"""A model card as Hugging Face takes it: what a network is, how good, from what, and what it is not for.

The head is YAML by https://huggingface.co/docs/hub/model-cards; JSON strings and numbers are YAML too.
"""

import json
from collections.abc import Iterator, Mapping

from training import __version__
from training.data.name_groups import GROUP_WORDS, Group
from training.evaluation.card_types import ModelCard
from training.evaluation.parts.scores import Scores

PARTS = {"train": "names to learn from", "validation": "to choose settings by", "holdout": "to score by"}
HEAD = """---
license: mit
language: multilingual
library_name: pytorch
pipeline_tag: text-classification
tags: [first-names, gender, character-level, recurrent-neural-network]
model-index:
- name: {name}
  results:
{results}
---
"""
RESULT = """  - task: {{type: text-classification, name: share of women among those who bear a first name}}
    dataset: {{type: names, name: {dataset}}}
    metrics:
    - {{type: accuracy, value: {accuracy}}}
    - {{type: negative log-likelihood (nats), value: {nll}}}
    - {{type: expected calibration error (15 bins), value: {ece}}}"""
BODY = """
# {name}

A character-level recurrent network that guesses from a first name which share of the people who bear it are
women. {shape} It has {weights:,} weights. It belongs to Nomen, version {version}.

## What it is for

To see how such a network reads a name; to estimate shares over **many** people, such as the authors of a
journal, with their uncertainty; to teach and to compare.

## What it is not for

A name does not tell anybody's gender. The network knows two labels because its records do, and people are
not bound to them. So it is not for decisions about a single person, for filling in what somebody did not
say, or for a form of address. It is least sure, and least often right, for names that few people in its
records bear, for names that women and men share, and for names from scripts that lose by being spelled in
Latin letters.

## How good it is

Scores on names that no training saw, one name in twenty, put aside by a hash of its letters:

| names | n | right | nll | ECE |
| --- | --- | --- | --- | --- |
{scores}

Right: the guessed label is that of most of its bearers. ECE: the calibration error against the share, in 15
bins. The 2,000 most borne names were trained on; all others were not.

## What it learned from

{data}. [The data statement](data-statement.md) says what these records are.

## How it was made

    {command}"""


def write(card: ModelCard) -> str:
    """Return the card as Markdown with a head in YAML."""
    results = "\n".join(_result(group, scores) for group, scores in _scored(card))
    return HEAD.format(name=json.dumps(card.name), results=results) + BODY.format(
        name=card.name,
        version=__version__,
        shape=_shape(card.settings),
        weights=card.weights or 0,
        scores="\n".join(_row(group, scores) for group, scores in _scored(card)),
        data=_data(card),
        command=card.command or "(an import: who made it may know)",
    )


def _scored(card: ModelCard) -> Iterator[tuple[Group, Scores]]:
    return ((group, scores) for group, scores in card.holdout.items() if scores.n)


def _result(group: Group, scores: Scores) -> str:
    return RESULT.format(
        dataset=json.dumps(GROUP_WORDS[group].title),
        accuracy=json.dumps(scores.accuracy),
        nll=json.dumps(scores.nll),
        ece=json.dumps(scores.ece),
    )


def _row(group: Group, scores: Scores) -> str:
    return (
        f"| {GROUP_WORDS[group].title} | {scores.n:,} | "
        + " | ".join(
            "–" if figure is None else f"{figure:.4f}" for figure in (scores.accuracy, scores.nll, scores.ece)
        )
        + " |"
    )


def _shape(settings: Mapping[str, str | int | float | bool | None]) -> str:
    reads = "both ends" if settings.get("bidirectional") else "its first letter to its last"
    cell = str(settings.get("cell", "")).upper() or "recurrent"
    return f"A {cell} cell of {settings.get('width')} neurons reads the name from {reads}, letter by letter."


def _data(card: ModelCard) -> str:
    names = ", ".join(f"{n:,} {PARTS.get(part, part)}" for part, n in card.data.names.items())
    corrections = f", and {card.data.corrections:,} corrections by visitors" if card.data.corrections else ""
    return f"The corpus is {card.data.corpus or 'not named'}: {names}{corrections}"
