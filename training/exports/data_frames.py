"""Guesses for a column of a data frame: what Dask's `map_partitions`, Spark's `mapInPandas` or Ray's
`map_batches` calls in each of their processes. docs/export.md has an example of each.

It needs neither PyTorch nor a site: names are read and answered in NumPy, as the site does it.
"""

from functools import lru_cache

import pandas as pd

from training.model.answers import Answer, answer_all
from training.model.inference import cpu_network
from training.model.inference.cpu_network import CpuNetwork
from training.names import Country, Form

COLUMNS = {"read_as": "string", "label": "string", "p_female": "float64", "error": "string"}
"""What is added, and its type: those of an `Answer`, missing where it has none."""
AT_ONCE = 50_000
"""Spellings that are read together. Engines make pieces of millions, whose answers would fill the memory."""


def guess_frame(
    frame: pd.DataFrame,
    column: str,
    weights: bytes,
    form: Form = Form.GIVEN,
    country: Country | None = None,
) -> pd.DataFrame:
    """Return a frame with COLUMNS added, the guess of what each row holds in `column`.

    `weights` are the bytes of an artifact; a process reads them once. Raises BadArtifact for others, and
    ValueError where the frame lacks the column or has one of those that are added.
    """
    check(frame, column)
    # Most names of a long file come often: each spelling is read once.
    rows, spellings = pd.factorize(frame[column].astype("string").fillna(""))
    network, parts = _network(weights), range(0, max(1, len(spellings)), AT_ONCE)
    answered = [
        _as_frame(answer_all(network, list(spellings[start : start + AT_ONCE]), form, country))
        for start in parts
    ]
    found = pd.concat(answered, ignore_index=True).take(rows).set_index(frame.index)
    return frame.assign(**{name: found[name] for name in COLUMNS})


def check(frame: pd.DataFrame, column: str) -> None:
    """Raise ValueError where the guesses of a column cannot be added to a frame."""
    if column not in frame.columns:
        raise ValueError(f"There is no column {column!r}.")
    if taken := [name for name in COLUMNS if name in frame.columns]:
        raise ValueError(f"Guesses are added as {', '.join(COLUMNS)}; rename {', '.join(taken)} first.")


@lru_cache(maxsize=2)  # bytes keep their hash: it is taken once of those that a process was sent
def _network(weights: bytes) -> CpuNetwork:
    return cpu_network.load(weights)


def _as_frame(answers: list[Answer]) -> pd.DataFrame:
    cells = {name: [getattr(answer, name) for answer in answers] for name in COLUMNS}
    return pd.DataFrame(cells).astype(COLUMNS)
