"""What visitors answered, counted and put together for review."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from training.names import Label
from training.names.scripts.written import LATIN
from webapp.extensions import Model
from webapp.models.enums import Source, Status
from webapp.models.types import NAME, Instant, now, word_of
from webapp.models.versions import Version


class Feedback(Model):
    """A visitor's answer to one guess."""

    __table_args__ = (
        UniqueConstraint("visitor", "name", "version_id"),  # what makes answering twice harmless
        # Each index leads one list or filter of history, review or scoreboard; tests/review/test_queries.py
        # reads the plans and fails when a list is sorted or searched row by row.
        Index(None, "visitor", "created_at"),
        Index(None, "name", "status", "version_id"),
        Index(None, "name", "created_at"),
        Index(None, "status", "created_at"),
        Index(None, "version_id", "guessed", "answer", "id"),  # the newest of a cell come first
        Index(None, "created_at"),
        Index(None, "version_id", "created_at"),
        Index(None, "version_id", "status", "created_at"),
        Index(None, "status", "learned_id", "name"),  # for the count of what the next run would learn
        Index(None, "answer", "created_at"),
        Index(None, "decided_at"),  # names one decision, for undo
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=now)
    updated_at: Mapped[datetime] = mapped_column(Instant, default=now)  # when the answer was last changed
    day: Mapped[date]  # the tally's day: that of created_at
    visitor: Mapped[str] = mapped_column(String(64))  # the cookie's random id, or one of an API key
    source: Mapped[Source] = mapped_column(word_of(Source, 8), default=Source.GUESS)
    name: Mapped[str] = mapped_column(NAME)  # normalised
    typed: Mapped[str] = mapped_column(String(64))  # as the visitor wrote it, to show it back
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    guessed: Mapped[Label] = mapped_column(word_of(Label, 8))  # both: it was told as given to both
    p_female: Mapped[float]  # as it was guessed; the version may be long gone from memory
    answer: Mapped[Label] = mapped_column(word_of(Label, 8))
    previous: Mapped[Label | None] = mapped_column(word_of(Label, 8))  # the answer before, for undo
    status: Mapped[Status] = mapped_column(word_of(Status, 8))
    taught: Mapped[bool] = mapped_column(default=False)  # the version had learned this name from visitors
    # What it was typed in, and the country that it was asked with, as a network reads it: "" for anywhere.
    script: Mapped[str] = mapped_column(String(16), default=LATIN, server_default=LATIN)
    country: Mapped[str] = mapped_column(String(2), default="", server_default="")
    link: Mapped[str] = mapped_column(String(32), unique=True)  # unguessable, of the correction's own page
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(255))
    reason: Mapped[str] = mapped_column(Text, default="")
    learned_id: Mapped[int | None] = mapped_column(
        ForeignKey("version.id")
    )  # first served version that has it
    seen_at: Mapped[datetime | None] = mapped_column(Instant)  # when the visitor was told of the outcome
    version: Mapped[Version] = relationship(foreign_keys=[version_id])


# Every count below changes as `n = n + 1` in the database, never from a number that was read before: two
# processes that count at once would lose one of the two.
class OfOneKind:
    """What the answers have in common that are counted together."""

    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    source: Mapped[Source] = mapped_column(word_of(Source, 8), primary_key=True)
    guessed: Mapped[Label] = mapped_column(word_of(Label, 8), primary_key=True)
    answer: Mapped[Label] = mapped_column(word_of(Label, 8), primary_key=True)
    status: Mapped[Status] = mapped_column(word_of(Status, 8), primary_key=True)
    taught: Mapped[bool] = mapped_column(primary_key=True)


class Tally(OfOneKind, Model):
    """How many answers there are of each kind, kept in the same transaction as the answers."""

    n: Mapped[int] = mapped_column(default=0)


class PlaceTally(OfOneKind, Model):
    """The same of answers about names in other letters than Latin, or with a country: by both."""

    script: Mapped[str] = mapped_column(String(16), primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    n: Mapped[int] = mapped_column(default=0)


class NameTally(Model):
    """How one name was answered in all, rejected answers apart: what the lists of missed names read."""

    __table_args__ = (Index(None, "missed"), Index(None, "against"))

    name: Mapped[str] = mapped_column(NAME, primary_key=True)
    women: Mapped[int] = mapped_column(default=0)
    men: Mapped[int] = mapped_column(default=0)
    both: Mapped[int] = mapped_column(default=0)
    missed: Mapped[int] = mapped_column(default=0)  # answers that disagreed with the guess
    against: Mapped[int] = mapped_column(default=0)  # answers that disagreed with the corpus


class Case(Model):
    """What waits for review under one name: its pending corrections, one vote a visitor."""

    __tablename__ = "review_case"  # CASE is a word of SQL
    __table_args__ = (
        Index(None, "votes", "surest", "name"),
        Index(None, "surest", "name"),
        Index(None, "last_at", "name"),
        Index(None, "is_contested", "votes", "name"),
    )

    name: Mapped[str] = mapped_column(NAME, primary_key=True)
    women: Mapped[int]
    men: Mapped[int]
    both: Mapped[int]
    votes: Mapped[int]  # women + men + both: visitors, each counted once
    surest: Mapped[float]  # how sure the network was of what is called wrong, at most
    p_female: Mapped[float]  # what it said then
    first_at: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
    people: Mapped[int]  # the corpus's evidence when last looked up
    share: Mapped[float | None]
    is_contested: Mapped[bool]  # split votes, or thousands of bearers against them

    @property
    def by_answer(self) -> dict[Label, int]:
        """How many visitors give each answer."""
        return {Label.FEMALE: self.women, Label.MALE: self.men, Label.BOTH: self.both}


class Verdict(Model):
    """What one reviewer thinks of one correction: the latest word they said, decided or asked for."""

    __table_args__ = (Index(None, "by"),)

    name: Mapped[str] = mapped_column(NAME, primary_key=True)
    answer: Mapped[Label] = mapped_column(word_of(Label, 8), primary_key=True)  # what visitors say of it
    by: Mapped[str] = mapped_column(String(255), primary_key=True)
    status: Mapped[Status] = mapped_column(word_of(Status, 8))  # accepted or rejected
    is_opinion: Mapped[bool] = mapped_column(default=False)  # given when asked; it decided nothing
    at: Mapped[datetime] = mapped_column(Instant)


class SecondOpinion(Model):
    """A reviewer asks a colleague what they think of the corrections of a name."""

    __table_args__ = (Index(None, "asked_of", "given_at"), Index(None, "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(Instant, default=now)
    asked_by: Mapped[str] = mapped_column(String(255))
    asked_of: Mapped[str] = mapped_column(String(255))
    question: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime | None] = mapped_column(Instant)  # by an opinion, or by deciding
    comment: Mapped[str] = mapped_column(Text, default="")
