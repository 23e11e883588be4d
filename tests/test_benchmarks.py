"""What the benchmarks compare is what they say it is."""

import math
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks import course, pages, quality, train
from benchmarks.before import trees
from benchmarks.before.trees import Cost
from benchmarks.serving.contenders import ROOT
from training.data.minibatches import Examples
from training.fitting.presets import preset
from training.model.network import Network
from training.model.settings import CELLS, NetworkSettings
from training.names import encode

FEW = Examples(["anna", "jo", "maximilian"], np.array([1.0, 0.5, 0.0]), np.ones(3))
CPU = torch.device("cpu")


@pytest.mark.parametrize("cell", [cell for cell in CELLS if cell != "elman"])
def test_packed_sequences_are_read_as_names_of_one_length_are(cell: str) -> None:
    network = Network(NetworkSettings(cell, 8)).eval()
    lengths = torch.tensor([len(name) for name in FEW.names])
    together = train.read_packed(network, train._padded(FEW.names).long(), lengths)
    for row, name in zip(together, FEW.names, strict=True):
        assert torch.allclose(row, network(torch.tensor([encode(name)]))[0, -1], atol=1e-6)


@pytest.mark.parametrize("way", ["course", "packed", "ours"])
def test_what_is_timed_is_the_learning(way: str) -> None:
    settings, names = preset("tiny", batch_size=2, epochs=1), FEW.repeat(60)
    ways = {
        "course": lambda: train.course(names, 8, CPU),
        "packed": lambda: train.packed(names, settings, CPU),
        "ours": lambda: train.ours(names, settings, CPU),
    }
    ways[way]()  # the first call imports what PyTorch loads late
    began = train.clock(CPU)
    seconds = ways[way]()
    assert 0.3 < seconds / (train.clock(CPU) - began) <= 1


def test_gaps_are_errors_but_not_where_only_answers_are_judged() -> None:
    found = quality.score(np.array([1.0, math.nan, math.nan, 0.0]), np.array([0.9, 0.9, 0.1, 0.1]))
    assert (found["accuracy"], found["gaps"], found["answered"]["accuracy"]) == (0.5, 0.5, 1.0)


def test_an_exact_half_is_neither_right_nor_wrong() -> None:
    assert quality.score(np.array([1.0, 0.0, 0.2]), np.array([0.5, 0.0, 0.1]))["n"] == 2


def test_of_names_that_it_is_equally_sure_of_any_may_be_among_the_surest() -> None:
    right = np.array([True, True, True, False, False])
    assert quality.surest(np.full(5, 0.9), right) == pytest.approx(0.6)
    assert quality.surest(np.array([0.9, 0.8, 0.8, 0.7, 0.6]), right) == pytest.approx(0.75)


def test_the_list_of_gender_guesser_calls_no_side_of_what_it_does_not_hold() -> None:
    from training.data.corpus import from_counts

    asked = from_counts({"anna": (9, 9), "peter": (0, 8), "kim": (4, 7), "zzyx": (1, 6)}, "a test")
    answers = quality.gender_guesser()(asked)
    assert answers[:2].tolist() == [1.0, 0.0] and math.isnan(answers[3])


def test_runs_with_a_gap_leave_letters_out() -> None:
    assert course.gapped("mary") == ["m_r", "a_y", "m_y", "ma_y", "m_ry"]


@pytest.mark.training
def test_the_teacher_of_the_course_labels_new_names_by_what_the_old_ones_show() -> None:
    stems = [f"{one}{vowel}{two}" for one in "bdlmnrst" for vowel in "aeiou" for two in "lmnr"]
    names = [stem + end for stem in stems for end in "ao"]
    women = np.array([float(name[-1] == "a") for name in names])
    new = course.labelled(Examples(names, women, np.full(len(names), course.EVIDENCE)), seed=1)
    assert len(new) > 50 and not set(new.names) & set(names)
    ends = np.array([name[-1] for name in new.names])
    assert new.share[ends == "a"].mean() > 0.8 and new.share[ends == "o"].mean() < 0.2


def test_a_round_s_ratio_is_of_processor_time() -> None:
    turn = pages.Turn(before=Cost(processor=4.0, clock=1.0), now=Cost(processor=1.0, clock=9.0))
    assert turn.ratio == 0.25


def test_a_package_that_a_tree_names_nowhere_is_hidden_from_it(tmp_path: Path) -> None:
    tree = trees.Tree(tmp_path / "tree", tmp_path / "instance")
    tree.path.mkdir()
    for listed, is_hidden in (("flask==3", True), ("flask==3\nwebauthn==2", False)):
        (tree.path / "requirements.txt").write_text(listed)
        shutil.rmtree(tree.hidden, ignore_errors=True)
        trees.hide_newer(tree)
        assert ("webauthn" in (tree.hidden / "sitecustomize.py").read_text()) == is_hidden


@pytest.mark.process
def test_a_site_is_asked_for_all_that_is_compared(instance: Path, tmp_path: Path) -> None:
    tree, listed = trees.Tree(ROOT, instance), tmp_path / "names.txt"
    trees.hide_newer(tree)
    listed.write_text("\n".join(["Anna", "Jean-Pierre", "Mary Ann", "Mrs"] * 150))
    with trees.asked(tree, listed) as site:
        for kind in pages.KINDS:
            cost = site.cost(kind, 3)
            assert 0 < cost.processor < 1_000 and cost.clock > 0, kind
