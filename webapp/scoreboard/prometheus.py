"""Gauges for Prometheus, read from the database at each scrape: right whichever process answers."""

from collections.abc import Iterator

from flask import current_app
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Tally
from webapp.models.enums import Status
from webapp.presentation.confusion import Metric
from webapp.scoreboard import service as scoreboard
from webapp.scoreboard.filters import Filters
from webapp.storage import database
from webapp.versions import service as versions

ALL_TIME = Filters(window="all")


# prometheus_client's own gauges live in one process's memory, and with several web processes each would
# show its own numbers. A collector that asks the database is right in all of them.
class Figures:
    """What /metrics shows; each scrape asks anew."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield every gauge."""
        yield self._answers()
        yield self._accuracy()
        yield from self._champion()
        log = database.log_bytes(current_app)
        if log is not None:
            yield GaugeMetricFamily("nomen_database_log_bytes", "The size of SQLite's write-ahead log", log)

    def _answers(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "nomen_answers", "Visitors' answers, by what became of them", labels=["status"]
        )
        counts = dict(
            db.session.execute(select(Tally.status, func.sum(Tally.n)).group_by(Tally.status)).all()
        )
        # Every status, even without answers: Prometheus sees no growth in a series that is not there yet.
        for status in Status:
            family.add_metric([status], counts.get(status) or 0)
        return family

    def _accuracy(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "nomen_accuracy", "How often the serving version is right, 0 to 1", labels=["sample"]
        )
        for sample, metric in _samples().items():
            if metric.value is not None:  # nothing was counted, so there is nothing to tell
                family.add_metric([sample], metric.value)
        return family

    def _champion(self) -> Iterator[GaugeMetricFamily]:
        serving = versions.serving()
        if serving:
            yield GaugeMetricFamily("nomen_champion", "The version that serves", serving.version_id)
            # Prometheus takes seconds, and leaves it to the asker to make an age of it.
            since = serving.at.timestamp()
            yield GaugeMetricFamily("nomen_champion_since", "When it began to, seconds since 1970", since)


def _samples() -> dict[str, Metric]:
    serving = versions.serving()
    view = scoreboard.pinned(ALL_TIME, serving)
    beside = scoreboard.holdout(serving.version) if serving else None
    played = scoreboard.games(view)
    samples = {
        "visitors": scoreboard.live(view).matrix.accuracy,
        "game": played.network,
        "people": played.people,
    }
    return samples | ({"holdout": beside.matrix.accuracy} if beside else {})
