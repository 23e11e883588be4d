"""Teachers: a linear model that has not seen the label, invented names, and targets made of both."""

import numpy as np
import pytest
import torch

from training.batches import Examples
from training.config import preset
from training.fit import lessons_of, stages
from training.invented import gibberish, invent
from training.linear import FOLDS, cross_fit, fold_of
from training.names import bucket, encode
from training.network import Network, NetworkSettings
from training.teacher import HALVES, NETWORKS_VOICE, Opinions, asked, blended

CPU = torch.device("cpu")


def last_of(generator):
    """Run a generator to its end; return its events and its value."""
    events = []
    while True:
        try:
            events.append(next(generator))
        except StopIteration as stop:
            return events, stop.value


@pytest.fixture(scope="module")
def some() -> Examples:
    """600 names whose last letter tells the label: a for women, o for men."""
    random = np.random.default_rng(0)
    stems = {
        "".join(random.choice(list("bdlmnrst")) + random.choice(list("aeiou")) for _ in "ab")
        for _ in range(900)
    }
    names = [stem + end for stem in sorted(stems)[:300] for end in ("na", "no")]
    return Examples(names, np.array([float(name[-1] == "a") for name in names]), np.full(len(names), 1.3))


def test_the_linear_teacher_learns_what_the_last_letter_tells(some):
    _, (linear, unseen) = last_of(cross_fit(some))
    assert (linear.logits(["zizina", "zizino"]) > 0).tolist() == [True, False]
    assert ((unseen > 0) == (some.share > 0.5)).mean() > 0.95


def test_the_linear_teacher_tells_how_far_it_is(some):
    events, _ = last_of(cross_fit(some))
    assert [event.epoch for event in events] == list(range(1, FOLDS + 2))


def test_a_name_and_its_other_spelling_share_a_fold():
    assert fold_of("marie-anne", 5) == fold_of("marie anne", 5)


def test_a_rare_name_is_drawn_to_the_teacher_and_a_frequent_one_is_not():
    examples = Examples(["ada", "ida"], np.array([0.0, 0.0]), 1 + np.log10(1 + np.array([1, 10_000])))
    rare, frequent = blended(examples, np.array([9.0, 9.0]), trust=1.0)
    assert rare == pytest.approx(0.5, abs=0.01)
    assert frequent == pytest.approx(0.0, abs=0.01)


def test_invented_names_are_new_distinct_and_never_held_out(some):
    names = invent(some, 200, seed=1)
    assert len(set(names)) == len(names) > 50
    assert not set(names) & set(some.names)
    assert min(map(bucket, names)) >= 10


def test_inventing_is_repeatable(some):
    assert invent(some, 50, seed=1) == invent(some, 50, seed=1) != invent(some, 50, seed=2)


def test_an_ensemble_teaches_the_corpus_and_invented_names(some):
    settings = preset("tiny", teacher="ensemble", invented=0.1, teacher_epochs=1, epochs=1)
    events, opinions = last_of(asked(settings, some, some, CPU))
    names, invented = opinions.blended_with(some, trust=4.0), opinions.of_invented()
    assert [event.phase for event in events if event.validation_loss].count("teacher") == HALVES + 1
    assert names.names == some.names and 20 < len(invented) <= 60
    for examples in (names, invented):
        assert ((examples.share >= 0) & (examples.share <= 1)).all()


def test_a_student_is_one_more_teacher_of_invented_names():
    student = Network(NetworkSettings("gru", 8)).eval()
    opinions = Opinions(np.zeros(0), ["ada", "bo"], np.array([3.0, -3.0]), 3.0, "")
    joined = opinions.joined_by(student, CPU)
    own = student(torch.tensor([encode("ada")]))[0, -1]
    assert joined.logits[0] == pytest.approx(
        (3 * 3.0 + NETWORKS_VOICE * (own[0] - own[1]).item()) / (3 + NETWORKS_VOICE), abs=0.02
    )
    assert joined.voice == 3 + NETWORKS_VOICE


def test_what_was_taught_is_read_again_after_a_kill(some, tmp_path):
    settings = preset("tiny", teacher="linear", invented=0.1)
    _, first = last_of(asked(settings, some, some, CPU, tmp_path / "run"))
    events, again = last_of(asked(settings, some, some, CPU, tmp_path / "run"))
    assert not events
    assert again.invented == first.invented and np.array_equal(again.unseen, first.unseen)


def test_opinions_of_other_names_are_refused(some, tmp_path):
    settings = preset("tiny", teacher="linear")
    last_of(asked(settings, some, some, CPU, tmp_path / "run"))
    with pytest.raises(ValueError, match="other names"):
        last_of(asked(settings, some.pick(np.arange(50)), some, CPU, tmp_path / "run"))


def test_gibberish_has_no_vowels_and_is_even():
    examples = gibberish(50, seed=0)
    assert not set("".join(examples.names)) & set("aeiou")
    assert (examples.share == 0.5).all()


def test_invented_names_are_for_the_refining_alone_if_there_is_one(some):
    settings = preset("tiny", teacher="linear", invented=0.1, refining=1, gibberish=0.02)
    _, opinions = last_of(asked(settings, some, some, CPU))
    training, refining = (len(lessons_of(stage, some, opinions)) for stage in stages(settings))
    assert training == len(some)
    assert refining == len(some) + len(opinions.invented) + 13
