"""Files of many kinds: where their headings are, which columns are the names, and how each is read."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.support import offices
from tests.support.offices import BIRTH, DAY, Found, book, hide, text
from webapp.files.formats.table import How
from webapp.files.layout.find import Asked, find_layout

GIVEN, AUTO = "given", "auto"
KINDS = Path(__file__).with_name("kinds.toml")

TEXTS = {kind["name"]: kind for kind in tomllib.loads(KINDS.read_text(encoding="utf-8"))["kind"]}


@pytest.mark.parametrize("kind", TEXTS.values(), ids=list(TEXTS))
def test_a_text_of_each_kind_is_read(tmp_path: Path, kind: dict[str, Any]) -> None:
    (tmp_path / "in").write_bytes(text(kind["lines"]))
    found = offices.find(tmp_path / "in")
    names = tuple(kind.get("names", found.names))
    assert found == Found(kind["header_row"], tuple(kind["columns"]), kind["form"], names)


ENCODED = {
    "cp1250": ["Imię;Miasto", "Łukasz;Łódź", "Małgorzata;Poznań"],
    "cp1251": ["имя;город", "Ольга;Москва", "Иван;Тверь"],
    "cp1252": ["Vorname;Ort", "Jürgen;Köln", "Zoë;Düren"],
    "cp1253": ["Όνομα;Πόλη", "Γιώργος;Αθήνα", "Ελένη;Πάτρα"],
    "cp1254": ["Adı;Soyadı", "Ayşe;Yılmaz", "Işıl;Öztürk"],
    "cp1255": ["שם פרטי,עיר", "שרה,חיפה", "דוד,ירושלים"],
    "cp1256": ["الاسم,المدينة", "محمد,القاهرة", "فاطمة,بغداد"],
    "mac-roman": ["Vorname;Ort", "Jürgen;Köln", "Zoë;Düren"],
    "koi8-r": ["имя;город", "Ольга;Москва", "Иван;Тверь"],
    "cp932": ["氏名,市", "山田 花子,東京", "佐藤 翔太,大阪"],
    "gb18030": ["姓名,城市", "王芳,北京", "李伟,上海"],
    "cp950": ["姓名,城市", "陳淑芬,台北", "林志明,高雄"],
    "cp949": ["이름,도시", "김영희,서울", "박민수,부산"],
    "utf-16-le": ["имя;город", "Ольга;Москва"],
    "utf-16-be": ["Vorname;Ort", "Jürgen;Köln"],
    "utf-8": ["Prénom;Ville", "Zoé;Orléans"],
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("codec", ENCODED)
def test_an_encoding_is_told_by_the_letters_of_its_language(tmp_path: Path, codec: str, end: str) -> None:
    lines = ENCODED[codec]
    (tmp_path / "in").write_bytes(text(lines, codec, end))
    table = offices.open_table(tmp_path / "in", knows=offices.knows)
    mark = lines[0][next(at for at, sign in enumerate(lines[0]) if sign in ",;")]
    assert [row.cells for row in table.head().rows] == [line.split(mark) for line in lines]
    assert (table.encoding.codec, table.rivals) == (codec, ())


@pytest.mark.parametrize(
    ("codec", "lines"),
    [
        ("cp1255", ["שם פרטי;עיר", "שרה;תל אביב", "דוד;חיפה"]),
        ("euc_jp", ["名前,都市", "花子,東京", "翔太,大阪", "美咲,名古屋"]),
        ("iso8859-6", ["الاسم;المدينة", "فاطمة;القاهرة", "محمد;دبي"]),
    ],
)
def test_a_heading_that_is_known_letter_by_letter_tells_the_encoding(
    tmp_path: Path, codec: str, lines: list[str]
) -> None:
    (tmp_path / "in").write_bytes("\n".join(lines).encode(codec))
    table = offices.open_table(tmp_path / "in", knows=offices.knows)
    assert (table.encoding.codec, table.rivals) == (codec, ())


@pytest.mark.parametrize("codec", ["cp1252", "cp1250", "cp850"])
def test_an_encoding_is_never_guessed_wrongly(tmp_path: Path, codec: str) -> None:
    # One name alone is little to go by: then it is found, or it is among those that are asked about.
    for name in ("Guðrún", "Bjørn", "Łukasz", "Šárka", "Győző", "José"):
        try:
            data = name.encode(codec)
        except UnicodeEncodeError:
            continue
        (tmp_path / "in").write_bytes(data)
        table = offices.open_table(tmp_path / "in", knows=offices.knows)
        read = {data.decode(one.codec) for one in (table.encoding, *table.rivals)}
        assert name in read, (name, read)


@pytest.mark.parametrize("line", ["—", "Anna – Maria", "“Anna”", "RenÃ©", "JÃ¼rgen;KÃ¶ln", "10 €"])
def test_signs_and_spoilt_letters_speak_for_utf_8(tmp_path: Path, line: str) -> None:
    (tmp_path / "in").write_bytes(text(["given_name", "Anna", line, "None"]))
    table = offices.open_table(tmp_path / "in", knows=offices.knows)
    assert (table.encoding.codec, table.rivals) == ("utf-8", ())


@pytest.mark.parametrize(
    ("header", "codec", "first"),
    [
        ("姓名,部門", "cp950", "性別"),
        ("姓名,城市", "cp950", "性別"),
        ("姓名,部门", "gb18030", "性别"),
        ("姓名,公司", "utf-8", "性别"),
    ],
)
def test_our_headings_are_in_letters_that_the_file_has(
    tmp_path: Path, header: str, codec: str, first: str
) -> None:
    (tmp_path / "in").write_bytes(text([header, "陳淑芬,台北" if codec == "cp950" else "王芳,北京"], codec))
    layout = find_layout(offices.open_table(tmp_path / "in", How(encoding=codec)).head())
    assert layout.added[0] == first and "".join(layout.added).encode(codec)


def test_our_headings_are_english_where_an_encoding_lacks_the_letters_of_the_language(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(text(["Ad;Soyad", "Deniz;Kaya"], "cp1252"))
    layout = find_layout(offices.open_table(tmp_path / "in", How(encoding="cp1252")).head())
    assert layout.added[0] == "gender"


def test_two_encodings_that_are_as_likely_are_both_named(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes("Guðrún\n".encode("cp1252"))
    table = offices.open_table(tmp_path / "in")
    assert table.encoding.codec == "cp1252" and "cp1250" in [one.codec for one in table.rivals]
    assert not offices.open_table(tmp_path / "in", How(encoding="cp1252")).rivals


def test_utf_8_by_accident_is_no_utf_8(tmp_path: Path) -> None:
    # "ř" and "ö" one after the other happen to be a letter of UTF-8.
    data = text(["Jiří;Dvořák"], "mac-latin2")
    assert data.decode("utf-8")
    (tmp_path / "in").write_bytes(data)
    table = offices.open_table(tmp_path / "in", knows=offices.knows)
    assert table.encoding.codec != "utf-8"


FORMULA = '=PROPER("anna")'
BOOKS = {
    "titles above": (
        book(
            [
                ["Annual Meeting — Attendees"],
                ["Exported", DAY],
                [],
                ["No.", "Attendee", "Company"],
                [1, "Anna Müller", "ACME"],
                [2, "Dr. Jürgen Weiß", "ACME"],
            ]
        ),
        4,
        ["Attendee"],
        AUTO,
        ["anna", "jurgen"],
    ),
    "headings and middle names": (
        book(
            [
                ["Emp ID", "Last Name", "First Name", "Middle", None, "DOB"],
                [7, "Smith", "JOHN", "A.", None, BIRTH],
                [8, "Doe", "J.", "Robert", None, BIRTH],
            ]
        ),
        1,
        ["First Name", "Middle"],
        GIVEN,
        ["john", "robert"],
    ),
    "cells that are no names": (
        book(
            [
                ["First name", "n"],
                ["Anna", 1],
                ["#N/A", 2],
                [42, 3],
                [BIRTH, 4],
                [True, 5],
                [FORMULA, 6],
                ["-", 7],
                [None, 8],
            ]
        ),
        1,
        ["First name"],
        GIVEN,
        [
            "anna",
            "[This cell holds an error of the spreadsheet, not a name.]",
            "[This is a number, not a name.]",
            "[This is a date, not a name.]",
            "[This is TRUE or FALSE, not a name.]",
            "[This cell holds a formula whose value was not saved: save the file in a spreadsheet first.]",
            "[There is no letter in this that the network could read.]",
            "[There is no name here.]",
        ],
    ),
    "a hidden sheet first": (
        book([["First name"], ["Secret"]], hide("People"), Shown=[["First name"], ["Anna"]]),
        1,
        ["First name"],
        GIVEN,
        ["anna"],
    ),
    "a cover sheet first": (
        book(
            [["Read me"], ["This is a list of 2026."]], None, Data=[["First name", "City"], ["Anna", "Ulm"]]
        ),
        1,
        ["First name"],
        GIVEN,
        ["anna"],
    ),
    "an empty sheet first": (
        book([], None, Data=[["Anna", 1], ["Kim", 2]]),
        0,
        ["Column 1"],
        GIVEN,
        ["anna", "kim"],
    ),
    "blank rows and columns first": (
        book([[], [], [None, None, "Vorname", "Ort"], [None, None, "Anna", "Ulm"]]),
        3,
        ["Vorname"],
        GIVEN,
        ["anna"],
    ),
    "ids with zeros": (
        book([["ID", "Given name"], ["007", "Anna"], ["008", "Kim"]]),
        1,
        ["Given name"],
        GIVEN,
        ["anna", "kim"],
    ),
}


@pytest.mark.parametrize("kind", BOOKS)
def test_a_workbook_of_each_kind_is_read(tmp_path: Path, kind: str) -> None:
    data, header_row, columns, form, names = BOOKS[kind]
    (tmp_path / "in").write_bytes(data)
    assert offices.find(tmp_path / "in") == Found(header_row, tuple(columns), form, tuple(names))


def test_there_are_sixty_files_and_more() -> None:
    assert len(TEXTS) + len(ENCODED) + len(BOOKS) >= 60


def test_what_is_said_wins_over_what_is_found(tmp_path: Path) -> None:
    rows = [["Vorname", "Ort"], ["Anna", "Ulm"], ["Rufname", "Stadt"], ["Kim", "Bonn"]]
    (tmp_path / "in").write_bytes(book(rows, None, Other=[["Kim"], ["Jane"]]))
    found = offices.find(tmp_path / "in", asked=Asked(header_row=3))
    assert (found.columns, found.names) == (("Rufname",), ("kim",))
    assert offices.find(tmp_path / "in", asked=Asked(header_row=0, columns=(1,))).names[1] == "ulm"
    assert offices.find(tmp_path / "in", asked=Asked(skip=3)).names == ("kim",)
    assert offices.find(tmp_path / "in", How(sheet="Other")).names == ("kim", "jane")
    assert offices.find(tmp_path / "in", How(sheet="2")).names == ("kim", "jane")
