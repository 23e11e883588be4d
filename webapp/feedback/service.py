"""Visitors' answers: give, change, undo, delete, look back."""

import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from itertools import chain

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy import delete as delete_rows
from sqlalchemy.orm import Session

from training import names
from training.names import ANSWERS, Label
from training.names.scripts.written import country_asked, script_in
from webapp.errors import Conflict, Invalid, NotFound, Unavailable
from webapp.extensions import db
from webapp.feedback import name_tallies, review_cases, tallies
from webapp.guessing import predictor
from webapp.guessing.guess import Guess
from webapp.guessing.tokens import Claim
from webapp.languages.texts import gettext
from webapp.models import Feedback, TaughtName, Version, now
from webapp.models.enums import DECIDED, Status
from webapp.storage import revision
from webapp.storage.database import writing
from webapp.versions.receipts import Receipt

PER_PAGE = 30
AT_ONCE = 500  # answers deleted in one transaction


@dataclass(frozen=True)
class HistoryPage:
    """One page of a visitor's answers, newest first; `page` counts from 1."""

    rows: list[Feedback]
    page: int
    pages: int
    total: int


def submit(claim: Claim, answer: str) -> Feedback:
    """Store what a visitor says of a guess: `right`, or what the name is, one of ANSWERS.

    The same answer again changes nothing; another one replaces it and is reviewed anew.
    Raises Invalid for another word, NotFound if the version is gone.
    """
    if answer not in (Status.RIGHT, *ANSWERS):
        raise Invalid(gettext("An answer is one of: right, female, male, both."), "answer")
    stated = claim.guessed if answer == Status.RIGHT else Label(answer)
    with writing() as session:
        # First, because on PostgreSQL its row lock lets one answer through at a time, as SQLite does.
        revision.bump(answered=True)
        row = session.scalars(_about(claim)).one_or_none()
        if row is None:
            row = _add(session, claim, stated)
        elif row.answer != stated:
            _change(session, row, stated, previous=row.answer)
    return row


def _about(claim: Claim) -> Select[Feedback]:
    return select(Feedback).where(
        Feedback.visitor == claim.visitor,
        Feedback.name == claim.name,
        Feedback.version_id == claim.version_id,
    )


def _add(session: Session, claim: Claim, stated: Label) -> Feedback:
    if session.scalar(select(Version.id).where(Version.id == claim.version_id)) is None:
        raise NotFound(
            gettext("The version that made this guess is gone: guess the name again, then answer.")
        )
    moment = now()
    row = Feedback(
        created_at=moment,
        updated_at=moment,
        day=moment.astimezone(UTC).date(),
        visitor=claim.visitor,
        source=claim.source,
        name=claim.name,
        typed=printable(claim.typed),
        version_id=claim.version_id,
        guessed=claim.guessed,
        p_female=claim.p_female,
        answer=stated,
        status=status_of(stated, claim.guessed),
        # Asked now and kept: what a version was taught does not change, and the scoreboard need not ask.
        taught=session.get(TaughtName, (claim.version_id, claim.name)) is not None,
        script=script_in(claim.typed),
        country=country_asked(claim.name, claim.typed),
        link=new_link(),
    )
    session.add(row)
    tallies.count(session, row, +1)
    review_cases.recount(session, row.name)
    return row


def status_of(answer: Label, guessed: Label) -> Status:
    """Return the status of an answer that nobody has reviewed."""
    return Status.RIGHT if answer == guessed else Status.PENDING


def new_link() -> str:
    """Return the unguessable address of one answer's own page."""
    return secrets.token_urlsafe(18)  # 144 random bits in 24 characters


def printable(text: str, longest: int = 64) -> str:
    """Return at most `longest` characters of `text`, less what no database or log line should hold."""
    # Control characters could forge lines of a log; half a surrogate pair cannot be written as UTF-8.
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)[:longest]


def visitor_label(visitor: str) -> str:
    """Return what the audit trail calls a visitor."""
    return f"visitor {visitor_mark(visitor)}"


def visitor_mark(visitor: str) -> str:
    """Return by what staff know a visitor: enough to tell one from another, too little to pass for them."""
    # Eight digits tell some thousand visitors apart. The id itself is their cookie: who knows it is them.
    return sha256(visitor.encode()).hexdigest()[:8]


def _change(session: Session, row: Feedback, stated: Label, previous: Label | None) -> None:
    # Out under the old answer, in under the new one.
    with tallies.recounting(session, row):
        row.answer, row.previous, row.updated_at = stated, previous, now()
        reopen(row)
    review_cases.recount(session, row.name)


def reopen(row: Feedback) -> None:
    """Make an answer one that nobody has decided."""
    row.status = status_of(row.answer, row.guessed)
    row.decided_at = row.decided_by = row.learned_id = row.seen_at = None
    row.reason = ""


def undo(visitor: str | None, feedback_id: int) -> Feedback | None:
    """Take a visitor's last answer to a guess back; return the answer that stands now, if one does.

    Raises NotFound if it is not theirs, Conflict if it has been decided.
    """
    with writing() as session:
        revision.bump(answered=True)
        row = own(visitor, feedback_id)
        # A reviewer's work is not undone by going back; deleting it is the visitor's right.
        if row.status in DECIDED:
            raise Conflict(gettext("This answer has been reviewed already; it can only be deleted."))
        if row.previous is None:
            _remove(session, row)
            return None
        _change(session, row, row.previous, previous=None)
    return row


def delete(visitor: str | None, feedback_id: int) -> str:
    """Delete a visitor's answer, reviewed or not, and return its name; raise NotFound if it is not theirs."""
    with writing() as session:
        revision.bump(answered=True)
        row = own(visitor, feedback_id)
        name = row.name
        _remove(session, row)
    return name


def _remove(session: Session, row: Feedback) -> None:
    tallies.count(session, row, -1)
    session.delete(row)
    review_cases.recount(session, row.name)


def delete_some(*which: ColumnElement[bool]) -> int:
    """Delete up to AT_ONCE answers, counted out as one by one; return how many, 0 when none is left.

    All of a flood goes in several transactions, so that visitors never wait long.
    """
    with writing() as session:
        chosen = select(Feedback).where(*which).order_by(Feedback.id).limit(AT_ONCE)
        rows = list(session.scalars(chosen))
        if rows:
            revision.bump(answered=True)
            _remove_many(session, rows)
    return len(rows)


def _remove_many(session: Session, rows: list[Feedback]) -> None:
    counted = Counter(chain.from_iterable(map(tallies.cells, rows)))
    tallies.add(session, Counter({cell: -n for cell, n in counted.items()}))
    for row in rows:
        name_tallies.count(session, row, -1)
    names = {row.name for row in rows}
    session.execute(delete_rows(Feedback).where(Feedback.id.in_([row.id for row in rows])))
    review_cases.recount(session, names)


def own(visitor: str | None, feedback_id: int) -> Feedback:
    """Return a visitor's own answer, or raise NotFound."""
    row = db.session.get(Feedback, feedback_id)
    # The same sentence for both, or one could find out which numbers exist.
    if row is None or row.visitor != visitor:
        raise NotFound(gettext("There is no such answer of yours."))
    return row


def find_by_link(link: str) -> Feedback:
    """Return the answer with this unguessable link, or raise NotFound."""
    row = db.session.scalars(select(Feedback).where(Feedback.link == link)).one_or_none()
    if row is None:
        raise NotFound(gettext("There is no answer under this address. Perhaps it was deleted."))
    return row


def history(visitor: str | None, page: int = 1, search: str = "") -> HistoryPage:
    """Return one page of a visitor's answers, newest first; `search` is part of a name."""
    # Nobody's answers are none; to compare with nothing at all would read every row.
    mine = select(Feedback).where(Feedback.visitor == (visitor or ""))
    if search:
        of_name = Feedback.name.contains(names.transliterate(search) or search.lower(), autoescape=True)
        mine = mine.where(or_(of_name, Feedback.typed.icontains(search, autoescape=True)))
    total = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    # Somebody may have deleted the last answer of the last page.
    page = min(max(page, 1), pages)
    newest = mine.order_by(Feedback.updated_at.desc(), Feedback.id.desc())
    # Counted off, unlike the reviewers' lists: nobody's own answers are a million.
    rows = db.session.scalars(newest.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return HistoryPage(list(rows), page, pages, total)


def receipts_now(guesses: Mapping[str, Guess]) -> dict[str, Receipt]:
    """Return what became of those of the names that visitors taught the champion; see `guesses_now`."""
    taught = predictor.get().current().taught if guesses else {}
    return {name: taught[name].answered(guess.p_female) for name, guess in guesses.items() if name in taught}


def guesses_now(keys: Iterable[str], traced: bool = False) -> dict[str, Guess]:
    """Return what the champion says of each stored name now; nothing while none serves."""
    try:
        champion = predictor.get().current()
    # History works without a network; only the column "now" stays empty.
    except Unavailable:
        return {}
    wanted = sorted(set(keys))
    return dict(zip(wanted, predictor.guess_keys(champion, wanted, traced), strict=True))


def recount(check: bool) -> list[str]:
    """Compare every count with the answers themselves; unless `check`, put right what differs."""
    with writing() as session:
        revision.bump()
        wrong: dict[str, Iterable[object]] = {
            "the scoreboard's tally": (tallies.compare if check else tallies.recount)(session),
            "the names that wait": (review_cases.compare if check else review_cases.recount_all)(session),
            "the answers of names": (name_tallies.compare if check else name_tallies.recount)(session),
        }
    return [f"{what}: {found}" for what, differing in wrong.items() for found in differing]
