"""Markup and marks in places of their own."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from training.names import UnreadableName, normalise
from webapp.presentation.charts import Axis, Chart, Series


def test_no_label_of_a_chart_ends_its_script(app: Flask) -> None:
    chart = Chart("x", "</script><b>", Axis("x"), Axis("y"), [Series("</script><img onerror=a>", [0], [0])])
    with app.test_request_context():
        macros = app.jinja_env.get_template("scoreboard/_charts.html").module
        drawn = str(macros.chart(chart))  # type: ignore[attr-defined]
    assert "<img" not in drawn and drawn.count("</script>") == drawn.count("<script")


def test_ten_thousand_marks_are_no_name(client: FlaskClient) -> None:
    name = "a" + "\u0301" * 10_000
    with pytest.raises(UnreadableName, match="up to"):
        normalise(name)
    assert client.get("/", query_string={"name": name}).status_code == 422
