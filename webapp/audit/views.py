"""The audit trail, for admins: read, filter, export. Nothing here can change it."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, render_template, request

from webapp.audit import trail as audit
from webapp.errors import Invalid
from webapp.presentation import dates
from webapp.web import access, downloads

pages = Blueprint("audit", __name__)
access.admin_only(pages)

LAST = 2**31 - 1  # the id that no entry is later than
COLUMNS = ("at", "actor", "action", "subject", "detail")


@pages.get("/audit")
def index() -> str:
    """Show what was done, newest first."""
    entries, before = audit.page(_wanted(), min(request.args.get("before", LAST, type=int), LAST))
    return render_template(
        "audit/index.html", entries=entries, before=before, actors=audit.actors(), actions=audit.actions()
    )


@pages.get("/audit.<format>")
def export(format: str) -> Response:
    """Return everything that passes the filter as a file."""
    rows = ([getattr(entry, column) for column in COLUMNS] for entry in audit.export(_wanted()))
    return downloads.download("nomen-audit", format, COLUMNS, rows)


def _wanted() -> audit.Filter:
    until = _day("until")
    return audit.Filter(
        actor=request.args.get("actor", ""),
        action=request.args.get("action", ""),
        since=_day("since"),
        until=until and until + timedelta(days=1),
    )


def _day(name: str) -> datetime | None:
    text = request.args.get(name, "")
    try:
        return dates.parse_day(text) if text else None
    except ValueError as error:
        raise Invalid(f"{text!r} is no day; write one as 2026-01-31.", field=name) from error
