"""Files that are small to send and endless to read: refused, in bounded time and memory."""

import io
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from tests.support.books import write_book
from tests.support.tables import small_champion
from webapp.errors import Invalid
from webapp.files.formats.convert import open_table
from webapp.files.formats.table import Choice
from webapp.files.formats.text import rows as text_rows
from webapp.files.formats.xlsx import shared_strings, zipped
from webapp.files.formats.xlsx import sheet as sheets
from webapp.guessing.bulk import Bulk

ROW = b"<row><c><v>1</v></c></row>"


@pytest.fixture
def bulk() -> Bulk:
    return Bulk(small_champion())


SHEETS = {
    "one endless row": b"<row>" + b"<c><v>1</v></c>" * 300_000 + b"</row>",
    "nothing but empty rows": b"<row/>" * 30_000,
    "one endless tag": b'<row x="' + b"x" * 3_000_000 + b'"/>',
    "an abyss": b"<row>" * 200_000,
    "a row of a thousand digits": b'<row r="' + b"9" * 5_000 + b'"><c><v>1</v></c></row>' + ROW * 10,
}


@pytest.mark.parametrize("sheet", SHEETS.values(), ids=list(SHEETS))
def test_a_sheet_without_end_is_read_or_refused(
    tmp_path: Path, bulk: Bulk, sheet: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 20_000)
    path = write_book(tmp_path, sheet)
    tracemalloc.start()
    began = time.thread_time()
    try:
        table = open_table(path)
        table.head()
        for _ in table.convert(Choice((0,)), bulk):
            pass
    except Invalid as error:
        assert "damaged" in str(error)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 * 2**20 and time.thread_time() - began < 30


def test_a_cell_without_end_is_cut(tmp_path: Path) -> None:
    path = write_book(tmp_path, b'<row><c t="inlineStr"><is><t>' + b"a" * 4_000_000 + b"</t></is></c></row>")
    assert len(open_table(path).head().rows[0].cells[0]) == shared_strings.LONGEST


def test_a_shared_text_without_end_is_cut(tmp_path: Path) -> None:
    texts = b"<sst><si><t>" + b"a" * 4_000_000 + b"</t></si></sst>"
    path = write_book(tmp_path, b'<row><c t="s"><v>0</v></c></row>', texts)
    assert len(open_table(path).head().rows[0].cells[0]) == shared_strings.LONGEST


def test_texts_without_number_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_strings, "MOST", 1_000)
    with pytest.raises(Invalid, match="damaged"):
        open_table(write_book(tmp_path, ROW, b"<sst>" + b"<si/>" * 1_001 + b"</sst>")).head()


def test_a_workbook_that_is_packed_too_densely_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped, "SMALL", 2**20)
    with pytest.raises(Invalid, match="packed as no spreadsheet is"):
        open_table(write_book(tmp_path, b"<row/>" * 1_000_000))


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(tmp_path: Path, packing: int) -> None:
    with pytest.raises(Invalid, match="no spreadsheet uses"):
        open_table(write_book(tmp_path, ROW, packing=packing))


def test_quotes_that_never_close_cost_no_more_than_a_while(
    tmp_path: Path, bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each of these lines opens a quote, whether or not the line before has left one open.
    monkeypatch.setattr(text_rows, "MOST_IN_VAIN", 2**18)
    path = tmp_path / "in.csv"
    path.write_bytes(b"name,x\n" + b'x","""\n' * 4_000)
    began = time.thread_time()
    out = io.BytesIO(b"".join(done.data for done in open_table(path).convert(Choice((0,), 1), bulk)))
    assert time.thread_time() - began < 15
    assert len(out.readlines()) == 4_001


def test_a_cell_of_several_lines_is_read_after_a_stray_quote(tmp_path: Path, bulk: Bulk) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b'name,x\nAnna,"stray\nKim,1\n' + b"y,1\n" * 20_000 + b'Maria,"two\nlines"\n')
    data = b"".join(done.data for done in open_table(path).convert(Choice((0,), 1), bulk))
    assert b'lines",' in data
