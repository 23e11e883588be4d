"""What each chapter tells: its figures, computed for the name and the settings that an address asks for."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from math import exp, log
from statistics import fmean

from training.evaluation.card_types import ModelCard
from training.model.inference.gates import GATES
from training.names import UnreadableName
from webapp.guessing.explanation import letters
from webapp.guessing.predictor import Champion
from webapp.languages import sentences
from webapp.learn import asked, loss_curves, measurements, unrolled
from webapp.learn.by_hand import backwards, forwards, gated, networks
from webapp.learn.frame import Frame, draw
from webapp.learn.hands_on import ten_names, two_names
from webapp.learn.hands_on.ten_names import Cell
from webapp.learn.loss_curves import OverFitting
from webapp.learn.measurements import CellComparison, Folds
from webapp.presentation.confusion import Matrix
from webapp.presentation.svg_charts import LineChart
from webapp.records import lookup
from webapp.web import caching

SECOND = "Giovanni"
REMEMBERED = 64
# 14 rare things among 1,019: 99.1% are called rightly although four of the 14 are missed.
WORKED = Matrix(tp=10, fn=4, fp=5, tn=1000)
RATES = ("0.01", "0.1", "1")
TIMES = ("0.5", "1", "1.5", "2", "3")
CLIP = 1.0
SERVING = "serving"
ALIKE = ("amy", "may")
"""Two names that end in one letter: without a memory they are one name."""
Told = Mapping[str, object]
Query = Mapping[str, str]


@dataclass(frozen=True)
class Measured:
    """What the pages tell whatever the name: of the version that serves, and of what was measured once."""

    card: ModelCard
    losses: LineChart | None
    error: LineChart
    cells: CellComparison | None
    folds: Folds | None
    over_fitting: OverFitting | None


def measured(champion: Champion) -> Measured:
    """Return what was measured of the version that serves, read once."""
    key = champion.promotion_id, champion.version_id
    return caching.made_once("learn", key, partial(_measure, champion.version_id), 1)


def _measure(version_id: int) -> Measured:
    card = unrolled.card(version_id)
    return Measured(
        card,
        loss_curves.losses(card.history),
        measurements.error_on_its_way_back(),
        measurements.cells(),
        measurements.folds(),
        loss_curves.over_fitting(),
    )


def _function(told: Frame, query: Query) -> Told:
    return {"examples": unrolled.examples(told.champion, told.drawn.name)}


def _letters(told: Frame, query: Query) -> Told:
    return {"training": measured(told.champion).card.training}


def _memory(told: Frame, query: Query) -> Told:
    alike = [(name, told.champion.guess(name)) for name in ALIKE]
    return {"alike": alike, "mean_by_odds": mean_by_odds}


def mean_by_odds(one: float, other: float) -> float:
    """Return the probability whose log-odds are the mean of those of two."""
    odds = [log(p / (1 - p)) for p in (one, other)]
    return 1 / (1 + exp(-fmean(odds)))


def _neuron(told: Frame, query: Query) -> Told:
    steps = forwards.read(networks.neuron(), told.drawn.name)
    return {
        "steps": steps,
        "step": asked.step(query, len(steps)),
        "neuron": networks.neuron(),
        "small": networks.small("elman"),
        **_target(told, query),
    }


def _target(told: Frame, query: Query) -> Told:
    """Return what the answer should have been: what the records say, or what the reader says."""
    known = lookup.known(told.drawn.name)
    target = asked.choice(query, "target", ("records", "women", "men"), "records")
    if target == "records" and known is None:
        target = "women"
    shares = {"women": 1.0, "men": 0.0, "records": known.share if known else 1.0}
    return {"target": target, "known": known, "share": forwards.written(Decimal(shares[target]))}


def _two_names(told: Frame, query: Query) -> Told:
    typed = query.get("other", "").strip() or SECOND
    refusal = None
    try:
        other = draw(told.champion, typed)
    except UnreadableName as error:
        refusal, other = sentences.told(str(error)), draw(told.champion, SECOND)
    both = told.drawn, other
    by_hand = [forwards.read(networks.neuron(), drawn.name) for drawn in both]
    pair = two_names.compare(told.champion, both, (by_hand[0], by_hand[1]))
    return {"other": other, "other_refusal": refusal, "pair": pair, "by_hand": by_hand}


def _backwards(told: Frame, query: Query) -> Told:
    target = _target(told, query)
    times, rate = asked.choice(query, "times", TIMES, "1"), asked.choice(query, "rate", RATES, "0.1")
    clip = asked.choice(query, "clip", ("on", "off"), "off")
    name, share = told.drawn.name, float(str(target["share"]))
    back = {each: backwards.go_back(networks.neuron(), name, share, float(each)) for each in TIMES}
    return {
        **target,
        "step": asked.step(query, len(name)),
        "back": back[times],
        "by_times": back,
        "back_sizes": [each.errors[0].size if each.errors else 0.0 for each in (back["0.5"], back["1"])],
        "times": times,
        "rate": rate,
        "rates": RATES,
        "clip": clip,
        "longest": CLIP,
        "loudest": letters.letter(name, told.drawn.loudest),
        "error": measured(told.champion).error,
    }


def _gates(told: Frame, query: Query) -> Told:
    serving = told.champion.network
    has_gates = serving.settings.cell in GATES
    options = ("gru", "lstm", SERVING) if has_gates else ("gru", "lstm")
    cell = asked.choice(query, "cell", options, "gru")
    network = serving if cell == SERVING else networks.small(cell).network
    key = cell, told.champion.promotion_id, told.drawn.name
    watched = caching.made_once("gates", key, partial(gated.watch, network, told.drawn.name), REMEMBERED)
    return {
        "watched": watched,
        "step": asked.step(query, len(told.drawn.name), default="all"),
        "cell": cell,
        "options": options,
        "small": {name: networks.small(name) for name in ("gru", "lstm")},
        "gate_words": gated.WORDS,
        "cells": measured(told.champion).cells,
    }


def _too_much(told: Frame, query: Query) -> Told:
    found = measured(told.champion)
    return {
        "over_fitting": found.over_fitting,
        "losses": found.losses,
        "training": found.card.training,
        "folds": found.folds,
        "remedy_words": loss_curves.REMEDIES,
    }


def _mistakes(told: Frame, query: Query) -> Told:
    number = asked.number(query, "draw", 1, ten_names.DRAWS)
    key = told.champion.promotion_id, told.champion.version_id, number
    sheet = caching.made_once("ten names", key, partial(ten_names.draw, told.champion, number), REMEMBERED)
    cells = [_cell(query, f"c{at}") for at in range(len(sheet.names))]
    return {
        "sheet": sheet.placed(cells),
        "cell_words": ten_names.CELL_WORDS,
        "draws": ten_names.DRAWS,
        "worked": WORKED,
    }


def _cell(query: Query, name: str) -> Cell | None:
    word = asked.choice(query, name, ("", *Cell), "")
    return Cell(word) if word else None


def _service(told: Frame, query: Query) -> Told:
    guess, known = told.champion.guess(told.drawn.typed), lookup.known(told.drawn.name)
    # As the API answers it; a test asks both and compares.
    answer = {
        "name": told.drawn.typed,
        "read_as": guess.read_as,
        "left_out": [{"text": piece.text, "why": piece.why} for piece in guess.reading.left_out],
        "label": guess.label,
        "p_female": round(guess.p_female, 6),
        "people": known.people if known else None,
        "share": known.share if known else None,
        "version": told.version,
    }
    return {"answered": json.dumps(answer, indent=2, ensure_ascii=False)}


TELLERS: Mapping[str, Callable[[Frame, Query], Told]] = {
    "": _function,
    "letters": _letters,
    "memory": _memory,
    "neuron": _neuron,
    "two-names": _two_names,
    "backwards": _backwards,
    "gates": _gates,
    "too-much": _too_much,
    "mistakes": _mistakes,
    "service": _service,
}
"""What each chapter tells besides; the one whose networks learn live is of a room of its own."""
