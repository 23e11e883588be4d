"""The library of the charts, handed out small."""

import gzip
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from webapp.presentation import plotly_asset


def test_who_ask_for_it_first_at_the_same_time_cost_one_compression(monkeypatch: pytest.MonkeyPatch) -> None:
    plotly_asset._compress.cache_clear()
    began, compress, together = [], gzip.compress, threading.Barrier(8)

    def counted(data: bytes, **options: int) -> bytes:
        began.append(len(data))
        return compress(data, **options)

    def ask(_: int) -> bytes:
        together.wait()
        return plotly_asset.compressed()

    monkeypatch.setattr(gzip, "compress", counted)
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ask, range(8)))) == 1
    assert len(began) == 1
