"""Name lists as statistical offices publish them: what parts them, their headings, codes and counts."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from training.__main__ import main
from training.data.name_lists import BadCorpus, read_name_list, read_rows

LISTS = {
    "commas": "name,label,count\nAnn,female,3\nBob,male,2\n",
    "semicolons": "Vorname;Anzahl;Geschlecht\nAnn;3;w\nBob;2;m\n",
    "tabs": "Name\tSex\tNumber\nAnn\tGirl\t3\nBob\tBoy\t2\n",
    "France": "sexe;preusuel;annais;nombre\n1;BOB;1990;2\n2;ANN;1990;2\n2;ANN;XXXX;1\n"
    "2;_PRENOMS_RARES;1990;9\n",
    "Spain": "Nombre;Frecuencia;Sexo\nAnn;3;M\nBob;2;H\n",
    "France by letters": "prénom;sexe;effectif\nAnn;F;3\nBob;H;2\n",
    "Poland": "IMIĘ_PIERWSZE,PŁEĆ,LICZBA_WYSTĄPIEŃ\nANN,KOBIETA,3\nBOB,MĘŻCZYZNA,2\n",
    "Poland by letters": "imię;płeć;liczba\nAnn;K;3\nBob;M;2\n",
    "Netherlands": "voornaam;geslacht;aantal\nAnn;V;3\nBob;M;2\n",
    "Russia": "Имя;Пол;Количество\nAnn;Ж;3\nBob;М;2\n",
    "Turkey": "Ad;Cinsiyet;Sayı\nAnn;Kadın;3\nBob;Erkek;2\n",
    "Brazil": "first_name,classification,frequency_female,frequency_male\nANN,F,3,0\nBOB,M,,2\n",
    "a count for each sex": "Name;Girls;Boys\nAnn;3;0\nBob;0;2\n",
    "counts with a point": "name,sex,count\nAnn,F,3.0\nBob,M,2.0\n",
    "another order": "count,country,sex,name\n3,IE,F,Ann\n2,IE,M,Bob\n",
    "digits": "Ann;2;3\nBob;1;2\n",
    "the SSA by state": "CA,F,1990,Ann,3\nCA,M,1991,Bob,2\n",
    "what parts the cells, said first": "sep=;\nname;sex;count\nAnn;F;3\nBob;M;2\n",
    "the same without headings": "SEP=;\nAnn;F;3\nBob;M;2\n",
    "a title above": "Vornamen 1990, Stadt\n\nVorname;Geschlecht;Anzahl\nAnn;w;3\nBob;m;2\n",
    "blank lines above": "\n \nname,sex,count\n\nAnn,F,3\nBob,M,2\n",
    "digits of a statistics program": "name,sex,count\nAnn,2.0,3.0\nBob,1.0,2.0\n",
    "an index before": ",name,sex,count\n0,Ann,F,3\n1,Bob,M,2\n",
    "quotes": '"Name","Gender","Count"\n"Ann","FEMALE","3"\n"Bob","MALE","2"\n',
    "bars": "name|sex|count\nAnn|F|3\nBob|M|2\n",
    "the end of each row": "name;sex;count;\nAnn;F;3;\nBob;M;2;\n",
    "France since 2024": "sexe;prenom;periode;valeur\n2;ANN;1990;3\n1;BOB;1990;2\n",
    "Ireland": '"Statistic","Year","Sex","Name","UNIT","VALUE"\n"N",1990,"Female","Ann","Number",3\n'
    '"N",1990,"Male","Bob","Number",2\n',
    "Hungary": "Utónév;Nem;Darabszám\nAnn;nő;3\nBob;férfi;2\n",
    "Czechia": "JMÉNO;POHLAVÍ;POČET\nAnn;žena;3\nBob;muž;2\n",
    "Italy": "Nome;Sesso;Numero\nAnn;F;3\nBob;M;2\n",
    "Finland": "Etunimi;Lukumäärä;Sukupuoli\nAnn;3;Nainen\nBob;2;Mies\n",
    "Norway": "fornavn;kjønn;antall\nAnn;Jente;3\nBob;Gutt;2\n",
    "Denmark by letters": "Fornavn;Køn;Antal\nAnn;K;3\nBob;M;2\n",
    "Scotland": "Baby name,Sex,Number of births,Rank\nAnn,Girls,3,1\nBob,Boys,2,1\n",
    "Sweden": "Namn;Kön;Antal\nAnn;Kvinnor;3\nBob;Män;2\n",
    "Denmark in words": "Fornavn;Køn;Antal\nAnn;Kvinder;3\nBob;Mænd;2\n",
    "both letters as a heading": "Vorname;w/m;Anzahl\nAnn;w;3\nBob;m;2\n",
    "a column a year": "name,sex,2019,2020\nAnn,F,1,2\nBob,M,2,0\n",
    "Austria": "Vorname;Geschlecht;Rang;Anzahl\nAnn;weiblich;1;3\nBob;männlich;1;2\n",
    "Japan": "名前,性別,人数\nAnn,女,3\nBob,男,2\n",
    "boys and girls": "Rank,Name,Count,Sex\n1,Ann,3,Girls\n2,Bob,2,Boys\n",
    "what is not published": "name,sex,count\nAnn,F,3\nBob,M,2\nCyd,F,<5\nDora,F,*\n",
}


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_of_each_kind_is_counted(tmp_path: Path, kind: str) -> None:
    (tmp_path / "list.csv").write_text(LISTS[kind], encoding="utf-8")
    corpus = read_name_list(tmp_path / "list.csv")
    counted = zip(corpus.names, corpus.people.tolist(), corpus.share.tolist(), strict=True)
    assert list(counted) == [("ann", 3, 1.0), ("bob", 2, 0.0)]


@pytest.mark.parametrize(
    ("count", "people"),
    [("1", 1), ("1.0", 1), ("12.00", 12), ("1,234", 1234), ("1 234", 1234), ("1'234", 1234)],
)
def test_a_count_is_read_as_offices_write_it(tmp_path: Path, count: str, people: int) -> None:
    (tmp_path / "list.csv").write_text(f"name;sex;count\nAnn;F;{count}\n")
    assert read_name_list(tmp_path / "list.csv").people.tolist() == [people]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name;count\nAnn;3\n", "line 1: no heading says which column holds the sex."),
        ("name;sex;year;count\nAnn;F;3\n", "line 2: it has 3 cells, and the count is number 4."),
        ("name;sex;count\nAnn;0;3\n", "line 2: the label must be female, male or both, not '0'."),
        ("nombre;sexo;total\nAna;M;3\n", "line 1: under 'sexo' a column of 'M' alone may mean either sex"),
        ("name,sex\rAnn,F\r", "line 1: its lines end as those of old Macs do"),
        ("name;sex;count\nAnn;F;1.234\n", "line 2: the count must be a whole number"),
        ("name;sex;count\nAnn;F;1.5\n", "line 2: the count must be a whole number"),
    ],
)
def test_what_cannot_be_told_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(BadCorpus) as error:
        read_name_list(tmp_path / "list.csv")
    assert message in str(error.value)


def test_a_person_who_is_called_like_a_heading_is_no_row_of_headings(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Ann,f,3\nIme,f,2\nAd,m,1\n")
    assert [row.name for row in read_rows(tmp_path / "list.csv")] == ["ann", "ime", "ad"]


def test_the_ssa_by_state_is_read_from_its_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "namesbystate.zip", "w") as archive:
        archive.writestr("CA.TXT", "CA,F,1990,Ann,3\n")
        archive.writestr("NY.TXT", "NY,F,1990,Ann,4\nNY,M,1991,Bob,2\n")
        archive.writestr("StateReadMe.pdf", "%PDF")
    rows = list(read_rows(tmp_path / "namesbystate.zip"))
    assert [(row.name, row.count, row.country, row.year) for row in rows] == [
        ("ann", 3, "US", 1990),
        ("ann", 4, "US", 1990),
        ("bob", 2, "US", 1991),
    ]


def test_country_and_year_are_kept(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "name;sex;year;country;count\nAnn;F;1990;IE;3\nAnn;M;1990;IE;1\nAnn;F;1991;FR;2\n"
    )
    assert main(["corpus", str(tmp_path / "list.csv"), "--write", str(tmp_path / "list.db")]) == 0
    with closing(sqlite3.connect(tmp_path / "list.db")) as corpus:
        origins = corpus.execute("SELECT * FROM origins ORDER BY year, country").fetchall()
    assert origins == [("ann", "IE", 1990, 3.0, 4, 0), ("ann", "FR", 1991, 2.0, 2, 0)]


def test_a_column_a_year_is_counted_in_its_year(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("name,sex,2019,2020\nAnn,F,1,2\nBob,M,*,\n", encoding="utf-8")
    rows = [(row.name, row.year, row.count) for row in read_rows(tmp_path / "list.csv")]
    assert rows == [("ann", 2019, 1), ("ann", 2020, 2)]


def test_a_share_is_no_count(tmp_path: Path) -> None:
    text = "name,sex,percent of births\nAnn,F,12\nBob,M,10\n"
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    assert {row.count for row in read_rows(tmp_path / "list.csv")} == {1}


def test_headings_without_a_name_say_so(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("wer;Geschlecht;Anzahl\nAnn;w;3\n", encoding="utf-8")
    with pytest.raises(BadCorpus, match="no heading says which column holds the name"):
        read_name_list(tmp_path / "list.csv")
