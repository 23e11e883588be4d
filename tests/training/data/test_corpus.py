"""The base corpus: cleaned, split by a hash, and written as one read-only file."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from training.data.corpus import (
    HOLDOUT,
    TRAIN,
    Corpus,
    combine_corpora,
    from_counts,
    read_corpus,
    write_corpus,
)
from training.names import ALPHABET, letters_only


def small(**counts: tuple[float, int]) -> Corpus:
    return from_counts(counts, "a test")


def test_the_base_corpus_holds_exactly_the_names_that_someone_bears(base_corpus: Corpus) -> None:
    assert len(base_corpus) == 554_367
    assert base_corpus.people.min() == 1
    assert {len(name) for name in base_corpus.names} == set(range(2, 31))
    assert set("".join(base_corpus.names)) == set(ALPHABET)


def test_the_parts_have_exactly_their_sizes(base_corpus: Corpus) -> None:
    assert base_corpus.counts() == {"train": 498_682, "validation": 28_048, "holdout": 27_637}


def test_the_holdout_has_exactly_the_groups_that_scores_are_given_for(base_corpus: Corpus) -> None:
    holdout = base_corpus.only(HOLDOUT)
    hundred = holdout.people >= 100
    one_sided = (holdout.share <= 0.1) | (holdout.share >= 0.9)
    assert (hundred.sum(), (holdout.share != 0.5).sum(), (hundred & one_sided).sum()) == (3118, 27_375, 2632)


def test_the_fingerprint_is_the_same_on_every_machine(base_corpus: Corpus) -> None:
    assert base_corpus.fingerprint.startswith("20c1fc899dfa0375")


def test_the_most_borne_names_are_never_held_out(base_corpus: Corpus) -> None:
    assert set(base_corpus.part[:2000]) == {TRAIN}


def test_names_with_the_same_letters_are_in_the_same_part(base_corpus: Corpus) -> None:
    rows = zip(base_corpus.names, base_corpus.part.tolist(), strict=True)
    parts = Counter(letters for letters, _ in {(letters_only(name), part) for name, part in rows})
    assert max(parts.values()) == 1


def test_spellings_that_become_equal_are_added_up(base_corpus: Corpus) -> None:
    assert base_corpus.people[base_corpus.index["jose"]] > 100_000


def test_a_changed_share_changes_the_fingerprint() -> None:
    assert small(ann=(9, 10)).fingerprint != small(ann=(8, 10)).fingerprint


def test_leaving_a_name_out_leaves_out_its_other_spellings() -> None:
    corpus = from_counts({"marie-anne": (9, 10), "marie anne": (5, 5), "karl": (0, 3)}, "a test")
    assert corpus.without(["marieanne"]).names == ("karl",)


def test_two_corpora_are_counted_together() -> None:
    both = combine_corpora(small(ann=(9, 10), bo=(1, 4)), small(bo=(3, 4), cy=(0, 1)))
    assert both.names == ("ann", "bo", "cy")
    assert both.people.tolist() == [10, 8, 1]
    assert both.share.tolist() == pytest.approx([0.9, 0.5, 0])


def test_a_name_stays_in_its_part_when_more_people_are_counted() -> None:
    first = from_counts({"ann": (9, 10)}, "a test")
    first.part[0] = HOLDOUT
    assert combine_corpora(first, small(ann=(1, 1))).part.tolist() == [HOLDOUT]


def test_the_written_file_answers_what_the_corpus_holds(tmp_path: Path) -> None:
    corpus = small(bo=(1, 4), ann=(9, 10))
    write_corpus(corpus, tmp_path / "corpus.db")
    with closing(sqlite3.connect(tmp_path / "corpus.db")) as database:
        rows = database.execute("SELECT name, people, share FROM names").fetchall()
        meta = dict(database.execute("SELECT key, value FROM meta"))
    assert rows == [("ann", 10, 0.9), ("bo", 4, 0.25)]
    assert meta == {"fingerprint": corpus.fingerprint, "made_by": "a test", "names": "2"}


def test_the_written_file_is_read_back_as_it_was(tmp_path: Path, base_corpus: Corpus) -> None:
    write_corpus(base_corpus, tmp_path / "corpus.db")
    assert read_corpus(tmp_path / "corpus.db").fingerprint == base_corpus.fingerprint


def test_a_file_that_was_changed_is_noticed(tmp_path: Path) -> None:
    write_corpus(small(ann=(9, 10)), tmp_path / "corpus.db")
    (tmp_path / "corpus.db").chmod(0o644)
    with closing(sqlite3.connect(tmp_path / "corpus.db")) as database, database:
        database.execute("UPDATE names SET share = 0")
    with pytest.raises(ValueError, match="damaged"):
        read_corpus(tmp_path / "corpus.db")


@pytest.mark.parametrize("text", ["", "not a database, but longer than a header of one hundred bytes" * 3])
def test_a_file_of_something_else_is_no_corpus(tmp_path: Path, text: str) -> None:
    (tmp_path / "corpus.db").write_text(text)
    with pytest.raises(ValueError, match="is not a corpus"):
        read_corpus(tmp_path / "corpus.db")


def test_a_missing_file_says_how_to_write_it(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="corpus --write"):
        read_corpus(tmp_path / "corpus.db")


def test_the_written_file_replaces_an_older_one_and_leaves_nothing_else(tmp_path: Path) -> None:
    for _ in range(2):
        write_corpus(small(ann=(9, 10)), tmp_path / "corpus.db")
    assert [path.name for path in tmp_path.iterdir()] == ["corpus.db"]


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("")
    with pytest.raises(OSError, match="instance"):
        write_corpus(small(ann=(9, 10)), tmp_path / "instance" / "corpus.db")


def test_rows_are_taken_by_index_and_by_mask() -> None:
    corpus = small(ann=(9, 10), bo=(1, 4))
    assert corpus.take(np.array([1])).names == corpus.take(corpus.people < 5).names == ("bo",)


def test_what_is_estimated_is_marked(tmp_path: Path) -> None:
    told = [("ann", "IT", 0, 9.0, 10), ("ann", "IT", 0, 1.0, 2)]
    write_corpus(small(ann=(9, 10)), tmp_path / "counted.db", told)
    write_corpus(small(ann=(9, 10)), tmp_path / "estimated.db", told, is_estimate=True)
    for name, is_estimate in (("counted", 0), ("estimated", 1)):
        with closing(sqlite3.connect(tmp_path / f"{name}.db")) as database:
            rows = database.execute("SELECT women, people, is_estimate FROM origins").fetchall()
        assert rows == [(10.0, 12, is_estimate)]
