"""What must hold of any text, and of every title: found by looking for what breaks it."""

import unicodedata
from collections.abc import Iterable, Iterator
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from training.names import ALPHABET, LONGEST, SEPARATORS, Form, Why, normalise, of_key, read, split_country
from training.names.tables import GIVEN_NAMES, PLACEHOLDERS, SHORT, SUFFIXES, TITLES

FORMS = st.sampled_from(list(Form))
# "nan" and "NIL" stand for no name, where Nan and Nil are ones.
MISSING = {name for name in GIVEN_NAMES if any(map(PLACEHOLDERS.holds, (name, name.upper())))}
COMMON = sorted(GIVEN_NAMES - TITLES.always - TITLES.perhaps - SUFFIXES.always - set(SHORT) - MISSING)
TYPED = [name.title() for name in COMMON] + ["José", "Ольга", "Σοφία", "Anne-Marie", "علي", "王芳"]
NAMES = st.sampled_from(TYPED)
WRITTEN = [title for title in sorted(TITLES.always) if " " not in title]
DOTTED = sorted(TITLES.dotted)
WORDS = (
    *(
        "Dr.",
        "Anna",
        "maria",
        "MÜLLER",
        "van",
        "der",
        "y",
        "&",
        ",",
        "(",
        ")",
        "geb.",
        "J.",
        "PhD",
        "2",
        "Jr.",
    ),
    *('"', "'", "-", ".", "<b>", "&amp;", "N/A", "@", "Ольга", "علي", "王芳", "e", "und", "Mª", "’", "é"),
    *("Jr.", "\u200f", "\ufffd"),
)
PIECES = st.lists(
    st.sampled_from(WORDS),
    max_size=8,
)
FIVE_TIMES = settings(max_examples=5)
"""Each time, every title has another name."""
DRAWN = given(st.randoms(use_true_random=False))


def ways_to_write(title: str, name: str) -> Iterator[str]:
    """Yield a name with a title before and after it, in every spelling of the title."""
    for written in (title, title.title(), title.upper(), f"{title}."):
        yield from (f"{written} {name}", f"{name} {written}", f"{name}, {written}", f"{name} ({written})")


def moved(name: str, ways: Iterable[str]) -> list[str]:
    """Return those ways to write a name that are read as another."""
    key = read(name).key
    return [typed for typed in ways if read(typed).key != key]


def test_no_title_before_or_after_a_name_moves_its_answer() -> None:
    random = Random(1)
    names = [(title, random.choice(TYPED)) for title in WRITTEN]
    assert [ways for title, name in names if (ways := moved(name, ways_to_write(title, name)))] == []


@pytest.mark.training  # it takes as long: 66,880 readings
@FIVE_TIMES
@DRAWN
def test_no_title_moves_the_answers_of_five_names(random: Random) -> None:
    for title in WRITTEN:
        name = random.choice(TYPED)
        assert moved(name, ways_to_write(title, name)) == []


@FIVE_TIMES
@DRAWN
def test_no_title_that_wants_a_period_moves_an_answer(random: Random) -> None:
    for title in DOTTED:
        name = random.choice(TYPED)
        # "Smith, D." holds an initial.
        behind = [f"{name}, {title}."] if len(title) > 1 else []
        assert moved(name, [f"{title}. {name}", f"{title.title()}. {name}", *behind]) == []


@FIVE_TIMES
@DRAWN
def test_no_title_in_its_own_letters_moves_an_answer(random: Random) -> None:
    for title in sorted(TITLES.exact):
        name = random.choice(TYPED)
        assert moved(name, [f"{title} {name}", f"Dr. {title} {name}"]) == []


@FIVE_TIMES
@DRAWN
def test_no_title_that_is_written_onto_a_name_moves_its_answer(random: Random) -> None:
    for ending in sorted(TITLES.endings):
        name = random.choice(["さくら", "민준", "淑芬", "花子", "Sakura", "Minjun"])
        assert moved(name, [name + ending]) == []


@FIVE_TIMES
@DRAWN
def test_no_title_behind_a_name_moves_its_answer(random: Random) -> None:
    for title in sorted(TITLES.behind):
        name = random.choice(["Kiran", "Yuki", "Ayşe", "Ольга", "Anne-Marie", "José"])
        ways = [f"{name} {title}", f"{name} {title.title()}", f"{name}-{title}", f"Dr. {name} {title}"]
        assert moved(name, ways) == []
    for title in sorted(TITLES.small):
        assert moved("Kiran", [f"Kiran {title}", f"Kiran-{title}"]) == []


@given(NAMES, st.sampled_from(sorted(SUFFIXES.always)))
def test_no_suffix_moves_an_answer(name: str, suffix: str) -> None:
    assert read(f"{name} {suffix}").key == read(f"{name}, {suffix.upper()}").key == read(name).key


@given(st.text(max_size=80) | PIECES.map(" ".join) | PIECES.map("".join), FORMS)
@example("\ud800Anna", Form.AUTO)
@example("ß" * 64, Form.GIVEN)
@example("ﷺ" * 20, Form.GIVEN)
def test_any_text_is_read_or_refused(text: str, form: Form) -> None:
    reading = read(text, form)
    if reading.is_refused:
        assert reading.refusal.endswith(".") and not (reading.read_as or reading.key or reading.spelling)
        return
    assert set(reading.read_as) <= set(ALPHABET) or reading.script is not None
    assert reading.read_as.strip(SEPARATORS) == reading.read_as
    assert 1 <= len(reading.read_as) <= LONGEST and len(reading.key) <= LONGEST
    assert " ".join(reading.parts) == reading.read_as
    assert normalise(split_country(reading.key)[1]) == reading.read_as


@given(PIECES.map(" ".join) | st.text(max_size=30), FORMS)
def test_a_key_is_read_as_the_name_was(text: str, form: Form) -> None:
    reading = read(text, form)
    if not reading.is_refused:
        again = of_key(reading.key)
        assert (again.key, again.read_as, again.parts) == (reading.key, reading.read_as, reading.parts)


@given(PIECES.map(" ".join) | st.text(max_size=30), FORMS)
def test_a_spelling_holds_only_letters_and_what_joins_them(text: str, form: Form) -> None:
    kinds = {unicodedata.category(c)[0] for c in read(text, form).spelling if c not in "'- ªº°"}
    assert kinds <= {"L", "M"}


@given(NAMES, FORMS)
def test_blanks_and_capitals_change_no_key(name: str, form: Form) -> None:
    assert read(f"  {name.upper()} ", form).key == read(name.lower(), form).key == read(name, form).key


@given(NAMES, st.sampled_from(["Johnson", "Müller", "Kovács", "Петрова"]))
def test_a_comma_turns_a_name_round_in_every_form(name: str, surname: str) -> None:
    for form in Form:
        reading = read(f"{surname}, {name}", form)
        assert reading.key == read(name).key
        assert [(piece.text, piece.why) for piece in reading.left_out] == [(surname, Why.SURNAME)]


def test_common_names_are_read_as_they_always_were() -> None:
    changed = {name: read(name.title()).read_as for name in COMMON if read(name.title()).read_as != name}
    assert changed == {} and len(COMMON) > 4_000


def test_common_names_raise_no_doubt() -> None:
    assert [name for name in COMMON if read(name.title()).doubts] == []
