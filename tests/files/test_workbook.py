"""XLSX: the first sheet gets our columns; all else is carried over."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support import tables
from webapp.errors import Invalid
from webapp.files.formats import table
from webapp.files.formats.convert import open_table
from webapp.files.formats.table import Choice, How
from webapp.files.formats.xlsx import zipped
from webapp.guessing.predictor import Champion

PEOPLE = [["id", "First name", "born"], [1, "Anna", datetime(2020, 1, 2)], [], [2, "José <&>", None], [3, 17]]


@pytest.fixture(scope="session")
def champion() -> Champion:
    return tables.small_champion()


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = openpyxl.Workbook()
    for row in PEOPLE:
        made.active.append(row)
    made.active.title = "People"
    made.active["C2"].number_format = "dd.mm.yyyy"
    made.active["D2"] = "=A2+1"
    made.create_sheet("Other").append(["kept"])
    made.save(tmp_path / "in.xlsx")
    return tmp_path / "in.xlsx"


def convert(path: Path, champion: Champion, column: int = 1) -> bytes:
    return tables.convert(path, champion, Choice((column,), 1))


def opened(data: bytes, **how: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), **how)


def test_each_row_gets_its_guess(book: Path, champion: Champion) -> None:
    rows = list(opened(convert(book, champion)).active.iter_rows(values_only=True, min_col=5))
    guess = champion.guess("Anna")
    assert rows[0] == ("gender", "p_female", "read_as", "left_out", "doubt", "version", "reason")
    assert rows[1] == (guess.label, round(guess.p_female, 4), "anna", None, None, "v7", None)
    assert rows[3][2] == "jose"


def test_all_else_stays(book: Path, champion: Champion) -> None:
    out = opened(convert(book, champion))
    assert out.sheetnames == ["People", "Other"] and out["Other"]["A1"].value == "kept"
    assert out.active["C2"].number_format == "dd.mm.yyyy" and out.active["C2"].value == datetime(2020, 1, 2)
    assert out.active["D2"].value == "=A2+1"


def test_a_blank_row_stays_blank_and_an_unreadable_one_says_why(book: Path, champion: Champion) -> None:
    rows = list(opened(convert(book, champion)).active.iter_rows(values_only=True))
    assert set(rows[2]) == {None}
    assert rows[4][0] == 3 and rows[4][-1] == "This is a number, not a name."


def test_readers_that_trust_the_dimension_see_our_columns(book: Path, champion: Champion) -> None:
    sheet = opened(convert(book, champion), read_only=True).active
    assert sheet.calculate_dimension() == "A1:K5"


@pytest.mark.parametrize("rows", [2, 7])
def test_blocks_do_not_change_the_result(
    book: Path, champion: Champion, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(opened(convert(book, champion)).active.iter_rows(values_only=True))
    monkeypatch.setattr(table, "BLOCK_ROWS", rows)
    monkeypatch.setattr("webapp.files.formats.xlsx.xml.PIECE", 50)
    assert list(opened(convert(book, champion)).active.iter_rows(values_only=True)) == whole


def test_texts_inside_cells_and_without_places_are_read(tmp_path: Path, champion: Champion) -> None:
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("A")
    for row in (["name", "x"], ["Anna", 1]):
        sheet.append(row)
    made.save(tmp_path / "in.xlsx")
    path = change(tmp_path / "in.xlsx", "xl/worksheets/sheet1.xml", lambda text: text.replace(' r="A2"', ""))
    assert opened(convert(path, champion, 0)).active["E2"].value == "anna"


def test_a_namespace_prefix_is_followed(book: Path, champion: Champion) -> None:
    import re

    def prefixed(text: str) -> str:
        return re.sub(r"<(/?)(\w)", r"<\1x:\2", text).replace("xmlns=", "xmlns:x=")

    path = change(book, "xl/worksheets/sheet1.xml", prefixed)
    assert opened(convert(path, champion)).active["G2"].value == "anna"


def change(path: Path, part: str, how: Callable[[str], str]) -> Path:
    """Return a copy of the workbook in which one part is changed."""
    new = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(new, "w") as out:
        for name in old.namelist():
            text = old.read(name)
            out.writestr(name, how(text.decode()).encode() if name == part else text)
    return new


def with_shared(text: str, number: int) -> str:
    """Point the cell B2 to a shared text."""
    start = text.index('<c r="B2"')
    return f'{text[:start]}<c r="B2" t="s"><v>{number}</v>{text[text.index("</c>", start) :]}'


def test_a_shared_text_is_read_without_its_looks_and_its_pronunciation(
    book: Path, champion: Champion
) -> None:
    path = change(book, "xl/worksheets/sheet1.xml", lambda text: with_shared(text, 1))
    relation = '<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    path = change(path, RELATIONS, lambda text: text.replace("</Relationships>", relation))
    runs = "<r><t>Zo</t></r><r><rPr/><t>ra</t></r><rPh><t>zzz</t></rPh>"
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>x</t></si><si>{runs}</si></sst>")
    with zipfile.ZipFile(io.BytesIO(convert(path, champion))) as out:
        assert b"<t>zora</t>" in out.read("xl/worksheets/sheet1.xml")


RELATIONS = "xl/_rels/workbook.xml.rels"
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("part", "how", "sentence"),
    [
        ("xl/workbook.xml", lambda text: text.replace("<sheets>", "<sheets"), "damaged"),
        ("xl/workbook.xml", lambda text: BOMB + text, "document type"),
        ("xl/worksheets/sheet1.xml", lambda text: BOMB + text, "document type"),
        ("xl/worksheets/sheet1.xml", lambda text: text[:-40], "damaged"),
        ("xl/worksheets/sheet1.xml", lambda text: with_shared(text, 9), "points to a text"),
        ("xl/workbook.xml", lambda text: text.replace("<sheet ", "<nothing "), "no sheet"),
        (RELATIONS, lambda text: text.replace("sheet1", "../../../etc/passwd"), "missing"),
    ],
)
def test_a_bad_workbook_is_refused(
    book: Path, champion: Champion, part: str, how: Callable[[str], str], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        convert(change(book, part, how), champion)


def test_a_zip_bomb_is_refused_unread(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "LARGEST", 10_000)
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb", b"\0" * 1_000_000)
    with pytest.raises(Invalid, match="unpacks to more"):
        open_table(book)


def test_another_zip_file_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.xlsx", "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(Invalid, match="no Excel workbook"):
        open_table(tmp_path / "in.xlsx")


def test_a_truncated_workbook_is_refused(book: Path) -> None:
    book.write_bytes(book.read_bytes()[:-100])
    with pytest.raises(Invalid, match="damaged"):
        open_table(book)


def test_a_directory_that_leads_before_the_file_is_damage(tmp_path: Path, book: Path) -> None:
    whole = bytearray(book.read_bytes())
    del whole[10 : whole.index(b"PK\x01\x02") - 10]  # all parts now begin before the file does
    (tmp_path / "cut.xlsx").write_bytes(whole)
    with pytest.raises(Invalid, match="damaged"):
        open_table(tmp_path / "cut.xlsx")


def test_a_part_whose_name_is_no_text_is_damage(tmp_path: Path, book: Path) -> None:
    whole = bytearray(book.read_bytes())
    first = whole.index(b"PK\x01\x02")
    whole[first + 9] |= 8  # names are UTF-8 …
    whole[first + 46] = 0xAF  # … and this one is not
    (tmp_path / "odd.xlsx").write_bytes(whole)
    with pytest.raises(Invalid, match="damaged"):
        open_table(tmp_path / "odd.xlsx")


def test_what_was_left_out_is_a_text_also_with_a_digit_first(tmp_path: Path, champion: Champion) -> None:
    made = openpyxl.Workbook()
    for row in (["Name"], ["Anna (2nd)"], ["7 Kim"]):
        made.active.append(row)
    made.save(tmp_path / "in.xlsx")
    sheet = opened(convert(tmp_path / "in.xlsx", champion, 0)).active
    assert [sheet.cell(row, 5).value for row in (2, 3)] == ["2nd (suffix)", "7 (sign)"]


def test_the_sheet_that_was_chosen_gets_our_columns(book: Path, champion: Champion) -> None:
    data = tables.convert(book, champion, Choice((0,)), How(sheet="Other"))
    assert opened(data)["Other"]["D1"].value == "kept" and opened(data)["People"]["E1"].value is None


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(book: Path) -> None:
    with pytest.raises(Invalid, match="no sheet 'Else' in this workbook; it has People, Other"):
        open_table(book, How(sheet="Else"))
