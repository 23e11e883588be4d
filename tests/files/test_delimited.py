"""CSV and TSV: everything stays as it was, with our cells after it."""

import csv
import io
from pathlib import Path

import pytest

from tests.support import tables
from webapp.errors import Invalid
from webapp.files.formats.convert import open_table
from webapp.files.formats.table import Choice, Head
from webapp.files.layout.find import Layout
from webapp.guessing.bulk import Bulk
from webapp.guessing.predictor import Champion


@pytest.fixture(scope="session")
def champion() -> Champion:
    return tables.small_champion()


def written(folder: Path, data: bytes) -> Path:
    (folder / "in").write_bytes(data)
    return folder / "in"


def look(folder: Path, data: bytes) -> Head:
    return open_table(written(folder, data)).head()


def laid_out(folder: Path, data: bytes) -> Layout:
    return tables.layout_of(written(folder, data))


def convert(folder: Path, champion: Champion, data: bytes) -> bytes:
    return tables.convert(written(folder, data), champion)


def rows(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))


def test_each_row_gets_its_guess(tmp_path: Path, champion: Champion) -> None:
    guess = champion.guess("Anna")
    heading, row = rows(convert(tmp_path, champion, b"id,name\n1,Anna\n"))
    assert heading == [
        "id",
        "name",
        "gender",
        "p_female",
        "read_as",
        "left_out",
        "doubt",
        "version",
        "reason",
    ]
    assert row == ["1", "Anna", guess.label, f"{guess.p_female:.4f}", "anna", "", "", "v7", ""]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_was_there_stays_to_the_letter(tmp_path: Path, champion: Champion, end: str) -> None:
    lines = [
        "name;note",
        'Anna;"said ""hi"""',
        "",
        '"Kim";=1+1',
        'Bo;"a;\nb"',
        "Al; x ",
    ]
    given = end.join(lines).encode()
    kept = convert(tmp_path, champion, given).decode()
    for line in lines:
        assert line in kept
    assert kept.count(end) >= given.decode().count(end)


def test_blank_lines_stay_and_the_last_line_gets_no_end(tmp_path: Path, champion: Champion) -> None:
    lines = convert(tmp_path, champion, b"name,x\n\nAnna,1\n\n\nKim,2").decode().split("\n")
    assert [line.split(",")[0] for line in lines] == ["name", "", "Anna", "", "", "Kim"]


def test_short_rows_are_filled_so_that_ours_stand_in_their_columns(
    tmp_path: Path, champion: Champion
) -> None:
    found = list(
        csv.DictReader(io.StringIO(convert(tmp_path, champion, b"name,a,b\nAnna\nKim,1,2\n").decode()))
    )
    assert [row["version"] for row in found] == ["v7", "v7"]


def test_long_rows_keep_their_cells_after_ours(tmp_path: Path, champion: Champion) -> None:
    _, row = rows(convert(tmp_path, champion, b'name,a\nAnna,1,"x,y",z\n'))
    assert row[:2] == ["Anna", "1"] and row[7] == "v7" and row[9:] == ["x,y", "z"]
    assert "longer than the first" in row[8]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'"Anna"x,1', "text follows a closing quote"),
        (b'"Anna,1', "a quote opens"),
        (b",1", "there is no name here"),
        (b"123,1", "this is a number"),
        (b"A" * 70 + b",1", "up to 64 characters"),
        (b"Jos\xc3\xa9 \xff,\xc3\xa9\xc3\xa9", "bytes that mean nothing"),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_with_the_reason(
    tmp_path: Path, champion: Champion, line: bytes, reason: str
) -> None:
    given = b"name,n\nKim,1\n" + line + b"\nAnna,2\n"
    out = convert(tmp_path, champion, given).decode("utf-8", "replace")
    found = list(csv.DictReader(io.StringIO(out)))
    assert [row["read_as"] for row in found] == ["kim", "", "anna"]
    assert reason in found[1]["reason"].lower()


def test_a_cell_without_end_is_kept_with_the_reason(tmp_path: Path, champion: Champion) -> None:
    out = convert(tmp_path, champion, b'name,n\n"' + b"A" * 140_000 + b'",1\nAnna,2\n').decode().split("\n")
    assert '"A cell of this row has more than 131,072 characters."' in out[1] and ",anna," in out[2]


def test_a_quote_that_never_closes_takes_no_other_row_along(tmp_path: Path, champion: Champion) -> None:
    given = b'name,n\n"Kim,1\n' + b"Anna,2\n" * 50_000
    found = rows(convert(tmp_path, champion, given))
    assert len(found) == 50_002 and found[1][0] == '"Kim,1'


def test_a_row_without_the_column_says_so(tmp_path: Path, champion: Champion) -> None:
    _, _, row = rows(convert(tmp_path, champion, b"id,name\n1,Anna\n2\n"))
    assert row[-1] == "This row has no cell in the column of the names."


def test_our_columns_never_meet_theirs(tmp_path: Path, champion: Champion) -> None:
    heading = rows(convert(tmp_path, champion, b"name,Gender\nAnna,x\n"))[0]
    assert heading[1:4] == ["Gender", "nomen_gender", "nomen_p_female"]


def test_a_list_without_a_heading_gets_none(tmp_path: Path, champion: Champion) -> None:
    found = rows(convert(tmp_path, champion, b"Anna\nKim\n"))
    assert [row[0] for row in found] == ["Anna", "Kim"] and found[0][6] == "v7"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("name,x\nJosé,1\n".encode(), "UTF-8"),
        ("name,x\nJosé,1\n".encode("utf-8-sig"), "UTF-8"),
        ("name,x\nJosé,1\n".encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + "name,x\nJosé,1\n".encode("utf-16-be"), "UTF-16"),
        ("name,x\nJosé,1\n".encode("latin-1"), "Windows-1252"),
        (b"name,x\nO\x92Brien,1\n", "Windows-1252"),
        (b"name,x\nJos\xe9,\x81\nZo\xeb,1\nJ\xfcrgen,1\n", "Windows-1252"),
    ],
)
def test_encodings_are_found_told_and_kept(
    tmp_path: Path, champion: Champion, data: bytes, told: str
) -> None:
    assert told in look(tmp_path, data).summary
    out = convert(tmp_path, champion, data)
    codec = "utf-16-be" if data[:1] == b"\xfe" else "utf-16" if told == "UTF-16" else None
    assert out.startswith(data[:4])
    text = (
        out.decode(codec)
        if codec
        else out.decode("utf-8", "replace")
        if "UTF" in told
        else out.decode("latin-1")
    )
    assert ",jose,,,v7," in text or ",o'brien,,,v7," in text


@pytest.mark.parametrize(
    ("delimiter", "told"), [(",", "commas"), (";", "semi"), ("\t", "tabs"), ("|", "bars")]
)
def test_delimiters_are_found_and_told(tmp_path: Path, delimiter: str, told: str) -> None:
    lines = [["id", "first name", "note"], ["1", "Anna", "a; b, c"], ["2", "Kim", "x"]]
    data = "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    layout, head = laid_out(tmp_path, data.encode()), look(tmp_path, data.encode())
    assert told in head.summary and [row.cells for row in head.rows] == lines and layout.columns == (1,)


@pytest.mark.parametrize(
    ("data", "column", "has_header"),
    [
        ("id,Last name,First Name\n1,Doe,Anna", 2, True),
        ("Vorname;Alter\nAnna;3", 0, True),
        ("n,prénom\n1,Anna", 1, True),
        ("name,first_name\nDoe,Anna", 1, True),
        ("7,Anna\n8,Kim", 1, False),
        ("when,who\n2020-01-01,Anna\n2020-01-02,Kim", 1, True),
        ("Anna\nKim", 0, False),
    ],
)
def test_the_column_of_the_names_is_guessed(tmp_path: Path, data: str, column: int, has_header: bool) -> None:
    layout = laid_out(tmp_path, data.encode())
    assert (layout.columns, layout.header_row) == ((column,), int(has_header))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"\xd0\xcf\x11\xe0\xa1", "old .xls"),
        (b"name\0\0\0", "no text"),
        (b"\xef\xbb\xbf\r\n<HTML><table>", "web page"),
        (b"a" * 2**20 + b"b", "longer than"),
        (("\ufeff" + "a" * 2**20).encode("utf-16-le"), "longer than"),
        ("\ufeffab".encode("utf-16-le") + b"x", "middle of a letter"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        look(tmp_path, data)


def test_it_comes_in_pieces(tmp_path: Path, champion: Champion) -> None:
    (tmp_path / "in").write_bytes(b"name,x\n" + b"Anna,1\n" * 40_000)
    done = list(open_table(tmp_path / "in").convert(Choice((0,), 1), Bulk(champion)))
    assert max(len(piece.data) for piece in done) < 2**20
    assert [piece.rows for piece in done] == [0, 16_384, 32_768, 40_001] and done[-1].share == 1.0


def test_a_line_that_sets_the_delimiter_is_kept(tmp_path: Path, champion: Champion) -> None:
    given = "sep=;\r\nVorname;Ort\r\nAnna;Köln\r\n".encode("cp1252")
    lines = convert(tmp_path, champion, given).decode("cp1252").split("\r\n")
    assert lines[:2] == [
        "sep=;",
        "Vorname;Ort;Geschlecht;Anteil Frauen;gelesen als;ausgelassen;Zweifel;Version;Grund",
    ]
    assert lines[2].startswith("Anna;Köln;")


def test_titles_above_the_headings_stay_as_they_are(tmp_path: Path, champion: Champion) -> None:
    given = b"Our guests,,\n\nid,first name,city\n1,Anna,Ulm\n"
    lines = convert(tmp_path, champion, given).decode().splitlines()
    assert lines[:2] == ["Our guests,,", ""] and lines[2].startswith("id,first name,city,gender,")


def test_a_file_that_comes_again_gets_columns_of_other_names(tmp_path: Path, champion: Champion) -> None:
    once = convert(tmp_path, champion, b"name,x\nAnna,1\n")
    twice = convert(tmp_path, champion, once)
    heading = rows(convert(tmp_path, champion, twice))[0]
    assert len(set(heading)) == len(heading) == 2 + 3 * 7
    assert heading[2] == "gender" and heading[9] == "nomen_gender" and heading[16] == "nomen_2_gender"


def test_letters_that_the_encoding_lacks_are_replaced_in_our_cells_alone(
    tmp_path: Path, champion: Champion
) -> None:
    given = "имя,город\nОльга (Ren&eacute;),Москва\nИван,Тверь\n".encode("cp1251")
    line = convert(tmp_path, champion, given).decode("cp1251").splitlines()[1]
    assert line.startswith("Ольга (Ren&eacute;),Москва,") and "(nickname)" in line


def test_a_damaged_byte_in_another_cell_is_no_harm(tmp_path: Path, champion: Champion) -> None:
    given = "name,x\nJosé,".encode() + b"\xff\n" + "Zoë,1\nRené,2\n".encode()
    found = convert(tmp_path, champion, given)
    assert b",jose," in found and b"\xff," in found


def test_a_single_column_with_quoted_commas_is_parted_by_commas(tmp_path: Path, champion: Champion) -> None:
    lines = convert(tmp_path, champion, b'name\n"Eva, Ph.D."\nKim\n').decode().splitlines()
    assert lines[0].startswith("name,gender,") and lines[1].startswith('"Eva, Ph.D.",')


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'[{"name": "Anna"}]', "This is JSON"),
        (b'[\n  {\n    "name": "Anna"\n  }\n]\n', "This is JSON"),
        (b'\xef\xbb\xbf\n{"name": "Anna"}\n', "This is JSON"),
        (b"BEGIN:VCARD\nFN:Anna Kim\nEND:VCARD\n", "This is an address book"),
        (b"{\\rtf1 Anna}", "This is a document"),
    ],
)
def test_text_of_another_kind_is_refused_by_its_name(tmp_path: Path, data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        open_table(written(tmp_path, data))


def test_a_single_emoji_is_utf_8(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, "name\n\U0001f600 Anna\n".encode()))
    assert table.encoding.codec == "utf-8" and not table.rivals
