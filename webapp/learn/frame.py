"""What stands on every chapter: where it is in the course, and the name that its pictures are drawn for."""

from dataclasses import dataclass, replace
from functools import partial

from training.names import UnreadableName, normalise
from webapp.guessing.predictor import Champion
from webapp.languages import sentences
from webapp.learn import unrolled
from webapp.learn.chapters import CHAPTERS, Chapter, neighbours, number_of
from webapp.learn.unrolled import Unrolled
from webapp.web import caching

FIRST = "Giovanna"
REMEMBERED = 128  # drawn names in memory, about 10 kB each


@dataclass(frozen=True)
class Frame:
    """A chapter, drawn for one name."""

    chapter: Chapter
    champion: Champion
    typed: str
    drawn: Unrolled
    refusal: str | None
    """Why another name was drawn than the one that was typed."""

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """All of them, for the list of contents."""
        return CHAPTERS

    @property
    def number(self) -> int:
        """Of the chapter, from 1."""
        return number_of(self.chapter)

    @property
    def before(self) -> Chapter | None:
        """The chapter before."""
        return neighbours(self.chapter)[0]

    @property
    def after(self) -> Chapter | None:
        """The chapter after."""
        return neighbours(self.chapter)[1]

    @property
    def version(self) -> str:
        """What the serving version is called."""
        return f"v{self.champion.version_id}"


def frame(chapter: Chapter, champion: Champion, asked: str | None) -> Frame:
    """Return a chapter for the name that is asked for; it teaches all the same where that cannot be read."""
    typed = (asked or "").strip() or FIRST
    try:
        return Frame(chapter, champion, typed, draw(champion, typed), None)
    except UnreadableName as error:
        return Frame(chapter, champion, typed, draw(champion, FIRST), sentences.told(str(error)))


def draw(champion: Champion, typed: str) -> Unrolled:
    """Unroll a name, once a version however it is typed; raise training.names.UnreadableName."""
    key = champion.promotion_id, champion.version_id, normalise(typed)
    drawn = caching.made_once("unrolled", key, partial(unrolled.unroll, champion, typed), REMEMBERED)
    return replace(drawn, typed=typed)
