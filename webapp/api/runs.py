"""Training runs: start, follow, cancel."""

from typing import Any

from webapp.api.base import KEYED, LIMITS, actor, check, needs, pages
from webapp.api.schemas import PageIn, RunIn, RunOut, Runs
from webapp.api.versions import small
from webapp.models.enums import RunKind, Scope
from webapp.runs import plans
from webapp.runs import service as runs
from webapp.runs.plans import Plan

SENT = [400, 401, 403, 409, 413, 415, 429, 503]


@pages.get("/runs")
@pages.input(PageIn, location="query", arg_name="wanted")
@pages.output(Runs, **LIMITS)
@pages.doc(responses=[401, 403, 429], **KEYED)
@needs(Scope.RUNS)
def run_list(wanted: dict[str, Any]) -> dict[str, Any]:
    """List runs, newest first, 20 a page."""
    return {"runs": runs.history(wanted["page"])}


@pages.post("/runs")
@pages.input(RunIn, arg_name="plan")
@pages.output(RunOut, status_code=201, **LIMITS)
@pages.doc(responses=SENT, **KEYED)
@needs(Scope.RUNS)
def run_start(plan: dict[str, Any]) -> Any:
    """Start a run; there is one at a time."""
    # To let a run promote by itself is to promote: the scope is wanted now, for nobody is asked then.
    if plan["promote_if_passed"]:
        check(Scope.PROMOTE)
    return runs.start(plans.check(Plan(**plan | {"kind": RunKind(plan["kind"])})), by=actor())


@pages.get("/runs/<int:run_id>")
@pages.output(RunOut, **LIMITS)
@pages.doc(responses=[401, 403, 404, 429], **KEYED)
@needs(Scope.RUNS)
def run_one(run_id: int) -> Any:
    """Give one run, and how far it is."""
    return runs.find_run(small(run_id))


@pages.post("/runs/<int:run_id>/cancel")
@pages.output(RunOut, **LIMITS)
@pages.doc(responses=[401, 403, 404, 409, 429], **KEYED)
@needs(Scope.RUNS)
def run_cancel(run_id: int) -> Any:
    """Ask a run to end."""
    return runs.cancel(small(run_id), by=actor())
