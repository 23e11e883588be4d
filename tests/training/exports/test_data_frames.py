"""Guesses for a column of a data frame, alone and on a cluster of Dask's: as the plain way gives them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pandas as pd
import pytest

from training.data.corpus import Corpus
from training.exports.data_frames import COLUMNS, guess_frame
from training.model.artifact import SHIPPED, BadArtifact
from training.model.predict import guess
from training.names import COUNTRIES, Form
from webapp.config import ROOT

ODD = ["Dr. Anna Müller", "Jean-Pierre Marie", "花子", "فاطمة", "Владимир", "123", "", " zoë ", "N.N.", "Kim"]
WEIGHTS = SHIPPED.read_bytes()


def many(corpus: Corpus) -> list[str]:
    """Return some thousand names, odd ones among them."""
    return [name.title() for name in corpus.names[::150]] + ODD


def check(frame: pd.DataFrame, **how: Any) -> None:
    """Hold every row to what the plain way says of its name."""
    plain = guess(frame["name"].fillna("").tolist(), **how)
    found = frame[list(COLUMNS)].astype(object).where(frame[list(COLUMNS)].notna(), None)
    for column in ("read_as", "label", "error"):
        assert found[column].tolist() == [getattr(answer, column) for answer in plain]
    shares = [np.nan if answer.p_female is None else answer.p_female for answer in plain]
    np.testing.assert_allclose(frame["p_female"], shares, atol=1e-6)


def test_a_frame_is_answered_as_names_are_and_keeps_its_rows() -> None:
    frame = pd.DataFrame({"name": [*ODD, None, "Kim"], "n": range(12)}, index=range(50, 62))
    guessed = guess_frame(frame, "name", WEIGHTS)
    check(guessed)
    assert guessed[["name", "n"]].equals(frame) and guessed.dtypes[list(COLUMNS)].to_dict() == COLUMNS


def test_a_frame_is_read_in_a_form_and_from_a_country() -> None:
    frame = pd.DataFrame({"name": ["Andrea Rossi", "Simone Bianchi", "Emily Johnson"]})
    how = {"form": Form.GIVEN_FIRST, "country": COUNTRIES["IT"]}
    guessed = guess_frame(frame, "name", WEIGHTS, **how)
    check(guessed, **how)
    assert guessed["read_as"].tolist() == ["andrea", "simone", "emily"]


def test_a_frame_without_rows_has_the_same_columns() -> None:
    guessed = guess_frame(pd.DataFrame({"name": []}), "name", WEIGHTS)
    assert guessed.empty and guessed.dtypes[list(COLUMNS)].to_dict() == COLUMNS


@pytest.mark.parametrize(
    ("columns", "sentence"), [(["who"], "no column 'name'"), (["name", "label"], "label")]
)
def test_a_frame_that_cannot_take_the_guesses_is_refused(columns: list[str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        guess_frame(pd.DataFrame(columns=columns), "name", WEIGHTS)


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(BadArtifact):
        guess_frame(pd.DataFrame({"name": ["Anna"]}), "name", b"nothing")


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two processes of one thread each, and who asks them."""
    distributed = pytest.importorskip("dask.distributed", reason="Dask is not installed.")
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0")
    with cluster, distributed.Client(cluster) as asking:
        yield asking


def loaded() -> int:
    """Return how often this process read a network."""
    from training.exports.data_frames import _network

    return _network.cache_info().misses


@pytest.mark.process
def test_a_cluster_answers_as_one_process_does_and_is_sent_the_weights_once(
    base_corpus: Corpus, client: Any
) -> None:
    import dask.dataframe as dd

    from training.exports.dask_frames import guess_column

    frame = pd.DataFrame({"name": many(base_corpus)})
    lazy = guess_column(dd.from_pandas(frame, npartitions=12), "name", client)
    guessed = lazy.compute()
    check(guessed)
    assert guessed.index.equals(frame.index) and len(guessed) > 3_000
    assert set(client.run(loaded).values()) <= {0, 1}  # of 12 partitions in two processes
    assert len(cloudpickle.dumps(lazy)) < len(WEIGHTS) / 10


@pytest.mark.process
def test_the_example_of_dask_in_the_docs_works(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pd.DataFrame({"first_name": ["Anna", "Peter"]}).to_parquet("people.parquet")
    [code] = re.findall(
        r"```python\n(import dask.*?)```", (ROOT / "docs" / "export.md").read_text(), re.DOTALL
    )
    exec(code.replace('Client("tcp://scheduler:8786")', "of_the_test"), {"of_the_test": client})
    assert pd.read_parquet("guessed")["label"].tolist() == ["female", "male"]
