"""What ends with somebody's rights: their log-ins, the keys that they made, the run that they started."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from tests.support.factories import correct
from tests.support.runs import as_it_is
from tests.support.sites import add_user
from tests.support.visits import log_in, post, words
from webapp.accounts import service as accounts
from webapp.accounts.keys import service as api_keys
from webapp.accounts.keys.service import KeyState
from webapp.models import Run, User
from webapp.models.enums import RunState, Scope
from webapp.runs import service as runs
from webapp.runs.plans import Plan
from webapp.storage.database import writing

BOB = "bob@example.org"
ADMIN = "admin@example.org"


@pytest.fixture
def secret(app: Flask) -> str:
    """A key with every scope that Bob, an admin, has made."""
    with app.app_context():
        add_user(BOB, "admin")
        return api_keys.add("nightly", list(Scope), None, by=BOB).secret


def asked(client: FlaskClient, secret: str) -> list[int]:
    """Return how a key is answered that guesses, exports, lists runs and promotes."""
    key = {"X-Api-Key": secret}
    reads = ("/api/v1/guess?name=Anna", "/api/v1/feedback", "/api/v1/runs")
    codes = [client.get(path, headers=key).status_code for path in reads]
    return [*codes, client.post("/api/v1/versions/1/promote", json={}, headers=key).status_code]


def disable() -> None:
    accounts.disable(BOB, by=ADMIN)


def disable_in_the_database() -> None:
    user = accounts.find_user(BOB)
    with writing():
        user.active = False


def delete_in_the_database() -> None:
    user = accounts.find_user(BOB)
    with writing() as session:
        user.roles = []
        session.flush()
        session.execute(delete(User).where(User.email == BOB))


def test_a_key_of_an_admin_does_what_an_admin_may(client: FlaskClient, secret: str) -> None:
    assert asked(client, secret) == [200] * 4


@pytest.mark.parametrize("lose", [disable, disable_in_the_database, delete_in_the_database])
def test_a_key_dies_with_its_makers_rights(
    app: Flask, client: FlaskClient, secret: str, lose: Callable[[], None]
) -> None:
    with app.app_context():
        lose()
    assert asked(client, secret) == [401] * 4
    assert client.get(f"/genderize?name=Anna&apikey={secret}").status_code == 401


def test_a_demoted_makers_key_does_what_a_reviewer_may(app: Flask, client: FlaskClient, secret: str) -> None:
    with app.app_context():
        assert accounts.set_role(BOB, "reviewer", by=ADMIN).keys == ("nightly",)
    assert asked(client, secret) == [200, 200, 403, 403]


def test_a_key_for_training_alone_opens_nothing_once_its_maker_is_a_reviewer(app: Flask, secret: str) -> None:
    with app.app_context():
        training = api_keys.add("training", [Scope.RUNS], None, by=BOB)
        accounts.set_role(BOB, "reviewer", by=ADMIN)
        assert api_keys.find_key(training.secret) is None
        assert api_keys.state(api_keys.everything()[0]) == KeyState.ORPHANED
        assert api_keys.made_by(BOB)[0].title == "nightly"


def test_keys_that_ended_stay_so_when_their_maker_comes_back(
    app: Flask, client: FlaskClient, secret: str
) -> None:
    with app.app_context():
        accounts.disable(BOB, by=ADMIN)
        accounts.enable(BOB, by=ADMIN)
    assert asked(client, secret) == [401] * 4


def test_nobody_gets_more_by_a_key_than_they_have(app: Flask) -> None:
    with app.app_context():
        assert api_keys.rights(ADMIN) == set(Scope)
        assert api_keys.rights("reviewer@example.org") == {Scope.READ, Scope.FEEDBACK, Scope.EXPORT}
        assert api_keys.rights("nobody@example.org") == api_keys.rights("API key 99 (x)") == frozenset()


def started(by: str, **plan: object) -> Run:
    correct("zuleika", "female")
    return runs.start(Plan(**plan), by=by)  # type: ignore[arg-type]


def test_the_users_page_says_what_ends_and_then_what_has_ended(
    app: Flask, admin_client: FlaskClient, secret: str
) -> None:
    with app.app_context():
        api_keys.add("<b>other</b>", [Scope.READ], None, by=BOB)
        run = started(BOB)
    page = words(admin_client.get("/users").text)
    assert f"Disabling ends every log-in of theirs, 2 API keys and run {run.id}." in page
    assert f"Making them a reviewer limits 1 API key and ends run {run.id}." in page
    post(admin_client, "/users/disable", email=BOB)
    page = admin_client.get("/users").text
    assert f"{BOB} can no longer log in, and every log-in of theirs has ended." in page
    assert "2 API keys ended too: nightly, &lt;b&gt;other&lt;/b&gt;." in page
    assert f"Run {run.id} was cancelled." in page
    with app.app_context():
        assert as_it_is(run).state == RunState.CANCELLED


def test_who_has_nothing_going_loses_their_log_ins_alone(app: Flask, admin_client: FlaskClient) -> None:
    page = words(admin_client.get("/users").text)
    assert "Disabling ends every log-in of theirs." in page and "Making them a reviewer" not in page
    post(admin_client, "/users/disable", email="reviewer@example.org")
    page = admin_client.get("/users").text
    assert "has ended." in page and "API key ended" not in page and "was cancelled" not in page


def test_a_run_that_a_dead_key_started_ends_with_its_maker(
    app: Flask, admin_client: FlaskClient, secret: str
) -> None:
    with app.app_context():
        run = started("API key 1 (nightly)")
    assert f"run {run.id}" in words(admin_client.get("/users").text)
    post(admin_client, "/users/role", email=BOB, role="reviewer")
    assert f"Run {run.id} was cancelled." in admin_client.get("/users").text


def test_the_terminal_says_what_has_ended(app: Flask, secret: str) -> None:
    run = app.test_cli_runner().invoke
    told = run(args=["users", "role", BOB, "reviewer"]).output
    assert f"{BOB} is now a reviewer. 1 API key may do no more than that: nightly." in told
    assert "1 API key ended too: nightly." in run(args=["users", "disable", BOB]).output
    assert "API keys that ended stay so." in run(args=["users", "enable", BOB]).output


def test_the_keys_page_says_whose_maker_lost_their_rights(
    app: Flask, admin_client: FlaskClient, secret: str
) -> None:
    with app.app_context():
        accounts.set_role(BOB, "reviewer", by=ADMIN)
    assert "its maker lost runs, promote" in words(admin_client.get("/admin/keys").text)
    with app.app_context():
        disable_in_the_database()
    assert "its maker lost their rights" in words(admin_client.get("/admin/keys").text)


def test_other_runs_go_on(app: Flask, admin_client: FlaskClient, secret: str) -> None:
    with app.app_context():
        run = started(ADMIN)
    post(admin_client, "/users/disable", email=BOB)
    with app.app_context():
        assert as_it_is(run).state == RunState.QUEUED


def test_an_admin_is_known_however_they_type_their_own_address(admin_client: FlaskClient) -> None:
    answer = post(admin_client, "/users/role", email=" Admin@Example.ORG", role="reviewer")
    assert answer.status_code == 409 and "Another admin" in answer.text


def test_disabling_ends_a_log_in_at_once(app: Flask, admin_client: FlaskClient, secret: str) -> None:
    bobs = log_in(app, BOB)
    post(admin_client, "/users/disable", email=BOB)
    assert bobs.get("/password").status_code == 303
