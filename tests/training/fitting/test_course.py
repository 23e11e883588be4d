"""What the course teaches, measured: folds, cells, vanishing gradients, over-fitting; and a real training."""

import json
from collections import Counter
from pathlib import Path

import pytest
import torch

from training.__main__ import main
from training.data.corpus import HOLDOUT, TRAIN, VALIDATION, Corpus, from_counts
from training.data.minibatches import examples_of
from training.evaluation.cross_validation import SALT, crossvalidate, sample
from training.evaluation.experiments import LENGTH, overfit, vanishing
from training.evaluation.metrics import score
from training.fitting.pipeline import Events, Fitted, fit
from training.fitting.presets import preset
from training.model.network import Network
from training.model.predict import probabilities
from training.model.settings import NetworkSettings
from training.model.weights import initialise
from training.names import fold_of, letters_only

pytestmark = pytest.mark.training


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def follow(events: Events) -> Fitted:
    while True:
        try:
            next(events)
        except StopIteration as end:
            return end.value


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    """300 names that end in a for women and o for men, in all parts."""
    letters = "bcdfgklmnprstvz"
    stems = [one + "e" + two for one in letters for two in letters][:150]
    counts = {f"{stem}a": (9.0, 9) for stem in stems} | {f"{stem}o": (0.0, 9) for stem in stems}
    made = from_counts(counts, "a test")
    made.part[:] = [(TRAIN, TRAIN, VALIDATION, HOLDOUT)[row % 4] for row in range(len(made))]
    return made


@pytest.fixture(scope="module")
def real(base_corpus: Corpus) -> Corpus:
    """About as many names as the course's own lists hold: those that most people bear."""
    return base_corpus.take(base_corpus.people > 2000)


def test_a_network_learns_to_guess_names_it_never_saw(real: Corpus) -> None:
    settings = preset("tiny", width=64, epochs=6, batch_size=32, learning_rate=0.01)
    fitted = follow(fit(settings, examples_of(real.only(TRAIN)), examples_of(real.only(VALIDATION)), "cpu"))
    unseen = real.only(HOLDOUT)
    scores = score(probabilities(fitted.network, unseen.names), unseen.share)
    assert scores.n > 300
    assert (scores.accuracy or 0) > 0.80


def test_the_folds_hold_every_name_once_and_are_alike_in_size(base_corpus: Corpus) -> None:
    sizes = Counter(fold_of(name, 5, SALT) for name in base_corpus.names[:10_000])
    assert sorted(sizes) == [0, 1, 2, 3, 4]
    assert min(sizes.values()) > 1800


def test_no_fold_splits_a_name() -> None:
    spellings = ("marie-anne", "marie anne", "marieanne", "mari'eanne")
    assert len({fold_of(name, 1000, SALT) for name in spellings}) == 1


def test_cross_validation_tests_every_training_name_once(corpus: Corpus) -> None:
    folds = list(crossvalidate(preset("tiny", epochs=1), corpus, 3, "cpu", follow))
    assert [fold.number for fold in folds] == [1, 2, 3]
    assert sum(fold.names for fold in folds) == (corpus.part == TRAIN).sum()


@pytest.mark.parametrize("folds", [0, 1])
def test_one_fold_is_none(corpus: Corpus, folds: int) -> None:
    with pytest.raises(ValueError, match="at least 2 folds"):
        next(crossvalidate(preset("tiny"), corpus, folds, "cpu", follow))


def test_a_sample_is_the_same_for_the_same_seed(corpus: Corpus) -> None:
    assert sample(corpus, 50, seed=1).names == sample(corpus, 50, seed=1).names
    assert sample(corpus, 50, seed=1).names != sample(corpus, 50, seed=2).names
    assert sample(corpus, 1000) is corpus


def test_the_gradient_of_a_plain_network_vanishes_sooner_than_that_of_an_lstm() -> None:
    torch.manual_seed(0)
    far = {}
    for cell in ("rnn", "lstm"):
        network = Network(NetworkSettings(cell, 32))
        initialise(network)
        far[cell] = vanishing(network, ["alexandria", "konstantin", "christophe"])
    assert far["rnn"][0] < far["lstm"][0]
    assert far["lstm"][-1] == 1


def test_over_fitting_is_shown_with_each_remedy(corpus: Corpus) -> None:
    runs = list(overfit(preset("tiny", epochs=2), corpus, 60, "cpu", follow))
    assert [run.name for run in runs] == ["nothing", "dropout", "weight decay", "early stopping"]
    assert [[row.epoch for row in run.history] for run in runs] == [[1, 2]] * 4
    assert [run.settings["dropout"] for run in runs] == [0.0, 0.5, 0.0, 0.0]
    assert [run.settings["weight_decay"] for run in runs] == [0.0, 0.0, 1.0, 0.0]
    losses = [row.validation_loss or 9 for row in runs[-1].history]
    assert runs[-1].stopped == 1 + losses.index(min(losses))


def test_compare_prints_all_four_cells(
    corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "names.csv"
    path.write_text("".join(f"{name}nannin,female\n{name},male\n" for name in corpus.names))
    out = tmp_path / "cells.json"
    command = ["compare", str(path), "--epochs", "1", "--width", "4", "--json", "--write", str(out)]
    assert main(command) == 0
    cells = json.loads(capsys.readouterr().out)
    assert [cell["cell"] for cell in cells] == ["elman", "rnn", "gru", "lstm"]
    assert all(len(cell["untaught"]) == LENGTH and cell["scores"]["n"] for cell in cells)
    assert json.loads(out.read_text())["cells"] == cells


def test_crossvalidate_prints_mean_and_deviation(
    corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "names.csv"
    path.write_text("".join(f"{name},{'female' if name[-1] == 'a' else 'male'}\n" for name in corpus.names))
    out = tmp_path / "folds.json"
    command = ["crossvalidate", str(path), "--folds", "2", "--epochs", "1", "--width", "4"]
    assert main([*command, "--write", str(out)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("mean ± sd")
    assert [fold["number"] for fold in json.loads(out.read_text())["folds"]] == [1, 2]


def test_curves_are_written_for_the_page(corpus: Corpus, tmp_path: Path) -> None:
    path, out = tmp_path / "names.csv", tmp_path / "curves.json"
    path.write_text("".join(f"{name},{'female' if name[-1] == 'a' else 'male'}\n" for name in corpus.names))
    assert main(["curves", str(path), "--epochs", "2", "--width", "4", "--out", str(out)]) == 0
    told = json.loads(out.read_text())
    assert len(told["runs"]) == 4
    assert {"epoch", "train_loss", "validation_loss"} <= set(told["runs"][0]["history"][0])


def test_spellings_stay_together_in_the_real_lists(real: Corpus) -> None:
    rows = zip(real.names, real.part.tolist(), strict=True)
    parts = Counter(letters for letters, _ in {(letters_only(name), part) for name, part in rows})
    assert max(parts.values()) == 1
