"""Rows as CSV that no spreadsheet runs, and that comes back unharmed."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.names import read
from webapp.files.formats import table
from webapp.guessing.bulk import Finding
from webapp.presentation import charts, tabular
from webapp.presentation.charts import Axis, Chart, Series

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def cells(lines: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(lines, newline="")))


@pytest.mark.parametrize("sign", RUNS)
def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(sign: str) -> None:
    assert cells("".join(tabular.csv_lines(["cell"], [[f"{sign}1"]])))[1] == [f"'{sign}1"]


@given(st.text(st.characters(codec="utf-8") | st.sampled_from([*RUNS, "'"]), min_size=1))
def test_any_text_comes_back_unharmed_and_never_runs(text: str) -> None:
    (cell,) = cells("".join(tabular.csv_lines(["cell"], [[text]])))[1]
    assert tabular.original(cell) == text and not cell.startswith(RUNS)


def test_numbers_stay_numbers() -> None:
    lines = list(tabular.csv_lines(["n"], [[-1.5], [None], [True]]))[1:]
    assert lines == ["-1.5\r\n", '""\r\n', "True\r\n"]


def test_a_chart_is_saved_behind_the_same_guard() -> None:
    drawn = Chart("k", "t", Axis("=x"), Axis("y"), [Series("'=1", ["@a", "b"], [-0.5, None])])
    assert cells(charts.as_csv(drawn)) == [
        ["series", "'=x", "y"],
        ["''=1", "'@a", "-0.5"],
        ["''=1", "b", ""],
    ]


@given(st.text(max_size=64), st.text(max_size=64), st.floats(0, 1))
def test_the_cells_that_are_added_to_a_file_never_run(name: str, left_out: str, p_female: float) -> None:
    reading = read(name)
    if reading.is_refused:
        finding = Finding(reason=reading.refusal)
    else:
        finding = Finding(reading.read_as, p_female, left_out=left_out, doubt=reading.doubt)
    for choice in (table.Choice((0,)), table.Choice((0,), country=1)):
        added = table.added_cells(finding, "v1", choice)
        assert len(added) == choice.n_added
        assert not any(cell.startswith((*RUNS, "'")) for cell in added)
