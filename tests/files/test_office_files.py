"""Files of many kinds: where their headings are, which columns are the names, and how each is read."""

from pathlib import Path

import pytest

from tests.support import offices
from tests.support.offices import BIRTH, DAY, Found, book, hide, text
from webapp.files.formats.table import How
from webapp.files.layout.find import Asked

GIVEN, AUTO, EASTERN = "given", "auto", "surname-first"

TEXTS = {
    "short headings": (["lname,fname", "Smith,John", "Doe,Jane"], 1, ["fname"], GIVEN, ["john", "jane"]),
    "joined capitals": (["LastName,FirstName", "Smith,John"], 1, ["FirstName"], GIVEN, ["john"]),
    "underscores": (["last_name;first_name;dob", "Doe;Jane;1980"], 1, ["first_name"], GIVEN, ["jane"]),
    "given and family": (["familyName\tgivenName", "Doe\tJane"], 1, ["givenName"], GIVEN, ["jane"]),
    "two languages": (["Nachname / Last name,Vorname / First name", "Weiß,Anna"], 1, ["Vorname / First name"], GIVEN, ["anna"]),
    "a star": (["Surname*,First Name *", "Doe,Jane"], 1, ["First Name *"], GIVEN, ["jane"]),
    "name beside surname": (["Name,Surname", "Jane,Doe"], 1, ["Name"], GIVEN, ["jane"]),
    "name that is full": (["ID,Name", "1,Jane Doe", "2,John Smith"], 1, ["Name"], AUTO, ["jane", "john"]),
    "name that is given": (["ID,Name", "1,Jane", "2,John"], 1, ["Name"], GIVEN, ["jane", "john"]),
    "last, first": (["Author,Affiliation", '"Müller, Anna",TU Berlin', '"Smith, Jane",MIT'], 1, ["Author"], AUTO, ["anna", "jane"]),
    "last, first without quotes": (["Author", "Müller, Anna", "Smith, Jane"], 1, ["Author"], AUTO, ["anna", "jane"]),
    "a participant's name": (["Company,Participant name", "ACME,Jane Doe"], 1, ["Participant name"], AUTO, ["jane"]),
    "company name beside it": (["Company Name,Contact First Name", "ACME,Jane"], 1, ["Contact First Name"], GIVEN, ["jane"]),
    "first and middle": (["First,Middle,Last", "Anna,Maria,Doe", "J.,Robert,Doe", "Kim,,Lee"], 1, ["First", "Middle"], GIVEN, ["anna maria", "robert", "kim"]),
    "a missing first": (["First name,Middle name", "N/A,Robert", ",Anna"], 1, ["First name", "Middle name"], GIVEN, ["robert", "anna"]),
    "titles above": (["Members 2026", "", "Vorname;Ort", "Anna;Köln", "Jürgen;Bonn"], 3, ["Vorname"], GIVEN, ["anna", "jurgen"]),
    "titles above with cells": (["Report;;;", "Date;2026-01-02;;", "No.;First name;City;Age", "1;Anna;Ulm;30"], 3, ["First name"], GIVEN, ["anna"]),
    "a title above one column": (["Our guests in 2026", "", "Name", "Anna", "Kim"], 3, ["Name"], GIVEN, ["anna", "kim"]),
    "headings nobody knows": (["when,who", "2020-01-01,Anna", "2020-01-02,Kim"], 1, ["who"], GIVEN, ["anna", "kim"]),
    "no headings": (["7,Anna,a@x.org", "8,Kim,k@x.org"], 0, ["Column 2"], GIVEN, ["anna", "kim"]),
    "no headings, surnames first": (["Smith,Anna", "Jones,Kim", "Miller,Jane"], 0, ["Column 2"], GIVEN, ["anna", "kim", "jane"]),
    "one column": (["Anna", "Kim"], 0, ["Column 1"], GIVEN, ["anna", "kim"]),
    "companies repeated": (["ACME,Anna", "ACME,Kim", "ACME,Jane"], 0, ["Column 2"], GIVEN, ["anna", "kim", "jane"]),
    "a line that sets the delimiter": (["sep=;", "Vorname;Ort", "Anna;Köln"], 1, ["Vorname"], GIVEN, ["anna"]),
    "a strange delimiter that is set": (["sep=^", "Vorname^Ort", "Anna^Köln"], 1, ["Vorname"], GIVEN, ["anna"]),
    "bars": (["id|first name", "1|Anna"], 1, ["first name"], GIVEN, ["anna"]),
    "quotes everywhere": (['"id","first name"', '"1","Anna"'], 1, ["first name"], GIVEN, ["anna"]),
    "dates, numbers, errors": (["First name", "42", "1,5", "2026-04-01", "1 April 2026", "12-Mar", "#REF!", "N/A"], 1, ["First name"], GIVEN,
                               ["[This is a number, not a name.]"] * 2 + ["[This is a date, not a name.]"] * 3
                               + ["[This is an error of a spreadsheet, not a name.]", "[This stands where a name is missing.]"]),
    "French": (["Nom;Prénom;Ville", "DUPONT;Zoé;Lille"], 1, ["Prénom"], GIVEN, ["zoe"]),
    "French, full": (["Nom et prénom;Ville", "DUPONT Marie;Lille"], 1, ["Nom et prénom"], AUTO, ["marie"]),
    "German": (["Nachname;Vorname", "Weiß;Jürgen"], 1, ["Vorname"], GIVEN, ["jurgen"]),
    "Spanish": (["Nombres;Apellidos", "Mª José;García"], 1, ["Nombres"], GIVEN, ["maria jose"]),
    "Portuguese": (["Sobrenome;Nome", "Silva;Ana"], 1, ["Nome"], GIVEN, ["ana"]),
    "Italian": (["Cognome;Nome", "Rossi;Andrea"], 1, ["Nome"], GIVEN, ["andrea"]),
    "Dutch": (["Achternaam;Voornaam", "Jansen;Anna"], 1, ["Voornaam"], GIVEN, ["anna"]),
    "Swedish": (["Efternamn;Förnamn", "Berg;Åse"], 1, ["Förnamn"], GIVEN, ["ase"]),
    "Danish": (["Efternavn;Fornavn", "Berg;Søren"], 1, ["Fornavn"], GIVEN, ["soren"]),
    "Norwegian": (["Etternavn;Fornavn", "Berg;Bjørn"], 1, ["Fornavn"], GIVEN, ["bjorn"]),
    "Finnish": (["Sukunimi;Etunimi", "Virtanen;Kim"], 1, ["Etunimi"], GIVEN, ["kim"]),
    "Polish": (["Nazwisko;Imię", "Nowak;Łukasz"], 1, ["Imię"], GIVEN, ["lukasz"]),
    "Czech": (["Příjmení;Jméno", "Novák;Jiří"], 1, ["Jméno"], GIVEN, ["jiri"]),
    "Slovak": (["Priezvisko;Meno", "Novák;Jozef"], 1, ["Meno"], GIVEN, ["jozef"]),
    "Hungarian": (["Vezetéknév;Keresztnév", "Nagy;László"], 1, ["Keresztnév"], GIVEN, ["laszlo"]),
    "Hungarian, full": (["Név;Város", "Nagy László;Pécs", "Kovács Éva;Győr"], 1, ["Név"], EASTERN, ["laszlo", "eva"]),
    "Romanian": (["Nume;Prenume", "Popescu;Ana"], 1, ["Prenume"], GIVEN, ["ana"]),
    "Croatian": (["Prezime;Ime", "Horvat;Ana"], 1, ["Ime"], GIVEN, ["ana"]),
    "Turkish": (["SOYADI;ADI", "YILMAZ;IŞIL"], 1, ["ADI"], GIVEN, ["isil"]),
    "Russian": (["Фамилия;Имя;Отчество", "Петрова;Ольга;Ивановна"], 1, ["Имя"], GIVEN, ["olga"]),
    "Russian, full": (["№;ФИО", "1;Петрова Ольга Ивановна"], 1, ["ФИО"], AUTO, ["olga"]),
    "Ukrainian": (["Прізвище;Ім'я", "Коваль;Олена"], 1, ["Ім'я"], GIVEN, ["olena"]),
    "Bulgarian": (["Фамилия;Име", "Иванов;Георги"], 1, ["Име"], GIVEN, ["georgi"]),
    "Greek": (["ΕΠΩΝΥΜΟ;ΟΝΟΜΑ", "Παππά;Ελένη"], 1, ["ΟΝΟΜΑ"], GIVEN, ["eleni"]),
    "Chinese": (["序号,姓名,城市", "1,王芳,北京"], 1, ["姓名"], EASTERN, ["fang"]),
    "Chinese, in Latin": (["姓名,城市", "Wang Fang,北京"], 1, ["姓名"], AUTO, ["fang"]),
    "Japanese": (["姓,名", "山田,花子"], 1, ["名"], GIVEN, None),
    "Korean": (["번호,성명", "1,김영희"], 1, ["성명"], EASTERN, None),
    "Vietnamese": (["STT;Họ;Tên", "1;Nguyễn;Hương"], 1, ["Tên"], GIVEN, ["huong"]),
    "Arabic": (["اسم العائلة,الاسم الأول", "حداد,محمد"], 1, ["الاسم الأول"], GIVEN, None),
    "Hebrew": (["שם משפחה,שם פרטי", "כהן,דוד"], 1, ["שם פרטי"], GIVEN, None),
    "Indonesian": (["Nama Depan;Nama Belakang", "Putri;Sari"], 1, ["Nama Depan"], GIVEN, ["putri"]),
    "Hindi": (["उपनाम,पहला नाम", "शर्मा,अनिता"], 1, ["पहला नाम"], GIVEN, None),
}  # fmt: skip
"""Lines; then the row of headings, the columns, the form, and the names (None: another room's matter)."""


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_of_each_kind_is_read(tmp_path: Path, kind: str) -> None:
    lines, header_row, columns, form, names = TEXTS[kind]
    (tmp_path / "in").write_bytes(text(lines))
    found = offices.find(tmp_path / "in")
    wanted = found.names if names is None else tuple(names)
    assert found == Found(header_row, tuple(columns), form, wanted)


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
        book([["Annual Meeting — Attendees"], ["Exported", DAY], [], ["No.", "Attendee", "Company"], [1, "Anna Müller", "ACME"], [2, "Dr. Jürgen Weiß", "ACME"]]),
        4, ["Attendee"], AUTO, ["anna", "jurgen"]),
    "headings and middle names": (
        book([["Emp ID", "Last Name", "First Name", "Middle", None, "DOB"], [7, "Smith", "JOHN", "A.", None, BIRTH], [8, "Doe", "J.", "Robert", None, BIRTH]]),
        1, ["First Name", "Middle"], GIVEN, ["john", "robert"]),
    "cells that are no names": (
        book([["First name", "n"], ["Anna", 1], ["#N/A", 2], [42, 3], [BIRTH, 4], [True, 5], [FORMULA, 6], ["-", 7], [None, 8]]),
        1, ["First name"], GIVEN,
        ["anna", "[This cell holds an error of the spreadsheet, not a name.]", "[This is a number, not a name.]", "[This is a date, not a name.]",
         "[This is TRUE or FALSE, not a name.]",
         "[This cell holds a formula whose value was not saved: save the file in a spreadsheet first.]",
         "[There is no letter in this that the network could read.]", "[There is no name here.]"]),
    "a hidden sheet first": (
        book([["First name"], ["Secret"]], hide("People"), Shown=[["First name"], ["Anna"]]),
        1, ["First name"], GIVEN, ["anna"]),
    "a cover sheet first": (
        book([["Read me"], ["This is a list of 2026."]], None, Data=[["First name", "City"], ["Anna", "Ulm"]]),
        1, ["First name"], GIVEN, ["anna"]),
    "an empty sheet first": (book([], None, Data=[["Anna", 1], ["Kim", 2]]), 0, ["Column 1"], GIVEN, ["anna", "kim"]),
    "blank rows and columns first": (
        book([[], [], [None, None, "Vorname", "Ort"], [None, None, "Anna", "Ulm"]]), 3, ["Vorname"], GIVEN, ["anna"]),
    "ids with zeros": (book([["ID", "Given name"], ["007", "Anna"], ["008", "Kim"]]), 1, ["Given name"], GIVEN, ["anna", "kim"]),
}  # fmt: skip


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
