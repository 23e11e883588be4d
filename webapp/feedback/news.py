"""What became of a visitor's corrections since they were last here, told once."""

import time
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from training.model.inference.recent import Recent
from webapp.errors import Busy
from webapp.extensions import db
from webapp.feedback import service as feedback
from webapp.guessing import predictor
from webapp.models import Feedback, now
from webapp.models.enums import DECIDED, Status
from webapp.storage.database import reading, writing
from webapp.versions.receipts import Outcome

LOOK_AGAIN = 600.0
"""Seconds after which a visitor is looked up again in any case: answers may be imported."""


@dataclass(frozen=True)
class News:
    """What became of a visitor's corrections since they last looked: normalised names."""

    taught: dict[Outcome, list[str]]
    """Those that the network was taught which serves, by what became of them."""
    accepted: list[str]
    rejected: list[str]
    ids: list[int]


def find_news(visitor: str | None, learned_alone: bool = False) -> News | None:
    """Return what became of a visitor's corrections that they have not been told yet, or None."""
    if not visitor:
        return None
    unseen = select(Feedback).where(
        Feedback.visitor == visitor, Feedback.status.in_(DECIDED), Feedback.seen_at.is_(None)
    )
    if learned_alone:
        unseen = unseen.where(Feedback.learned_id.is_not(None))
    # Oldest decision first: of a name that was decided twice, the dictionary below keeps the later one.
    rows = list(db.session.scalars(unseen.order_by(Feedback.decided_at).limit(1_000)))
    if not rows:
        return None
    receipts = feedback.receipts_now(feedback.guesses_now(row.name for row in rows if row.learned_id))
    taught: dict[Outcome, list[str]] = {}
    for outcome in Outcome:  # what was learned is told first
        if names := [name for name, receipt in receipts.items() if receipt.outcome == outcome]:
            taught[outcome] = names
    return News(
        taught=taught,
        accepted=[row.name for row in rows if row.status == Status.ACCEPTED and not row.learned_id],
        rejected=[row.name for row in rows if row.status == Status.REJECTED],
        ids=[row.id for row in rows],
    )


def tell(visitor: str | None, learned_alone: bool = False, waits: bool = True) -> News | None:
    """Return the news of a visitor, once."""
    news = find_news(visitor, learned_alone)
    if news and visitor:
        with writing(waits) as session:
            # Only those that were read: what is decided in this moment is told the next time.
            mine = Feedback.visitor == visitor, Feedback.id.in_(news.ids)
            session.execute(update(Feedback).where(*mine).values(seen_at=now()))
    return news


def learned_lately(visitor: str | None) -> News | None:
    """Return what was learned of a visitor's corrections, once; None while the database is away or held.

    Guesses do without it, so this must neither stop them nor hold them up. A visitor without news has none
    until the next promotion, which alone says what was learned, and is not looked up again until then.
    """
    if visitor is None:
        return None
    champion = predictor.get().champion
    without: Recent[tuple[int, str], float] = current_app.extensions.setdefault(
        "without_news", Recent(20_000)
    )
    key = champion.promotion_id if champion else 0, visitor
    if (without.get(key) or 0.0) > time.monotonic():
        return None
    try:
        with reading(waits=False):
            news = tell(visitor, learned_alone=True, waits=False)
    except (OperationalError, Busy):
        return None
    if news is None and champion:
        without.put(key, time.monotonic() + LOOK_AGAIN)
    return news
