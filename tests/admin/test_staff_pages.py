"""Users and the audit trail, as admins see them; the commands that do the same."""

import csv
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from tests.support.visits import log_in, post
from webapp.audit import trail as audit
from webapp.models import AuditEntry
from webapp.models.enums import Action
from webapp.storage.database import writing

REVIEWER = "reviewer@example.org"


def entries(app: Flask, **wanted: str) -> list[AuditEntry]:
    with app.app_context():
        return audit.page(audit.AuditFilter(**wanted))[0]


def note(app: Flask, subject: str, action: Action = Action.RUN_FAIL, **detail: object) -> None:
    with app.app_context(), writing() as session:
        audit.note(session, "tests", action, subject, **detail)


def test_an_admin_adds_a_reviewer_who_logs_in(app: Flask, admin_client: FlaskClient) -> None:
    page = post(admin_client, "/users", email="new@example.org", role="reviewer")
    password = page.text.partition("<code>")[2].partition("</code>")[0]
    assert page.status_code == 201 and password not in admin_client.get("/users").text
    assert log_in(app, "new@example.org", password).get("/password").status_code == 200


def test_a_new_password_replaces_the_old_one(app: Flask, admin_client: FlaskClient) -> None:
    page = post(admin_client, "/users/reset", email=REVIEWER)
    log_in(app, REVIEWER, page.text.partition("<code>")[2].partition("</code>")[0])
    assert entries(app, action=Action.PASSWORD_RESET)[0].subject == REVIEWER


@pytest.mark.parametrize("path", ["/users/reset", "/users/disable", "/users/role"])
def test_nobody_changes_their_own_account_here(admin_client: FlaskClient, path: str) -> None:
    assert post(admin_client, path, email="admin@example.org", role="reviewer").status_code == 409


def test_a_disabled_user_is_enabled_again(app: Flask, admin_client: FlaskClient) -> None:
    post(admin_client, "/users/disable", email=REVIEWER)
    assert "disabled" in admin_client.get("/users").text
    post(admin_client, "/users/enable", email=REVIEWER)
    log_in(app, REVIEWER)


def test_a_reviewer_becomes_an_admin(app: Flask, admin_client: FlaskClient) -> None:
    post(admin_client, "/users/role", email=REVIEWER, role="admin")
    assert log_in(app, REVIEWER).get("/users").status_code == 200


def test_a_user_who_cannot_be_added_is_told_of_on_the_page(admin_client: FlaskClient) -> None:
    answer = post(admin_client, "/users", email=REVIEWER, role="admin")
    assert answer.status_code == 409 and "is a user already" in answer.text


def test_extra_fields_of_a_form_are_ignored(app: Flask, admin_client: FlaskClient) -> None:
    post(admin_client, "/users", email="a@example.org", role="reviewer", must_change="", is_admin="1")
    assert "Somebody else has seen" not in admin_client.get("/password").text
    assert entries(app, action=Action.USER_ADD)[0].detail == {"role": "reviewer"}


def test_the_database_refuses_to_change_the_audit_trail(app: Flask) -> None:
    note(app, "kept")
    for change in (update(AuditEntry).values(actor="x"), delete(AuditEntry)):
        with app.app_context(), pytest.raises(DBAPIError, match="append-only"), writing() as session:
            session.execute(change)
    assert entries(app, action=Action.RUN_FAIL)[0].subject == "kept"


def test_the_audit_trail_is_filtered(app: Flask, admin_client: FlaskClient) -> None:
    note(app, "wanted-thing", action=Action.CORPUS_ADD)
    page = admin_client.get("/audit?action=corpus.add&actor=tests&since=2020-01-01&until=2099-01-01").text
    assert "wanted-thing" in page and "user.add</td>" not in page
    assert "Nothing like that" in admin_client.get("/audit?until=2020-01-01").text


def test_a_day_that_is_none_is_refused(admin_client: FlaskClient) -> None:
    assert admin_client.get("/audit?since=yesterday").status_code == 422


def test_older_entries_are_a_page_away(app: Flask, admin_client: FlaskClient) -> None:
    for i in range(audit.PAGE + 1):
        note(app, f"number-{i:03}")
    first = admin_client.get("/audit?action=run.fail").text
    assert f"number-{audit.PAGE:03}" in first and "number-000" not in first
    oldest = entries(app, action=Action.RUN_FAIL)[-1].id
    assert "number-000" in admin_client.get(f"/audit?action=run.fail&before={oldest}").text


def test_the_audit_trail_is_exported(app: Flask, admin_client: FlaskClient) -> None:
    note(app, "=cmd()", names=["a", "ß"])
    answer = admin_client.get("/audit.csv?action=run.fail")
    row = next(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["Content-Disposition"] == "attachment; filename=nomen-audit.csv"
    assert row["subject"] == "'=cmd()" and json.loads(row["detail"]) == {"names": ["a", "ß"]}
    line = json.loads(admin_client.get("/audit.jsonl?action=run.fail").text)
    assert line["subject"] == "=cmd()" and line["detail"] == {"names": ["a", "ß"]}


def test_an_export_has_one_of_two_formats(admin_client: FlaskClient) -> None:
    assert admin_client.get("/audit.html").status_code == 422


def test_an_export_holds_more_than_is_in_memory_at_once(app: Flask) -> None:
    for i in range(5):
        note(app, str(i))
    with app.app_context():
        exported = audit.export(audit.AuditFilter(action=Action.RUN_FAIL), at_once=2)
        assert [entry.subject for entry in exported] == list("43210")


def test_commands_add_list_and_disable_users(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert "Password:" in run(args=["users", "add", "c@example.org", "--role", "admin"]).output
    assert "disabled" not in run(args=["users", "list"]).output
    assert run(args=["users", "disable", "c@example.org"]).exit_code == 0
    assert "c@example.org" in run(args=["users", "list"]).output.partition("disabled")[0]
    assert "again" in run(args=["users", "enable", "c@example.org"]).output
    assert "is now a reviewer" in run(args=["users", "role", "c@example.org", "reviewer"]).output
    assert "Password:" in run(args=["users", "reset", "c@example.org"]).output
    assert "retrains" in run(args=["users", "roles"]).output


def test_a_command_says_in_a_sentence_what_is_wrong(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["users", "reset", "nobody@example.org"])
    assert result.exit_code == 1 and result.output == "Error: There is no such user.\n"
