"""Keys to the API: for admins."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts import api_keys
from webapp.errors import Invalid
from webapp.web import access

pages = Blueprint("keys", __name__, url_prefix="/admin/keys")
access.admin_only(pages)
LASTING = {"30": "30 days", "90": "90 days", "365": "a year", "": "until it is revoked"}


@pages.get("")
def index() -> str:
    """Show all keys."""
    return _page()


@pages.post("")
def add() -> ResponseReturnValue:
    """Make a key and show it, once."""
    days = request.form.get("days", "")
    if days not in LASTING:
        raise Invalid("Choose how long the key lasts.", "days")
    title, scopes = request.form.get("title", ""), request.form.getlist("scope")
    made = api_keys.add(title, scopes, int(days) if days else None, by=access.current_actor())
    return _page(made=made), 201


@pages.post("/<int:key_id>/revoke")
def revoke(key_id: int) -> ResponseReturnValue:
    """End a key."""
    api_keys.revoke(key_id, by=access.current_actor())
    return redirect(url_for("keys.index"), 303)


@pages.errorhandler(Invalid)
def problem(error: Invalid) -> ResponseReturnValue:
    """Say what is wrong where it can be put right."""
    return _page(problem=str(error), typed=request.form), 422


def _page(**more: Any) -> str:
    shown = {"keys": api_keys.everything(), "scopes": api_keys.SCOPES, "lasting": LASTING}
    return render_template("accounts/keys.html", is_live=api_keys.is_live, **shown, **more)
