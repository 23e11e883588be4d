"""Where a name is from, and names in their own letters: on pages, in the API, in files, in the terminal."""

import html
import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.support.letters import letters_artifact
from tests.support.readers import small_readers
from tests.support.visits import post, words
from training.model.saving import dump, load
from webapp.extensions import db
from webapp.models import Feedback
from webapp.versions import service as versions

pytestmark = pytest.mark.xdist_group("readers")  # whose worker teaches the small ones once


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client of a site whose network goes by the last letter, with two small readers beside it."""
    network = load(letters_artifact())
    with app.app_context():
        data = dump(network.network, network.card, small_readers())
        versions.promote(versions.add(data, origin="import", by="test").id, by="test")
    return app.test_client()


def page(client: FlaskClient, name: str, **more: str) -> str:
    answer = client.get("/", query_string={"name": name, **more})
    assert answer.status_code == 200
    return answer.text


def test_a_country_is_read_before_the_name_and_told(client: FlaskClient) -> None:
    shown = page(client, "Anna", country="BR")
    assert "Read as a name from Brazil, as those from Portugal are." in words(shown)
    assert '<option value="BR" selected>Brazil</option>' in shown


def test_a_country_that_changes_the_answer_says_what_it_would_be_anywhere(client: FlaskClient) -> None:
    shown = words(page(client, "Andrea", country="IT"))
    assert "Mostly given to men" in shown and "From anywhere: women, about" in shown
    assert "From anywhere it is much the same: women, about" in words(page(client, "Anna", country="IT"))
    # Men's in both, but 5 and 27 of 100 women are not the same.
    assert "From anywhere: men, about" in words(page(client, "Jean", country="ES"))


def test_countries_where_it_is_given_otherwise_are_listed_when_somebody_asks(client: FlaskClient) -> None:
    link = re.search(r'<a href="([^"]+)">In other countries</a>', page(client, "Andrea", country=""))
    assert link
    shown = words(client.get(html.unescape(link[1])).text)
    assert "Mostly given to women" in shown
    assert re.search(r"Otherwise in \d+ countr", shown) and "Italy: men" in shown
    assert "In other countries" not in shown


def test_while_one_types_other_countries_are_a_link_and_nothing_is_read_for_it(client: FlaskClient) -> None:
    shown = client.get("/guess?name=Andrea").json["html"]
    assert "In other countries" in shown and "Otherwise in" not in shown


def test_a_name_that_no_country_changes_says_so(client: FlaskClient) -> None:
    assert "given alike in every country" in words(page(client, "Anna", elsewhere="yes"))


def test_a_name_in_a_script_of_one_country_offers_no_other(client: FlaskClient) -> None:
    assert "In other countries" not in page(client, "שרה")
    assert "In other countries" in page(client, "花子")


def elsewhere(shown: str) -> tuple[list[str], list[str]]:
    """Return the countries that are listed at once, and those that are folded away."""
    part = shown.partition('<div class="elsewhere" id="elsewhere">')[2].partition("<form")[0]
    at_once, _, folded = part.partition("<details")
    found = [re.findall(r"country=(..)", text) for text in (at_once, folded)]
    return found[0], found[1]


def test_a_long_list_of_countries_shows_those_with_the_most_bearers_first(client: FlaskClient) -> None:
    at_once, folded = elsewhere(page(client, "Anna", country="", elsewhere="yes"))
    assert (at_once, folded) == ([], [])
    at_once, folded = elsewhere(page(client, "Andrea", country="IT", elsewhere="yes"))
    assert len(at_once) == 5 < len(folded) and set(at_once) < set(folded)
    assert at_once[:2] == ["DE", "HU"]


def test_how_many_bear_a_name_in_a_country_is_called_an_estimate(client: FlaskClient) -> None:
    shown = words(page(client, "Anna", country="DE"))
    assert "In Germany about 700,000 people bear it. That is an estimate" in shown
    assert "people bear it" not in words(page(client, "Anna", country=""))


def test_a_country_is_remembered_until_anywhere_is_chosen(client: FlaskClient) -> None:
    page(client, "Anna", country="IT")
    assert "Read as a name from Italy." in page(client, "Anna")
    assert "Read as a name" not in page(client, "Anna", country="")
    assert "Read as a name" not in page(client, "Anna")


def test_a_country_that_is_no_code_is_refused(client: FlaskClient) -> None:
    assert client.get("/", query_string={"name": "Anna", "country": "Italy"}).status_code == 422
    assert client.get("/api/v1/guess?name=anna&country=Italy").status_code == 422
    assert client.get("/api/v1/guess?name=anna&country=ZZ").json["p_female"] > 0.5


def test_letters_tell_where_a_name_is_from(client: FlaskClient) -> None:
    assert "Read as a name from Greece, by its letters." in words(page(client, "Σοφία"))


def test_names_are_read_in_their_own_letters(client: FlaskClient) -> None:
    asked = {"names": ["花子", "太郎", "שרה", "דוד", "서연", "민준"]}
    answers = client.post("/api/v1/guess", json=asked).json["guesses"]
    assert [one["label"] for one in answers] == ["female", "male"] * 3
    assert [one["read_as"] for one in answers] == asked["names"]


def test_the_api_tells_the_country_and_what_it_changed(client: FlaskClient) -> None:
    answer = client.get("/api/v1/guess?name=Andrea&country=it&trace=true").json
    assert (answer["country"], answer["label"], len(answer["trace"])) == ("IT", "male", 6)
    assert answer["p_female_anywhere"] > 0.5 and answer["people"] is None


def test_genderize_reads_and_counts_by_country(client: FlaskClient) -> None:
    here, anywhere = (client.get(f"/genderize?name=Anna{more}").json for more in ("&country_id=DE", ""))
    assert (here["count"], here["country_id"], anywhere["count"]) == (704_000, "DE", 380_000)
    assert client.get("/genderize?name=Andrea&country_id=IT").json["gender"] == "male"
    assert client.get("/genderize?name=Andrea").json["gender"] == "female"


def test_a_whole_file_may_be_from_one_country(client: FlaskClient) -> None:
    place = post(client, "/batch", file=(BytesIO(b"name\nAndrea\nAnna\n"), "names.csv")).location
    lines = client.get(f"{place}/file?column=0&country=IT").text.splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["male", "female"]


def test_the_terminal_takes_a_country(app: Flask, client: FlaskClient) -> None:
    run = app.test_cli_runner().invoke
    assert "men, about" in run(args=["guess", "Andrea", "--country", "IT"]).output
    assert "women, about" in run(args=["guess", "Andrea"]).output
    assert "two letters" in run(args=["guess", "Andrea", "--country", "Italy"]).output


def test_an_answer_is_about_the_name_of_that_country(app: Flask, client: FlaskClient) -> None:
    token = re.search(r'name="token" value="([^"]+)"', page(client, "Anna", country="IT"))
    assert token
    post(client, "/feedback", token=token[1], answer="male")
    with app.app_context():
        assert [row.name for row in db.session.scalars(select(Feedback))] == ["IT:anna"]
    assert "from Italy" in words(client.get("/history").text)


SHEET = b"name,country\nAndrea,Italy\nAndrea,Atlantis\n"


def test_the_page_of_a_file_shows_and_changes_where_each_name_is_from(client: FlaskClient) -> None:
    place = post(client, "/batch", file=(BytesIO(SHEET), "names.csv")).location
    shown = client.get(place).text
    assert "“country” says where each is from." in words(shown)
    assert "No country is known by “Atlantis”: read as from anywhere." in words(shown)
    assert '<option value="1" selected>country</option>' in shown and "Andrea Italy" in words(shown)
    found = client.get(f"{place}/file?column=0&country_column=1").text.splitlines()
    assert [line.split(",")[2] for line in found[1:]] == ["male", "female"]
    assert [line.split(",")[7] for line in found[1:]] == ["IT", "anywhere"]
    plain = client.get(f"{place}/file?column=0&country_column=").text.splitlines()
    assert [line.split(",")[2] for line in plain[1:]] == ["female", "female"]
    assert client.get(f"{place}?column=0&country_column=9").status_code == 422


def test_the_api_reads_a_column_of_countries(client: FlaskClient) -> None:
    def send(**said: str) -> list[str]:
        sent = {"file": (BytesIO(SHEET), "names.csv"), **said}
        answer = client.post("/api/v1/files", data=sent)
        assert answer.status_code == 200, answer.text
        return [line.split(",")[2] for line in answer.text.splitlines()[1:]]

    assert send() == send(country_column="country") == send(country_column="2") == ["male", "female"]
    assert send(country_column="0") == ["female", "female"]
    assert send(country="IT") == send(country="IT", country_column="0") == ["male", "male"]
    wrong = {"file": (BytesIO(SHEET), "names.csv"), "country_column": "nation"}
    assert client.post("/api/v1/files", data=wrong).status_code == 422


def test_a_kept_file_says_its_column_of_countries(client: FlaskClient) -> None:
    sent = {"file": (BytesIO(SHEET), "names.csv"), "answer": "address"}
    told = client.post("/api/v1/files", data=sent).json
    assert told["reading"]["country_column"] == {"number": 2, "heading": "country"}
    assert [row["country"] for row in told["first_rows"]] == ["IT", ""]
    assert client.get(told["result"]).text.splitlines()[1].split(",")[2] == "male"


def test_the_terminal_reads_a_column_of_countries(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(SHEET)

    def labels(*more: str) -> list[str]:
        args = ["guess", str(tmp_path / "in.csv"), "--force", "-o", str(tmp_path / "out.csv"), *more]
        result = app.test_cli_runner().invoke(args=args)
        assert result.exit_code == 0, result.output
        return [line.split(",")[2] for line in (tmp_path / "out.csv").read_text().splitlines()[1:]]

    assert labels() == labels("--country-column", "country") == ["male", "female"]
    assert labels("--country-column", "0") == ["female", "female"]


def test_a_surname_that_tells_a_country_is_told(client: FlaskClient) -> None:
    shown = words(client.get("/", query_string={"name": "Andrea Rossi", "form": "given-first"}).text)
    assert "Read as a name from Italy, as the surname Rossi tells. From anywhere" in shown
    asked = {"name": "Andrea Rossi", "form": "given-first", "country": "DE"}
    assert "Read as a name from Germany. From anywhere" in words(client.get("/", query_string=asked).text)
    answer = client.get("/api/v1/guess", query_string={"name": "Andrea Rossi", "form": "given-first"}).json
    assert answer and answer["country"] == "IT" and answer["read_as"] == "andrea"
