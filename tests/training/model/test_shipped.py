"""How the shipped network behaves, beyond being right: the figures of `python -m benchmarks.behaviour`."""

import unicodedata
from collections.abc import Callable

import pytest

from benchmarks import behaviour
from training.data.corpus import Corpus
from training.model import artifact, saving
from training.model.network import Network
from training.model.predict import guess, load
from training.names import COUNTRIES

ACCENTED = ("José", "Renée", "Zoë", "François", "Ángela", "Søren", "Łukasz", "Šárka", "Nuño", "Gülşen")
PLAIN = ("Jose", "Renee", "Zoe", "Francois", "Angela", "Soren", "Lukasz", "Sarka", "Nuno", "Gulsen")


@pytest.fixture(scope="module")
def network() -> Network:
    return saving.load(artifact.SHIPPED.read_bytes()).network


def p_female(*typed: str) -> list[float | None]:
    return [answer.p_female for answer in guess(typed, load())]


@pytest.mark.parametrize("change", [str.upper, str.title, str.swapcase, "  {}".format, "{} \t\n".format])
def test_capitals_and_outer_blanks_change_nothing(base_corpus: Corpus, change: Callable[[str], str]) -> None:
    names = base_corpus.names[:2000:20]
    assert p_female(*map(change, names)) == p_female(*names)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_change_nothing(form: str) -> None:
    assert p_female(*(unicodedata.normalize(form, name) for name in ACCENTED)) == p_female(*PLAIN)


def test_frequent_names_with_fifteen_endings_are_known(network: Network, base_corpus: Corpus) -> None:
    right = behaviour.drawn(network, base_corpus)
    assert len(right) == 150
    assert right.sum() >= 147


def test_a_typo_changes_little(network: Network, base_corpus: Corpus) -> None:
    assert behaviour.typos(network, base_corpus) <= 0.05


def test_names_of_both_are_called_without_much_certainty(network: Network, base_corpus: Corpus) -> None:
    assert behaviour.both(network, base_corpus) >= 0.8
    assert behaviour.both(network, base_corpus, people=1) >= 0.8


def test_strings_of_consonants_are_seldom_called_with_certainty(network: Network) -> None:
    assert behaviour.consonants(network) <= 0.25


SAME = {
    "國華": "国华",
    "サクラ": "さくら",
    "ｻｸﾗ": "さくら",
    "佐々子": "佐佐子",
    "محمّد": "محمد",
    "فـاطمة": "فاطمة",
    "أحمد": "احمد",
    "שָׂרָה": "שרה",
    "คำ": "ค\u0e4dา",
    "서연": unicodedata.normalize("NFD", "서연"),
}
"""Spellings of one name in the letters of its own script."""


def test_spellings_of_one_name_in_its_own_letters_are_one() -> None:
    assert p_female(*SAME) == p_female(*SAME.values())


def test_names_in_their_own_letters_are_known() -> None:
    women = ("花子", "美咲", "淑芬", "丽", "서연", "지은", "שרה", "רחל", "فاطمة", "مريم", "Ольга", "Σοφία")
    women += ("สมหญิง", "ศิริพร", "กัญญา")
    men = ("太郎", "健太", "大輔", "刚", "민준", "영수", "דוד", "משה", "محمد", "أحمد", "Никита", "გიორგი")
    men += ("สมชาย", "สุรชัย", "อภิชาติ")
    wrong = [name for name, p in zip(women, p_female(*women), strict=True) if not p or p <= 0.5]
    wrong += [name for name, p in zip(men, p_female(*men), strict=True) if p is None or p >= 0.5]
    assert wrong == []


@pytest.mark.xfail(strict=True, reason="the list says of it, as of most common names, only that both bear it")
def test_a_common_chinese_name_that_the_list_gives_to_both_is_known() -> None:
    (share,) = p_female("秀英")
    assert share is not None and share > 0.5


@pytest.mark.parametrize(
    ("name", "women_in", "men_in"),
    [
        ("Andrea", "DE", "IT"),
        ("Jean", "US", "FR"),
        ("Simone", "FR", "IT"),
        ("Nicola", "GB", "IT"),
        ("Joan", "US", "ES"),
    ],
)
def test_a_country_decides_where_countries_differ(name: str, women_in: str, men_in: str) -> None:
    (woman,) = guess([name], load(), country=COUNTRIES[women_in])
    (man,) = guess([name], load(), country=COUNTRIES[men_in])
    assert (woman.label, man.label) == ("female", "male")


def test_a_country_turns_few_names_that_are_the_same_all_over() -> None:
    assert behaviour.turned_by_country(saving.load(artifact.SHIPPED.read_bytes())) <= 0.02


def test_readers_leave_names_in_latin_letters_from_anywhere_alone(base_corpus: Corpus) -> None:
    shipped, names = saving.load(artifact.SHIPPED.read_bytes()), base_corpus.names[:5_000:50]
    alone = saving.to_serve(shipped.network).shares(names)
    assert saving.to_serve(shipped.network, shipped.readers).shares(names) == alone


@pytest.mark.parametrize("kind", behaviour.Letters)
def test_a_typo_changes_little_in_other_scripts_too(kind: behaviour.Letters) -> None:
    assert behaviour.typos_in(saving.load(artifact.SHIPPED.read_bytes()), kind) <= 0.1
