"""The charts: their figures, their tables and CSV, and the library that draws them."""

import csv
import gzip
import io
import json
import re
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.utils import htmlsafe_json_dumps

from tests.support.cards import CARD, CURVES
from tests.support.factories import add_tally, add_version, promote_another
from tests.support.networks import tiny_artifact
from webapp.config import ROOT
from webapp.presentation import charts, plotly_asset
from webapp.presentation.charts import Axis, Chart, Series
from webapp.presentation.confusion import wilson
from webapp.presentation.dates import today
from webapp.scoreboard import filters as scoreboard_filters
from webapp.scoreboard import holdout, over_time
from webapp.versions import service as versions

INLINE = re.compile(r'<script type="application/json">(.*?)</script>', re.S)


def charts_of(**view: object) -> list[Chart]:
    return over_time.charts(scoreboard_filters.Filters(**view))


def test_rolling_accuracy_counts_seven_days(app: Flask) -> None:
    with app.app_context():
        add_tally(8), add_tally(2, "female", "male", back=6), add_tally(99, "female", "male", back=7)
        [line] = charts_of(window="today")[0].series
    assert (line.y, line.n) == ([0.8], [10])
    assert (line.low[0], line.high[0]) == wilson(8, 10)


@pytest.mark.parametrize(
    ("right", "wrong", "title"), [(5, 2, "5 of 7 answers"), (18, 2, "90 in 100 answers")]
)
def test_of_few_answers_the_title_counts_them(app: Flask, right: int, wrong: int, title: str) -> None:
    with app.app_context():
        add_tally(right), add_tally(wrong, "female", "male")
        accuracy, volume = charts_of(window="today")
    assert accuracy.title == f"In the last seven days {title} said the guess was right"
    assert volume.title == f"{right + wrong} answers in one day"


def test_both_is_volume_but_neither_right_nor_wrong(app: Flask) -> None:
    with app.app_context():
        add_tally(3), add_tally(2, "male", "both")
        accuracy, volume = charts_of(window="today")
    assert accuracy.series[0].n == [3] and volume.series[0].y == [5]


def test_days_without_answers_are_shown_too(app: Flask) -> None:
    with app.app_context():
        add_tally(1, back=9)
        assert [len(chart.series[0].x) for chart in charts_of()] == [10, 10]


def test_promotions_are_marked(app: Flask) -> None:
    with app.app_context():
        add_tally(1)
        another = promote_another()  # here, for the first version may have been promoted before midnight
        *_, mark = charts_of()[0].marks
    assert mark in [(today().isoformat(), f"v{another}"), (today().isoformat(), f"v1, v{another}")]


@pytest.mark.parametrize("n", [1, 2, 3, 10, 30])
def test_an_axis_of_days_has_each_tick_once_and_is_never_one_giant_bar(n: int) -> None:
    shown = [date(2026, 3, 30) + timedelta(days=step) for step in range(n)]
    axis = over_time.days_axis(shown)
    first, last = (datetime.fromisoformat(str(end)) for end in axis.range or ())
    ticks = [datetime.fromisoformat(tick) for tick in axis.ticks]
    assert last - first == timedelta(days=max(n, 7))
    assert len(set(ticks)) == len(ticks) and 2 <= len(ticks) <= 5
    assert all(first < tick < last and tick.hour == 0 for tick in ticks)
    assert all(first < datetime.combine(day, datetime.min.time()) < last for day in shown)


def test_versions_that_began_to_serve_together_share_their_words() -> None:
    one, next_day, later = (date(2026, 3, day) for day in (1, 2, 9))
    began = [(one, "v1"), (one, "v2"), (one, "v3"), (next_day, "v4"), (later, "v5"), (later, "v1")]
    assert over_time.marks(began, days=10) == [
        ("2026-03-01", "v1 … v4"),
        ("2026-03-02", ""),
        ("2026-03-09", "v5, v1"),
    ]


def test_a_page_without_answers_has_no_charts_but_a_way_on(client: FlaskClient) -> None:
    page = client.get("/scoreboard/time").text
    assert "Nobody has answered in this view yet" in page and "<figure" not in page


def test_a_chart_carries_its_data_and_its_table(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        add_tally(8), add_tally(2, "female", "male")
    page = client.get("/scoreboard/time").text
    assert [json.loads(found)["key"] for found in INLINE.findall(page)] == ["accuracy", "volume"]
    assert page.count("The figures as a table") == 2
    # Without a script the table stands where the chart would be drawn.
    assert page.count("data-plot hidden") == 2 and page.count('" open><summary>The figures') == 2


def test_a_chart_is_saved_as_csv(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        add_tally(8), add_tally(2, "female", "male")
    answer = client.get("/scoreboard/time?csv=accuracy")
    assert answer.mimetype == "text/csv"
    last = list(csv.DictReader(io.StringIO(answer.text)))[-1]
    assert last["day"] == today().isoformat() and last["n"] == "10"


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
    address = f"/scoreboard/plotly-{plotly_asset.release()}.js"
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip" and "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) < 2_000_000 and gzip.decompress(answer.data) == plotly_asset.path().read_bytes()


def test_another_release_of_the_library_is_not_found(client: FlaskClient) -> None:
    assert client.get("/scoreboard/plotly-0.0.js").status_code == 404


@pytest.mark.process
def test_the_library_is_found_without_importing_its_package() -> None:
    load = "from webapp.presentation import plotly_asset; plotly_asset.path()"
    code = f"import sys; {load}; assert 'plotly' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=Path(ROOT), check=True)


@pytest.fixture
def scored(app: Flask) -> int:
    """A version whose card holds curves."""
    with app.app_context():
        return versions.add(tiny_artifact(7, **CARD), "import", "test").id


def test_a_threshold_moves_matrix_coverage_and_accuracy(app: Flask, scored: int) -> None:
    with app.app_context():
        step = holdout.board(versions.find_version(scored)).at(0.76)
    assert (step.threshold, step.matrix.n, step.unsure) == (0.75, 6, 4)
    assert step.coverage.value == 0.6 and step.matrix.accuracy.value == 5 / 6


def test_at_the_highest_threshold_nothing_is_made_up(client: FlaskClient, scored: int) -> None:
    page = client.get(f"/scoreboard/holdout?version={scored}&t=1").text
    assert "It would say “unsure” to all 10 names." in page and "nothing to count yet" in page


def test_the_threshold_works_without_a_script(client: FlaskClient, scored: int) -> None:
    page = client.get(f"/scoreboard/holdout?version=v{scored}&t=0.75").text
    assert "It answers 6 of 10 names and is right on 5 of these; to the other 4 it says “unsure”." in page


def test_the_holdout_has_four_charts(client: FlaskClient, scored: int) -> None:
    page = client.get(f"/scoreboard/holdout?version={scored}").text
    keys = [json.loads(found).get("key") for found in INLINE.findall(page)]
    assert keys == ["roc", "pr", "reliability", "risk"]


@pytest.mark.parametrize("address", ["?t=0.4", "?t=nan", "?t=x", "?names=x", "?version=x"])
def test_what_makes_no_sense_on_the_holdout_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get("/scoreboard/holdout" + address).status_code == 422


def test_the_part_that_is_answered_counts_every_name_and_has_no_interval(
    client: FlaskClient, scored: int
) -> None:
    page = client.get(f"/scoreboard/holdout?version={scored}&t=0.75").text
    assert '<span data-figure="coverage">6 of 10</span> <small data-interval="coverage">all counted<' in page


def test_names_without_a_label_are_told_where_the_counts_differ(app: Flask, client: FlaskClient) -> None:
    bins = [{"low": 0.0, "high": 0.5, "n": 12, "predicted": 0.2, "observed": 0.3}]
    card = CARD | {"curves_hundred": CURVES | {"calibration": bins}}
    with app.app_context():
        version_id = add_version(8, **card)
    page = client.get(f"/scoreboard/holdout?version={version_id}").text
    assert "Of 12 names 2 are given to women and men exactly alike" in page
    assert "so 10 are counted." in page


def test_a_version_without_curves_says_so(client: FlaskClient) -> None:
    assert "v1 came without curves" in client.get("/scoreboard/holdout").text


def test_scripts_and_countries_are_told_and_few_names_are_called_few(app: Flask, client: FlaskClient) -> None:
    few = {"n": 8, "tp": 3, "fp": 1, "fn": 1, "tn": 3, "accuracy": 0.75}
    slices = {
        "script": [{"slice": "hebrew", **few}],
        "country": [{"slice": "IT", **few}, {"slice": "SA", **few}],
        "length": [{"slice": "4", **few}],
    }
    with app.app_context():
        version_id = add_version(8, **CARD, slices=slices)
    page = client.get(f"/scoreboard/holdout?version={version_id}").text
    rows = re.findall(r'<th scope="row">(.*?)</th><td class="number">8</td><td class="number">(.*?) <', page)
    assert rows[-3:] == [
        ("Hebrew letters", "6 of 8"),
        ("Italy", "6 of 8"),
        ("the Arab world and Iran", "6 of 8"),
    ]
    assert "By script and by country they are of other lists" in page
    assert "kind=script" not in page and "kind=length" in page
    assert "Hebrew letters" in client.get(f"/versions/v{version_id}").text
    assert "Hebrew letters" in client.get(f"/scoreboard/versions?version={version_id}&version=1").text
