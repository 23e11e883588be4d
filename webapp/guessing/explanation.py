"""The trace of a guess, told in words. Pure: text from figures, nothing looked up.

In what `tell` returns a letter stands between asterisks, as in "the final *a*": pages set it in italics.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from training.names import Label
from webapp.presentation.wording import LABEL_WORDS, share_in_words, told_as

SLIGHT = 0.15  # and this near, only a little
SURE = 0.88  # a guess at least this sure has settled

SIGNS = {"'": "apostrophe", "-": "hyphen", " ": "blank"}
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
COUNTS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
WOMEN, MEN = LABEL_WORDS[Label.FEMALE], LABEL_WORDS[Label.MALE]
OTHER = {WOMEN: MEN, MEN: WOMEN}


@dataclass(frozen=True)
class Turn:
    """From the letter at `index` on, the guess leaned to `side`."""

    index: int
    side: str


def side(p: float) -> str | None:
    """Return whom P(female) leans to, or None if it is about even, as the headline has it."""
    label = told_as(p)
    return None if label == Label.BOTH else LABEL_WORDS[label]


def turns(trace: Sequence[float]) -> list[Turn]:
    """Return where a name began to lean to each side; letters that lean nowhere change nothing."""
    found: list[Turn] = []
    # Letters after which it is about even neither end a leaning nor begin one.
    for index, leaning in enumerate(map(side, trace)):
        if leaning and (not found or found[-1].side != leaning):
            found.append(Turn(index, leaning))
    return found


def letter(name: str, index: int) -> str:
    """Return how to speak of one letter: "the final *a*", "the second *n*", "the hyphen"."""
    sign = SIGNS.get(name[index]) or f"*{name[index]}*"
    if index == len(name) - 1:
        return f"the final {sign}"
    if name.count(name[index]) == 1:
        return f"the {sign}"
    nth = name[: index + 1].count(name[index])
    return f"the {ORDINALS[nth - 1]} {sign}" if nth <= len(ORDINALS) else f"the {sign} at place {index + 1}"


def tell(name: str, trace: Sequence[float]) -> str:
    """Return one sentence on how the guess came about. `trace` is P(female) after each letter of `name`."""
    path = turns(trace)
    if len(name) == 1:
        return "One letter is all it had to go by."
    if not path:
        return "No letter moved it far to either side."
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
    left = f"{letter(name, since)} left it undecided"
    if len(path) > 1:
        return f"It changed its mind {_times(len(path) - 1)}, and {left}."
    if _is_steady(trace[:since]):
        return f"It leaned to {path[0].side} until {left}."
    return f"It leaned to {path[0].side} at times; {left}."


def _straight(name: str, trace: Sequence[float], turn: Turn) -> str:
    settled = _settled(trace)
    start = "from the first letter" if turn.index == 0 else f"from {letter(name, turn.index)} on"
    if not _is_steady(trace[turn.index :]):
        start += ", with doubts between"
    if settled is None:
        return f"It leaned to {turn.side} {start}, and {_unsure(name, trace, turn) or 'never was sure'}."
    if settled <= turn.index:
        return f"It was sure {start}, and nothing changed its mind."
    return f"It leaned to {turn.side} {start}; {letter(name, settled)} settled it."


def _turned(name: str, trace: Sequence[float], turn: Turn) -> str:
    settled, other = _settled(trace), OTHER[turn.side]
    is_steady = _is_steady(trace[: turn.index])
    before = f"It leaned to {other} until" if is_steady else f"It first leaned to {other};"
    before += f" {letter(name, turn.index)}"
    if settled is not None and settled > turn.index:
        return f"{before}{'' if is_steady else ' turned it'}; {letter(name, settled)} settled it."
    if settled is None and turn.index < len(name) - 1:
        return f"{before} turned it; it {_unsure(name, trace, turn) or 'has not been sure since'}."
    return f"{before} turned it."


def _unsure(name: str, trace: Sequence[float], turn: Turn) -> str:
    # What did not end sure may have been sure on the way. Nothing if it was not.
    surest = max(range(turn.index, len(trace)), key=lambda index: abs(trace[index] - 0.5))
    return f"was surer at {letter(name, surest)} than at the end" if _is_sure(trace[surest]) else ""


def _is_steady(trace: Sequence[float]) -> bool:
    """Whether all of a stretch leans to one side."""
    return None not in (sides := {side(p) for p in trace}) and len(sides) == 1


def _is_sure(p: float) -> bool:
    return max(p, 1 - p) >= SURE


def _back_again(name: str, path: Sequence[Turn]) -> str:
    first, away, back = path
    return (
        f"It leaned to {first.side}, then to {away.side} from {letter(name, away.index)}, "
        f"and came back with {letter(name, back.index)}."
    )


def _wavered(name: str, trace: Sequence[float], path: Sequence[Turn]) -> str:
    times = _times(len(path) - 1)
    settled = _settled(trace)
    if settled is not None and settled >= path[-1].index:
        return f"It changed its mind {times}; {letter(name, settled)} settled it."
    return f"It changed its mind {times}, at last with {letter(name, path[-1].index)}."


def _times(changes: int) -> str:
    rarely = {1: "once", 2: "twice"}
    return rarely.get(changes, f"{COUNTS[changes] if changes < len(COUNTS) else changes} times")


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
        return f"Given to women and men alike: {share_in_words(p)} are women."
    whom, part = (WOMEN, p) if p > 0.5 else (MEN, 1 - p)
    if is_slight(p):
        return f"Given to *{whom}* a little more often: {share_in_words(part)}."
    return f"Mostly given to *{whom}*: {share_in_words(part)}."
