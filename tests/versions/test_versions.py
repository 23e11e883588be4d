"""Versions: what may serve, who let it, what is learned then, what may be deleted."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.support.factories import correct
from tests.support.networks import tiny_artifact
from tests.support.visits import post
from training.model import saving
from training.model.network import Network
from training.model.settings import NetworkSettings
from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import Feedback, Promotion, Run, TaughtName, Version
from webapp.runs import service as runs
from webapp.scoreboard import service as scoreboard
from webapp.storage.database import writing
from webapp.versions import service as versions
from webapp.versions.keeping import service as keeping


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def another(seed: int = 1, **lessons: str) -> Version:
    """Import another tiny network that was taught some names."""
    version = versions.add(tiny_artifact(seed), origin="import", by="ada")
    with writing() as session:
        session.add_all(TaughtName(version_id=version.id, name=name, answer=a) for name, a in lessons.items())
    return version


def learned_in(row: Feedback) -> int | None:
    db.session.rollback()
    return db.session.get_one(Feedback, row.id).learned_id


def count_promotions() -> int:
    return db.session.scalar(select(func.count(Promotion.id))) or 0


def test_a_double_click_promotes_once() -> None:
    version, seen = another(), versions.serving()
    for _ in range(2):
        versions.promote(version.id, by="ada", expected=seen and seen.id)
    assert count_promotions() == 2


def test_the_second_of_two_admins_is_told_what_the_first_did() -> None:
    first, second, seen = another(1), another(2), versions.serving()
    versions.promote(first.id, by="ada", expected=seen and seen.id)
    with pytest.raises(Conflict, match="ada made v2 serve"):
        versions.promote(second.id, by="bob", expected=seen and seen.id)


def test_going_back_is_called_a_rollback() -> None:
    versions.promote(another().id, by="ada")
    assert versions.promote(1, by="ada").kind == "rollback"


def test_what_the_gate_refused_needs_a_written_reason() -> None:
    version = another()
    with writing() as session:
        run = Run(created_by="ada", kind="scratch", settings={}, state="finished", is_active=None)
        run.version_id, run.verdict = version.id, {"passes": False, "reasons": []}
        session.add(run)
    with pytest.raises(Invalid, match="write down why"):
        versions.promote(version.id, by="ada")
    assert versions.promote(version.id, by="ada", reason="It knows our city better.").reason


def test_a_correction_is_learned_when_a_version_that_was_taught_it_serves() -> None:
    taught, other = correct("torbern", "female"), correct("zuleika", "male")
    versions.promote(another(torbern="female").id, by="ada")
    assert learned_in(taught) == 2 and learned_in(other) is None


def test_an_answer_that_was_taught_otherwise_is_not_called_learned() -> None:
    outvoted = correct("torbern", "male")
    versions.promote(another(torbern="female").id, by="ada")
    assert learned_in(outvoted) is None


def test_after_a_rollback_a_correction_waits_again() -> None:
    taught = correct("torbern", "female")
    versions.promote(another(torbern="female").id, by="ada")
    versions.promote(1, by="ada")
    assert learned_in(taught) is None


def test_a_correction_stays_learned_in_the_version_that_learned_it_first() -> None:
    taught = correct("torbern", "female")
    for seed in (1, 2):
        versions.promote(another(seed, torbern="female").id, by="ada")
    assert learned_in(taught) == 2


def test_promotions_are_on_the_record() -> None:
    versions.promote(another().id, by="ada", reason="better")
    entries, _ = audit.page(audit.AuditFilter(actor="ada"))
    assert entries[0].action == "version.promote" and entries[0].detail == {"reason": "better"}


def test_an_old_version_that_nothing_needs_may_be_deleted() -> None:
    for seed in range(1, 6):
        another(seed)
    keeping.remove(2, by="ada")
    assert [row.version.id for row in versions.listing()] == [6, 5, 4, 3, 1]


@pytest.mark.parametrize("kept", [1, 4, 6])
def test_the_champion_the_newest_and_what_visitors_answered_stay(kept: int) -> None:
    for seed in range(1, 7):
        another(seed)
    correct("torbern", "female")
    with pytest.raises(Conflict, match=f"v{kept} stays") if kept != 4 else pytest.raises(Conflict):
        keeping.remove(kept if kept != 4 else 5, by="ada")


def test_the_same_network_is_imported_once() -> None:
    another()
    with pytest.raises(Conflict, match="it is v2"):
        another()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04rest", "zip"),
        (b"\x80\x04\x95rest", "pickle"),
        (tiny_artifact(3)[:-40], "damaged"),
        (b"", "not a safetensors file"),
    ],
)
def test_a_file_that_is_no_network_is_refused_in_words(
    admin_client: FlaskClient, data: bytes, sentence: str
) -> None:
    answer = post(admin_client, "/versions/import", file=(io.BytesIO(data), "x.safetensors"))
    assert answer.status_code == 422 and sentence in answer.text and len(versions.listing()) == 1


def test_a_version_goes_out_and_comes_in_unchanged(app: Flask, admin_client: FlaskClient) -> None:
    data = tiny_artifact(9)
    assert post(admin_client, "/versions/import", file=(io.BytesIO(data), "x")).status_code == 303
    assert admin_client.get("/versions/v2/download").data == data


def test_the_page_rolls_back(admin_client: FlaskClient) -> None:
    versions.promote(another().id, by="ada")
    assert "Roll back to v1" in admin_client.get("/versions").text
    post(admin_client, "/versions/v1/promote", expected=2)
    assert (newest := versions.serving()) and (newest.version_id, newest.kind) == (1, "rollback")


@pytest.mark.parametrize("path", ["/versions/v1", "/versions/v1/card.md"])
def test_the_card_is_for_everybody(client: FlaskClient, path: str) -> None:
    assert "gender" in client.get(path).text


NONSENSE = {
    "holdout": 3,
    "settings": "x",
    "slices": {"bearers": 1},
    "curves_hundred": [],
    "data": {"names": 7},
}


def test_a_card_full_of_nonsense_is_shown_without_it(client: FlaskClient) -> None:
    versions.add(tiny_artifact(4, **NONSENSE, command="<script>\n# rm | `x`"), origin="import", by="ada")
    page, markdown = client.get("/versions/v2").text, client.get("/versions/v2/card.md").text
    assert "This card holds no scores." in page and "<script>" not in page and "\n# rm" not in markdown


@pytest.mark.parametrize(
    "path", ["/versions/v9", "/versions/v1/../../etc/passwd", "/versions/v%2e%2e", "/versions/1"]
)
def test_a_version_that_is_not_there_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_run_that_made_a_deleted_version_stays() -> None:
    for seed in range(1, 6):
        another(seed)
    with writing() as session:
        session.add(Run(created_by="ada", kind="scratch", settings={}, version_id=2, is_active=None))
    keeping.remove(2, by="ada")
    assert runs.find_run(1).version_id is None


def test_a_version_of_real_size_is_imported(admin_client: FlaskClient) -> None:
    data = saving.dump(Network(NetworkSettings("gru", 160)).eval(), {"name": "wide"})
    assert len(data) > 200_000
    assert post(admin_client, "/versions/import", file=(io.BytesIO(data), "x")).status_code == 303


def test_a_version_has_a_name_and_a_note(admin_client: FlaskClient, client: FlaskClient) -> None:
    another()
    given = {"name": "  With   Berlin ", "note": "knows the city"}
    assert post(admin_client, "/versions/v2/describe", **given).status_code == 303
    assert all(said in admin_client.get("/versions").text for said in ("With Berlin", "knows the city"))
    assert "The card of v2 “With Berlin”" in client.get("/versions/v2").text
    entries, _ = audit.page(audit.AuditFilter(action="version.change"))
    assert entries[0].detail == {"name": "With Berlin", "note": "knows the city"}


def test_two_versions_are_not_called_alike(admin_client: FlaskClient) -> None:
    another(1), another(2)
    keeping.describe(2, "Berlin", "", by="ada")
    answer = post(admin_client, "/versions/v3/describe", name="Berlin", note="")
    assert answer.status_code == 409 and "v2 is called so already." in answer.text


def test_a_name_that_is_too_long_is_refused(admin_client: FlaskClient) -> None:
    assert post(admin_client, "/versions/v1/describe", name="x" * 65).status_code == 422


def test_an_archived_version_is_put_aside_and_comes_back(admin_client: FlaskClient) -> None:
    another(), another(2)
    assert post(admin_client, "/versions/v2/archive").status_code == 303
    page = admin_client.get("/versions").text
    assert "1 version in the archive" in page and 'aria-label="Compare v2"' not in page
    assert "v2 is in the archive, below." in page
    assert scoreboard.version_numbers() == [3, 1]
    with pytest.raises(Conflict, match="restore it first"):
        versions.promote(2, by="ada")
    post(admin_client, "/versions/v2/restore")
    assert "v2 is back from the archive." in admin_client.get("/versions").text
    assert scoreboard.version_numbers() == [3, 2, 1]
    actions = [row.action for row in audit.page(audit.AuditFilter(actor="admin@example.org"))[0]]
    assert {"version.archive", "version.restore"} <= set(actions)


@pytest.mark.parametrize("kept", [1, 2])
def test_what_serves_and_what_a_roll_back_leads_to_are_not_archived(
    admin_client: FlaskClient, kept: int
) -> None:
    versions.promote(another().id, by="ada")
    answer = post(admin_client, f"/versions/v{kept}/archive")
    assert answer.status_code == 409 and f"v{kept} stays." in answer.text


def test_an_archived_version_may_be_deleted_however_new_it_is() -> None:
    another()
    with pytest.raises(Conflict, match="archive it first"):
        keeping.remove(2, by="ada")
    keeping.archive(2, by="ada")
    keeping.remove(2, by="ada")
    assert len(versions.listing()) == 1


def test_what_was_deleted_or_named_is_told(admin_client: FlaskClient) -> None:
    another()
    post(admin_client, "/versions/v2/describe", name="Candidate")
    assert "Name and note of v2 are saved." in admin_client.get("/versions").text
    keeping.archive(2, by="ada")
    post(admin_client, "/versions/v2/delete")
    assert "v2 is deleted." in admin_client.get("/versions").text


def test_what_a_run_came_from_is_never_deleted() -> None:
    another()
    with writing() as session:
        session.add(Run(created_by="ada", kind="fine-tune", settings={}, champion_id=2, is_active=None))
    keeping.archive(2, by="ada")
    with pytest.raises(Conflict, match="A run compared its network with this one"):
        keeping.remove(2, by="ada")


@pytest.mark.parametrize("command", ["archive", "restore", "delete", "describe"])
def test_versions_are_kept_by_command_too(app: Flask, command: str) -> None:
    another()
    run = app.test_cli_runner().invoke
    if command in ("restore", "delete"):
        keeping.archive(2, by="ada")
    more = ["--name", "Berlin"] if command == "describe" else []
    said = run(args=["versions", command, "v2", *more])
    assert said.exit_code == 0, said.output
    assert "v2" in said.output and ("Berlin" in said.output) == bool(more)


def test_a_version_was_made_when_its_card_says_on_every_page(app: Flask, admin_client: FlaskClient) -> None:
    versions.add(tiny_artifact(5, created="2025-03-04T05:06:07+00:00"), origin="import", by="ada")
    card, table = admin_client.get("/versions/v2").text, admin_client.get("/versions").text
    beside = admin_client.get("/scoreboard/versions?version=2").text
    listed = app.test_cli_runner().invoke(args=["versions", "list"]).output
    assert "2025-03-04 05:06 UTC" in card and "2025-03-04 05:06 UTC" in table
    assert "2025-03-04" in beside and "2025-03-04 05:06" in listed
