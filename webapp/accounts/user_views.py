"""Who may log in: for admins."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from webapp.accounts import emails, wording
from webapp.accounts import service as accounts
from webapp.accounts.forms import AddUserForm
from webapp.accounts.keys import service as api_keys
from webapp.accounts.second_factor import service as second_factor
from webapp.accounts.service import Credentials
from webapp.errors import Conflict, Invalid
from webapp.languages.texts import gettext
from webapp.models.enums import RoleName
from webapp.runs import service as runs
from webapp.web import access

pages = Blueprint("users", __name__)
access.admin_only(pages)


@pages.get("/users")
def index() -> str:
    """Show everybody."""
    return _page()


@pages.post("/users")
def add() -> ResponseReturnValue:
    """Add a user and show the password, once."""
    form = AddUserForm()
    try:
        given = accounts.add(form.email.data or "", form.role.data or "", by=access.current_actor())
    except (Conflict, Invalid) as refusal:
        form.show(refusal)
        return _page(form), _status(refusal)
    return _page(given=given), 201


@pages.post("/users/reset")
def reset() -> str:
    """Give a user a new password and show it, once."""
    return _page(given=accounts.reset(_other(), by=access.current_actor()))


@pages.post("/users/disable")
def disable() -> ResponseReturnValue:
    """Keep a user out."""
    changed = accounts.disable(_other(), by=access.current_actor())
    return _told(wording.disabled(changed, runs.cancel_without_rights(by=access.current_actor())))


@pages.post("/users/enable")
def enable() -> ResponseReturnValue:
    """Let a user in again."""
    return _told(wording.enabled(accounts.enable(_other(), by=access.current_actor()).email))


@pages.post("/users/role")
def role() -> ResponseReturnValue:
    """Give a user another role."""
    role = request.form.get("role", "")
    changed = accounts.set_role(_other(), role, by=access.current_actor())
    return _told(wording.changed(changed, role, runs.cancel_without_rights(by=access.current_actor())))


@pages.post("/users/remove-factor")
def remove_factor() -> ResponseReturnValue:
    """Take somebody's second factor away, who lost their phone."""
    user = second_factor.remove(_other(), by=access.current_actor())
    return _told(wording.factor_removed(user.email))


def _told(sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("users.index"), 303)


@pages.errorhandler(Conflict)
@pages.errorhandler(Invalid)
def problem(error: Conflict | Invalid) -> ResponseReturnValue:
    """Say what cannot be done, on the page where it was asked for."""
    return _page(problem=str(error)), _status(error)


def _status(refusal: Conflict | Invalid) -> int:
    return 409 if isinstance(refusal, Conflict) else 422


def _other() -> str:
    email = request.form.get("email", "")
    if emails.normalise(email) == emails.normalise(current_user.email):
        # Nobody locks themselves out by a slip.
        raise Conflict(gettext("Another admin has to do that for you."))
    return email


def _endings(email: str) -> wording.Endings:
    keys, beyond = api_keys.made_by(email), api_keys.made_beyond(email, RoleName.REVIEWER)
    run = runs.active()
    # A run that was started by a key counts as its maker's.
    is_theirs = run is not None and api_keys.owner(run.created_by) == email
    return wording.Endings(len(keys), len(beyond), run.id if run and is_theirs else None)


def _page(form: AddUserForm | None = None, given: Credentials | None = None, problem: str = "") -> str:
    return render_template(
        "accounts/users.html",
        form=form or AddUserForm(formdata=None),
        users=accounts.everybody(),
        endings=_endings,
        given=given,
        problem=problem,
    )
