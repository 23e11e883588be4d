"""Log-in, log-out and the password."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from webapp.accounts import login
from webapp.accounts.forms import PasswordForm
from webapp.errors import Forbidden, Invalid
from webapp.web import access, caching

pages = Blueprint("account", __name__)
pages.after_request(caching.keep_private)


@pages.get("/login", endpoint="login")
def show() -> ResponseReturnValue:
    """Show the log-in form, or go on if that is done."""
    onward = access.local(request.args.get("next", ""), _home())
    if current_user.is_authenticated:
        return redirect(onward, 303)
    return render_template("accounts/login.html", next=onward)


@pages.post("/login")
def log_in() -> ResponseReturnValue:
    """Log in and go where one wanted to."""
    onward = access.local(request.form.get("next", ""), _home())
    email = request.form.get("email", "")
    try:
        is_in = login.log_in(email, request.form.get("password", ""), request.remote_addr)
    except Forbidden as error:
        return render_template("accounts/login.html", next=onward, email=email, problem=str(error)), 403
    # A new one after the log-in: a token that somebody planted before it opens nothing.
    session.pop("csrf_token", None)
    return redirect(onward if is_in else url_for("second_factor.code", next=onward), 303)


@pages.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out everywhere."""
    if current_user.is_authenticated:
        login.log_out()
    return redirect("/", 303)


@pages.get("/password")
def password() -> ResponseReturnValue:
    """Show the form for a new password."""
    access.require_login()
    return render_template("accounts/password.html", form=PasswordForm())


@pages.post("/password")
def change_password() -> ResponseReturnValue:
    """Set a new password and say so."""
    access.require_login()
    form = PasswordForm()
    try:
        login.change_password(form.old.data or "", form.new.data or "")
    except Invalid as refusal:
        form.show(refusal)
        return render_template("accounts/password.html", form=form), 422
    return render_template("accounts/password.html", is_changed=True, home=_home())


def _home() -> str:
    return url_for("admin.home")
