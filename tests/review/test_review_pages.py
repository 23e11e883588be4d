"""Review as reviewers see it."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.factories import answer
from tests.support.visits import post
from webapp.extensions import db
from webapp.models import Feedback, now
from webapp.presentation import tabular
from webapp.review import service as review
from webapp.review.queries import PER_PAGE

TYPED = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202eanna", "a" + "\u0301" * 63]
SORTS = ("votes", "surest", "newest", "conflicts")
RUNS = ["=1+1", "+anna", "-anna", "@anna", "'anna", "'=anna", "anna", "'", "''"]


@pytest.fixture
def waiting(app: Flask) -> Flask:
    """A site where Zuleika is split, Anna stands against the records, and Amparo is plain."""
    with app.app_context():
        answer("zuleika", "female"), answer("zuleika", "both", visitor="bob")
        answer("anna", "male", guessed="female")
        answer("amparo", "female"), answer("torbern", "right")
    return app


def statuses(app: Flask, name: str) -> list[str]:
    with app.app_context():
        return sorted(db.session.scalars(select(Feedback.status).filter_by(name=name)))


def names_on(page: str) -> list[str]:
    return re.findall(r'<tr data-name="([^"]+)"', page)


def test_what_waits_is_shown_with_votes_and_what_is_known(
    waiting: Flask, reviewer_client: FlaskClient
) -> None:
    page = reviewer_client.get("/review").text
    for words in (
        "1 × women",
        "1 × both",
        "split votes",
        "against the records",
        "380,000 people",
        "99.0% women",
    ):
        assert words in page
    assert "torbern" not in page


def test_nothing_waits_at_first(reviewer_client: FlaskClient) -> None:
    assert "Nothing waits for review." in reviewer_client.get("/review").text


def test_what_waits_can_be_filtered(waiting: Flask, reviewer_client: FlaskClient) -> None:
    right = {
        "": ["amparo", "anna", "zuleika"],
        "?sort=newest": ["amparo", "anna", "zuleika"],
        "?sort=conflicts": ["amparo", "anna", "zuleika"],
        "?text=A": ["amparo", "anna"],
        "?label=both": ["zuleika"],
        "?version=v1&label=male": ["anna"],
        "?version=2": [],
        "?since=2020-01-01&until=2020-01-02": [],
        "?text=%25": [],
    }
    assert {asked: sorted(names_on(reviewer_client.get("/review" + asked).text)) for asked in right} == right


@pytest.mark.parametrize("asked", ["status=x", "sort=x", "version=x", "label=x", "since=x", "until=1-1-1-1"])
def test_a_filter_that_means_nothing_is_refused(reviewer_client: FlaskClient, asked: str) -> None:
    assert reviewer_client.get(f"/review?{asked}").status_code == 422


@pytest.mark.parametrize("after", ["x", "[]", "[1]", '["a","b","c"]', "[null,null,null]", "{}", "9" * 999])
def test_a_page_that_no_list_has_is_refused(reviewer_client: FlaskClient, after: str) -> None:
    assert reviewer_client.get("/review", query_string={"after": after}).status_code == 400


def test_pages_show_every_name_once_in_every_order(app: Flask, reviewer_client: FlaskClient) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = {f"{letters[n % 26]}{letters[n // 26]}o": (n % 7) / 20 for n in range(PER_PAGE + 10)}
    with app.app_context():
        for name, p_female in names.items():
            answer(name, p_female=p_female)
    shown = {sort: names_on_all_pages(reviewer_client, sort) for sort in SORTS}
    assert {sort: sorted(seen) for sort, seen in shown.items()} == dict.fromkeys(SORTS, sorted(names))


def names_on_all_pages(client: FlaskClient, sort: str) -> list[str]:
    """Return the names that the first page and all that follow it show."""
    seen, address = [], f"/review?sort={sort}"
    while address:
        page = client.get(address).text
        seen += names_on(page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = more and more[1].replace("&amp;", "&")
    return seen


def test_one_name_is_accepted_and_undone(waiting: Flask, reviewer_client: FlaskClient) -> None:
    answered = post(reviewer_client, "/review/decide?sort=newest", do="accept female zuleika", reason="Sure.")
    assert answered.location == "/review?sort=newest"
    assert statuses(waiting, "zuleika") == ["accepted", "rejected"]
    page = reviewer_client.get(answered.location).text
    at = re.search(r'name="at" value="([^"]+)"', page)
    assert "Decided: Zuleika (2 answers)." in page and at
    post(reviewer_client, "/review/undo", at=at[1])
    assert statuses(waiting, "zuleika") == ["pending", "pending"]


def test_a_bulk_accept_takes_no_contested_name(waiting: Flask, reviewer_client: FlaskClient) -> None:
    post(reviewer_client, "/review/decide", do="accept", name=["zuleika", "anna", "amparo"])
    page = reviewer_client.get("/review").text
    assert statuses(waiting, "amparo") == ["accepted"] and statuses(waiting, "anna") == ["pending"]
    assert "Anna and Zuleika are contested: decide one by one." in page


def test_many_names_can_be_rejected(waiting: Flask, reviewer_client: FlaskClient) -> None:
    post(reviewer_client, "/review/decide", do="reject", name=["zuleika", "anna"])
    assert statuses(waiting, "anna") == ["rejected"] and statuses(waiting, "zuleika") == ["rejected"] * 2


def test_a_script_gets_the_decision_as_json(waiting: Flask, reviewer_client: FlaskClient) -> None:
    reviewer_client.environ_base["HTTP_ACCEPT"] = "application/json"
    body = post(reviewer_client, "/review/decide", do="reject amparo").json
    assert body["said"] == "Decided: Amparo (1 answer)." and body["at"] and body["waiting"] == 2


def test_votes_that_came_after_the_page_wait_on(waiting: Flask, reviewer_client: FlaskClient) -> None:
    before = (now() - timedelta(minutes=1)).isoformat()
    post(reviewer_client, "/review/decide", do="reject zuleika", seen=before)
    assert statuses(waiting, "zuleika") == ["pending", "pending"]


@pytest.mark.parametrize("do", ["", "delete anna", "accept women anna", "accept female nobody"])
def test_no_other_decision_is_taken(waiting: Flask, reviewer_client: FlaskClient, do: str) -> None:
    post(reviewer_client, "/review/decide", do=do)
    assert statuses(waiting, "anna") == ["pending"]


def test_a_decision_does_not_lead_away_from_the_site(waiting: Flask, reviewer_client: FlaskClient) -> None:
    address = "/review/decide?_external=1&_scheme=javascript&next=//evil"
    assert post(reviewer_client, address, do="reject anna").location == "/review"
    for back in ("//evil", "https://evil", "/\\evil"):
        answered = post(reviewer_client, "/review/answers", do="reopen 3", back=back)
        assert "evil" not in answered.headers.get("Location", "")
        post(reviewer_client, "/review/answers", do="rejected 3")


def test_the_page_of_a_name_tells_its_whole_story(waiting: Flask, reviewer_client: FlaskClient) -> None:
    post(reviewer_client, "/review/decide", do="accept both zuleika", reason="Both, by the records.")
    page = reviewer_client.get("/review/name/zuleika").text
    for words in (
        "reviewer@example.org",
        "accepted both (1), rejected 1",
        "Both, by the records.",
        "v1 answers",
    ):
        assert words in page


def test_the_page_of_a_name_nobody_answered_is_not_there(reviewer_client: FlaskClient) -> None:
    assert reviewer_client.get("/review/name/nobody").status_code == 404


def test_single_answers_are_decided_and_undone(waiting: Flask, reviewer_client: FlaskClient) -> None:
    for do, status in (("accepted 3", "accepted"), ("rejected 3", "rejected"), ("reopen 3", "pending")):
        answered = post(reviewer_client, "/review/answers", do=do, back="/review/name/anna?")
        assert answered.location == "/review/name/anna" and statuses(waiting, "anna") == [status]


@pytest.mark.parametrize("status", ["accepted", "rejected", "right", "any"])
def test_decided_answers_are_listed(waiting: Flask, reviewer_client: FlaskClient, status: str) -> None:
    post(reviewer_client, "/review/decide", do="accept female zuleika")
    page = reviewer_client.get(f"/review?status={status}&text=z&version=1").text
    assert ("zuleika" in page) == (status != "right")


def test_everything_of_a_visitor_is_seen_and_rejected(waiting: Flask, reviewer_client: FlaskClient) -> None:
    page = reviewer_client.get("/review/visitor/1").text
    assert "3 waiting, 1 said to be right" in page and "ann" not in re.findall(r">(ann)<", page)
    post(reviewer_client, "/review/visitor/1/reject", hours="")
    assert statuses(waiting, "anna") == ["rejected"] and statuses(waiting, "zuleika") == [
        "pending",
        "rejected",
    ]


def test_a_flood_is_rejected_and_undone(waiting: Flask, reviewer_client: FlaskClient) -> None:
    post(reviewer_client, "/review/since/reject", hours="1")
    page = reviewer_client.get("/review").text
    assert "Nothing waits for review." in page
    at = re.search(r'name="at" value="([^"]+)"', page)
    post(reviewer_client, "/review/undo", at=at[1])
    assert len(names_on(reviewer_client.get("/review").text)) == 3


@pytest.mark.parametrize("hours", ["", "x", "0", "-1", "999999"])
def test_a_flood_has_a_beginning(waiting: Flask, reviewer_client: FlaskClient, hours: str) -> None:
    assert post(reviewer_client, "/review/since/reject", hours=hours).status_code == 400


def test_staff_see_how_many_names_wait(waiting: Flask, reviewer_client: FlaskClient) -> None:
    assert 'Review&nbsp;<span class="badge strong">3</span>' in reviewer_client.get("/").text
    assert "Review" not in waiting.test_client().get("/").text


@pytest.mark.parametrize("typed", TYPED)
def test_any_name_is_shown_as_text(app: Flask, reviewer_client: FlaskClient, typed: str) -> None:
    with app.app_context():
        answer("anna", typed=typed, visitor=typed[:64])
        review.decide([1], "rejected", by="eve", reason=typed)
    for path in ("/review?status=any", "/review/name/anna", "/review/visitor/1"):
        page = reviewer_client.get(path).text
        assert "<script>alert" not in page and "<img" not in page and '<bdi class="typed">' in page


def test_the_export_is_what_the_filter_lets_pass(waiting: Flask, reviewer_client: FlaskClient) -> None:
    file = reviewer_client.get("/review/export.jsonl?status=pending&text=zul")
    assert [json.loads(line)["name"] for line in file.text.splitlines()] == ["zuleika", "zuleika"]
    assert file.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("typed", RUNS)
def test_no_cell_of_an_export_is_run_by_a_spreadsheet(
    app: Flask, reviewer_client: FlaskClient, typed: str
) -> None:
    with app.app_context():
        answer("anna", typed=typed)
    rows = list(csv.DictReader(io.StringIO(reviewer_client.get("/review/export.csv").text)))
    assert not rows[0]["typed"].startswith(("=", "+", "-", "@"))
    assert tabular.original(rows[0]["typed"]) == typed


def test_a_reviewer_sees_what_was_left_out_of_what_was_typed(
    app: Flask, reviewer_client: FlaskClient
) -> None:
    with app.app_context():
        answer("zuleika", typed="Ms. Zuleika")
    page = reviewer_client.get("/review/name/zuleika").text
    assert "Ms. Zuleika</bdi>; " in page and "left out (a title)" in page
