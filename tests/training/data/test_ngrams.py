"""N-grams as integers: they are scikit-learn's, counted and summed without its strings."""

import numpy as np
import pytest
from scipy.sparse import csc_array
from sklearn.feature_extraction.text import CountVectorizer

from training.data.corpus import TRAIN, Corpus
from training.data.ngrams import LEAST_NAMES, LONGEST, NGrams, find_ngrams, table_of_trigrams
from training.fitting.teachers.linear_teacher import count_ngrams
from training.names import join_separators
from training.names.doubts import TRIGRAMS


@pytest.fixture(scope="module")
def names() -> list[str]:
    """Names of 1 to 14 letters, some of them twice in a name: "anana", "o'o'o"."""
    random = np.random.default_rng(0)
    letters = list("aeinorst' -")
    made = ("".join(random.choice(letters, length)) for length in random.integers(1, 15, 3000))
    return [
        *filter(None, map(join_separators, made)),
        "anana",
        "ananana",
        "banana",
        "o'o'o",
        "o'o'o'o",
        "x'o'o'o",
    ]


@pytest.fixture(scope="module")
def ngrams(names: list[str]) -> NGrams:
    return find_ngrams(names)


@pytest.fixture(scope="module")
def theirs() -> CountVectorizer:
    return CountVectorizer(analyzer="char", ngram_range=(1, LONGEST), min_df=LEAST_NAMES, lowercase=False)


def columns(counts: csc_array) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return every column as the rows that hold it and how often, in an order of no meaning."""
    counts.sort_indices()
    pairs = zip(counts.indptr, counts.indptr[1:], strict=False)
    return sorted(
        (tuple(counts.indices[start:end].tolist()), tuple(counts.data[start:end].astype(int).tolist()))
        for start, end in pairs
    )


def test_they_are_scikit_learns(names: list[str], ngrams: NGrams, theirs: CountVectorizer) -> None:
    expected = theirs.fit_transform([f"^{name}$" for name in names])
    found = count_ngrams(ngrams, names)
    assert found.shape == expected.shape
    assert columns(found.tocsc()) == columns(expected.tocsc())


def test_a_sum_over_a_names_ngrams_is_its_row_times_the_values(names: list[str], ngrams: NGrams) -> None:
    values = np.random.default_rng(1).normal(size=len(ngrams))
    assert ngrams.sums(names, values) == pytest.approx(count_ngrams(ngrams, names) @ values)


def test_what_is_not_known_adds_nothing(ngrams: NGrams) -> None:
    assert ngrams.sums(["qqq"], np.ones(len(ngrams))) == ngrams.sums(["qqqqqqq"], np.ones(len(ngrams))) == 2
    # ^ and $ alone: no name above has a q


def test_no_names_have_no_sums(ngrams: NGrams) -> None:
    assert len(ngrams.sums([], np.ones(len(ngrams)))) == 0


def test_the_table_of_letters_that_follow_each_other_is_that_of_the_corpus(base_corpus: Corpus) -> None:
    table = table_of_trigrams(base_corpus.only(TRAIN).names)
    assert table == TRIGRAMS.read_text(encoding="ascii").strip()
