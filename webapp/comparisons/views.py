"""Any two versions, name by name, for admins."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.comparisons import service as comparisons
from webapp.models.enums import RunState
from webapp.review import correction_effects
from webapp.runs import presenter
from webapp.runs.worker import status as worker_status
from webapp.versions import service as versions
from webapp.web import access

pages = Blueprint("comparisons", __name__, url_prefix="/versions/comparisons")
access.admin_only(pages)
AGAIN = 2  # seconds after which a page that waits looks again


@pages.get("")
def index() -> str:
    """List the comparisons that are kept."""
    return render_template("comparisons/index.html", rows=comparisons.listing())


@pages.post("")
def ask() -> ResponseReturnValue:
    """Compare two versions, or show what is kept of it."""
    chosen = request.form.getlist("version", type=int)
    return _to(comparisons.ask(chosen, by=access.current_actor()).id)


@pages.post("/<int:comparison_id>/again")
def again(comparison_id: int) -> ResponseReturnValue:
    """Compare the same two anew."""
    return _to(comparisons.again(comparison_id, by=access.current_actor()).id)


@pages.get("/<int:comparison_id>")
def show(comparison_id: int) -> Response:
    """Show a comparison, or how far it is."""
    row = comparisons.find(comparison_id)
    sides = {"old": versions.find_version(row.old_id), "new": versions.find_version(row.new_id)}
    if row.state != RunState.FINISHED:
        return _progress(row.is_open, comparison=row, machine=worker_status.known(), **sides)
    found, asked = comparisons.result(row), presenter.Asked.read(request.args)
    old, new = sides["old"].label, sides["new"].label
    return make_response(
        render_template(
            "comparisons/show.html",
            row=row,
            versions=sides,
            comparison=found,
            asked=asked,
            groups=presenter.GROUPS,
            flips=presenter.flips(found, asked),
            where_words=presenter.WHERE,
            weighed=correction_effects.in_words,
            receipts={},
            slices=presenter.slices(found),
            calibration=presenter.calibration_chart(found, old, new),
        )
    )


def _progress(is_open: bool, **shown: object) -> Response:
    response = make_response(render_template("comparisons/progress.html", **shown))
    if is_open:
        response.headers["Refresh"] = str(AGAIN)
    return response


def _to(comparison_id: int) -> ResponseReturnValue:
    return redirect(url_for("comparisons.show", comparison_id=comparison_id), 303)
