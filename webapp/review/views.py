"""Review, for reviewers and admins: what waits, what was decided, and how to undo it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from webapp.errors import BadRequest, Invalid
from webapp.feedback import import_export, review_cases
from webapp.feedback import service as feedback
from webapp.feedback import wording as feedback_wording
from webapp.guessing import readings
from webapp.languages.texts import gettext
from webapp.languages.words import N_, Words
from webapp.models.enums import Status
from webapp.records import lookup
from webapp.review import correction_effects, queries, wording
from webapp.review import filters as review_filters
from webapp.review import service as review
from webapp.review.forms import ReviewFilterForm
from webapp.review.opinions import queries as opinion_queries
from webapp.review.queries import ReviewFilter
from webapp.review.service import Outcome
from webapp.web import access, downloads
from webapp.web.error_pages import wants_json

pages = Blueprint("review", __name__, url_prefix="/review")
access.staff_only(pages)
LAST = "decision"  # in the session: the last decision, to be undone
NOTHING: queries.Part[Any] = queries.Part([], None)
HOURS: Mapping[str, str] = Words({"1": N_("an hour ago"), "24": N_("a day ago"), "168": N_("a week ago")})


@pages.app_context_processor
def badge() -> dict[str, Callable[[], int]]:
    """Give every template the number of names that wait; it is counted only where it is shown."""
    return {"n_waiting": cache(review.n_pending)}


@pages.get("")
def index() -> ResponseReturnValue:
    """Show what waits under each name, or single answers that have been decided."""
    form, after = ReviewFilterForm(), request.args.get("after", "")
    try:
        wanted = form.wanted()
    except Invalid as refusal:
        if wants_json():
            raise
        form.show(refusal)
        return _page("review/answers.html", form=form, part=NOTHING), 422
    if wanted.status != Status.PENDING:
        return _page("review/answers.html", wanted=wanted, form=form, part=queries.answers(wanted, after))
    part = queries.waiting(wanted, after)
    warnings = correction_effects.forecasts(part.rows)
    shown = _opinions([case.name for case in part.rows])
    return _page("review/waiting.html", wanted=wanted, form=form, part=part, warnings=warnings, **shown)


@pages.post("/decide")
def decide() -> ResponseReturnValue:
    """Accept or reject the chosen names, or one."""
    action, answer, names = _pressed(request.form.get("do", ""))
    # What came in after the page was made was not seen by whoever decides: it waits on.
    by, reason, until = access.current_actor(), _reason(), _moment_seen()
    if action == "accept":
        return _done(review.accept(names, by, reason, answer, until), _here())
    if action == "reject":
        return _done(review.reject(names, by, reason, until), _here())
    raise BadRequest(gettext("That is no decision."))


@pages.post("/undo")
def undo() -> ResponseReturnValue:
    """Undo one decision."""
    outcome = review.undecide(_moment(request.form.get("at", "")), access.current_actor())
    session.pop(LAST, None)
    message = wording.reopened(outcome.names)
    return _respond(message, _here())


@pages.get("/name/<name>")
def name(name: str) -> str:
    """Show everything that was ever said and decided of a name."""
    case = queries.case_of(name)
    return _page(
        "review/name.html",
        name=name,
        part=queries.of_name(name, request.args.get("after", "")),
        case=case,
        warnings=correction_effects.forecasts([case] if case else []),
        known=lookup.known(name),
        guess=feedback.guesses_now([name], traced=True).get(name),
        decisions=queries.decisions_on(name),
        questions=opinion_queries.of_name(name),
        said=opinion_queries.said_of(name),
        me=access.current_actor(),
        **_opinions([name]),
    )


@pages.get("/visitor/<int:feedback_id>")
def visitor(feedback_id: int) -> str:
    """Show everything that one visitor said: the one who gave this answer."""
    row = queries.find_answer(feedback_id)
    part = queries.of_visitor(row.visitor, request.args.get("after", ""))
    counts = queries.counts_of_visitor(row.visitor)
    return _page("review/visitor.html", row=row, part=part, counts=counts)


@pages.post("/visitor/<int:feedback_id>/reject")
def reject_visitor(feedback_id: int) -> ResponseReturnValue:
    """Reject what waits of one visitor: all of it, or what came since some hours ago."""
    outcome = review.reject_visitor(feedback_id, access.current_actor(), _reason(), since=_since())
    return _done(outcome, url_for("review.visitor", feedback_id=feedback_id))


@pages.post("/since/reject")
def reject_since() -> ResponseReturnValue:
    """Reject everything that came since some hours ago and waits."""
    since = _since()
    if since is None:
        raise BadRequest(gettext("Say since when."))
    return _done(review.reject_since(since, access.current_actor(), _reason()), url_for("review.index"))


@pages.post("/answers")
def answers() -> ResponseReturnValue:
    """Decide on one answer, or undo that."""
    # A button sends one value, so it holds both: "accepted 7", "rejected 7", "reopen 7".
    action, _, number = request.form.get("do", "").partition(" ")
    ids = [int(number)] if number.isascii() and number.isdigit() and len(number) < 16 else []
    # Only to this site: a form's field could name any other.
    back = access.local(request.form.get("back", ""), url_for("review.index"))
    if action == "reopen":
        outcome = review.reopen(ids, access.current_actor())
        return _respond(wording.reopened(outcome.names), back)
    return _done(review.decide(ids, action, access.current_actor(), _reason()), back)


@pages.get("/export.<format>")
def export(format: str) -> Response:
    """Return the single answers that pass the filter as a file."""
    rows = import_export.rows(queries.every_answer(_wanted()))
    return downloads.download("nomen-feedback", format, import_export.COLUMNS, rows)


def _pressed(button: str) -> tuple[str, str | None, list[str]]:
    """Return what a button says: accept or reject, the answer if it names one, and which names.

    A button sends one value: "accept" and "reject" mean the ticked names, "accept female anna" and
    "reject anna" mean one.
    """
    action, _, rest = button.partition(" ")
    answer, _, one = rest.partition(" ") if action == "accept" else ("", "", rest)
    return action, answer or None, [one] if one else request.form.getlist("name")


def _done(outcome: Outcome, back: str) -> ResponseReturnValue:
    message = wording.outcome(outcome)
    if outcome.n:
        # The moment names the decision, and stays in the session until it is undone or another one is made.
        session[LAST] = {"at": outcome.at.isoformat(), "said": message}
    return _respond(message, back, outcome)


def _respond(message: str, back: str, outcome: Outcome | None = None) -> ResponseReturnValue:
    if wants_json():
        at = outcome.at.isoformat() if outcome and outcome.n else None
        lead = render_template("review/_lead.html").strip()
        return jsonify(said=message, at=at, waiting=review.n_pending(), lead=lead)
    # With a decision in the session the page shows that, with its button; two boxes would say the same.
    if LAST not in session or not outcome:
        session["told"] = message
    return redirect(back, 303)  # 303: the browser asks with GET, and a reload sends no form again


def _page(template: str, wanted: ReviewFilter = review_filters.USUAL, **shown: Any) -> str:
    return render_template(
        template,
        wanted=wanted,
        query=lambda **changes: review_filters.query(wanted, **changes),
        last=session.get(LAST),
        told=session.pop("told", None),
        seen=datetime.now(UTC).isoformat(),
        hours=HOURS,
        statuses=queries.STATUSES,
        sorts=queries.SORTS,
        visitor_label=feedback_wording.visitor,
        status_of=feedback_wording.status,
        is_split=review_cases.is_split,
        reading_of=readings.find,
        **shown,
    )


def _opinions(names: list[str]) -> dict[str, Any]:
    return {"words": opinion_queries.words(names), "asked": opinion_queries.open_by_name(names)}


def _here() -> str:
    after = request.args.get("after") or None
    return url_for("review.index", after=after, **review_filters.query(_wanted()))


def _wanted() -> ReviewFilter:
    return ReviewFilterForm().wanted()


def _reason() -> str:
    return request.form.get("reason", "")


def _since() -> datetime | None:
    hours = request.form.get("hours", "")
    if hours and hours not in HOURS:
        raise BadRequest(gettext("That is no time to go back to."))
    return datetime.now(UTC) - timedelta(hours=int(hours)) if hours else None


def _moment_seen() -> datetime | None:
    seen = request.form.get("seen", "")
    return _moment(seen) if seen else None


def _moment(text: str) -> datetime:
    try:
        # A moment without a zone is taken as the server's; ours always carry one.
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest(gettext("That is no moment in time.")) from error
