"""One address, however it is typed: composed or decomposed, large or small."""

import unicodedata

import pytest
from flask import Flask

from tests.support.sites import PASSWORD, add_user
from tests.support.visits import log_in
from webapp.accounts import emails, login
from webapp.accounts import service as accounts
from webapp.errors import Conflict
from webapp.models import User
from webapp.storage.database import writing

ADDRESS = "zoé.müller@exämple.org"
TYPED = [
    ADDRESS,
    unicodedata.normalize("NFD", ADDRESS),
    unicodedata.normalize("NFD", ADDRESS.upper()),
    f" {ADDRESS.title()} ",
]


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("created", TYPED)
def test_who_was_added_in_one_form_logs_in_in_another(app: Flask, created: str, typed: str) -> None:
    with app.app_context():
        add_user(created, "reviewer")
    assert log_in(app, typed, PASSWORD).get("/password").status_code == 200


@pytest.mark.parametrize("typed", TYPED)
def test_an_address_is_added_once_in_any_form(app: Flask, typed: str) -> None:
    with app.app_context():
        add_user(ADDRESS, "reviewer")
        with pytest.raises(Conflict):
            accounts.add(typed, "reviewer", by="tests")


@pytest.mark.parametrize("typed", TYPED)
def test_commands_find_an_address_in_any_form(app: Flask, typed: str) -> None:
    with app.app_context():
        add_user(ADDRESS, "reviewer")
    run = app.test_cli_runner().invoke
    for command in (["reset"], ["disable"], ["enable"]):
        done = run(args=["users", *command, typed])
        assert done.exit_code == 0 and ADDRESS in done.output


def test_an_address_that_was_stored_decomposed_before_is_found(app: Flask) -> None:
    decomposed = unicodedata.normalize("NFD", ADDRESS)
    with app.app_context():
        add_user(ADDRESS, "reviewer")
        with writing() as session:
            session.query(User).filter_by(email=ADDRESS).update({"email": decomposed})
    assert log_in(app, ADDRESS).get("/password").status_code == 200


def test_forms_of_one_address_share_the_count_of_wrong_log_ins(app: Flask) -> None:
    with app.app_context():
        keys = {login.count_try(account=(emails.normalise(typed),))[0] for typed in TYPED}
    assert len(keys) == 1


@pytest.mark.parametrize("text", ["STRASSE@x.org", "straße@x.org"])
def test_capitals_are_folded_not_only_made_small(text: str) -> None:
    assert emails.normalise(text) == "strasse@x.org"
