"""Corrections in other scripts and of countries are learned, and the rest of what a reader says stays."""

import numpy as np
import pytest
import torch

from tests.support.readers import COUNTRIES, SCRIPTS, examples, small, small_readers
from training.data.corpus import TRAIN
from training.data.world.lessons import Lesson, Lessons
from training.fitting.pipeline import run_to_end
from training.fitting.readers import corrections
from training.fitting.readers.both import offsets_of
from training.fitting.readers.corrections import kind_of, split
from training.fitting.readers.tuning import tune
from training.model.network import Network
from training.model.readers.settings import ReaderKind
from training.model.saving import to_serve
from training.model.settings import NetworkSettings

pytestmark = [pytest.mark.training, pytest.mark.xdist_group("readers")]


def test_corrections_are_told_apart() -> None:
    shares = {"anna": 1.0, "花子": 1.0, "IT:andrea": 0.0, "JP:千": 1.0}
    parts = split(examples(shares))
    assert parts.latin.names == ["anna"]
    assert {kind: part.names for kind, part in parts.by_kind.items()} == {
        ReaderKind.SCRIPTS: ["花子", "JP:千"],
        ReaderKind.COUNTRIES: ["IT:andrea"],
    }
    assert [kind_of(name) for name in ("anna", "o'neil", "שרה")] == [None, None, ReaderKind.SCRIPTS]


@pytest.mark.parametrize(("taught", "kept"), [("太郎", "一郎"), ("שרה", "דוד")], ids=ascii)
def test_a_reader_learns_a_correction_and_keeps_the_rest(taught: str, kept: str) -> None:
    reader = small(ReaderKind.SCRIPTS)
    others = {name: share for name, share in SCRIPTS.items() if name != taught}
    asked, replay = examples({taught: 1 - SCRIPTS[taught]}), examples(others)
    tuned = run_to_end(tune(reader, asked, replay, [0.0], [0.0] * len(others)))
    torch.manual_seed(0)
    network = Network(NetworkSettings("gru", 8))
    before = to_serve(network, {ReaderKind.SCRIPTS: reader})
    after = to_serve(network, {ReaderKind.SCRIPTS: tuned})
    assert (after.share(taught) > 0.5) != (before.share(taught) > 0.5)
    assert (after.share(kept) > 0.5) == (before.share(kept) > 0.5)


def test_both_is_learned_as_about_even() -> None:
    reader = small(ReaderKind.SCRIPTS)
    replay = examples({name: share for name, share in SCRIPTS.items() if name != "花子"})
    tuned = run_to_end(tune(reader, examples({"花子": 0.5}), replay, [0.0], [0.0] * len(replay)))
    served = to_serve(Network(NetworkSettings("gru", 8)), {ReaderKind.SCRIPTS: tuned})
    assert 0.35 < served.share("花子") < 0.65


def test_a_country_is_taught_on_top_of_what_the_network_says(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    network = to_serve(Network(NetworkSettings("gru", 8)))
    readers = small_readers()
    taught = {"DE:andrea": 0.0}
    replay = Lessons(tuple(Lesson(name, share, 1.0, TRAIN, "") for name, share in COUNTRIES.items()))
    by_kind = split(examples(taught)).by_kind
    events = corrections.teach_corrections(readers, network, by_kind, {ReaderKind.COUNTRIES: replay})
    found = run_to_end(events)
    both = to_serve(Network(NetworkSettings("gru", 8)), found)
    asked = [*COUNTRIES]
    odds = np.array(both.readers[ReaderKind.COUNTRIES].odds([(name[:2], name[3:]) for name in asked]))
    total = odds + np.array(offsets_of(ReaderKind.COUNTRIES, asked, network))
    told = dict(zip(asked, total > 0, strict=True))
    assert not told["DE:andrea"] and not told["IT:andrea"]
    assert found[ReaderKind.SCRIPTS] is readers[ReaderKind.SCRIPTS]
