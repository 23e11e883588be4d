"""Asking a colleague for a second opinion, giving one, taking a question back."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from training.names import Label
from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.feedback import service as feedback
from webapp.languages.texts import gettext
from webapp.models import Role, SecondOpinion, User, now
from webapp.models.enums import Action, RoleName, Status
from webapp.review.opinions import queries, verdicts
from webapp.storage.database import writing

NONE = "none"
"""The opinion that nothing of what visitors say of a name should be accepted."""
LONGEST = 500


def colleagues(of: str) -> list[str]:
    """Return who else may review, by their e-mail."""
    may_review = User.roles.any(Role.name.in_(RoleName))
    others = select(User.email).where(User.active, may_review, User.email != of)
    return list(db.session.scalars(others.order_by(User.email)))


def may_be_asked(name: str, by: str) -> list[str]:
    """Return which colleagues are not asked about a name, or have answered."""
    waiting = queries.open_by_name([name]).get(name, [])
    return [email for email in colleagues(by) if email not in waiting]


def ask(name: str, of: str, by: str, question: str = "") -> SecondOpinion:
    """Ask a colleague what they think of the corrections of a name.

    Raises NotFound if nobody corrected it, Invalid for who cannot be asked, Conflict for who is asked twice.
    """
    if of not in colleagues(by):
        raise Invalid(gettext("Choose a colleague who may review."), "of")
    question = _text(question, "question")
    with writing() as session:
        if not queries.said_of(name):
            raise NotFound(gettext("No visitor corrects %(title)s.", title=name.title()))
        mine = exists().where(SecondOpinion.name == name, SecondOpinion.asked_of == of)
        if session.scalar(select(mine.where(SecondOpinion.given_at.is_(None)))):
            raise Conflict(
                gettext("%(of)s has been asked about %(title)s already.", of=of, title=name.title())
            )
        row = SecondOpinion(name=name, asked_by=by, asked_of=of, question=question)
        session.add(row)
        audit.note(session, by, Action.OPINION_ASK, name, of=of, question=question)
    return row


def give(opinion_id: int, said: str, by: str, comment: str = "") -> SecondOpinion:
    """Give the opinion that was asked for: the answer that should be accepted, or NONE. It decides nothing.

    It may be given anew. Raises NotFound if it was not asked of `by`, Invalid for what nobody says.
    """
    comment = _text(comment, "comment")
    with writing() as session:
        row = _asked(session, opinion_id, SecondOpinion.asked_of == by)
        answers = queries.said_of(row.name)
        if said not in (*answers, NONE):
            raise Invalid(
                gettext("Choose what should be accepted of %(name)s.", name=row.name.title()), "said"
            )
        at = now()
        verdicts.note_opinion(session, _judged(row.name, answers, said), by, at)
        row.given_at, row.comment = at, comment
        audit.note(session, by, Action.OPINION_GIVE, row.name, accepts=said, comment=comment)
    return row


def withdraw(opinion_id: int, by: str) -> SecondOpinion:
    """Take a question back that nobody has answered; raise NotFound if there is none of `by`."""
    with writing() as session:
        row = _asked(session, opinion_id, SecondOpinion.asked_by == by, SecondOpinion.given_at.is_(None))
        session.delete(row)
        audit.note(session, by, Action.OPINION_WITHDRAW, row.name, of=row.asked_of)
    return row


def _asked(session: Session, opinion_id: int, *which: ColumnElement[bool]) -> SecondOpinion:
    row = session.scalar(select(SecondOpinion).where(SecondOpinion.id == opinion_id, *which))
    if row is None:
        raise NotFound(gettext("There is no such question."))
    return row


def _judged(name: str, answers: list[Label], said: str) -> Mapping[tuple[str, Label], Status]:
    return {(name, answer): Status.ACCEPTED if answer == said else Status.REJECTED for answer in answers}


def _text(text: str, field: str) -> str:
    if len(text) > LONGEST:
        raise Invalid(gettext("Up to %(most)s characters.", most=LONGEST), field)
    return feedback.printable(text.strip(), LONGEST)
