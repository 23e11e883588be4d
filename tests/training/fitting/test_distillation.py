"""Teachers: a linear model that has not seen the label, synthetic names, and targets made of both."""

import numpy as np
import pytest
import torch
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from tests.support.generators import last_of
from training.data.minibatches import Examples
from training.data.ngrams import find_ngrams
from training.data.synthetic_names import make_noise, make_synthetic_names
from training.fitting.presets import preset
from training.fitting.teachers.distillation import (
    HALVES,
    ReverseTeachers,
    ask_teachers,
    blend_targets,
    make_targets,
    reverse_names,
)
from training.fitting.teachers.linear_teacher import (
    FOLDS,
    INVERSE_PENALTY,
    TEACHER_SALT,
    count_ngrams,
    fit_linear_teacher,
    fit_logistic,
)
from training.names import bucket, fold_of

pytestmark = pytest.mark.training

CPU = torch.device("cpu")


def test_the_linear_teacher_learns_what_the_last_letter_tells(by_last_letter):
    _, (linear, out_of_fold) = last_of(fit_linear_teacher(by_last_letter))
    assert (linear.logits(["zizina", "zizino"]) > 0).tolist() == [True, False]
    assert ((out_of_fold > 0) == (by_last_letter.share > 0.5)).mean() > 0.95


def test_the_linear_teacher_tells_how_far_it_is(by_last_letter):
    events, _ = last_of(fit_linear_teacher(by_last_letter))
    assert [event.epoch for event in events] == list(range(FOLDS + 2))


def test_the_linear_teacher_is_scikit_learns_logistic_regression():
    random = np.random.default_rng(1)
    names = sorted(
        {"".join(random.choice(list("aeilmnorstv"), length)) for length in random.integers(2, 9, 9000)}
    )
    women = np.array([(name[-1] in "aei") + 0.5 * ("m" in name) for name in names]) / 1.5
    weight = random.uniform(1, 6, len(names))
    features = count_ngrams(find_ngrams(names), names)
    found = fit_logistic(features, women, weight)
    theirs = LogisticRegression(C=INVERSE_PENALTY, tol=1e-6, max_iter=5000).fit(
        sparse.vstack((features, features)),
        np.repeat((1, 0), len(names)),
        np.concatenate((women * weight, (1 - women) * weight)),
    )
    gap = features @ (found[:-1] - theirs.coef_[0]) + found[-1] - theirs.intercept_[0]
    assert np.sqrt((gap**2).mean()) < 0.1


def test_a_name_and_its_other_spelling_share_a_fold():
    assert fold_of("marie-anne", 5, TEACHER_SALT) == fold_of("marie anne", 5, TEACHER_SALT)


def test_a_rare_name_is_drawn_to_the_teacher_and_a_frequent_one_is_not():
    examples = Examples(["ada", "ida"], np.array([0.0, 0.0]), 1 + np.log10(1 + np.array([1, 10_000])))
    rare, frequent = blend_targets(examples, np.array([9.0, 9.0]), pseudocount=1.0).share
    assert rare == pytest.approx(0.5, abs=0.01)
    assert frequent == pytest.approx(0.0, abs=0.01)


def test_synthetic_names_are_new_distinct_and_never_held_out(by_last_letter):
    names = make_synthetic_names(by_last_letter, 200, seed=1)
    assert len(set(names)) == len(names) > 50
    assert not set(names) & set(by_last_letter.names)
    assert min(map(bucket, names)) >= 10


def test_the_same_seed_makes_the_same_synthetic_names(by_last_letter):
    assert (
        make_synthetic_names(by_last_letter, 50, seed=1)
        == make_synthetic_names(by_last_letter, 50, seed=1)
        != make_synthetic_names(by_last_letter, 50, seed=2)
    )


def test_an_ensemble_judges_names_that_it_has_not_seen_and_leaves_pools_to_the_linear_model(by_last_letter):
    settings = preset(
        "tiny",
        teacher="ensemble",
        synthetic_ratio=0.1,
        self_training_repeats=1,
        self_training_generations=2,
        teacher_epochs=1,
        epochs=1,
    )
    events, teachers = last_of(ask_teachers(settings, by_last_letter, by_last_letter, CPU))
    names = make_targets(settings, by_last_letter, teachers)
    assert [event.phase for event in events if event.validation_loss].count("teacher") == HALVES
    assert names.names == by_last_letter.names and ((names.share >= 0) & (names.share <= 1)).all()
    first, second = teachers.pools
    assert first.names != second.names
    assert all(20 < len(pool.names) == len(pool.logits) <= 60 for pool in (first, second))
    women = np.array([name[-1] == "a" for name in first.names])
    assert ((first.logits > 0) == women).mean() > 0.9


def test_a_teacher_reads_in_one_direction_whatever_its_student_does(by_last_letter):
    settings = preset("tiny", teacher="ensemble", bidirectional=True, epochs=1)
    networks = ReverseTeachers(settings, reverse_names(by_last_letter), CPU, checkpoint=None)
    _, teacher = last_of(networks.train_one(reverse_names(by_last_letter), number=0, width=4, epochs=1))
    assert not teacher.settings.bidirectional


def test_what_teachers_said_is_read_again_after_a_kill(by_last_letter, tmp_path):
    settings = preset("tiny", teacher="linear", synthetic_ratio=0.1, self_training_repeats=1)
    _, first = last_of(ask_teachers(settings, by_last_letter, by_last_letter, CPU, tmp_path / "run"))
    events, again = last_of(ask_teachers(settings, by_last_letter, by_last_letter, CPU, tmp_path / "run"))
    assert not events
    assert np.array_equal(again.out_of_fold, first.out_of_fold)
    [before], [after] = first.pools, again.pools
    assert after.names == before.names and np.array_equal(after.logits, before.logits)


def test_logits_for_other_names_are_refused(by_last_letter, tmp_path):
    settings = preset("tiny", teacher="linear")
    last_of(ask_teachers(settings, by_last_letter, by_last_letter, CPU, tmp_path / "run"))
    with pytest.raises(ValueError, match="other names"):
        last_of(
            ask_teachers(settings, by_last_letter.take(np.arange(50)), by_last_letter, CPU, tmp_path / "run")
        )


def test_noise_has_no_vowels_and_is_even():
    examples = make_noise(50, seed=0)
    assert not set("".join(examples.names)) & set("aeiou")
    assert (examples.share == 0.5).all()
