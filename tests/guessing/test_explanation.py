"""The sentence under the letters, case by case."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.guessing.explanation import letters, story

CASES = [
    # name, P(women) in % after each letter, the sentence
    (
        "giovanna",
        (41, 38, 22, 11, 9, 4, 63, 99),
        "It leaned to men until the second *n*; the final *a* settled it.",
    ),
    ("sofia", (23, 34, 18, 34, 94), "It leaned to men until the final *a* turned it."),
    ("luca", (30, 41, 37, 66), "It leaned to men until the final *a* turned it."),
    ("hugo", (61, 36, 29, 22), "It leaned to women until the *u* turned it; it has not been sure since."),
    ("noah", (20, 23, 68, 70), "It leaned to men until the *a* turned it; it has not been sure since."),
    ("anders", (87, 5, 4, 3, 2, 1), "It leaned to women until the *n* turned it."),
    (
        "anna",
        (87, 34, 72, 99),
        "It leaned to women, then to men from the first *n*, and came back with the second *n*.",
    ),
    ("maria", (32, 75, 44, 78, 98), "It changed its mind three times; the final *a* settled it."),
    ("dakota", (24, 69, 21, 19, 13, 58), "It changed its mind three times, at last with the final *a*."),
    (
        "bartholomew",
        (20, 40, 19, 12, 19, 3, 7, 5, 6, 10, 5),
        "It leaned to men from the first letter; the first *o* settled it.",
    ),
    ("john", (19, 40, 40, 10), "It leaned to men from the first letter; the final *n* settled it."),
    ("robin", (31, 18, 16, 43, 18), "It leaned to men from the first letter, and never was sure."),
    ("lars", (3, 2, 1, 1), "It was sure from the first letter, and nothing changed its mind."),
    ("olga", (50, 52, 97, 99), "It was sure from the *g* on, and nothing changed its mind."),
    ("oleg", (50, 48, 30, 4), "It leaned to men from the *e* on; the final *g* settled it."),
    ("robyn", (50, 48, 60, 70, 66), "It leaned to women from the *b* on, and never was sure."),
    ("alexis", (87, 60, 58, 66, 73, 54), "It leaned to women until the final *s* left it undecided."),
    ("yukiko", (20, 30, 52, 51, 49, 50), "It leaned to men until the first *k* left it undecided."),
    ("xy", (50, 51), "No letter moved it far to either side."),
    (
        "abcdef",
        (42, 57, 17, 73, 29, 49),
        "It changed its mind four times, and the final *f* left it undecided.",
    ),
    ("abcd", (30, 50, 30, 50), "It leaned to men at times; the final *d* left it undecided."),
    ("abc", (50, 30, 50), "It leaned to men at times; the final *c* left it undecided."),
    ("abc", (80, 20, 50), "It changed its mind once, and the final *c* left it undecided."),
    (
        "abc",
        (90, 95, 70),
        "It leaned to women from the first letter, and was surer at the *b* than at the end.",
    ),
    ("abc", (30, 50, 70), "It first leaned to men; the final *c* turned it."),
    ("abcd", (30, 50, 70, 95), "It first leaned to men; the *c* turned it; the final *d* settled it."),
    (
        "abc",
        (70, 50, 60),
        "It leaned to women from the first letter, with doubts between, and never was sure.",
    ),
    (
        "abc",
        (70, 50, 90),
        "It leaned to women from the first letter, with doubts between; the final *c* settled it.",
    ),
    ("xyz", (30, 40, 55.4), "It leaned to men until the final *z* left it undecided."),
    ("x", (21,), "One letter is all it had to go by."),
    ("jean-luc", (70, 71, 72, 70, 3, 2, 2, 1), "It leaned to women until the hyphen turned it."),
    ("o'neil", (60, 40, 30, 20, 9, 4), "It leaned to women until the apostrophe; the *i* settled it."),
    ("mary jo", (20, 30, 30, 30, 70, 80, 95), "It leaned to men until the blank; the final *o* settled it."),
]


@pytest.mark.parametrize(("name", "percents", "sentence"), CASES, ids=[case[0] for case in CASES])
def test_the_trace_is_told_in_one_sentence(name: str, percents: tuple[int, ...], sentence: str) -> None:
    assert story.tell(name, [percent / 100 for percent in percents]) == sentence


def test_a_name_that_wavers_for_long_is_told_with_its_count() -> None:
    assert story.tell("ab" * 8, [0.9, 0.1] * 8) == "It changed its mind 15 times; the final *b* settled it."


def test_a_letter_far_down_a_long_name_is_told_by_its_place() -> None:
    assert letters.letter("a" * 12 + "b", 10) == "the *a* at place 11"


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.999, "Mostly given to *women*: more than 99 in 100."),
        (0.9949, "Mostly given to *women*: about 99 in 100."),
        (0.65, "Mostly given to *women*: about 65 in 100."),
        (0.64, "Given to *women* a little more often: about 64 in 100."),
        (0.554, "Given to women and men alike: about 55 in 100 are women."),
        (0.52, "Given to women and men alike: about 52 in 100 are women."),
        (0.45, "Given to women and men alike: about 45 in 100 are women."),
        (0.44, "Given to *men* a little more often: about 56 in 100."),
        (0.17, "Mostly given to *men*: about 83 in 100."),
        (0.0001, "Mostly given to *men*: more than 99 in 100."),
    ],
)
def test_the_guess_is_told_as_a_share(p: float, words: str) -> None:
    assert story.headline(p) == words


@given(st.lists(st.floats(0, 1), min_size=1, max_size=64))
def test_every_trace_has_its_sentence(trace: list[float]) -> None:
    sentence = story.tell("ab-'c d" * 10, trace) if len(trace) < 64 else story.tell("a" * 64, trace)
    assert sentence.endswith(".") and sentence.count("*") % 2 == 0


_SIDE = {"women": 1, "men": -1}
_TIMES = {words.removesuffix(" times"): n for n, words in letters.TIMES.source.items()}


def _leans(p: float) -> int:
    percent = round(p * 100)
    return 0 if abs(percent - 50) <= 5 else 1 if percent > 50 else -1


def _place(name: str, words: str) -> int:
    """The index of the letter that a sentence speaks of."""
    return next(i for i in range(len(name)) if letters.letter(name, i) == words)


THE = r"(the (?:\w+ )?(?:\*.\*|hyphen(?: at place \d+)?))"


@st.composite
def traces(draw: st.DrawFn) -> tuple[str, list[float]]:
    """A name, and P(women) in whole hundredths after each of its letters."""
    name = draw(st.text("abc-", min_size=2, max_size=9))
    percents = draw(st.lists(st.integers(0, 100), min_size=len(name), max_size=len(name)))
    return name, [percent / 100 for percent in percents]


@given(traces())
def test_what_a_sentence_says_of_leaning_is_so(drawn: tuple[str, list[float]]) -> None:
    name, trace = drawn
    leans = [_leans(p) for p in trace]
    leaning = [lean for lean in leans if lean]
    changes = sum(a != b for a, b in pairwise(leaning))
    sentence = story.tell(name, trace)
    if found := re.search(r"changed its mind (once|twice|\w+ times)", sentence):
        assert changes == _TIMES[found[1].removesuffix(" times")]
    if found := re.search(rf"leaned to (women|men) until {THE}", sentence):
        end = _place(name, found[2])
        assert set(leans[:end]) == {_SIDE[found[1]]} and leans[end] != _SIDE[found[1]]
    if found := re.search(rf"to (women|men) from (?:the first letter|{THE} on)(, with doubts)?", sentence):
        since = leans[_place(name, found[2]) if found[2] else 0 :]
        assert set(since) == ({_SIDE[found[1]], 0} if found[3] else {_SIDE[found[1]]})
    if found := re.search(rf"{THE} left it undecided", sentence):
        assert not any(leans[_place(name, found[1]) :])
    if "came back" in sentence:
        assert changes == 2
    # What a sentence ends with is what the headline says.
    assert ("undecided" in sentence or "No letter" in sentence) == (leans[-1] == 0)


@given(traces())
def test_what_a_sentence_says_of_being_sure_is_so(drawn: tuple[str, list[float]]) -> None:
    name, trace = drawn
    sentence = story.tell(name, trace)
    surest = [max(p, 1 - p) for p in trace]
    if found := re.search(rf"sure from (?:the first letter|{THE} on), and nothing", sentence):
        since = trace[_place(name, found[1]) if found[1] else 0 :]
        assert min(max(p, 1 - p) for p in since) >= story.SURE and len({p > 0.5 for p in since}) == 1
    if found := re.search(rf"; {THE} settled it", sentence):
        since = trace[_place(name, found[1]) :]
        assert min(max(p, 1 - p) for p in since) >= story.SURE and len({p > 0.5 for p in since}) == 1
    if "never was sure" in sentence:
        assert max(surest) < story.SURE
    if "has not been sure since" in sentence:
        turned = re.search(rf"{THE} turned it", sentence)
        assert turned and max(surest[_place(name, turned[1]) :]) < story.SURE
    if found := re.search(rf"surer at {THE} than at the end", sentence):
        assert surest[_place(name, found[1])] > surest[-1]
