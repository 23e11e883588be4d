"""The audit trail, for admins: read, filter, export. Nothing here can change it."""

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.audit import trail as audit
from webapp.audit.forms import AuditFilterForm
from webapp.errors import Invalid
from webapp.web import access, downloads
from webapp.web.error_pages import wants_json

pages = Blueprint("audit", __name__)
access.admin_only(pages)

LAST = 2**31 - 1  # the id that no entry is later than
COLUMNS = ("at", "actor", "action", "subject", "detail")


@pages.get("/audit")
def index() -> ResponseReturnValue:
    """Show what was done, newest first."""
    form = AuditFilterForm()
    # An address may hold any number; a column of PostgreSQL does not.
    before = min(request.args.get("before", LAST, type=int), LAST)
    try:
        return _page(form, *audit.page(form.wanted(), before))
    except Invalid as refusal:
        if wants_json():
            raise
        form.show(refusal)
        return _page(form), 422


@pages.get("/audit.<format>")
def export(format: str) -> Response:
    """Return everything that passes the filter as a file."""
    entries = audit.export(AuditFilterForm().wanted())
    rows = ([getattr(entry, column) for column in COLUMNS] for entry in entries)
    return downloads.download("nomen-audit", format, COLUMNS, rows)


def _page(form: AuditFilterForm, entries: Sequence[object] = (), before: int | None = None) -> str:
    form.offer(audit.actors(), audit.actions())
    asked = {name: value for name, value in form.data.items() if value}
    return render_template("audit/index.html", form=form, asked=asked, entries=entries, before=before)
