"""Corpora that a person brings: three formats, and one sentence for whatever is wrong."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from training.data.name_lists import LARGEST_UNFOLDED, BadCorpus, read_name_list, read_rows


def csv_file(folder: Path, text: str | bytes) -> Path:
    path = folder / "names.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def zip_file(folder: Path, **members: str) -> Path:
    path = folder / "names.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return path


def shares(path: Path) -> dict[str, tuple[int, float]]:
    corpus = read_name_list(path)
    return dict(
        zip(corpus.names, zip(corpus.people.tolist(), corpus.share.tolist(), strict=True), strict=True)
    )


def test_a_csv_is_counted_by_normalised_name(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "name,label,count\nMaria,female,3\nmaría,male\nBo,both,2\n\n")
    assert shares(path) == {"maria": (4, 0.75), "bo": (2, 0.5)}


def test_a_csv_without_header_or_counts_is_read(tmp_path: Path) -> None:
    assert shares(csv_file(tmp_path, "Ann,f\r\nBob,M\r\n")) == {"ann": (1, 1.0), "bob": (1, 0.0)}


def test_a_csv_with_a_byte_order_mark_and_quotes_is_read(tmp_path: Path) -> None:
    assert shares(csv_file(tmp_path, '\ufeffname,label\n"Ann",female\n')) == {"ann": (1, 1.0)}


def test_the_lists_of_the_ssa_are_added_up_over_the_years(tmp_path: Path) -> None:
    path = zip_file(tmp_path, yob1990_txt="Ann,F,30\nAnn,M,10\n", yob1991_txt="Ann,F,60\n", readme_pdf="%PDF")
    assert shares(path) == {"ann": (100, 0.9)}


def test_one_year_of_the_ssa_is_read_alone(tmp_path: Path) -> None:
    path = tmp_path / "yob1990.txt"
    path.write_text("Ann,F,30\n")
    assert shares(path) == {"ann": (30, 1.0)}


def test_the_lists_of_cmu_are_read_from_a_zip(tmp_path: Path) -> None:
    path = zip_file(tmp_path, names_female_txt="", female_txt="Ann\nSandy\n", male_txt="Bob\nSandy\n")
    assert shares(path) == {"sandy": (2, 0.5), "ann": (1, 1.0), "bob": (1, 0.0)}


def test_the_lists_of_cmu_are_read_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "female.txt").write_text("# Names of women\nAnn\nMary Jane \n\n")
    assert set(shares(tmp_path)) == {"ann", "mary jane"}


def test_rows_keep_their_order_and_what_was_written(tmp_path: Path) -> None:
    rows = list(read_rows(csv_file(tmp_path, "José,m\nAnn,f\nJosé,m\n")))
    assert [row.written for row in rows] == ["José", "Ann", "José"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Ann,f\nBob\n", "line 2: it has 1 cells where"),
        ("Ann,f\nBob,m,3,4\n", "line 2: it has 4 cells where"),
        ("Ann,x\n", "line 1: the label must be female, male or both, not 'x'."),
        ("Ann,f,0\n", "line 1: the count must be a whole number of at least 1, not '0'."),
        ("Ann,f,-3\n", "line 1: the count"),
        ("Ann,f,1.5\n", "line 1: the count"),
        ("Ann,f,99999999999\n", "line 1: the count"),
        ("Ann,f\n123,f\n", "line 2: '123' is no name: There is no letter"),
        (b"Ann,f\n\xff\xfe,f\n", "line 2: it is not UTF-8: say what it is with --encoding."),
        ('Ann,f\n"Bob,f\n', "line 2: unexpected end of data."),
        ("A" * 20_000, "line 1: it is longer than 10,000 characters."),
        ("", "holds no names."),
        ("name,label\n", "holds no names."),
    ],
)
def test_a_bad_csv_says_which_line_and_why(tmp_path: Path, text: str | bytes, message: str) -> None:
    with pytest.raises(BadCorpus) as error:
        read_name_list(csv_file(tmp_path, text))
    assert message in str(error.value)


def test_a_bad_year_says_which_member_and_line(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match=r"yob1990.txt, line 2: it is not name,F or M,count\."):
        read_name_list(zip_file(tmp_path, yob1990_txt="Ann,F,30\nAnn,X,10\n"))


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("Zoë,f\nJürgen,m\n", "cp1252", "cp1252"),
        ("Zoë,f\nJürgen,m\n", "utf-16", "utf-8"),  # its mark says what it is
        ("Zoë,f\nJürgen,m\n", "utf-16-be", "utf-16-be"),
        ("\ufeffZoë,f\r\nJürgen,m\r\n", "utf-16-le", "utf-16-le"),
        ("\ufeffZoë,f\nJürgen,m\n", "utf-8", "utf-8"),
        ("Zoë\tf\nJürgen\tm\n", "mac-roman", "mac-roman"),
    ],
)
def test_a_list_is_read_in_the_encoding_that_is_said(
    tmp_path: Path, text: str, encoding: str, said: str
) -> None:
    rows = read_rows(csv_file(tmp_path, text.encode(encoding)), said)
    assert [(row.written, row.share) for row in rows] == [("Zoë", 1.0), ("Jürgen", 0.0)]


def test_every_member_of_an_archive_is_read_in_it(tmp_path: Path) -> None:
    path = tmp_path / "names.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "Zoë,f\n".encode("cp1252"))
        archive.writestr("b.csv", "Jürgen,m\n".encode("utf-16"))
    assert [row.written for row in read_rows(path, "cp1252")] == ["Zoë", "Jürgen"]


@pytest.mark.parametrize("data", ["Ann,f\n".encode("utf-16")[:-1], b"\xff\xfe" + b"\x00\xd8" * 9])
def test_a_utf_16_that_breaks_off_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadCorpus, match="it is not UTF-16"):
        list(read_rows(csv_file(tmp_path, data)))


def test_a_workbook_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match="is a workbook: save it as CSV"):
        read_name_list(zip_file(tmp_path, **{"xl/workbook_xml": ""}))


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match="neither yobYYYY.txt nor"):
        read_name_list(zip_file(tmp_path, holiday_txt="sun"))


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    path = zip_file(tmp_path, yob1990_txt="Ann,F,30\n" * 100)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(BadCorpus, match="cannot be read"):
        read_name_list(path)


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "names.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("yob1990.txt", "w", force_zip64=True) as member,
    ):
        for _ in range(LARGEST_UNFOLDED // 2**20 + 1):
            member.write(bytes(2**20))
    with pytest.raises(BadCorpus, match="unfolds to more than 256 MB"):
        read_name_list(path)


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = zip_file(tmp_path, yob1990_txt="Ann,F,30\n" * 1000)
    data, claimed = path.read_bytes(), struct.pack("<L", 9000)
    assert data.count(claimed) == 2
    path.write_bytes(data.replace(claimed, struct.pack("<L", 90)))
    with pytest.raises(BadCorpus):
        read_name_list(path)


def test_a_folder_without_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match="neither female.txt nor male.txt"):
        read_name_list(tmp_path)


@pytest.mark.parametrize("spoil", ["before the file", "no text"])
def test_a_damaged_archive_is_refused_in_a_sentence(tmp_path: Path, spoil: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("male.txt", "Bob\n")
    whole = bytearray(file.getvalue())
    first = whole.index(b"PK\x01\x02")
    if spoil == "no text":
        whole[first + 9] |= 8  # names are UTF-8 …
        whole[first + 46] = 0xAF  # … and this one is not
    else:
        del whole[10:40]  # the directory now says that it begins before the file does
    (tmp_path / "names.zip").write_bytes(whole)
    with pytest.raises(BadCorpus, match="cannot be read"):
        list(read_rows(tmp_path / "names.zip"))
