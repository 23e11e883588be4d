"""Under which name a spelling is stored: in its own letters where Latin ones would lose what they say."""

import pytest

from training.names import COUNTRIES, Script, is_learnable, key_of, of_key, read

OWN = {
    "علي": "علي",
    "عَلِيّ": "علي",
    "عـلـي": "علي",
    "أحمد": "احمد",
    "שרה": "שרה",
    "שָׂרָה": "שרה",
    "花子": "花子",
    "麗華": "丽华",
    "丽华": "丽华",
    "佐々木": "佐佐木",
    "さくら子": "さくら子",
    "カレン": "かれん",
    "さくら": "さくら",
    "민준": "민준",
    "淑芬": "淑芬",
    "عبد الرحمن": "عبد الرحمن",
    "สมหญิง": "สมหญิง",
    "ทองคำ": "ทองคำ",
    "ทองค\u0e4d\u0e32": "ทองคำ",
}
LATIN = ["Jürgen", "Ｋｉｍ", "Søren"]
MARKED = {"Ольга": "RU", "Σοφία": "GR", "अनिता": "IN", "გიორგი": "GE", "Արմեն": "AM"}
LOST = ["ພອນ", "ນາງ"]


@pytest.mark.parametrize(("typed", "key"), OWN.items(), ids=ascii)
def test_a_name_is_read_and_stored_in_its_own_letters(typed: str, key: str) -> None:
    reading = read(typed)
    assert reading.key == key_of(typed) == reading.read_as == key
    assert reading.script is not None and is_learnable(key) and of_key(key).read_as == key


@pytest.mark.parametrize("typed", LATIN, ids=ascii)
def test_a_faithful_spelling_shares_the_key_of_its_latin_one(typed: str) -> None:
    reading = read(typed)
    assert reading.key.isascii() and reading.key == read(reading.read_as).key and reading.script is None


@pytest.mark.parametrize(("typed", "token"), MARKED.items(), ids=ascii)
def test_letters_that_tell_a_country_are_read_with_it(typed: str, token: str) -> None:
    reading = read(typed)
    assert reading.key == reading.asked == f"{token}:{reading.read_as}" == key_of(typed)
    assert reading.is_marked and of_key(reading.key).asked == reading.asked and reading.read_as.isascii()
    assert not reading.from_country(COUNTRIES["US"]).is_marked and reading.anywhere.key == reading.read_as


def test_a_name_that_leaves_no_room_for_a_country_has_none() -> None:
    assert read("а" * 64).key == "a" * 64 and read("а" * 64).country is None
    assert read("a" * 62).from_country(COUNTRIES["US"]).asked == "a" * 62


@pytest.mark.parametrize("typed", LOST, ids=ascii)
def test_letters_that_no_network_reads_keep_a_key_of_their_own(typed: str) -> None:
    reading = read(typed)
    assert reading.key == typed and reading.read_as.isascii() and not is_learnable(reading.key)


def test_each_script_is_told() -> None:
    typed = {"花子": Script.CHARACTERS, "민준": Script.HANGUL, "שרה": Script.HEBREW, "فاطمة": Script.ARABIC}
    typed["สุดา"] = Script.THAI
    assert {name: read(name).script for name in typed} == typed


def test_people_called_ly_are_not_those_called_ali() -> None:
    assert read("Ly").key == "ly" != read("علي").key
