"""The REST API, as a program uses it."""

import json
from itertools import product
from string import ascii_lowercase
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.factories import answer
from tests.support.networks import tiny_artifact
from webapp.accounts.keys import service as api_keys
from webapp.audit import trail as audit
from webapp.audit.trail import AuditFilter
from webapp.feedback import service as feedback
from webapp.guessing import predictor
from webapp.versions import service as versions

EVERYTHING = tuple(api_keys.SCOPES)


def key(app: Flask, *scopes: str) -> dict[str, str]:
    """Return the header that holds a new key with `scopes`."""
    with app.app_context():
        return {"Authorization": f"Bearer {api_keys.add('test', scopes, 1, by='command line').secret}"}


def told(response: TestResponse, status: int) -> dict[str, Any]:
    """Return a problem after looking at its form."""
    assert (response.status_code, response.content_type) == (status, "application/problem+json"), (
        response.text
    )
    assert response.json["status"] == status and response.json["detail"] and response.json["title"]
    return response.json


def test_one_name_is_guessed(client: FlaskClient) -> None:
    found = client.get("/api/v1/guess?name=Anna").json
    assert (found["name"], found["read_as"], found["version"]) == ("Anna", "anna", "v1")
    assert (found["people"], found["share"]) == (380_000, 0.99)
    assert found["label"] == ("female" if found["p_female"] >= 0.5 else "male")
    assert "trace" not in found and "token" not in found


def test_the_trace_has_one_step_a_letter(client: FlaskClient) -> None:
    trace = client.get("/api/v1/guess?name=Kim&trace=true").json["trace"]
    assert [step["letter"] for step in trace] == ["k", "i", "m"]


def test_below_the_threshold_a_guess_is_unsure(client: FlaskClient) -> None:
    assert client.get("/api/v1/guess?name=Kim&threshold=1").json["label"] == "unsure"


def test_many_names_get_what_one_gets_in_order(client: FlaskClient) -> None:
    names = ["Anna", "123", "José"]
    found = client.post("/api/v1/guess", json={"names": names, "trace": True}).json["guesses"]
    assert [one["name"] for one in found] == names
    assert found[2]["p_female"] == pytest.approx(
        client.get("/api/v1/guess?name=José").json["p_female"], abs=2e-6
    )
    assert found[1]["label"] is None and "no letter" in found[1]["reason"]


def test_a_thousand_names_are_taken_and_no_more(client: FlaskClient) -> None:
    assert len(client.post("/api/v1/guess", json={"names": ["Anna"] * 1_000}).json["guesses"]) == 1_000
    problem = told(client.post("/api/v1/guess", json={"names": ["Anna"] * 1_001}), 422)
    assert problem["errors"] == [{"path": "names", "message": "Length must be between 1 and 1000."}]


def different(n: int, letters: int) -> list[str]:
    """Return `n` different names of so many letters."""
    ends = ("".join(one) for one in product(ascii_lowercase, repeat=3))
    return ["b" * (letters - 3) + next(ends) for _ in range(n)]


@pytest.mark.parametrize(
    ("n", "letters", "is_traced", "cost"),
    [(1_000, 14, True, "119,000"), (30, 60, True, "56,700"), (900, 28, False, "50,400")],
)
def test_what_one_request_may_cost_is_bounded(
    client: FlaskClient, n: int, letters: int, is_traced: bool, cost: str
) -> None:
    body = {"names": different(n, letters), "trace": is_traced}
    problem = told(client.post("/api/v1/guess", json=body), 413)
    assert problem["detail"].startswith(f"These names are {cost} letters to read")
    assert ("leave out the trace" in problem["detail"]) is is_traced
    few = body | {"names": body["names"][: n * 2 // 5]}
    assert client.post("/api/v1/guess", json=few).status_code == 200


def test_a_thousand_usual_names_are_traced(client: FlaskClient) -> None:
    answer = client.post("/api/v1/guess", json={"names": different(1_000, 8), "trace": True})
    assert answer.status_code == 200 and len(answer.json["guesses"][-1]["trace"]) == 8


@pytest.mark.parametrize(
    ("names", "is_traced", "cost"),
    [
        (["Anna"], False, 1),
        (["Anna"] * 3, True, 3),
        (different(1, 64), True, 33),
        (different(3, 64), False, 6),
    ],
)
def test_long_names_take_more_off_a_quota(
    client: FlaskClient, names: list[str], is_traced: bool, cost: int
) -> None:
    def left(**body: Any) -> int:
        return int(client.post("/api/v1/guess", json=body).headers["RateLimit-Remaining"])

    before = left(names=["Kim"])
    assert before - left(names=names, trace=is_traced) == cost


def test_one_long_name_takes_more_off_a_quota_too(client: FlaskClient) -> None:
    first, second = (client.get(f"/api/v1/guess?name={name}&trace=true") for name in ("Kim", "k" * 64))
    left = [int(answer.headers["RateLimit-Remaining"]) for answer in (first, second)]
    assert left[0] - left[1] == 33


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "names"),
        ({"names": []}, "names"),
        ({"names": ["Anna", "Bo", "Kim", 7]}, "names.3"),
        ({"names": ["x" * 161]}, "names.0"),
        ({"names": ["Anna"], "threshold": 2}, "threshold"),
        ({"names": ["Anna"], "trace": "yes"}, "trace"),
        ({"names": ["Anna"], "nonsense": 1}, "nonsense"),
    ],
)
def test_a_wrong_field_is_told_with_its_path(client: FlaskClient, body: dict[str, Any], path: str) -> None:
    problem = told(client.post("/api/v1/guess", json=body), 422)
    assert [error["path"] for error in problem["errors"]] == [path]


@pytest.mark.parametrize(
    ("query", "path"),
    [("", "name"), ("name=a&form=x", "form"), ("name=a&threshold=NaN", "threshold")],
)
def test_a_wrong_parameter_is_told_with_its_path(client: FlaskClient, query: str, path: str) -> None:
    assert told(client.get(f"/api/v1/guess?{query}"), 422)["errors"][0]["path"] == path


@pytest.mark.parametrize(
    ("data", "status"), [("{", 400), ("[" * 20_000, 400), ('"' + "x" * 100_000 + '"', 413), ("[]", 422)]
)
def test_a_body_that_is_no_json_of_ours_is_told(client: FlaskClient, data: str, status: int) -> None:
    told(client.post("/api/v1/guess", data=data, content_type="application/json"), status)


def test_what_is_not_there_is_told_as_a_problem_too(client: FlaskClient) -> None:
    told(client.get("/api/v1/nothing"), 404)
    told(client.delete("/api/v1/guess"), 405)


def ask_for_token(client: FlaskClient, headers: dict[str, str] | None = None) -> str:
    return client.get("/api/v1/guess?name=Zuleika&token=true", headers=headers).json["token"]


def test_a_guess_is_answered_by_its_token(app: Flask, client: FlaskClient) -> None:
    given = {"token": ask_for_token(client), "answer": "both"}
    response = client.post("/api/v1/feedback", json=given)
    assert response.status_code == 201 and response.json["status"] == "pending"
    assert "Set-Cookie" not in response.headers
    with app.app_context():
        assert feedback.db.session.get(feedback.Feedback, response.json["id"]).source == "api"


def test_all_answers_of_one_address_are_one_visitors(client: FlaskClient) -> None:
    ids = {
        client.post("/api/v1/feedback", json={"token": ask_for_token(client), "answer": said}).json["id"]
        for said in ("both", "female", "male")
    }
    assert len(ids) == 1


def test_a_key_answers_for_itself(app: Flask, client: FlaskClient) -> None:
    ours, theirs = key(app, "feedback"), key(app, "feedback")
    given = {"token": ask_for_token(client, ours), "answer": "right"}
    told(client.post("/api/v1/feedback", json=given), 403)
    told(client.post("/api/v1/feedback", json=given, headers=theirs), 403)
    assert client.post("/api/v1/feedback", json=given, headers=ours).json["status"] == "right"


def test_a_forged_token_is_refused_with_its_path(client: FlaskClient) -> None:
    given = {"token": ask_for_token(client) + "x", "answer": "right"}
    assert told(client.post("/api/v1/feedback", json=given), 422)["errors"][0]["path"] == "token"


def test_the_scoreboard_is_figures(client: FlaskClient) -> None:
    found = client.get("/api/v1/scoreboard?days=all&version=all").json
    assert found["serving"] == "v1" and found["live"]["matrix"]["n"] == 0
    assert told(client.get("/api/v1/scoreboard?days=3"), 422)["errors"][0]["path"] == "days"


def test_versions_and_cards_are_public(client: FlaskClient) -> None:
    (listed,) = client.get("/api/v1/versions").json["versions"]
    assert (listed["label"], listed["is_serving"]) == ("v1", True)
    assert client.get("/api/v1/versions/1").json == listed
    assert client.get("/api/v1/versions/1/card").json["name"] == "tiny 0"
    told(client.get("/api/v1/versions/2"), 404)
    told(client.get(f"/api/v1/versions/{10**30}"), 404)


KEYED = [
    ("GET", "/api/v1/feedback", "export"),
    ("GET", "/api/v1/runs", "runs"),
    ("POST", "/api/v1/runs", "runs"),
    ("GET", "/api/v1/runs/1", "runs"),
    ("POST", "/api/v1/runs/1/cancel", "runs"),
    ("POST", "/api/v1/versions/1/promote", "promote"),
]


@pytest.mark.parametrize(("method", "path", "scope"), KEYED)
def test_what_needs_a_key_needs_its_scope(
    app: Flask, client: FlaskClient, admin_client: FlaskClient, method: str, path: str, scope: str
) -> None:
    sent = {"method": method, "json": {}} if method == "POST" else {"method": method}
    told(client.open(path, **sent), 401)
    told(admin_client.open(path, **sent), 401)  # a log-in never counts here
    others = key(app, *(other for other in EVERYTHING if other != scope))
    assert scope in told(client.open(path, headers=others, **sent), 403)["detail"]
    with client.open(path, headers=key(app, scope), **sent) as answer:
        assert answer.status_code not in (401, 403)


@pytest.mark.parametrize("header", ["Authorization", "X-Api-Key"])
def test_a_key_that_opens_nothing_is_refused_even_where_none_is_needed(
    client: FlaskClient, header: str
) -> None:
    value = "Bearer nope" if header == "Authorization" else "nope"
    response = client.get("/api/v1/guess?name=a", headers={header: value})
    told(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_feedback_is_exported_line_by_line(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        answer("zuleika", "female", typed="=Zuleika")
    lines = client.get("/api/v1/feedback", headers=key(app, "export")).text.splitlines()
    (row,) = map(json.loads, lines)
    assert (row["name"], row["answer"], row["version"]) == ("zuleika", "female", "v1")
    assert row["visitor"] != "ann" and len(row["visitor"]) == 16
    table = client.get("/api/v1/feedback?format=csv", headers=key(app, "export"))
    assert "'=Zuleika" in table.text and "attachment" in table.headers["Content-Disposition"]


def test_a_key_promotes_and_is_written_down(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        versions.add(tiny_artifact(1), origin="import", by="test")
    response = client.post(
        "/api/v1/versions/2/promote", json={"reason": "better"}, headers=key(app, "promote")
    )
    assert (response.status_code, response.json["version"]) == (200, "v2")
    with app.app_context():
        assert any(entry.actor.startswith("API key") for entry in audit.page(AuditFilter())[0])
        predictor.get().refresh()
        assert predictor.get().current().version_id == 2


def test_a_run_that_cannot_be_is_told(app: Flask, client: FlaskClient) -> None:
    told(client.post("/api/v1/runs", json={}, headers=key(app, "runs")), 409)
    wrong = client.post("/api/v1/runs", json={"preset": "huge"}, headers=key(app, "runs"))
    assert told(wrong, 422)["errors"][0]["path"] == "preset"
    asks = {"kind": "scratch", "promote_if_passed": True}
    told(client.post("/api/v1/runs", json=asks, headers=key(app, "runs")), 403)


def test_the_quota_is_told_counted_in_names_and_kept(app: Flask, client: FlaskClient) -> None:
    app.config["API_NAMES_PER_MINUTE"] = 5
    headers = client.post("/api/v1/guess", json={"names": ["a", "b", "c"]}).headers
    assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("5", "2")
    refused = client.post("/api/v1/guess", json={"names": ["a", "b", "c"]})
    assert "2 are left" in told(refused, 429)["detail"] and int(refused.headers["Retry-After"]) > 0
    assert client.get("/api/v1/guess?name=a").status_code == 200
    assert client.get("/api/v1/guess?name=a", headers=key(app, "read")).headers["RateLimit-Remaining"] == "4"


def test_no_other_site_may_use_it_in_a_browser(client: FlaskClient) -> None:
    headers = client.get("/api/v1/guess?name=a", headers={"Origin": "https://example.org"}).headers
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("name", ["", "123", "N/A", "Anna & Tom", "J. K."])
def test_both_ways_to_guess_treat_what_is_no_name_alike(client: FlaskClient, name: str) -> None:
    one = client.get("/api/v1/guess", query_string={"name": name})
    (of_many,) = client.post("/api/v1/guess", json={"names": [name]}).json["guesses"]
    assert one.status_code == 200 and one.json == of_many
    assert of_many["label"] is None and of_many["reason"].endswith(".")


def test_a_guess_says_what_was_left_out_and_what_is_doubtful(client: FlaskClient) -> None:
    asked = {"name": "Dr. Kovács Éva", "form": "surname-first"}
    guess = client.get("/api/v1/guess", query_string=asked).json
    assert guess["read_as"] == "eva" and "doubt" not in guess
    assert guess["left_out"] == [{"text": "Dr.", "why": "title"}, {"text": "Kovács", "why": "surname"}]
    assert "full name" in client.get("/api/v1/guess", query_string={"name": "Kovács Éva"}).json["doubt"]


def test_a_form_is_for_all_names_of_a_request(client: FlaskClient) -> None:
    asked = {"names": ["Anna Müller", "Smith, John"], "form": "given-first"}
    guesses = client.post("/api/v1/guess", json=asked).json["guesses"]
    assert [guess["read_as"] for guess in guesses] == ["anna", "john"]
