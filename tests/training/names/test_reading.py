"""What is read of a text, by kind: the tables of `typed.py`, each line right."""

from collections.abc import Iterable

import pytest

from tests.training.names import typed_in_countries as natives
from tests.training.names import typed_in_offices as offices
from tests.training.names import typed_otherwise as otherwise
from tests.training.names.typed import CERTAIN, DOUBTFUL, FULL, GIVEN, LEFT_OUT, REFUSED
from training.data.corpus import Corpus
from training.names import COUNTRIES, Doubt, Form, Reading, Why, read, transliterate

TYPED = [(typed, read_as) for kind in GIVEN.values() for typed, read_as in kind.items()]
NO_NAMES = [(typed, sentence) for sentence, kind in REFUSED.items() for typed in kind]
DOUBTS = [(typed, doubt) for doubt, kind in DOUBTFUL.items() for typed in kind]


def short(text: object) -> str:
    return ascii(text)[:40]


def compare(rows: Iterable[tuple[str, object, object]]) -> None:
    """Fail with all rows of a text whose reading is not the right one.

    Hundreds of tests would take longer to start than to run.
    """
    wrong = [f"{typed!r} is read as {found}, not {right}" for typed, found, right in rows if found != right]
    if wrong:
        pytest.fail("\n".join(wrong))


def with_surname(reading: Reading) -> tuple[str, str]:
    surnames = [piece.text for piece in reading.left_out if piece.why == Why.SURNAME]
    return transliterate(reading.read_as), " ".join(surnames)


def test_given_names_are_read_right() -> None:
    readings = [(typed, read(typed), read_as) for typed, read_as in TYPED]
    compare(
        (typed, (transliterate(it.read_as), it.refusal), (read_as, "")) for typed, it, read_as in readings
    )


def test_what_is_no_name_is_refused_in_a_sentence() -> None:
    readings = [(typed, read(typed), sentence) for typed, sentence in NO_NAMES]
    compare((typed, (it.read_as, it.key, it.parts), ("", "", ())) for typed, it, _ in readings)
    compare((typed, it.refusal, sentence) for typed, it, sentence in readings if sentence not in it.refusal)
    assert [it.refusal for _, it, _ in readings if not it.refusal.endswith(".")] == []


def test_full_names_are_read_right() -> None:
    compare(
        (typed, with_surname(read(typed, Form(form))), (read_as, surname))
        for typed, form, read_as, surname in FULL
    )


@pytest.mark.parametrize(("typed", "left_out"), LEFT_OUT, ids=short)
def test_what_is_left_out_is_told_with_its_reason(typed: str, left_out: list[tuple[str, str]]) -> None:
    assert [(piece.text, piece.why) for piece in read(typed).left_out] == left_out


@pytest.mark.parametrize(("typed", "doubt"), DOUBTS, ids=short)
def test_what_is_doubtful_says_so(typed: str, doubt: str) -> None:
    reading = read(typed)
    assert doubt in reading.doubts and reading.doubt.endswith(".") and not reading.is_refused


@pytest.mark.parametrize("typed", CERTAIN)
def test_plain_names_raise_no_doubt(typed: str) -> None:
    assert read(typed).doubts == ()


def test_there_are_hundreds_of_them() -> None:
    assert len(TYPED) + len(NO_NAMES) + len(FULL) + len(LEFT_OUT) + len(DOUBTS) > 600


def test_what_offices_type_is_read_right() -> None:
    compare(
        (typed, transliterate(read(typed, Form(form)).read_as), right)
        for form, kind in offices.READ.items()
        for typed, right in kind.items()
    )


def test_what_offices_type_where_no_name_is_has_a_reason() -> None:
    compare(
        (typed, read(typed, Form(form)).refusal[-1:], ".")
        for form, kind in offices.NO_NAME.items()
        for typed in kind
    )


@pytest.mark.parametrize("kind", otherwise.WAYS)
def test_other_ways_of_typing_are_read_right(kind: str) -> None:
    ways = otherwise.WAYS[kind]
    read_so = [(form, typed, transliterate(read(typed, Form(form)).read_as)) for form, typed, _ in ways]
    assert read_so == otherwise.WAYS[kind]


def test_there_are_sixty_ways_and_more_of_most_kinds() -> None:
    assert sum(map(len, otherwise.WAYS.values())) > 700


@pytest.mark.parametrize("typed", ["Jos?", "Ren?", "?ukasz", "Zo?, Ms."])
def test_a_question_mark_beside_a_letter_is_doubtful(typed: str) -> None:
    assert Doubt.LOST in read(typed).doubts


@pytest.mark.parametrize("typed", ["Me Dupont", "Frau Müller", "Schmidt", "Mr. Johnson", "DUPONT"])
def test_a_surname_alone_is_doubtful_where_it_may_be_either(typed: str) -> None:
    assert read(typed, Form.AUTO).doubts == (Doubt.SURNAME,) and read(typed).doubts == ()


@pytest.mark.parametrize("typed", ["Ms. Kim", "Anna", "Mr. Jordan", "Dominique"])
def test_a_given_name_alone_is_certain_where_it_may_be_either(typed: str) -> None:
    assert read(typed, Form.AUTO).doubts == ()


@pytest.mark.parametrize("typed", ["Jana Nováková", "Kovaleva Irina", "Иванова Анна", "Anna Kowalska"])
def test_a_given_name_beside_the_ending_of_surnames_is_certain(typed: str) -> None:
    assert read(typed, Form.AUTO).doubts == ()


@pytest.mark.parametrize("typed", ["Jung Hee", "Min Ji", "Jung Min Hee", "Kim Minji"])
def test_an_order_that_may_be_either_is_doubtful(typed: str) -> None:
    assert Doubt.ORDER in read(typed, Form.AUTO).doubts


@pytest.mark.parametrize("typed", ["Kovácsné", "Kovács Jánosné", "Jánosné", "Kovacsne", "Károlyné"])
def test_a_name_by_marriage_says_that_it_holds_no_given_name(typed: str) -> None:
    assert "called by her husband's name" in read(typed).refusal


NO_ONES = """\
alhaji anonyme comtesse dn dr frau frl herr hr lieutenant mademoiselle madame maitre melle mister mlle mme
monsieur prinzessin senora signora soeur unknown unnamed veuve vide"""
"""What more than 150 people are said to be called in the records, and nobody is."""


def test_no_name_that_people_bear_is_refused(base_corpus: Corpus) -> None:
    borne = [name for name, n in zip(base_corpus.names, base_corpus.people, strict=True) if n > 150]
    refused = [name for name in borne if " " not in name and read(name.title()).refusal]
    assert set(refused) == set(NO_ONES.split())


@pytest.mark.parametrize("typed", ["Acme Ltd.", "Müller GmbH", "GmbH", "ООО Ромашка"])
def test_a_company_is_no_person(typed: str) -> None:
    assert read(typed).refusal == "This is a company, not a person."


@pytest.mark.parametrize("typed", ["Xqzwvu", "Bvkfhn Anna", "Zqxa-Wvu", "Pfgtz"])
def test_a_name_like_few_others_says_so(typed: str) -> None:
    assert Doubt.NEW in read(typed).doubts or Doubt.KEYS in read(typed).doubts


@pytest.mark.parametrize("typed", ["Anna", "Nguyen", "Jürgen", "Siobhan", "Wojciech", "Saoirse", "花子"])
def test_a_name_like_others_does_not(typed: str) -> None:
    assert Doubt.NEW not in read(typed).doubts


def test_titles_of_fourteen_languages_are_left_out() -> None:
    wrong = [(typed, read(typed)) for typed in natives.TITLES]
    assert [typed for typed, found in wrong if transliterate(found.read_as) != natives.TITLES[typed]] == []


def test_full_names_are_read_as_their_country_writes_them() -> None:
    compare(
        (typed, with_surname(read(typed, Form.AUTO, country=COUNTRIES[country])), (read_as, surname))
        for country, typed, read_as, surname in natives.FULL
    )


@pytest.mark.parametrize("typed", natives.SURNAMES_ALONE)
def test_a_surname_with_its_particle_is_no_given_name(typed: str) -> None:
    reading = read(typed)
    assert Doubt.SURNAME in reading.doubts if "A." not in typed else "only initials" in reading.refusal


def test_a_country_says_which_comes_first_where_the_words_do_not() -> None:
    anywhere, hungary = (
        read("Örley Barna", Form.AUTO),
        read("Örley Barna", Form.AUTO, country=COUNTRIES["HU"]),
    )
    assert (anywhere.spelling, hungary.spelling) == ("Örley", "Barna") and Doubt.ORDER in hungary.doubts


def test_a_letter_behind_a_name_is_an_initial_where_it_is_a_title_before_one() -> None:
    whys = [[piece.why for piece in read(typed).left_out] for typed in ("M. Claude", "Claude M.", "Anna P.")]
    assert whys == [[Why.TITLE], [Why.INITIAL], [Why.INITIAL]]


def test_signs_and_what_stands_for_nobody_are_read_right() -> None:
    found = {typed: read(typed).read_as for typed in natives.SIGNS}
    assert {typed: transliterate(name) for typed, name in found.items() if name} == {
        typed: name for typed, name in natives.SIGNS.items() if name
    }


@pytest.mark.parametrize("typed", natives.KEYS)
def test_keys_of_other_keyboards_are_doubtful(typed: str) -> None:
    assert Doubt.KEYS in read(typed).doubts


@pytest.mark.parametrize("typed", ["Мстислав", "Вячеслав", "Пётр", "Джон", "Юрий", "Ирина", "Стрельна"])
def test_russian_names_are_no_keys(typed: str) -> None:
    assert read(typed).doubts == ()


@pytest.mark.parametrize("initial", ["D.", "M.", "P.", "S.", "H.", "O.", "D. M.", "M.-P."])
def test_an_initial_behind_a_comma_is_no_title(initial: str) -> None:
    assert "only initials" in read(f"Smith, {initial}").refusal


@pytest.mark.parametrize("typed", ["د. نور", "أ. نور", "م. نور", "أ.د. نور", "د/ نور"])
def test_titles_of_one_arabic_letter_are_told_as_such(typed: str) -> None:
    reading = read(typed, Form.AUTO)
    assert (reading.spelling, reading.doubts) == ("نور", ())


def test_initials_with_two_periods_are_no_title() -> None:
    assert [piece.why for piece in read("M.S. Latha").left_out] == [Why.INITIAL]
