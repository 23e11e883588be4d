"""What a network makes of names as they were typed: read, asked for once each, put together, in NumPy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.model.inference.cpu_network import CpuNetwork
from training.names import Country, Form, Reading, combine, label_of, read


@dataclass(frozen=True)
class Answer:
    """What a network makes of one name; where the name cannot be read, `error` says why."""

    name: str
    read_as: str | None
    label: str | None
    p_female: float | None
    error: str | None = None


From = Country | Sequence[Country | None] | None
"""Where names are from: all of them, or each of them."""


def answer_all(
    network: CpuNetwork, names: Sequence[str], form: Form = Form.GIVEN, country: From = None
) -> list[Answer]:
    """Return one answer for each of `names` as typed, in order, from its country or from anywhere."""
    each_from = country if isinstance(country, Sequence) else [country] * len(names)
    readings = [read(name, form, country=c) for name, c in zip(names, each_from, strict=True)]
    # Each text once, however often it is asked.
    asked = sorted({text for reading in readings for text in _asked_for(reading)})
    shares = dict(zip(asked, network.shares(asked), strict=True))
    return [_answer(name, reading, shares) for name, reading in zip(names, readings, strict=True)]


def _asked_for(reading: Reading) -> list[str]:
    if reading.is_refused:
        return []
    return [reading.asked, *([reading.first] if reading.first else [])]


def _answer(name: str, reading: Reading, shares: Mapping[str, float]) -> Answer:
    if reading.is_refused:
        return Answer(name, None, None, None, reading.refusal)
    whole, *first = (shares[text] for text in _asked_for(reading))
    p_female = combine(whole, first[0]) if first else whole
    return Answer(name, reading.read_as, label_of(p_female), p_female)
