"""Lists of names in other scripts and by country, as they are learned from."""

import random
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from training.data.corpus import HOLDOUT, TRAIN, from_counts, part_of
from training.data.world import arabic, characters, countries, elsewhere, hebrew, pinyin, thai
from training.data.world.hebrew_spellings import read_hebrew_spellings, spelled_from_latin
from training.data.world.lessons import Lesson, Lessons
from training.names import COUNTRIES, TOKENS, Script, script_of

pytestmark = pytest.mark.xdist_group("world")
of_whole_lists = pytest.mark.training  # which are read to be learned from: it takes as long


@cache
def by_country() -> Lessons:
    return countries.read_countries(frozenset({"andrea", "anna"}))


@cache
def of_characters() -> Lessons:
    return characters.read_characters()


@cache
def of_pinyin() -> Lessons:
    return pinyin.read_pinyin(of_characters())


def in_characters() -> dict[str, Lesson]:
    return {row.name: row for row in of_characters().rows}


@cache
def in_hebrew() -> dict[str, Lesson]:
    return {row.name: row for row in hebrew.read_hebrew().rows}


def share(name: str) -> float:
    return {row.name: row for row in by_country().rows}[name].share


@of_whole_lists
def test_a_name_is_given_as_its_country_gives_it() -> None:
    assert (share("IT:andrea"), share("DE:andrea")) == (0.0, 1.0)
    assert share("IT:simone") == 0.0 and share("FR:simone") == 1.0


@of_whole_lists
def test_names_that_all_know_are_never_held_out() -> None:
    rows = by_country().rows
    assert {row.part for row in rows if row.name[3:] in ("andrea", "anna")} == {TRAIN}
    held_out = sum(row.part == HOLDOUT for row in rows) / len(rows)
    assert 0.04 < held_out < 0.06 and len(rows) == 66_417


@of_whole_lists
def test_every_country_that_is_read_was_learned() -> None:
    learned = (*by_country().rows, *of_pinyin().rows)
    assert {row.name[:2] for row in learned} == set(TOKENS)
    assert {country.token for country in COUNTRIES.values()} == set(TOKENS)


@of_whole_lists
def test_about_how_many_bear_a_name_in_a_country() -> None:
    found = {(name, country): (women, people) for name, country, _, women, people in countries.origins()}
    women, people = found["anna", "IT"]
    assert women == people and 10_000 < people < 5_000_000


@of_whole_lists
def test_characters_kana_and_hangul_are_read_as_they_are_written() -> None:
    rows = in_characters()
    assert rows["花子"].share == rows["JP:花子"].share == 1.0 and rows["翔太"].share == 0.0
    assert all(script_of(name.split(":")[-1]) for name in list(rows)[::1000])


@of_whole_lists
def test_pinyin_is_learned_from_its_characters_and_not_as_names_of_both() -> None:
    # The list of countries has them all as names of both.
    assert not [row for row in by_country().rows if row.name.startswith("CN:")]
    shares = {row.name: row.share for row in of_pinyin().rows}
    assert shares["CN:lina"] > 0.9 and shares["CN:meiling"] > 0.9 and shares["CN:guoqiang"] < 0.1
    assert {"CN:mei-ling", "CN:mei ling"} & set(shares)


@of_whole_lists
def test_no_pinyin_is_learned_that_is_frequent_elsewhere() -> None:
    some = Lessons(of_characters().rows[::4])
    lina, meiling = {"CN:lina", "CN:li-na", "CN:li na"}, {"CN:meiling"}
    both, less = ({row.name for row in pinyin.read_pinyin(some, without).rows} for without in ((), {"lina"}))
    assert lina & both and not lina & less and meiling <= both & less


@of_whole_lists
def test_a_frequent_name_from_elsewhere_stays_what_it_is() -> None:
    counts = {"susan": (40, 40), "kevin": (0, 30), "andrea": (16, 20), "zuleika": (10, 10)}
    corpus = from_counts(counts, "a few")
    corpus = replace(corpus, part=np.where(np.array(corpus.names) == "zuleika", HOLDOUT, TRAIN))
    rows = elsewhere.read_elsewhere(corpus, by_country()).rows
    of_poland = {row.name: row.share for row in rows if row.name.startswith("PL:")}
    assert of_poland["PL:susan"] == 1.0 and of_poland["PL:kevin"] == 0.0
    assert not [row for row in rows if row.name == "IT:andrea"]  # that one the list knows
    assert not [row for row in rows if row.name.endswith("zuleika")]  # put aside in the corpus


@of_whole_lists
def test_chinese_names_are_learned_as_of_equal_halves() -> None:
    rows = [row for row in in_characters().values() if row.source == characters.CHINESE]
    women = sum(row.share * row.weight for row in rows) / sum(row.weight for row in rows)
    assert women == pytest.approx(0.5, abs=0.01) and any(row.told == 0.0 == row.share for row in rows)


def test_thai_names_are_those_of_two_lists() -> None:
    shares = {row.name: row.share for row in thai.read_thai().rows}
    assert (shares["สมหญิง"], shares["สมชาย"]) == (1.0, 0.0) and set(shares.values()) == {0.0, 0.5, 1.0}
    assert {script_of(name) for name in shares} == {Script.THAI} and len(shares) > 11_000


@of_whole_lists
def test_hebrew_names_have_their_bearers() -> None:
    row = in_hebrew()["שרה"]
    assert row.share > 0.99 and row.people > 50_000 and row.part == TRAIN


@pytest.mark.parametrize(("latin", "spelled"), [("fatima", "فاطمة"), ("karim", "كريم"), ("salim", "سليم")])
def test_a_latin_name_gets_its_arabic_spelling_among_others(latin: str, spelled: str) -> None:
    spellings = {arabic.spelled_from_latin(latin, random.Random(seed)) for seed in range(200)}
    assert spelled in spellings


@pytest.mark.parametrize(("of_hebrew", "spelled"), [("מחמד", "محمد"), ("פאטמה", "فاطمة"), ("עלי", "علي")])
def test_a_hebrew_spelling_becomes_an_arabic_one(of_hebrew: str, spelled: str) -> None:
    spellings = {arabic.spelled_from_hebrew(of_hebrew, random.Random(seed)) for seed in range(50)}
    assert spelled in spellings


@pytest.mark.parametrize(
    ("latin", "hebrew_letters"),
    [
        ("daniel", {"דניל", "דאניל"}),
        ("rita", {"ריטה", "ריתה", "רטה", "רתה", "ריטא", "ריתא"}),
        ("bat-el", {"בת אל", "בט אל"}),
        ("philip", {"פיליפ", "פליפ", "פילפ"}),
        ("nachman", {"נחמן", "נחמאן"}),
    ],
)
def test_hebrew_spellings_are_among_those_people_write(latin: str, hebrew_letters: set[str]) -> None:
    spellings = {spelled_from_latin(latin, random.Random(seed)) for seed in range(60)}
    assert spellings & hebrew_letters
    assert {script_of(spelling) for spelling in spellings} == {script_of("דניאל")}


def test_no_spelling_is_one_that_is_put_aside_or_counted() -> None:
    names = ("maria", "daniel", "yuliana", "ronit", "svetlana", "bartholomew", "rare")
    people = (5_000, 4_000, 300, 200, 100, 40, 29)
    corpus = from_counts({n: (0.5 * p, p) for n, p in zip(names, people, strict=True)}, "a few")
    rows = read_hebrew_spellings(corpus, frozenset()).rows
    assert rows and {row.part for row in rows} == {part_of(row.name) for row in rows} == {TRAIN}
    counted = frozenset(row.name for row in rows[::2])
    assert not counted & {row.name for row in read_hebrew_spellings(corpus, counted).rows}
    assert max(row.people for row in rows) <= sum(people[:-1])


@of_whole_lists
def test_of_chinese_names_that_both_bear_nothing_is_learned() -> None:
    rows = [row for row in of_characters().rows if row.source == characters.CHINESE]
    told = {row.name.removeprefix("CN:"): row.told for row in rows}
    # The roll knows these as borne by both: men's names as well as women's would become even.
    assert not {"勇", "浩然", "秀英", "丽"} & set(told)
    # Another spelling of it is borne by one kind alone.
    assert told["建国"] == told["志强"] == 0.0
    assert sum(share == 0.5 for share in told.values()) < len(told) / 100
