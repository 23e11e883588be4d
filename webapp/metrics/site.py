"""How a site is, looked at when somebody asks: what can be reached, what waits, who works."""

from collections.abc import Callable, Iterator

import redis
from flask import current_app
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from webapp.models import Run, Worker
from webapp.models.enums import RunState
from webapp.runs import queue
from webapp.scoreboard import prometheus
from webapp.storage.database import reading


class Looks:
    """What is looked at; of what cannot be reached it says that, and nothing else."""

    def collect(self) -> Iterator[Gauge]:
        """Yield every gauge."""
        is_up = _works(_ask_database)
        yield Gauge("nomen_database_up", "Whether the database answers", int(is_up))
        if current_app.config["REDIS_URL"]:
            yield Gauge("nomen_redis_up", "Whether Redis answers", int(_works(_ask_redis)))
        waits = _waiting()
        if waits is not None:
            yield Gauge("nomen_queue_length", "Runs that wait in the queue", waits)
        if is_up:
            yield from _runs_and_workers()
            yield from prometheus.Figures().collect()


def _runs_and_workers() -> Iterator[Gauge]:
    with reading() as session:
        counted = select(Run.state, func.count()).where(Run.is_active.is_(True)).group_by(Run.state)
        active = {state: n for state, n in session.execute(counted)}
        heard = session.scalar(select(func.max(Worker.seen_at)))
    runs = Gauge("nomen_runs", "Training runs that are under way, by state", labels=["state"])
    for state in (RunState.QUEUED, RunState.RUNNING):
        runs.add_metric([state], active.get(state, 0))
    yield runs
    if heard is not None:
        said = "When a worker was last heard of, seconds since 1970"
        yield Gauge("nomen_worker_seen", said, heard.timestamp())


def _works(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (SQLAlchemyError, redis.RedisError):
        return False
    return True


def _ask_database() -> None:
    with reading() as session:
        session.execute(text("SELECT 1"))


def _ask_redis() -> None:
    queue.queue().pending_count()


def _waiting() -> int | None:
    try:
        return int(queue.queue().pending_count())
    except (redis.RedisError, OSError):
        return None


def gauges() -> bytes:
    """Return what is looked at in Prometheus's text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Looks())
    return generate_latest(registry)
