"""What became of a correction, from what networks answered before and after they were taught it.

That a version was trained on a correction says nothing of this: the records may weigh more, or the network
may have moved the other way. What a correction is going to do is in `review.correction_effects`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Select, select

from training.data.evidence import EVEN, SHARES, Count
from training.names import Label
from webapp.extensions import db
from webapp.languages import numbers
from webapp.languages.texts import gettext, ngettext
from webapp.languages.words import N_, Words
from webapp.models import TaughtName
from webapp.presentation.template_filters import percent
from webapp.presentation.wording import LABEL_WORDS, told_as

NOTICED = 0.005
"""A share that moves less than half a point is told as one that stays."""


class Outcome(StrEnum):
    """What became of a correction in a version that was taught it."""

    LEARNED = "learned"  # it is told as visitors say
    MOVED = "moved"  # nearer to what they say, and not there
    OUTWEIGHED = "outweighed"  # where it was: the records weigh more
    TURNED_BACK = "turned back"  # further from what they say than before


@dataclass(frozen=True)
class Receipt:
    """One name that a version was taught. What old versions did not note is None."""

    version_id: int
    name: str
    answer: Label
    """What most of its visitors said."""
    people: int | None = None
    known: float | None = None
    """The records' share of women among so many people, who are 0 where they have never met the name."""
    visitors: int | None = None
    said: float | None = None
    """The share of women that the visitors' answers mean."""
    before: float | None = None
    """P(female) as the version answered that served until then."""
    after: float | None = None
    """P(female) as this version answers."""

    def answered(self, p_female: float) -> "Receipt":
        """Return it with what its version says, where that was not noted."""
        return self if self.after is not None else replace(self, after=p_female)

    @property
    def target(self) -> float | None:
        """The share of women that follows from records and visitors together: what was taught."""
        if self.people is None or self.known is None or self.visitors is None or self.said is None:
            return None
        return Count(self.people, self.known, self.visitors, self.said).share

    @property
    def outcome(self) -> Outcome | None:
        """What became of it; None where the version's answer was not noted."""
        if self.after is None:
            return None
        if told_as(self.after) == self.answer:
            return Outcome.LEARNED
        if self.before is None:
            return Outcome.OUTWEIGHED
        if told_as(self.before) == self.answer:
            return Outcome.TURNED_BACK
        wanted = SHARES[self.answer]
        nearer = abs(self.before - wanted) - abs(self.after - wanted)
        if abs(nearer) < NOTICED:
            return Outcome.OUTWEIGHED
        if nearer < 0:
            return Outcome.TURNED_BACK
        # "Both" is learned where the gate and the forecast count it as such, near one half.
        is_near = self.answer == Label.BOTH and abs(self.after - wanted) <= EVEN
        return Outcome.LEARNED if is_near else Outcome.MOVED

    @property
    def status(self) -> str:
        """What became of it, in the few words of a list."""
        return STATUS[self.outcome or Outcome.LEARNED] % {"version": f"v{self.version_id}"}

    @property
    def sentence(self) -> str:
        """What became of it, in a sentence with the shares before and after."""
        sentence = SENTENCES[self.outcome or Outcome.LEARNED] % {"version": f"v{self.version_id}"}
        return " ".join(filter(None, (sentence, _moved(self.before, self.after))))

    @property
    def basis(self) -> str:
        """What it was counted from, in a sentence; empty where that was not noted."""
        if self.people is None or self.known is None or self.visitors is None or self.target is None:
            return ""
        return " ".join((_met(self.people, self.known), self._answers(self.visitors), _together(self.target)))

    def _answers(self, visitors: int) -> str:
        said = LABEL_WORDS[Label.BOTH if self.said == 0.5 else self.answer]
        told = {"n": numbers.count(visitors), "answer": said}
        if self.said in (0, 0.5, 1):
            return ngettext(
                "%(n)s visitor says: %(answer)s.", "%(n)s visitors say: %(answer)s.", visitors, **told
            )
        return gettext("%(n)s visitors say: mostly %(answer)s.", **told)


STATUS: Mapping[Outcome, str] = Words(
    {
        Outcome.LEARNED: N_("learned in %(version)s"),
        Outcome.MOVED: N_("moved in %(version)s, not turned"),
        Outcome.OUTWEIGHED: N_("counted in %(version)s; the records still weigh more"),
        Outcome.TURNED_BACK: N_("turned back in %(version)s"),
    }
)
SENTENCES: Mapping[Outcome, str] = Words(
    {
        Outcome.LEARNED: N_("%(version)s learned it."),
        Outcome.MOVED: N_("%(version)s moved towards it and has not turned."),
        Outcome.OUTWEIGHED: N_("%(version)s counted it, and the records still weigh more."),
        Outcome.TURNED_BACK: N_("%(version)s was taught it and turned back."),
    }
)
NEWS: Mapping[Outcome, str] = Words(
    {
        Outcome.LEARNED: N_("The network learned %(names)s from you."),
        Outcome.MOVED: N_("The network moved towards what you said of %(names)s, and has not turned."),
        Outcome.OUTWEIGHED: N_(
            "The network counted in what you said of %(names)s, and the records still weigh more."
        ),
        Outcome.TURNED_BACK: N_("The network was taught what you said of %(names)s, and turned back."),
    }
)
"""The same of several names, to the visitor who corrected them."""


def of_version(version_id: int) -> dict[str, Receipt]:
    """Return the receipts of all names that a version was taught, by name."""
    return _read(select(TaughtName).where(TaughtName.version_id == version_id))


def of_names(version_id: int, names: Sequence[str]) -> dict[str, Receipt]:
    """Return the receipts of those of a few names that a version was taught."""
    some = select(TaughtName).where(TaughtName.version_id == version_id, TaughtName.name.in_(names))
    return _read(some)


def _read(query: Select[TaughtName]) -> dict[str, Receipt]:
    return {row.name: receipt_of(row) for row in db.session.scalars(query)}


def receipt_of(row: TaughtName) -> Receipt:
    """Return the receipt that a row keeps."""
    return Receipt(
        row.version_id,
        row.name,
        row.answer,
        row.people,
        row.known,
        row.visitors,
        row.said,
        row.before,
        row.after,
    )


def _women(share: float) -> str:
    # All and none without a decimal; nearly all is never told as all.
    return gettext("%(share)s women", share=percent(share, 0 if share in (0, 1) else 1))


def _met(people: int, known: float) -> str:
    if not people:
        return gettext("The records say nothing of this name.")
    return ngettext(
        "The records say: %(share)s of %(n)s person.",
        "The records say: %(share)s of %(n)s people.",
        people,
        n=numbers.count(people),
        share=_women(known),
    )


def _together(target: float) -> str:
    return gettext("Together that is %(share)s.", share=_women(target))


def _moved(before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return ""
    if abs(before - after) < NOTICED:
        return gettext("Its answer stays at %(share)s.", share=_women(after))
    return gettext(
        "Its answer went from %(before)s to %(after)s.", before=percent(before), after=_women(after)
    )
