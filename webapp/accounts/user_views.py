"""Who may log in: for admins."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from webapp.accounts import service as accounts
from webapp.accounts.forms import AddUserForm
from webapp.accounts.service import Credentials
from webapp.errors import Conflict, Invalid
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
    accounts.set_active(_other(), False, by=access.current_actor())
    return redirect(url_for("users.index"), 303)


@pages.post("/users/enable")
def enable() -> ResponseReturnValue:
    """Let a user in again."""
    accounts.set_active(_other(), True, by=access.current_actor())
    return redirect(url_for("users.index"), 303)


@pages.post("/users/role")
def role() -> ResponseReturnValue:
    """Give a user another role."""
    accounts.set_role(_other(), request.form.get("role", ""), by=access.current_actor())
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
    if email == current_user.email:
        raise Conflict("Another admin has to do that for you.")
    return email


def _page(form: AddUserForm | None = None, given: Credentials | None = None, problem: str = "") -> str:
    return render_template(
        "accounts/users.html",
        form=form or AddUserForm(formdata=None),
        users=accounts.everybody(),
        given=given,
        problem=problem,
    )
