"""Names in Thai letters: the list by Korkeat Wannapat, without counts.

The package pythainlp holds its women's and men's names (CC BY-SA 4.0).
"""

from training.data.world.lessons import Lesson, Lessons, file_of, part_of
from training.names import own_letters

THAI = "Thai letters"
_FILE = "pythainlp", "pythainlp/corpus/person_names_{}_th.txt"


def read_thai() -> Lessons:
    """Return all names in Thai letters; what stands in both lists is even."""
    women, men = _names("female"), _names("male")
    return Lessons(
        tuple(
            Lesson(name, ((name in women) - (name in men) + 1) / 2, 1.0, part_of(name), THAI)
            for name in sorted(women | men)
        )
    )


def _names(word: str) -> frozenset[str]:
    package, path = _FILE
    lines = file_of(package, path.format(word)).read_text(encoding="utf-8").splitlines()
    return frozenset(filter(None, map(own_letters, lines)))
