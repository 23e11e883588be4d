"""Plain Flask: `gunicorn benchmarks.serving.peers.flask_app:app`."""

from flask import Flask, request

from benchmarks.serving.peers import network

app = Flask(__name__)


@app.get("/guess")
def guess() -> dict[str, str | float]:
    """Guess a name."""
    return network.answer(request.args["name"])
