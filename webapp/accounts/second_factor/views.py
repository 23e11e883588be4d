"""The second factor: its code at the log-in, and one's own page to set it up."""

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from webapp.accounts import login
from webapp.accounts.second_factor import service as second_factor
from webapp.accounts.second_factor.forms import CodeForm, SecondFactorForm
from webapp.errors import Conflict, Forbidden, Invalid
from webapp.web import access, caching

pages = Blueprint("second_factor", __name__)
pages.after_request(caching.keep_private)


@pages.get("/login/code")
def code() -> ResponseReturnValue:
    """Ask for the code, of whom the password was right a moment ago."""
    onward = _onward(request.args.get("next", ""))
    if current_user.is_authenticated:
        return redirect(onward, 303)  # the log-in page would lead back here
    login.half_logged_in()
    return render_template("accounts/code.html", form=CodeForm(), next=onward)


@pages.post("/login/code")
def log_in() -> ResponseReturnValue:
    """Log in and go where one wanted to."""
    form, onward = CodeForm(), _onward(request.form.get("next", ""))
    try:
        second_factor.complete_log_in(form.typed)
    except Forbidden as refusal:
        form.show(Invalid(str(refusal), "code"))
        return render_template("accounts/code.html", form=form, next=onward), 403
    session.pop("csrf_token", None)
    return redirect(onward, 303)


@pages.get("/second-factor")
def index() -> str:
    """Show whether there is one, and how to change that."""
    access.require_login()
    return _page()


@pages.post("/second-factor")
def turn_on() -> ResponseReturnValue:
    """Set it up, and show the recovery codes."""
    access.require_login()
    form = SecondFactorForm()
    try:
        return _page(codes=second_factor.turn_on(form.password.data or "", form.typed))
    except (Conflict, Invalid) as refusal:
        return _refused(form, refusal)


@pages.post("/second-factor/codes")
def renew() -> ResponseReturnValue:
    """Make new recovery codes, and show them."""
    access.require_login()
    form = SecondFactorForm()
    try:
        return _page(codes=second_factor.renew_codes(form.password.data or "", form.typed))
    except (Conflict, Invalid) as refusal:
        return _refused(form, refusal)


@pages.post("/second-factor/off")
def turn_off() -> ResponseReturnValue:
    """Take it away."""
    access.require_login()
    form = SecondFactorForm()
    try:
        second_factor.turn_off(form.password.data or "", form.typed)
    except (Conflict, Invalid) as refusal:
        return _refused(form, refusal)
    return redirect(url_for("second_factor.index"), 303)


def _onward(target: str) -> str:
    return access.local(target, url_for("admin.home"))


def _refused(form: SecondFactorForm, refusal: Conflict | Invalid) -> ResponseReturnValue:
    form.show(refusal)
    return _page(form), 409 if isinstance(refusal, Conflict) else 422


def _page(form: SecondFactorForm | None = None, codes: list[str] | None = None) -> str:
    return render_template(
        "accounts/second_factor.html",
        form=form or SecondFactorForm(formdata=None),
        setup=None if current_user.has_second_factor else second_factor.begin_setup(),
        n_codes=second_factor.n_recovery_codes(),
        codes=codes,
        is_required=current_app.config["REQUIRE_SECOND_FACTOR"],
        home=url_for("admin.home"),
    )
