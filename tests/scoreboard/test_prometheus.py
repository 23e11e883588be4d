"""Gauges for Prometheus: off by default, and what they say."""

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.support.factories import add_tally
from tests.support.sites import settings_for
from webapp import create_app
from webapp.storage import database


def gauges(instance: Path) -> dict[tuple[str, str], float]:
    """Return every gauge's value by its name and its label."""
    app = create_app(settings_for(instance, METRICS=True))
    with app.app_context():
        add_tally(8), add_tally(2, "female", "male"), add_tally(5, "female", "male", status="rejected")
    text = app.test_client().get("/metrics").text
    database.dispose(app)
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, next(iter(sample.labels.values()), "")): sample.value for sample in samples}


def test_metrics_are_off_unless_a_setting_turns_them_on(client) -> None:
    assert client.get("/metrics").status_code == 404


def test_metrics_tell_of_volume_accuracy_and_champion(instance: Path) -> None:
    found = gauges(instance)
    assert found["nomen_answers", "right"] == 8 and found["nomen_answers", "rejected"] == 5
    assert found["nomen_accuracy", "visitors"] == 0.8
    assert found["nomen_champion", ""] == 1


def test_a_figure_without_anything_to_count_is_left_out(instance: Path) -> None:
    assert ("nomen_accuracy", "people") not in gauges(instance)
