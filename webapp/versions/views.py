"""All versions, for admins: promote, roll back, import, hand out, name, archive, delete."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.errors import Conflict, Invalid
from webapp.languages.texts import gettext
from webapp.versions import service as versions
from webapp.versions import upload_check
from webapp.versions.forms import ImportForm
from webapp.versions.keeping import service as keeping
from webapp.web import access

pages = Blueprint("versions", __name__, url_prefix="/versions")
LARGEST = 9 * 2**20  # bytes of an upload: an artifact of 8 MB and what a form adds
LARGEST_PIECE = 2**18  # a file arrives in pieces of 64 KiB, of which the parser holds two
access.admin_only(pages)


@pages.url_value_preprocessor
def _take_more(endpoint: str | None, _values: dict[str, str] | None) -> None:
    # Before anything, CSRF included, looks at the form: only this route takes files.
    if endpoint == "versions.import_one":
        request.max_content_length = LARGEST
        request.max_form_memory_size = LARGEST_PIECE


@pages.get("")
def index() -> str:
    """List all versions."""
    return _page()


def _page(form: ImportForm | None = None, problem: str = "") -> str:
    rows = versions.listing()
    return render_template(
        "versions/index.html",
        rows=[row for row in rows if not row.version.archived_at],
        archived=[row for row in rows if row.version.archived_at],
        serving=versions.serving(),
        previous=versions.previous(),
        kept=keeping.why_kept,
        in_use=keeping.why_in_use,
        # formdata=None, or Flask-WTF would fill it from the form of another button on the page.
        form=form or ImportForm(formdata=None),
        problem=problem,
    )


@pages.post("/v<int:version_id>/promote")
def promote(version_id: int) -> ResponseReturnValue:
    """Let a version serve, or roll back to it."""
    return _attempt(
        lambda: versions.promote(
            version_id,
            by=access.current_actor(),
            reason=request.form.get("reason", "").strip()[:2000],
            expected=request.form.get("expected", type=int),
        )
    )


@pages.post("/v<int:version_id>/describe")
def describe(version_id: int) -> ResponseReturnValue:
    """Give a version a name and a note."""
    name, note = (request.form.get(field, "") for field in ("name", "note"))
    done = gettext("Name and note of v%(n)s are saved.", n=version_id)
    return _attempt(lambda: keeping.describe(version_id, name, note, by=access.current_actor()), done)


@pages.post("/v<int:version_id>/archive")
def archive(version_id: int) -> ResponseReturnValue:
    """Put a version away."""
    done = gettext("v%(n)s is in the archive, below.", n=version_id)
    return _attempt(lambda: keeping.archive(version_id, by=access.current_actor()), done)


@pages.post("/v<int:version_id>/restore")
def restore(version_id: int) -> ResponseReturnValue:
    """Bring a version back from the archive."""
    done = gettext("v%(n)s is back from the archive.", n=version_id)
    return _attempt(lambda: keeping.restore(version_id, by=access.current_actor()), done)


@pages.post("/v<int:version_id>/delete")
def delete(version_id: int) -> ResponseReturnValue:
    """Delete a version that nothing needs."""
    done = gettext("v%(n)s is deleted.", n=version_id)
    return _attempt(lambda: keeping.remove(version_id, by=access.current_actor()), done)


@pages.post("/import")
def import_one() -> ResponseReturnValue:
    """Take in an artifact from a file."""
    form = ImportForm()
    try:
        upload_check.bring(form.content(), by=access.current_actor(), note=form.short_note())
    except (Invalid, Conflict) as refusal:
        form.show(refusal)
        return _page(form), _status(refusal)
    return _to_versions()


@pages.get("/v<int:version_id>/download")
def download(version_id: int) -> Response:
    """Hand out the artifact of a version."""
    response = make_response(versions.data(version_id))
    response.content_type = "application/octet-stream"
    response.headers["Content-Disposition"] = f'attachment; filename="nomen-v{version_id}.safetensors"'
    return response


def _attempt(act: Callable[[], object], done: str = "") -> ResponseReturnValue:
    try:
        act()
    except (Invalid, Conflict) as error:
        return _page(problem=str(error)), _status(error)
    if done:
        flash(done)
    return _to_versions()


def _status(refusal: Invalid | Conflict) -> int:
    return 409 if isinstance(refusal, Conflict) else 422


def _to_versions() -> ResponseReturnValue:
    return redirect(url_for("versions.index"), 303)
