"""The trace of a guess, told in words. Pure: text from figures, nothing looked up.

In what `tell` returns a letter stands between asterisks, as in "the final *a*": pages set it in italics.
Each case is a sentence of its own, and each letter is named as its place in that sentence wants it: languages
differ in both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.names import Label
from webapp.guessing.explanation import letters
from webapp.guessing.explanation.letters import Role, letter
from webapp.languages.texts import gettext
from webapp.presentation.wording import share_in_words, told_as

SLIGHT = 0.15  # and this near, only a little
SURE = 0.88  # a guess at least this sure has settled

OTHER = {Label.FEMALE: Label.MALE, Label.MALE: Label.FEMALE}


@dataclass(frozen=True)
class Turn:
    """From the letter at `index` on, the guess leaned to `side`."""

    index: int
    side: Label


def side(p: float) -> Label | None:
    """Return whom P(female) leans to, or None if it is about even, as the headline has it."""
    label = told_as(p)
    return None if label == Label.BOTH else label


def turns(trace: Sequence[float]) -> list[Turn]:
    """Return where a name began to lean to each side; letters that lean nowhere change nothing."""
    found: list[Turn] = []
    # Letters after which it is about even neither end a leaning nor begin one.
    for index, leaning in enumerate(map(side, trace)):
        if leaning and (not found or found[-1].side != leaning):
            found.append(Turn(index, leaning))
    return found


def tell(name: str, trace: Sequence[float]) -> str:
    """Return one sentence on how the guess came about. `trace` is P(female) after each letter of `name`."""
    path = turns(trace)
    if len(name) == 1:
        return gettext("One letter is all it had to go by.")
    if not path:
        return gettext("No letter moved it far to either side.")
    if side(trace[-1]) is None:
        return _undecided(name, trace, path)
    if len(path) == 1:
        return _straight(name, trace, path[0])
    if len(path) == 2:
        return _turned(name, trace, path[1])
    if len(path) == 3:
        return _back_again(name, path)
    return _wavered(name, trace, path)


def _undecided(name: str, trace: Sequence[float], path: Sequence[Turn]) -> str:
    # The first letter from which on it never leaned again.
    since = next(index for index in range(len(trace)) if all(side(p) is None for p in trace[index:]))
    last = letter(name, since)
    if len(path) > 1:
        times = letters.times(len(path) - 1)
        return gettext(
            "It changed its mind %(times)s, and %(letter)s left it undecided.", times=times, letter=last
        )
    leaning = letters.leaning(path[0].side)
    if _is_steady(trace[:since]):
        return gettext("It leaned to %(side)s until %(letter)s left it undecided.", side=leaning, letter=last)
    return gettext("It leaned to %(side)s at times; %(letter)s left it undecided.", side=leaning, letter=last)


def _straight(name: str, trace: Sequence[float], turn: Turn) -> str:
    settled = _settled(trace)
    start = letter(name, turn.index, Role.FROM) if turn.index else gettext("from the first letter")
    with_doubts = not _is_steady(trace[turn.index :])
    leaning = letters.leaning(turn.side)
    if settled is None:
        return _never_settled(name, trace, turn, start, with_doubts)
    if settled <= turn.index:
        if with_doubts:
            return gettext(
                "It was sure %(start)s, with doubts between, and nothing changed its mind.", start=start
            )
        return gettext("It was sure %(start)s, and nothing changed its mind.", start=start)
    told = {"side": leaning, "start": start, "letter": letter(name, settled)}
    if with_doubts:
        return gettext("It leaned to %(side)s %(start)s, with doubts between; %(letter)s settled it.", **told)
    return gettext("It leaned to %(side)s %(start)s; %(letter)s settled it.", **told)


def _never_settled(name: str, trace: Sequence[float], turn: Turn, start: str, with_doubts: bool) -> str:
    told = {"side": letters.leaning(turn.side), "start": start}
    surest = _surest(name, trace, turn)
    if surest and with_doubts:
        return gettext(
            "It leaned to %(side)s %(start)s, with doubts between, and was surer %(letter)s than at the end.",
            letter=surest,
            **told,
        )
    if surest:
        return gettext(
            "It leaned to %(side)s %(start)s, and was surer %(letter)s than at the end.",
            letter=surest,
            **told,
        )
    if with_doubts:
        return gettext("It leaned to %(side)s %(start)s, with doubts between, and never was sure.", **told)
    return gettext("It leaned to %(side)s %(start)s, and never was sure.", **told)


def _turned(name: str, trace: Sequence[float], turn: Turn) -> str:
    settled = _settled(trace)
    is_steady = _is_steady(trace[: turn.index])
    told = {"side": letters.leaning(OTHER[turn.side]), "letter": letter(name, turn.index)}
    if settled is not None and settled > turn.index:
        last = letter(name, settled)
        if is_steady:
            return gettext("It leaned to %(side)s until %(letter)s; %(last)s settled it.", last=last, **told)
        return gettext(
            "It first leaned to %(side)s; %(letter)s turned it; %(last)s settled it.", last=last, **told
        )
    if settled is None and turn.index < len(name) - 1:
        return _turned_and_unsure(_surest(name, trace, turn), is_steady, told)
    if is_steady:
        return gettext("It leaned to %(side)s until %(letter)s turned it.", **told)
    return gettext("It first leaned to %(side)s; %(letter)s turned it.", **told)


def _turned_and_unsure(surest: str, is_steady: bool, told: Mapping[str, str]) -> str:
    if surest and is_steady:
        return gettext(
            "It leaned to %(side)s until %(letter)s turned it; it was surer %(surest)s than at the end.",
            surest=surest,
            **told,
        )
    if surest:
        return gettext(
            "It first leaned to %(side)s; %(letter)s turned it; it was surer %(surest)s than at the end.",
            surest=surest,
            **told,
        )
    if is_steady:
        return gettext(
            "It leaned to %(side)s until %(letter)s turned it; it has not been sure since.", **told
        )
    return gettext("It first leaned to %(side)s; %(letter)s turned it; it has not been sure since.", **told)


def _surest(name: str, trace: Sequence[float], turn: Turn) -> str:
    # What did not end sure may have been sure on the way. Nothing if it was not.
    surest = max(range(turn.index, len(trace)), key=lambda index: abs(trace[index] - 0.5))
    return letter(name, surest, Role.AT) if _is_sure(trace[surest]) else ""


def _is_steady(trace: Sequence[float]) -> bool:
    """Whether all of a stretch leans to one side."""
    return None not in (sides := {side(p) for p in trace}) and len(sides) == 1


def _is_sure(p: float) -> bool:
    return max(p, 1 - p) >= SURE


def _back_again(name: str, path: Sequence[Turn]) -> str:
    first, away, back = path
    return gettext(
        "It leaned to %(first)s, then to %(away)s %(start)s, and came back %(back)s.",
        first=letters.leaning(first.side),
        away=letters.leaning(away.side),
        start=letter(name, away.index, Role.THEN),
        back=letter(name, back.index, Role.WITH),
    )


def _wavered(name: str, trace: Sequence[float], path: Sequence[Turn]) -> str:
    times = letters.times(len(path) - 1)
    settled = _settled(trace)
    if settled is not None and settled >= path[-1].index:
        return gettext(
            "It changed its mind %(times)s; %(letter)s settled it.", times=times, letter=letter(name, settled)
        )
    last = letter(name, path[-1].index, Role.WITH)
    return gettext("It changed its mind %(times)s, at last %(letter)s.", times=times, letter=last)


def _settled(trace: Sequence[float]) -> int | None:
    """Return from which letter on the guess was as sure as at the end, or None if it never was sure."""
    sure = [_is_sure(p) and side(p) == side(trace[-1]) for p in trace]
    if not sure[-1]:
        return None
    # Right after the last letter at which it was not sure; 0 if it always was.
    return max((index + 1 for index, is_sure in enumerate(sure) if not is_sure), default=0)


def is_slight(p: float) -> bool:
    """Say whether a share that is not even leans only a little."""
    # Rounded as the sentence writes it, or 64.6 in 100 would be told as "65" and called a little.
    return abs(round(p * 100) - 50) < SLIGHT * 100


def headline(p: float) -> str:
    """Return the guess as one sentence; whom it leans to stands between asterisks."""
    if told_as(p) == Label.BOTH:
        return gettext("Given to women and men alike: %(share)s are women.", share=share_in_words(p))
    share = share_in_words(max(p, 1 - p))
    if is_slight(p):
        if p > 0.5:
            return gettext("Given to *women* a little more often: %(share)s.", share=share)
        return gettext("Given to *men* a little more often: %(share)s.", share=share)
    if p > 0.5:
        return gettext("Mostly given to *women*: %(share)s.", share=share)
    return gettext("Mostly given to *men*: %(share)s.", share=share)
