"""Second opinions, for reviewers and admins."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from webapp.errors import Conflict
from webapp.languages.texts import gettext
from webapp.review.opinions import queries, wording
from webapp.review.opinions import service as opinions
from webapp.web import access

pages = Blueprint("opinions", __name__, url_prefix="/review/opinions")
access.staff_only(pages)


@pages.app_context_processor
def shared() -> dict[str, Callable[..., object]]:
    """Give the pages of review, and an answer's story, what they show of second opinions."""
    return {
        "colleagues": lambda: opinions.colleagues(current_user.email),
        "may_be_asked": lambda name: opinions.may_be_asked(name, current_user.email),
        "asked_of_me": lambda: queries.asked_of(current_user.email),
        "in_words": wording.word,
    }


@pages.get("")
def index() -> str:
    """Show what was asked of whom, and how often reviewers agree."""
    found = queries.agreement()
    return render_template(
        "review/opinions.html",
        sentence=wording.agreement(found),
        asked=(asked := queries.latest()),
        words=queries.words({row.name for row in asked}),
        pairs=queries.pairs(),
        differences=queries.differences(),
        me=access.current_actor(),
    )


@pages.post("")
def ask() -> ResponseReturnValue:
    """Ask a colleague about a name."""
    name, of = request.form.get("name", ""), request.form.get("of", "")
    # Only to this site: a form's field could name any other.
    back = access.local(request.form.get("back", ""), url_for("opinions.index"))
    try:
        opinions.ask(name, of, access.current_actor(), request.form.get("question", ""))
        flash(gettext("%(who)s is asked about %(name)s.", who=of, name=name.title()))
    except Conflict as refusal:
        flash(str(refusal), "bad")
    return redirect(back, 303)


@pages.post("/<int:opinion_id>")
def give(opinion_id: int) -> ResponseReturnValue:
    """Give the opinion that was asked for."""
    said, comment = request.form.get("said", ""), request.form.get("comment", "")
    row = opinions.give(opinion_id, said, access.current_actor(), comment)
    flash(gettext("%(who)s reads what you think of %(name)s.", who=row.asked_by, name=row.name.title()))
    return redirect(url_for("review.name", name=row.name), 303)


@pages.post("/<int:opinion_id>/withdraw")
def withdraw(opinion_id: int) -> ResponseReturnValue:
    """Take a question back."""
    row = opinions.withdraw(opinion_id, access.current_actor())
    flash(gettext("%(who)s is not asked about %(name)s any more.", who=row.asked_of, name=row.name.title()))
    return redirect(url_for("opinions.index"), 303)
