"""The charts: their figures, their tables and CSV, and the library that draws them."""

import csv
import gzip
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.utils import htmlsafe_json_dumps

from tests.test_scoreboard import TODAY, tell
from webapp import board_filters, board_time, charts, plotly_js
from webapp.charts import Axis, Chart, Series
from webapp.config import ROOT
from webapp.scores import wilson

INLINE = re.compile(r'<script type="application/json">(.*?)</script>', re.S)


def over_time(**view: object) -> list[Chart]:
    return board_time.charts(board_filters.Filters(**view))


def test_rolling_accuracy_counts_seven_days(app: Flask) -> None:
    with app.app_context():
        tell(8), tell(2, "female", "male", back=6), tell(99, "female", "male", back=7)
        [line] = over_time(window="today")[0].series
    assert (line.y, line.n) == ([0.8], [10])
    assert (line.low[0], line.high[0]) == wilson(8, 10)


def test_both_is_volume_but_neither_right_nor_wrong(app: Flask) -> None:
    with app.app_context():
        tell(3), tell(2, "male", "both")
        accuracy, volume = over_time(window="today")
    assert accuracy.series[0].n == [3] and volume.series[0].y == [5]


def test_days_without_answers_are_shown_too(app: Flask) -> None:
    with app.app_context():
        tell(1, back=9)
        assert [len(chart.series[0].x) for chart in over_time()] == [10, 10]


def test_promotions_are_marked(app: Flask) -> None:
    with app.app_context():
        tell(1)
        assert over_time()[0].marks == [(TODAY.isoformat(), "v1")]


def test_a_page_without_answers_has_no_charts_but_a_way_on(client: FlaskClient) -> None:
    page = client.get("/scoreboard/time").text
    assert "Nobody has answered in this view yet" in page and "<figure" not in page


def test_a_chart_carries_its_data_and_its_table(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        tell(8), tell(2, "female", "male")
    page = client.get("/scoreboard/time").text
    assert [json.loads(found)["key"] for found in INLINE.findall(page)] == ["accuracy", "volume"]
    assert page.count("The figures as a table") == 2


def test_a_chart_is_saved_as_csv(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        tell(8), tell(2, "female", "male")
    answer = client.get("/scoreboard/time?csv=accuracy")
    assert answer.mimetype == "text/csv"
    last = list(csv.DictReader(io.StringIO(answer.text)))[-1]
    assert last["day"] == TODAY.isoformat() and last["n"] == "10"


def test_a_chart_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    assert client.get("/scoreboard/time?csv=x").status_code == 404


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_of_a_csv_is_a_formula(label: str) -> None:
    chart = Chart("x", "x", Axis("x"), Axis("y"), [Series(label, [0.5], [-0.5])])
    assert f"'{label}" in charts.as_csv(chart) and ",-0.5" in charts.as_csv(chart)


def test_markup_in_a_label_cannot_leave_the_data_of_a_chart() -> None:
    chart = Chart("x", "</script><b>", Axis("x"), Axis("y"), [Series("<img>", [0], [0])])
    assert "<" not in htmlsafe_json_dumps(chart.spec)


def test_inline_styles_are_allowed_on_pages_with_charts_alone(client: FlaskClient) -> None:
    policies = [
        client.get(path).headers["Content-Security-Policy"] for path in ("/scoreboard/time", "/scoreboard")
    ]
    assert ["style-src 'self' 'unsafe-inline'" in policy for policy in policies] == [True, False]
    assert all("script-src" not in policy and "default-src 'self'" in policy for policy in policies)


def test_the_library_is_served_gzipped_and_kept_for_ever(client: FlaskClient) -> None:
    address = f"/scoreboard/plotly-{plotly_js.release()}.js"
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip" and "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) < 2_000_000 and gzip.decompress(answer.data) == plotly_js.path().read_bytes()


def test_another_release_of_the_library_is_not_found(client: FlaskClient) -> None:
    assert client.get("/scoreboard/plotly-0.0.js").status_code == 404


def test_the_library_is_found_without_importing_its_package() -> None:
    code = "import sys; from webapp import plotly_js; plotly_js.path(); assert 'plotly' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=Path(ROOT), check=True)
