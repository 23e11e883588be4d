"""Who is compared: the site and each peer, how it is started and how it is asked."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving.client import Ask, Question, get, post
from benchmarks.serving.processes import ONE_THREAD

ROOT = Path(__file__).parents[2]
PEERS = "benchmarks.serving.peers"
MANY = "1000000000"
SITE = {
    **{name: "" for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "TRUSTED_HOSTS")},
    "WEB_WORKERS": "2",
    "GENDERIZE_PER_DAY": MANY,
    "API_NAMES_PER_MINUTE": MANY,
    "GUESSES_PER_MINUTE": "1000000",
}
"""Limits as good as off."""


@dataclass(frozen=True)
class Measured:
    """One row of the table: a server, what it is asked, and whether names come again."""

    name: str
    server: str
    ask: Ask
    repeats: bool = False


def constant(_name: str) -> Question:
    """Ask the site for what is the same each time."""
    return Question("/healthz")


MEASURED = (
    Measured("genderize", "nomen", get("/genderize")),
    Measured("api", "nomen", get("/api/v1/guess")),
    Measured("fastapi", "fastapi", get("/guess")),
    Measured("flask", "flask", get("/guess")),
    Measured("litserve", "litserve", post("/predict")),
    Measured("gradio", "gradio", post("/gradio_api/run/guess", data=None)),
    Measured("bentoml", "bentoml", post("/guess")),
    Measured("zipf", "nomen", get("/genderize"), repeats=True),
    Measured("zipf_fastapi", "fastapi", get("/remembered"), repeats=True),
    Measured("constant", "nomen", constant, repeats=True),
)


def command(server: str, python: Path, port: int) -> Sequence[str]:
    """Return how a server is started on a port, with two processes where it has such a thing."""
    if server == "nomen":
        return [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
    peer, address = f"{PEERS}.{server}_app", f"127.0.0.1:{port}"
    quiet = ("--workers", "2", "--log-level", "warning")
    return {
        "fastapi": [str(python), "-m", "uvicorn", f"{peer}:app", "--port", str(port), *quiet],
        "flask": [str(python), "-m", "gunicorn", f"{peer}:app", "-b", address, *quiet, "--threads", "8"],
        "litserve": [str(python), "-m", peer, str(port)],
        "gradio": [str(python), "-m", peer, str(port)],
        "bentoml": [str(python), "-m", "bentoml", "serve", f"{peer}:Guess", "-p", str(port)],
    }[server]


def environment(server: str, instance: Path, port: int) -> dict[str, str]:
    """Return the environment of a server: one thread of arithmetic for each process."""
    own = SITE | {"INSTANCE": str(instance), "PORT": str(port)} if server == "nomen" else {}
    quiet = {"BENTOML_DO_NOT_TRACK": "True", "GRADIO_ANALYTICS_ENABLED": "False", "DO_NOT_TRACK": "1"}
    return {**os.environ, **ONE_THREAD, **quiet, "PYTHONPATH": str(ROOT), **own}
