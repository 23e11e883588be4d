"""Under which name a spelling is stored: what Latin letters cannot keep has a name of its own."""

import pytest

from training.names import is_latin, key_of, of_key, read

OWN = {
    "علي": "علي",
    "عَلِيّ": "علي",
    "عـلـي": "علي",
    "שרה": "שרה",
    "שָׂרָה": "שרה",
    "花子": "花子",
    "さくら子": "さくら子",
    "淑芬": "淑芬",
    "สมชาย": "สมชาย",
    "عبد الرحمن": "عبد الرحمن",
}
LATIN = ["Ольга", "Σοφία", "Jürgen", "さくら", "민준", "अनिता", "გიორგი", "Արմեն", "Ｋｉｍ"]


@pytest.mark.parametrize(("typed", "key"), OWN.items(), ids=ascii)
def test_a_name_that_latin_cannot_keep_has_a_key_of_its_own(typed: str, key: str) -> None:
    reading = read(typed)
    assert reading.key == key_of(typed) == key and not is_latin(key)
    assert reading.read_as.isascii() and of_key(key).read_as == reading.read_as


@pytest.mark.parametrize("typed", LATIN, ids=ascii)
def test_a_faithful_spelling_shares_the_key_of_its_latin_one(typed: str) -> None:
    assert is_latin(read(typed).key) and read(typed).key == read(read(typed).read_as).key


def test_people_called_ly_are_not_those_called_ali() -> None:
    assert read("Ly").key == "ly" != read("علي").key
