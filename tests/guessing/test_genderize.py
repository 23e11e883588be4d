"""The endpoint that speaks like genderize.io, by the plain HTTP calls that its clients make."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.databases import away
from tests.support.factories import answer
from webapp.accounts.keys import service as api_keys
from webapp.models import Feedback
from webapp.storage.database import writing


def ask(client: FlaskClient, query: str) -> Any:
    response = client.get(f"/genderize?{query}")
    assert response.status_code == 200, response.text
    return response.json


def error(client: FlaskClient, query: str, **headers: str) -> tuple[int, str]:
    response = client.get(f"/genderize?{query}", headers=headers)
    return response.status_code, response.json["error"]


def test_one_name_is_one_object(client: FlaskClient) -> None:
    found = ask(client, "name=Anna")
    assert list(found) == ["name", "gender", "probability", "count"]
    assert found["name"] == "Anna" and found["count"] == 380_000
    assert found["gender"] in ("female", "male") and 0.5 <= found["probability"] <= 1


@pytest.mark.parametrize("path", ["/genderize?", "/genderize/?"])
def test_clients_with_and_without_a_slash_are_answered_without_a_redirect(
    client: FlaskClient, path: str
) -> None:
    assert client.get(path + "name=kim").status_code == 200


@pytest.mark.parametrize(
    "query", ["name[]=kim&name[]=Anna", "name%5B0%5D=kim&name%5B1%5D=Anna", "name[1]=Anna&name[0]=kim"]
)
def test_several_names_are_a_list_in_their_order(client: FlaskClient, query: str) -> None:
    assert [found["name"] for found in ask(client, query)] == ["kim", "Anna"]


def test_a_list_of_one_name_is_a_list(client: FlaskClient) -> None:
    assert [found["name"] for found in ask(client, "name[]=kim")] == ["kim"]


def test_many_names_get_the_answers_of_one(client: FlaskClient) -> None:
    names = ["Anna", "Maria", "John", "Kim", "Torbern", "Ann"]
    together = ask(client, "&".join(f"name[]={name}" for name in names))
    assert together == [ask(client, f"name={name}") for name in names]


def test_a_name_is_echoed_as_it_was_sent(client: FlaskClient) -> None:
    assert ask(client, "name=Ren%C3%A9%20")["name"] == "René "


@pytest.mark.parametrize("name", ["", "12345", "x" * 500])
def test_a_name_without_an_answer_is_no_error(client: FlaskClient, name: str) -> None:
    assert ask(client, f"name={name}") == {"name": name, "gender": None, "probability": 0.0, "count": 0}


def test_a_name_that_only_the_network_knows_counts_nobody(client: FlaskClient) -> None:
    assert ask(client, "name=Xylandra")["count"] == 0


def test_accepted_corrections_are_counted(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        answer("xylandra", "female")
        answer("xylandra", "female", visitor="bob")
        with writing() as session:
            session.query(Feedback).update({"status": "accepted"})
    assert ask(client, "name=Xylandra")["count"] == 2


def test_the_country_is_echoed_in_upper_case(client: FlaskClient) -> None:
    assert ask(client, "name=kim&country_id=us")["country_id"] == "US"
    assert "country_id" not in ask(client, "name=kim")
    assert [one["country_id"] for one in ask(client, "name[]=kim&name[]=ann&country_id=DK")] == ["DK", "DK"]


def test_old_clients_may_send_a_language(client: FlaskClient) -> None:
    assert ask(client, "name=kim&language_id=da")["name"] == "kim"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Missing 'name' parameter"),
        ("nam=kim", "Missing 'name' parameter"),
        ("name=a&name=b", "Invalid 'name' parameter"),
        ("&".join(["name[]=kim"] * 101), "Invalid 'name' parameter"),
        ("name=kim&country_id=USA", "Invalid 'country_id' parameter"),
        ("name=kim&country_id=1x", "Invalid 'country_id' parameter"),
    ],
)
def test_a_bad_request_is_told_in_the_known_words(client: FlaskClient, query: str, sentence: str) -> None:
    assert error(client, query) == (422, sentence)


def test_an_unknown_key_is_refused(client: FlaskClient) -> None:
    assert error(client, "name=kim&apikey=nope") == (401, "Invalid API key")
    assert error(client, "name=kim", **{"X-Api-Key": "nope"}) == (401, "Invalid API key")


def left(client: FlaskClient, query: str = "name=kim", **headers: str) -> tuple[int, int, int]:
    told = client.get(f"/genderize?{query}", headers=headers).headers
    assert told["X-Rate-Limit-Reset"] == told["X-Rate-Reset"]
    return tuple(int(told[f"X-Rate-Limit-{word}"]) for word in ("Limit", "Remaining", "Reset"))  # type: ignore[return-value]


def test_every_answer_says_what_is_left_counted_in_names(client: FlaskClient) -> None:
    assert left(client)[:2] == (100_000, 99_999)
    assert left(client, "name[]=a&name[]=b&name[]=c")[1] == 99_996
    assert left(client, "nothing=here")[1] == 99_996
    assert 86_300 < left(client, "name=kim&apikey=nope")[2] <= 86_400


def test_a_spent_quota_is_refused_in_the_known_words(app: Flask, client: FlaskClient) -> None:
    app.config["GENDERIZE_PER_DAY"] = 3
    ask(client, "name[]=a&name[]=b")
    assert error(client, "name[]=a&name[]=b") == (429, "Request limit too low to process request")
    ask(client, "name=a")
    assert error(client, "name=a") == (429, "Request limit reached")


def test_a_key_has_a_quota_of_its_own(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        secret = api_keys.add("ours", ["read"], None, by="command line").secret
    assert left(client)[1] == 99_999
    assert left(client, f"name=kim&apikey={secret}")[1] == 99_999
    assert left(client, **{"X-Api-Key": secret})[1] == 99_998
    told = client.get("/genderize/rate_limit", headers={"X-Api-Key": secret}).json
    assert (told["remaining"], told["tier"]) == (99_998, "key")


def test_the_quota_can_be_asked_for_without_spending_it(client: FlaskClient) -> None:
    for _ in range(2):
        told = client.get("/genderize/rate_limit").json
        assert (told["limit"], told["remaining"], told["tier"]) == (100_000, 100_000, "free")


def test_browsers_of_other_sites_may_read_the_answer(client: FlaskClient) -> None:
    headers = client.get("/genderize?name=kim", headers={"Origin": "https://example.org"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Rate-Limit-Remaining" in headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in headers


def test_a_preflight_allows_the_key_header(client: FlaskClient) -> None:
    headers = client.options("/genderize", headers={"Origin": "https://example.org"}).headers
    assert headers["Access-Control-Allow-Headers"] == "X-Api-Key"


@pytest.mark.parametrize("path", ["/", "/scoreboard", "/healthz"])
def test_no_other_page_may_be_read_from_elsewhere(client: FlaskClient, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in client.get(path, headers={"Origin": "https://x.org"}).headers


def test_no_cookie_is_set(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/genderize?name=kim").headers


def test_without_a_corpus_the_error_is_json(app: Flask, client: FlaskClient) -> None:
    from pathlib import Path

    (Path(app.config["INSTANCE"]) / "corpus.db").unlink()
    status, sentence = error(client, "name=kim")
    assert status == 503 and "no records" in sentence


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/genderize", 405), ("POST", "/genderize/", 405), ("DELETE", "/genderize/rate_limit", 405),
     ("GET", "/genderize/nothing", 404), ("POST", "/genderize/a/b", 404)],
)  # fmt: skip
def test_what_is_not_there_is_told_in_json(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method, data={"name": "Anna"})
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert list(answer.json) == ["error"] and ("Allow" in answer.headers) == (status == 405)


def test_a_title_moves_no_answer_and_a_record_is_its_own_spelling_s(client: FlaskClient) -> None:
    names = ("Anna", "Dr. Anna")
    plain, titled = (client.get("/genderize", query_string={"name": name}).json for name in names)
    assert titled == plain | {"name": "Dr. Anna"} and plain["count"] > 0
    assert client.get("/genderize", query_string={"name": "آنا"}).json["count"] == 0


def test_while_the_database_is_away_the_error_is_json(
    app: Flask, client: FlaskClient, instance: Path
) -> None:
    assert client.get("/genderize?name=Anna").status_code == 200
    with away(instance, "api_key"):
        answer = client.get("/genderize?name=Anna&apikey=x")
    assert (answer.status_code, answer.json) == (503, {"error": "Service unavailable"})
