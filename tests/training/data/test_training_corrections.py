"""Corrections meet the corpus by counting."""

from pathlib import Path

import pytest

from training.data.corpus import HOLDOUT, TRAIN, Corpus, from_counts
from training.data.corrections import BadSnapshot, Correction, merge_corrections, read_corrections


def share_after(people: int, share: float, *corrections: Correction) -> float:
    corpus = from_counts({"ann": (people * share, people)}, "a test")
    merged = merge_corrections(corpus, corrections)
    return float(merged.share[merged.index["ann"]])


def test_one_visitor_moves_a_famous_name_and_six_turn_it() -> None:
    assert share_after(380_000, 0.99, Correction("ann", "male")) == pytest.approx(0.84, abs=0.005)
    assert share_after(380_000, 0.99, Correction("ann", "male", votes=5)) > 0.5
    assert share_after(380_000, 0.99, Correction("ann", "male", votes=6)) < 0.5


def test_a_rare_name_becomes_what_it_is_said_to_be() -> None:
    assert share_after(2, 1.0, Correction("ann", "male")) < 0.35


def test_visitors_who_disagree_are_counted_against_each_other() -> None:
    assert share_after(1, 1.0, Correction("ann", "male", 2), Correction("ann", "female", 2)) > 0.5


def test_both_means_one_half() -> None:
    assert share_after(1, 1.0, Correction("ann", "both", 1000)) == pytest.approx(0.5, abs=0.001)


def test_a_name_that_the_corpus_never_met_is_added() -> None:
    corpus = merge_corrections(from_counts({"ann": (1, 1)}, "a test"), [Correction("zyx", "male", 2)])
    row = corpus.index["zyx"]
    assert (corpus.share[row], corpus.people[row], corpus.part[row]) == (0, 40, TRAIN)


def test_a_corrected_name_and_its_other_spellings_leave_the_holdout() -> None:
    corpus = from_counts({"marie-anne": (9, 10), "marie anne": (5, 5), "karl": (0, 3)}, "a test")
    corpus.part[:] = HOLDOUT
    merged = merge_corrections(corpus, [Correction("marie-anne", "male")])
    assert merged.only(HOLDOUT).names == ("karl",)


def test_the_corpus_itself_is_left_as_it_was() -> None:
    corpus = from_counts({"ann": (9, 10)}, "a test")
    before = corpus.fingerprint
    merge_corrections(corpus, [Correction("ann", "male")])
    assert Corpus(corpus.names, corpus.people, corpus.share, corpus.part, "again").fingerprint == before


def test_a_snapshot_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_text('{"name": "ann", "answer": "male", "votes": 2}\n{"name": "bo", "answer": "both"}\n')
    assert read_corrections(path) == [Correction("ann", "male", 2), Correction("bo", "both")]


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"name": "ann"}',
        '{"name": "Ann", "answer": "male"}',
        '{"name": "ann", "answer": "girl"}',
        '{"name": "ann", "answer": "male", "votes": 0}',
        '{"name": "ann", "answer": "male", "votes": true}',
        '{"name": 3, "answer": "male"}',
    ],
)
def test_a_bad_line_of_a_snapshot_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "corrections.jsonl"
    path.write_text('{"name": "bo", "answer": "both"}\n' + line + "\n")
    with pytest.raises(BadSnapshot, match="line 2"):
        read_corrections(path)
