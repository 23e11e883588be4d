"""What is asked for at every rule that answers GET: addresses as people and programs write them."""

import re

from flask import Flask
from werkzeug.routing import Rule

EXAMPLES: dict[str, tuple[str, ...]] = {
    "/": (
        "", "?name=Giovanna", "?name=Σοφία", "?name=Qwertina", "?name=zuleika", "?name=Jean-Pierre",
        "?name=%20%20", "?name=123", "?name=" + "a" * 31, "?name=" + "a" * 100, "?name=%00%ff",
        "?name=%3Cscript%3E", "?name=李",
    ),
    "/admin": ("",),
    "/admin/keys": ("",),
    "/api/docs": ("",),
    "/api/docs/assets/<>": ("/api/docs/assets/swagger-ui.css", "/api/docs/assets/other.js"),
    "/api/openapi.json": ("",),
    "/api/v1/feedback": ("", "?format=csv", "?format=xml"),
    "/api/v1/files/<>": ("/api/v1/files/nothing",),
    "/api/v1/files/<>/result": ("/api/v1/files/nothing/result?column=1",),
    "/api/v1/guess": (
        "?name=Giovanna", "?name=Anna&trace=true&threshold=0.99", "?name=Dakota&token=true", "",
        "?name=123",
        "?name=Anna&threshold=2", "?name=Anna&trace=maybe", "?name=" + "a" * 65,
    ),
    "/api/v1/runs": ("", "?page=2", "?page=0", "?page=x"),
    "/api/v1/runs/<>": tuple(f"/api/v1/runs/{n}" for n in (1, 2, 3, 4, 99, 2**40)),
    "/api/v1/scoreboard": (
        "", "?days=all", "?days=7&positive=male", "?version=all&reviewed=1", "?version=v1&source=api",
        "?days=3", "?version=v99", "?version=x",
    ),
    "/api/v1/scoreboard/again": ("", "?version=v1&version=v2", "?version=v99"),
    "/api/v1/scoreboard/holdout": (
        "", "?version=v2&names=all", "?names=not_unisex", "?version=v99", "?names=x",
    ),
    "/api/v1/scoreboard/names": (
        "", "?guessed=female&answer=male&days=all", "?guessed=male&answer=female&version=all",
        "?guessed=female",
    ),
    "/api/v1/scoreboard/play": ("", "?days=all&version=all"),
    "/api/v1/scoreboard/time": ("", "?days=all&version=all"),
    "/api/v1/scoreboard/versions": ("", "?version=v1&version=v2&version=v4&names=all", "?names=x"),
    "/api/v1/versions": ("",),
    "/api/v1/versions/<>": tuple(f"/api/v1/versions/{n}" for n in (1, 2, 4, 99, 2**40)),
    "/api/v1/versions/<>/card": tuple(f"/api/v1/versions/{n}/card" for n in (1, 2, 4, 99)),
    "/audit": (
        "", "?actor=admin@example.org", "?action=login", "?since=2020-01-01&until=2020-01-02", "?before=10",
        "?since=yesterday",
    ),
    "/audit.<>": ("/audit.csv", "/audit.jsonl", "/audit.jsonl?action=run.start", "/audit.xml"),
    "/batch": ("",),
    "/batch/<>": ("/batch/{table}", "/batch/{book}", "/batch/{pasted}", "/batch/nothing"),
    "/batch/<>/file": (
        "/batch/{table}/file?column=0", "/batch/{table}/file?column=1",
        "/batch/{book}/file?column=0",
        "/batch/{table}/file", "/batch/{table}/file?column=9", "/batch/nothing/file?column=0",
    ),
    "/batch/<>/progress": ("/batch/{table}/progress", "/batch/nothing/progress"),
    "/c/<>": ("/c/{story}", "/c/nothing"),
    "/genderize": (
        "?name=Anna", "?name[]=Anna&name[]=Torbern&name[]=123", "?name[1]=Anna&name[0]=Kim",
        "?name=Kim&country_id=DE",
        "", "?name=", "?name=Anna&name=Kim", "?name=Anna&country_id=XXX", "?name=Anna&apikey=wrong",
    ),
    "/genderize/": ("?name=Anna",),
    "/genderize/<>": ("/genderize/nothing", "/genderize/a/b"),
    "/genderize/rate_limit": ("", "?apikey=wrong"),
    "/guess": ("?name=Giovanna", "?name=Σοφία", "?name=Kim", "", "?name=123", "?name=" + "a" * 31),
    "/healthz": ("",),
    "/history/delete": ("",),
    "/history/download.<>": ("/history/download.csv", "/history/download.json", "/history/download.xml"),
    "/history": ("", "?search=zul", "?page=2", "?page=x"),
    "/learn": ("", "?name=Kim", "?name=Jürgen", "?name=123"),
    "/learn/training": ("", "?width=64&dropout=0.5&decay=1&rate=0.001", "?width=3", "?name=123"),
    "/learn/training/live": ("", "?width=64", "?width=3"),
    "/learn/<>": (
        *(f"/learn/{chapter}?name=Jürgen" for chapter in ("letters", "memory", "too-much", "service")),
        "/learn/neuron", "/learn/neuron?name=Kim&step=2&target=men", "/learn/neuron?step=all",
        "/learn/neuron?step=x", "/learn/two-names?name=Kim&other=Kimberly", "/learn/two-names?other=123",
        "/learn/backwards?name=Kim&times=3&clip=on&rate=1&step=2", "/learn/backwards?times=x",
        "/learn/gates?cell=lstm", "/learn/gates?cell=serving&name=Kim", "/learn/gates?cell=x",
        "/learn/mistakes?draw=2&c0=tp&c1=tn", "/learn/mistakes?draw=x", "/learn/letters?name=123",
        "/learn/nothing",
    ),
    "/login/code": ("",),
    "/second-factor": ("",),
    "/login": ("", "?next=/review", "?next=//elsewhere.example"),
    "/metrics": ("",),
    "/n/<>": ("/n/giovanna", "/n/Σοφία", "/n/qwertina", "/n/123"),
    "/n/<>/picture.png": ("/n/giovanna/picture.png", "/n/jean-pierre/picture.png", "/n/123/picture.png"),
    "/password": ("",),
    "/play": ("",),
    "/play/<>": ("/play/{game}", "/play/{game}?after=3", "/play/{begun}", "/play/nothing"),
    "/play/<>/picture.png": ("/play/{game}/picture.png", "/play/{begun}/picture.png"),
    "/readyz": ("",),
    "/retraining": ("", "?page=2", "?page=x"),
    "/privacy": ("",),
    "/retraining/<>": tuple(f"/retraining/{n}" for n in (1, 2, 3, 4, 99)),
    "/retraining/<>/compare": (
        *(f"/retraining/{n}/compare" for n in (1, 3, 4, 99)),
        "/retraining/3/compare?group=all&kind=broken", "/retraining/3/compare?kind=moved&where=corrections",
        "/retraining/4/compare?kind=broken&search=an&page=1", "/retraining/4/compare?kind=x&page=x",
    ),
    "/retraining/<>/live": ("/retraining/1/live", "/retraining/3/live", "/retraining/99/live"),
    "/review": (
        "", "?status=accepted", "?status=rejected", "?status=any&label=male", "?status=right",
        "?sort=newest",
        "?sort=conflicts&version=v1", "?sort=surest&text=zu", "?since=2020-01-01&until=2020-01-02",
        "?status=x", "?sort=x", "?version=x", "?since=x", "?after=x",
    ),
    "/review/export.<>": (
        "/review/export.csv", "/review/export.jsonl?status=any",
        "/review/export.csv?status=accepted&version=v1",
        "/review/export.xml",
    ),
    "/review/name/<>": (
        "/review/name/zuleika", "/review/name/qwertina", "/review/name/nobody knows", "/review/name/x",
    ),
    "/review/visitor/<>": ("/review/visitor/1", "/review/visitor/14", "/review/visitor/999"),
    "/scoreboard": (
        "", "?version=all", "?version=2", "?version=v1&version=v2", "?days=7", "?days=today",
        "?days=all&reviewed=1",
        "?positive=male", "?source=api", "?days=3", "?version=v99", "?positive=x",
    ),
    "/scoreboard/again": ("", "?version=1&version=2&version=4", "?version=99"),
    "/scoreboard/holdout": (
        "", "?version=2", "?names=all&t=0.8", "?names=not_unisex", "?csv=x", "?names=x", "?t=x",
    ),
    "/scoreboard/live": ("", "?positive=male"),
    "/scoreboard/names": (
        "?guessed=female&answer=male", "?guessed=male&answer=female&days=all&version=all",
        "?guessed=female&answer=both",
        "", "?guessed=x&answer=y",
    ),
    "/scoreboard/plotly-<>.js": ("/scoreboard/plotly-0.js",),
    "/scoreboard/time": ("", "?version=all&days=all", "?csv=x", "?days=3"),
    "/scoreboard/time/live": ("",),
    "/scoreboard/versions": (
        "", "?version=1&version=2&version=4", "?version=1&version=2&names=all&differences=1", "?version=99",
    ),
    "/static/<>": ("/static/nothing.css", "/static/../wsgi.py"),
    "/surprise": ("",),
    "/thanks/<>": ("/thanks/1", "/thanks/2", "/thanks/999"),
    "/users": ("",),
    "/versions": ("",),
    "/versions/v<>": tuple(f"/versions/v{n}" for n in (1, 2, 3, 4, 99)),
    "/versions/v<>/card.md": tuple(f"/versions/v{n}/card.md" for n in (1, 2, 4, 99)),
    "/versions/v<>/download": ("/versions/v2/download", "/versions/v99/download"),
}  # fmt: skip
"""By rule; one that begins with `?`, or is empty, is the rule itself and a query."""

BESIDE = (
    "/nothing-here",
    "/review/",
    "/%00",
    "/robots.txt",
    "/favicon.ico",
    "/api/v1/nothing",
    "/genderize/nothing",
)


def rule_of(rule: Rule) -> str:
    """Return a rule without the names of what stands in it, which are the code's own affair."""
    return re.sub(r"<(\w+:)?\w+>", "<>", rule.rule)


def rules(app: Flask) -> dict[str, set[str]]:
    """Return the methods of every rule."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule_of(rule), set()).update(rule.methods or ())
    return found


def of_rule(rule: str) -> list[str]:
    """Return the addresses to ask for at a rule; raise KeyError for a rule that nobody wrote any for."""
    return [rule + end if end.startswith("?") or not end else end for end in EXAMPLES[rule]]
