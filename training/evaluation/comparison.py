"""Champion and challenger side by side, on names that neither was trained on, and on what visitors said.

What is computed here; its types and their JSON are in `comparison_types.py`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from training.data.corpus import HOLDOUT, Corpus
from training.data.corrections import Correction, count_votes
from training.data.evidence import EVEN, HALVED, LEARNED, OUTWEIGHED, Count, answer_meant
from training.data.name_groups import UNISEX, Group, SliceKind
from training.data.world.lessons import Lessons
from training.evaluation.comparison_types import Calibration, Comparison, FeedbackScores, Flip, FlipKind
from training.evaluation.feedback_rescoring import VisitorAnswer, rescore
from training.evaluation.metrics import Floats, Mask, calibration, mean, rounded
from training.evaluation.model_card import groups, holdout_scores, slice_rows
from training.evaluation.parts.beside import Beside, beside_of
from training.evaluation.parts.pairs import (
    CommonHoldout,
    CorrectedName,
    Corrections,
    Counts,
    Paired,
    PairedSlice,
)
from training.model.predict import Answers
from training.model.readers.settings import ReaderKind

WATCHED_FAMOUS = 1000
"""The most borne names whose flips are listed, and which the gate watches."""
STRONG = 10
"""Bearers from which on the corpus's word outweighs one visitor's."""
MOST_TOLD = 1000
"""Corrected names that are listed as halved or outweighed."""


@dataclass(frozen=True)
class Corrected(Count):
    """A corrected name; `known` is one half for one that the corpus has never met."""

    name: str = ""

    @property
    def contradicting(self) -> bool:
        """Whether it says the opposite of ten or more bearers who agree."""
        one_sided = self.known <= UNISEX[0] or self.known >= UNISEX[1]
        opposite = {answer_meant(self.known), answer_meant(self.said)} == {"female", "male"}
        return self.people >= STRONG and one_sided and opposite

    @property
    def as_counted(self) -> CorrectedName:
        """What pages show of one that is not learned as visitors say."""
        known, said, share = rounded(self.known), rounded(self.said), rounded(self.share)
        return CorrectedName(self.name, self.people, known, self.visitors, said, share)


def compare(
    champion: Answers,
    challenger: Answers,
    corpus: Corpus,
    corrections: Sequence[Correction] = (),
    feedback: Sequence[VisitorAnswer] = (),
    taught: Iterable[str] = (),
    held_out: Mapping[ReaderKind, Lessons] | None = None,
) -> Comparison:
    """Return the comparison of two networks, which no gate has judged yet.

    `corpus` is without the `corrections` that the challenger was taught; `taught` are names that the champion
    was. Both sets leave the common holdout, and `held_out`: names in other scripts and of countries.
    """
    corrected = corrected_of(corpus, corrections)
    whole = corpus.only(HOLDOUT)
    # What either network was taught is no test: it would favour the one that was.
    holdout = whole.without({*(row.name for row in corrected), *taught})
    # The corpus is in the order of bearers.
    famous = corpus.take(np.arange(min(WATCHED_FAMOUS, len(corpus))))
    before, after = champion.of(holdout.names), challenger.of(holdout.names)  # (names,) each
    taught_names = {*taught, *(row.name for row in corrected)}
    return Comparison(
        holdout=CommonHoldout(
            names=len(holdout),
            left=len(whole) - len(holdout),
            fingerprint=holdout.fingerprint,
            champion=holdout_scores(before, holdout),
            challenger=holdout_scores(after, holdout),
            difference=_differences(before, after, holdout),
        ),
        corrections=_learned(champion, challenger, corrected),
        famous=Counts(
            n=int((famous.share != 0.5).sum()),
            champion=int(_right(champion.of(famous.names), famous.share).sum()),
            challenger=int(_right(challenger.of(famous.names), famous.share).sum()),
        ),
        feedback=FeedbackScores(
            rated=rescore(champion, challenger, [f for f in feedback if f.name not in taught_names]),
            taught=rescore(champion, challenger, [f for f in feedback if f.name in taught_names]),
        ),
        calibration=_calibrations(before, after, holdout),
        slices=_slices(before, after, holdout)
        | _slices_beside(champion, challenger, beside_of(held_out or {}, taught_names) if held_out else []),
        flips=_flips(champion, challenger, holdout, famous, corrected),
    )


def paired(before: Mask, after: Mask) -> Paired:
    """Return how two networks differ on the same names, from whether each is right on each.

    The 95% interval is Agresti and Min's (2005): Wald's after half a name is added to every cell of the
    two by two table. p is McNemar's exact test.
    """
    # Here and not above: a second of loading, for this one function.
    from scipy.stats import binomtest

    lost, won, n = int((before & ~after).sum()), int((~before & after).sum()), len(before)
    difference = (won - lost) / n if n else 0.0
    b, c, total = lost + 0.5, won + 0.5, n + 2
    middle = (c - b) / total
    half = 1.96 * float(np.sqrt(b + c - (c - b) ** 2 / total)) / total
    return Paired(
        n=n,
        both_right=int((before & after).sum()),
        only_champion=lost,
        only_challenger=won,
        both_wrong=int((~before & ~after).sum()),
        difference=rounded(difference),
        low=rounded(middle - half),
        high=rounded(middle + half),
        # Under the null each name on which they differ falls to either side like a coin.
        p=float(binomtest(won, won + lost).pvalue) if won + lost else 1.0,
    )


def _right(predicted: Floats, share: Floats) -> Mask:
    # (names,)
    right: Mask = ((predicted > 0.5) == (share > 0.5)) & (share != 0.5)
    return right


def corrected_of(corpus: Corpus, corrections: Iterable[Correction]) -> list[Corrected]:
    """Return what `corpus`, without the corrections, and visitors say of each corrected name."""
    found = []
    for name, (women, visitors) in sorted(count_votes(corrections).items()):
        row = corpus.index.get(name)
        people, known = (0, 0.5) if row is None else (int(corpus.people[row]), float(corpus.share[row]))
        found.append(Corrected(people, known, visitors, women / visitors, name))
    return found


def _differences(before: Floats, after: Floats, holdout: Corpus) -> dict[Group, Paired]:
    labelled = holdout.share != 0.5
    right = _right(before, holdout.share), _right(after, holdout.share)
    return {
        group: paired(right[0][rows & labelled], right[1][rows & labelled])
        for group, rows in groups(holdout).items()
    }


def _learned(champion: Answers, challenger: Answers, corrected: list[Corrected]) -> Corrections:
    names = [row.name for row in corrected]
    before, after = champion.of(names).tolist(), challenger.of(names).tolist()
    right = [(_taught(p, row), _taught(q, row)) for p, q, row in zip(before, after, corrected, strict=True)]
    # Those that the records outweigh are not to be learned, so they count against nobody.
    learnable = [pair for pair, row in zip(right, corrected, strict=True) if row.effect == LEARNED]
    return Corrections(
        right=Counts(len(corrected), sum(pair[0] for pair in right), sum(pair[1] for pair in right)),
        learnable=Counts(
            len(learnable), sum(pair[0] for pair in learnable), sum(pair[1] for pair in learnable)
        ),
        learned_share=mean(np.array([pair[1] for pair in learnable])),
        contradicting=sum(row.contradicting for row in corrected),
        contradictory=[row.as_counted for row in corrected if row.contradicting][:MOST_TOLD],
        halved=[row.as_counted for row in corrected if row.effect == HALVED][:MOST_TOLD],
        outweighed=[row.as_counted for row in corrected if row.effect == OUTWEIGHED][:MOST_TOLD],
    )


def _taught(p: float, row: Corrected) -> bool:
    # Who says "both" means about one half; everybody else means one side of it.
    return abs(p - 0.5) <= EVEN if row.said == 0.5 else (p > 0.5) == (row.said > 0.5)


def _calibrations(before: Floats, after: Floats, holdout: Corpus) -> Calibration:
    rows = groups(holdout)[Group.HUNDRED]
    return Calibration(
        calibration(before[rows], holdout.share[rows]), calibration(after[rows], holdout.share[rows])
    )


def _slices(before: Floats, after: Floats, holdout: Corpus) -> dict[SliceKind, list[PairedSlice]]:
    labelled = holdout.share != 0.5
    right = _right(before, holdout.share), _right(after, holdout.share)
    return {
        kind: [
            PairedSlice(name, paired(right[0][rows & labelled], right[1][rows & labelled]))
            for name, rows in found
        ]
        for kind, found in slice_rows(holdout).items()
    }


def _slices_beside(
    champion: Answers, challenger: Answers, beside: Iterable[Beside]
) -> dict[SliceKind, list[PairedSlice]]:
    found = {}
    for one in beside:
        right = [_right(each.of(one.names), one.share) for each in (champion, challenger)]
        labelled = one.share != 0.5
        found[one.kind] = [
            PairedSlice(name, paired(right[0][rows & labelled], right[1][rows & labelled]))
            for name, rows in one.rows
        ]
    return found


def _flips(
    champion: Answers, challenger: Answers, holdout: Corpus, famous: Corpus, corrected: list[Corrected]
) -> dict[FlipKind, list[Flip]]:
    flips: dict[FlipKind, list[Flip]] = {kind: [] for kind in FlipKind}
    for watched in _watched(holdout, famous, corrected):
        # Asked again by name: `Answers` remembers what it has said.
        before, after = (float(each.of([watched.name])[0]) for each in (champion, challenger))
        if (before > 0.5) != (after > 0.5):
            flip = replace(watched, champion=round(before, 4), challenger=round(after, 4))
            flips[_kind_of(flip)].append(flip)
    return flips


def _kind_of(flip: Flip) -> FlipKind:
    if flip.share == 0.5:
        return FlipKind.MOVED
    return FlipKind.MENDED if (flip.challenger > 0.5) == (flip.share > 0.5) else FlipKind.BROKEN


def _watched(holdout: Corpus, famous: Corpus, corrected: list[Corrected]) -> Iterator[Flip]:
    # Each name once, not answered yet. One that was corrected is judged by what visitors say, though famous.
    seen = {row.name for row in corrected}
    for row in corrected:
        known = round(row.known, 4) if row.people else None
        yield Flip(row.name, "corrections", row.people, round(row.said, 4), 0, 0, known, row.visitors)
    for where, corpus in (("famous", famous), ("holdout", holdout)):
        rows = zip(corpus.names, corpus.people.tolist(), corpus.share.tolist(), strict=True)
        new = ((name, people, round(share, 4)) for name, people, share in rows if name not in seen)
        yield from (Flip(name, where, people, share, 0, 0, share) for name, people, share in new)
        seen.update(corpus.names)
