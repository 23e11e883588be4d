"""Keys to the API: for admins."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts.forms import AddKeyForm
from webapp.accounts.keys import service as api_keys
from webapp.accounts.keys.service import NewKey
from webapp.errors import Invalid
from webapp.web import access

pages = Blueprint("keys", __name__, url_prefix="/admin/keys")
access.admin_only(pages)


@pages.get("")
def index() -> str:
    """Show all keys."""
    return _page()


@pages.post("")
def add() -> ResponseReturnValue:
    """Make a key and show it, once."""
    form = AddKeyForm()
    try:
        made = api_keys.add(
            form.title.data or "", form.scopes.data or (), form.lasts(), by=access.current_actor()
        )
    except Invalid as refusal:
        form.show(refusal)
        return _page(form), 422
    return _page(made=made), 201


@pages.post("/<int:key_id>/revoke")
def revoke(key_id: int) -> ResponseReturnValue:
    """End a key."""
    api_keys.revoke(key_id, by=access.current_actor())
    return redirect(url_for("keys.index"), 303)


def _page(form: AddKeyForm | None = None, made: NewKey | None = None) -> str:
    return render_template(
        "accounts/keys.html",
        form=form or AddKeyForm(formdata=None),
        keys=api_keys.everything(),
        state=api_keys.state,
        allowed_scopes=api_keys.allowed_scopes,
        made=made,
    )
