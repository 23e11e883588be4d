"""Deciding on corrections: accept, reject, undo. Every decision is one row of the audit trail a name.

Accepting a name takes an answer: the corrections that say it are accepted, the other pending ones of the
name are rejected as decided otherwise. Contested names are never decided in bulk.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from training.names import ANSWERS, Label, is_learnable
from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.feedback import review_cases, tallies
from webapp.feedback import service as feedback
from webapp.languages.texts import gettext
from webapp.languages.words import N_
from webapp.models import Case, Feedback, Promotion, now
from webapp.models.enums import DECIDED, Action, Status
from webapp.review.opinions import verdicts
from webapp.storage import revision
from webapp.storage.database import writing

Condition = ColumnElement[bool]
OTHERWISE = N_("Decided otherwise.")
LONGEST_REASON = 500
AT_ONCE = 500
"""Answers decided in one transaction where a whole flood is rejected, so that visitors never wait long."""


@dataclass(frozen=True)
class AcceptedCorrection:
    """What reviewers accepted of one name: an answer, and how many visitors gave it."""

    name: str
    answer: Label
    visitors: int


@dataclass(frozen=True)
class Decision:
    """What becomes of answers: all the same, or accepted where they say what is `taken` for their name."""

    status: Status
    reason: str
    taken: Mapping[str, Label] | None = None

    def of(self, row: Feedback) -> tuple[Status, str]:
        """Return the status of an answer and the reason that its visitor reads."""
        if self.taken is None or row.answer == self.taken[row.name]:
            return self.status, self.reason
        return Status.REJECTED, OTHERWISE


@dataclass(frozen=True)
class Outcome:
    """What a decision did: `at` names it for `undecide`; contested names were left alone."""

    at: datetime
    n: int = 0
    names: list[str] = field(default_factory=list)
    contested: list[str] = field(default_factory=list)


def accepted(names: Collection[str] | None = None) -> list[AcceptedCorrection]:
    """Return the accepted corrections that can be learned, of all names or some: one vote a visitor and name.

    It is their latest. Those of names in letters that no network reads yet are kept, and wait.
    """
    latest_first = Feedback.updated_at.desc(), Feedback.id.desc()
    # A window over each visitor's accepted answers of a name, newest first: place 1 is their vote.
    place = func.row_number().over(partition_by=(Feedback.name, Feedback.visitor), order_by=latest_first)
    votes = select(Feedback.name, Feedback.answer, place.label("place"))
    some = [] if names is None else [Feedback.name.in_(names)]
    of = votes.where(Feedback.status == Status.ACCEPTED, *some).subquery()
    counted = select(of.c.name, of.c.answer, func.count()).where(of.c.place == 1)
    rows = db.session.execute(counted.group_by(of.c.name, of.c.answer).order_by(of.c.name, of.c.answer))
    return [AcceptedCorrection(*row) for row in rows if is_learnable(row[0])]


def accepted_tag() -> Hashable:
    """Return what changes whenever `accepted` or `n_unlearned` may be another."""
    # Read from indexes alone. Each decision has its own moment, each promotion a number; whoever changes or
    # deletes an accepted answer lowers the count.
    counted = select(func.count()).select_from(Feedback).where(Feedback.status == Status.ACCEPTED)
    latest = select(func.max(Feedback.decided_at)), select(func.max(Promotion.id))
    return tuple(db.session.scalar(query) for query in (counted, *latest))


def n_pending() -> int:
    """Return how many names wait for review."""
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def n_unlearned() -> int:
    """Return how many names have accepted corrections that the champion has not learned."""
    waiting = Feedback.status == Status.ACCEPTED, Feedback.learned_id.is_(None)
    return sum(map(is_learnable, db.session.scalars(select(Feedback.name).where(*waiting).distinct())))


def accept(
    names: Sequence[str], by: str, reason: str = "", answer: str | None = None, until: datetime | None = None
) -> Outcome:
    """Accept the pending corrections of `names` that were given `until` a moment.

    Without an `answer` contested names are left alone and listed; with one, of ANSWERS, a single name is
    decided even if it is contested. Raises Invalid for a bad value.
    """
    if answer is not None and answer not in ANSWERS:
        raise Invalid(gettext("An answer is one of: female, male, both."), "answer")
    stated = None if answer is None else Label(answer)
    # One name and one answer is a click on that name: somebody has looked at it.
    may_be_contested = stated is not None and len(names) == 1
    with writing() as session:
        revision.bump()
        # Read inside the transaction, so that a name that became contested a moment ago is left alone.
        waiting = list(session.scalars(select(Case).where(Case.name.in_(names))))
        plain = [case for case in waiting if may_be_contested or not case.is_contested]
        taken = {case.name: _checked(case, stated) for case in plain}
        decision = Decision(Status.ACCEPTED, check_reason(reason), taken)
        contested = sorted(case.name for case in waiting if case.name not in taken)
        outcome = _decide(session, _pending(taken, until), decision, by)
    return replace(outcome, contested=contested)


def reject(names: Sequence[str], by: str, reason: str = "", until: datetime | None = None) -> Outcome:
    """Reject the pending corrections of `names` that were given `until` a moment."""
    with writing() as session:
        revision.bump()
        return _decide(session, _pending(names, until), Decision(Status.REJECTED, check_reason(reason)), by)


def decide(ids: Sequence[int], decision: str, by: str, reason: str = "") -> Outcome:
    """Accept or reject single answers by their ids, whatever was decided before; `right` ones stay.

    Raises Invalid for another decision, NotFound if none of them is a correction.
    """
    if decision not in DECIDED:
        raise Invalid(gettext("A decision is one of: accepted, rejected."), "decision")
    with writing() as session:
        revision.bump()
        corrections = (Feedback.id.in_(ids), Feedback.status != Status.RIGHT)
        outcome = _decide(session, corrections, Decision(Status(decision), check_reason(reason)), by)
        if not outcome.n:
            raise NotFound(gettext("There is no such correction."))
    return outcome


def reject_visitor(feedback_id: int, by: str, reason: str = "", since: datetime | None = None) -> Outcome:
    """Reject everything pending of the visitor who gave this answer, or what they gave `since` a moment."""
    row = db.session.get(Feedback, feedback_id)
    if row is None:
        raise NotFound(gettext("There is no such answer."))
    which = [Feedback.visitor == row.visitor] + ([Feedback.updated_at >= since] if since else [])
    return _reject_flood(which, by, reason, feedback.visitor_label(row.visitor))


def reject_since(moment: datetime, by: str, reason: str = "") -> Outcome:
    """Reject everything pending that was given since a moment, by whomever."""
    subject = f"everything since {moment:%Y-%m-%d %H:%M} UTC"
    return _reject_flood([Feedback.updated_at >= moment], by, reason, subject)


def undecide(at: datetime, by: str) -> Outcome:
    """Undo the decision that was made `at` a moment; raise Conflict if nothing of it is left."""
    outcome = Outcome(at)
    while done := _reopen([Feedback.decided_at == at], by):
        outcome = replace(outcome, n=outcome.n + len(done), names=sorted({*outcome.names, *done}))
    return _unless_empty(outcome)


def reopen(ids: Sequence[int], by: str) -> Outcome:
    """Undo whatever was decided on single answers; raise Conflict if nothing was."""
    done = _reopen([Feedback.id.in_(ids), Feedback.decided_at.is_not(None)], by)
    return _unless_empty(Outcome(now(), len(done), sorted(set(done))))


def check_reason(reason: str) -> str:
    """Return a reason as it is kept, or raise Invalid if it is too long."""
    if len(reason) > LONGEST_REASON:
        raise Invalid(gettext("A reason has up to %(most)s characters.", most=LONGEST_REASON), "reason")
    return feedback.printable(reason.strip(), LONGEST_REASON)


def _checked(case: Case, answer: Label | None) -> Label:
    votes = case.by_answer
    if answer is None:
        return max(votes, key=lambda answer: votes[answer])  # without contest all votes are the same
    if not votes[answer]:
        raise Conflict(gettext("Nobody says that of %(name)s; there is nothing to accept.", name=case.name))
    return answer


def _pending(names: Iterable[str], until: datetime | None) -> list[Condition]:
    which: list[Condition] = [Feedback.status == Status.PENDING, Feedback.name.in_(list(names))]
    return [*which, Feedback.updated_at <= until] if until else which


def _decide(
    session: Session,
    which: Iterable[Condition],
    decision: Decision,
    by: str,
    subject: str = "",
    at: datetime | None = None,
) -> Outcome:
    at = at or now()
    rows = list(session.scalars(select(Feedback).where(*which)))
    for row in rows:
        _settle(session, row, decision, by, at)
    outcome = Outcome(at, len(rows), sorted({row.name for row in rows}))
    # Once for all names, after all rows: a case is counted from its answers, not moved along with them.
    review_cases.recount(session, outcome.names)
    if not subject:
        verdicts.note_decision(session, rows, by, at)  # of a flood nobody has looked at each name
    _note(session, rows, by, subject)
    return outcome


def _settle(session: Session, row: Feedback, decision: Decision, by: str, at: datetime) -> None:
    with tallies.recounting(session, row):
        row.status, row.reason = decision.of(row)
        # Not seen, not learned: another decision is news to the visitor, and a new matter for the next run.
        row.decided_by, row.decided_at, row.seen_at, row.learned_id = by, at, None, None


def _note(session: Session, rows: list[Feedback], by: str, subject: str) -> None:
    # One entry a name, so that a name's page can tell its history; a flood is noted as one.
    groups: dict[str, list[Feedback]] = defaultdict(list)
    for row in rows:
        groups[subject or row.name].append(row)
    for about, group in groups.items():
        accepted = Counter(row.answer for row in group if row.status == Status.ACCEPTED)
        # Of a mixed group (some accepted, the rest decided otherwise) the accepting is what somebody did.
        action = Action.FEEDBACK_ACCEPT if accepted else Action.FEEDBACK_REJECT
        reason = next((row.reason for row in group if row.reason not in ("", OTHERWISE)), "")
        n_rejected = len(group) - accepted.total()
        audit.note(session, by, action, about, accepted=dict(accepted), rejected=n_rejected, reason=reason)


def _reject_flood(which: list[Condition], by: str, reason: str, subject: str) -> Outcome:
    decision, start = Decision(Status.REJECTED, check_reason(reason)), now()
    # Up to the start: a flood that goes on while it is rejected would keep this loop going.
    flood = [Feedback.status == Status.PENDING, Feedback.updated_at <= start, *which]
    outcome = Outcome(start)
    while ids := list(db.session.scalars(select(Feedback.id).where(*flood).limit(AT_ONCE))):
        with writing() as session:
            revision.bump()
            # The conditions once more: a row may have been decided or deleted since its id was read.
            part = _decide(session, [*flood, Feedback.id.in_(ids)], decision, by, subject, start)
        outcome = replace(outcome, n=outcome.n + part.n, names=sorted({*outcome.names, *part.names}))
    return outcome


def _reopen(which: list[Condition], by: str) -> list[str]:
    with writing() as session:
        revision.bump()
        # What was reopened no longer fits the condition, so the caller's next call takes the next ones.
        rows = list(session.scalars(select(Feedback).where(*which).limit(AT_ONCE)))
        verdicts.forget_decision(session, rows, by)
        for row in rows:
            with tallies.recounting(session, row):
                feedback.reopen(row)
        names = [row.name for row in rows]
        review_cases.recount(session, names)
        for name, n in Counter(names).items():
            audit.note(session, by, Action.FEEDBACK_UNDO, name, reopened=n)
    return names


def _unless_empty(outcome: Outcome) -> Outcome:
    if not outcome.n:
        raise Conflict(gettext("There is nothing left to undo of that decision."))
    return outcome
