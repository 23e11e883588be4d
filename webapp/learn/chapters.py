"""The chapters of the course, in the order in which they are read."""

from dataclasses import dataclass

from webapp.errors import NotFound
from webapp.languages.texts import gettext
from webapp.languages.words import N_


@dataclass(frozen=True)
class Chapter:
    """One page of the course."""

    slug: str
    """Its place in the address, /learn/<slug>; the first has none."""
    title_in_english: str
    about_in_english: str

    @property
    def title(self) -> str:
        """What it is called, in the reader's language."""
        return gettext(self.title_in_english)

    @property
    def about(self) -> str:
        """What a reader finds there, in one sentence."""
        return gettext(self.about_in_english)

    @property
    def template(self) -> str:
        """The file that holds its text."""
        return f"learn/{self.slug.replace('-', '_') or 'index'}.html"


CHAPTERS = tuple(
    Chapter(*words)
    for words in (
        ("", N_("A function, found from examples"), N_("What is looked for, in what, and who may judge it.")),
        (
            "letters",
            N_("Letters become numbers"),
            N_("One-hot letters, and names of any length without padding."),
        ),
        (
            "memory",
            N_("Why it needs a memory"),
            N_("The hidden state, unrolled through time, from both ends."),
        ),
        (
            "neuron",
            N_("One neuron, by pencil"),
            N_("The course’s neuron, 8 wide: every number, at every letter."),
        ),
        (
            "two-names",
            N_("Two names, side by side"),
            N_("Where they part, and how far they get from each other."),
        ),
        (
            "backwards",
            N_("Learning, backwards through time"),
            N_("The error at each letter; what clipping is for."),
        ),
        ("gates", N_("Gates"), N_("GRU and LSTM open and close theirs; four cells under one budget.")),
        ("too-much", N_("Learning too much"), N_("Over-fitting, its remedies, and cross-validation.")),
        ("training", N_("Train it yourself"), N_("Four cells learn while you watch, as you set them.")),
        ("mistakes", N_("Counting the mistakes"), N_("The confusion matrix, built by you from ten names.")),
        ("service", N_("From a network to a service"), N_("The same network behind a REST API.")),
    )
)


def find(slug: str) -> Chapter:
    """Return a chapter by its place in the address, or raise NotFound."""
    for chapter in CHAPTERS:
        if chapter.slug == slug:
            return chapter
    raise NotFound(gettext("There is no such chapter."))


def number_of(chapter: Chapter) -> int:
    """Return its number, from 1."""
    return CHAPTERS.index(chapter) + 1


def neighbours(chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
    """Return the chapter before and the one after."""
    at = CHAPTERS.index(chapter)
    return CHAPTERS[at - 1] if at else None, CHAPTERS[at + 1] if at + 1 < len(CHAPTERS) else None
