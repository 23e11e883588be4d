"""What an instance remembers, asked for by HTTP and commands alone: the same questions then and now."""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.contract.normalise import Placeholders

NAMES = ("Giovanna", "Torbern", "Zuleika", "Kim", "Qwertina", "Jean-Pierre", "Σοφία", "Anna", "Ilmarinen")
LISTS = ("users", "keys", "corpus", "runs", "versions")


def recall(app: Flask, known: Mapping[str, str]) -> dict[str, Any]:
    """Return all that `app` remembers; `known` holds passwords, a key, a cookie and links."""
    visitor, program = app.test_client(), app.test_client()
    visitor.set_cookie("nomen", known["cookie"])
    key = {"X-Api-Key": known["key"]}
    admin, reviewer = log_in(app, "admin", known), log_in(app, "reviewer", known)
    versions = ask(program, "/api/v1/versions")["versions"]
    run = app.test_cli_runner().invoke
    return {
        "the visitor's history": text(visitor, "/history"),
        "the visitor's story": text(app.test_client(), f"/c/{known['story']}"),
        "the visitor's game": text(visitor, f"/play/{known['game']}"),
        "a game that was begun": text(visitor, "/play"),
        "answers": lines(reviewer, "/review/export.jsonl?status=any"),
        "names that wait": text(reviewer, "/review"),
        "decisions": text(reviewer, "/review?status=accepted"),
        "versions": versions,
        "cards": [ask(program, f"/api/v1/versions/{version['id']}/card") for version in versions],
        "promotions": [text(program, f"/versions/v{version['id']}") for version in versions],
        "runs": ask(program, "/api/v1/runs", **key)["runs"],
        "pages of runs": [text(admin, f"/retraining/{number}", of_runs=True) for number in (1, 2, 3, 4)],
        "a comparison": text(admin, "/retraining/3/compare", of_runs=True),
        "scoreboard": ask(program, "/api/v1/scoreboard?days=all&version=all"),
        "games": ask(program, "/api/v1/scoreboard/play?days=all&version=all"),
        "missed names": ask(program, "/api/v1/scoreboard/names?days=all&version=all"),
        "old answers again": ask(program, "/api/v1/scoreboard/again"),
        "guesses": guesses(program),
        "audit trail": lines(admin, "/audit.jsonl"),
        **{f"flask {noun} list": run(args=[noun, "list"]).output for noun in LISTS},
        "flask feedback recount": run(args=["feedback", "recount", "--check"]).output,
    }


def log_in(app: Flask, role: str, known: Mapping[str, str]) -> FlaskClient:
    """Return a browser in which somebody of this role has logged in."""
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    assert token
    form = {"csrf_token": token[1], "email": f"{role}@example.org", "password": known[role]}
    answer = client.post("/login", data=form)
    assert answer.status_code == 303, answer.text
    return client


def ask(client: FlaskClient, path: str, **headers: str) -> Any:
    """Return the JSON at a path."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, f"{path}: {answer.text}"
    return answer.get_json()


def lines(client: FlaskClient, path: str) -> list[Any]:
    """Return the rows of a file of JSON lines."""
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.text}"
    return [json.loads(line) for line in answer.text.splitlines()]


def text(client: FlaskClient, path: str, of_runs: bool = False) -> str:
    """Return what can be read on a page, whatever it is made of."""
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.text}"
    main = re.search(r"<main.*?</main>", answer.text, re.DOTALL)
    assert main, path
    words = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", main[0], flags=re.DOTALL)
    return Placeholders().apply(" ".join(words.split()), of_runs)


def guesses(client: FlaskClient) -> dict[str, float]:
    """Return P(female) of some names, by the version that serves."""
    answer = client.post("/api/v1/guess", json={"names": list(NAMES)}).get_json()
    return {guess["name"]: guess["p_female"] for guess in answer["guesses"]}
