"""The chapters of the course, in the order in which they are read."""

from dataclasses import dataclass

from webapp.errors import NotFound


@dataclass(frozen=True)
class Chapter:
    """One page of the course."""

    slug: str
    """Its place in the address, /learn/<slug>; the first has none."""
    title: str
    about: str
    """What a reader finds there, in one sentence."""

    @property
    def template(self) -> str:
        """The file that holds its text."""
        return f"learn/{self.slug.replace('-', '_') or 'index'}.html"


CHAPTERS = tuple(
    Chapter(*words)
    for words in (
        ("", "A function, found from examples", "What is looked for, in what, and who may judge it."),
        ("letters", "Letters become numbers", "One-hot letters, and names of any length without padding."),
        ("memory", "Why it needs a memory", "The hidden state, unrolled through time, from both ends."),
        ("neuron", "One neuron, by pencil", "The course’s neuron, 8 wide: every number, at every letter."),
        ("two-names", "Two names, side by side", "Where they part, and how far they get from each other."),
        (
            "backwards",
            "Learning, backwards through time",
            "The error at each letter; what clipping is for.",
        ),
        ("gates", "Gates", "GRU and LSTM open and close theirs; four cells under one budget."),
        ("too-much", "Learning too much", "Over-fitting, its remedies, and cross-validation."),
        ("training", "Train it yourself", "Four cells learn while you watch, as you set them."),
        ("mistakes", "Counting the mistakes", "The confusion matrix, built by you from ten names."),
        ("service", "From a network to a service", "The same network behind a REST API."),
    )
)


def find(slug: str) -> Chapter:
    """Return a chapter by its place in the address, or raise NotFound."""
    for chapter in CHAPTERS:
        if chapter.slug == slug:
            return chapter
    raise NotFound("There is no such chapter.")


def number_of(chapter: Chapter) -> int:
    """Return its number, from 1."""
    return CHAPTERS.index(chapter) + 1


def neighbours(chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
    """Return the chapter before and the one after."""
    at = CHAPTERS.index(chapter)
    return CHAPTERS[at - 1] if at else None, CHAPTERS[at + 1] if at + 1 < len(CHAPTERS) else None
