"""What is fed, with what, and which errors are an answer."""

import io
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.mutations import mutated
from tests.support.books import BOOK, RELATIONS
from tests.support.networks import tiny_artifact, tiny_network
from training.data.name_lists import BadCorpus, read_rows
from training.model import artifact, saving
from training.names import ALPHABET, LONGEST, Form, UnreadableName, normalise, read, script_of
from webapp.errors import Invalid
from webapp.files.formats.convert import open_table
from webapp.files.formats.table import Choice
from webapp.guessing.bulk import Bulk
from webapp.guessing.predictor import Champion

CONVERTED = 20  # of so many tables that can be read, one is converted too
RANGES = ((32, 127), (128, 0x24F), (0x250, 0x6FF), (0x900, 0xDFF), (0x1E00, 0x1FFF), (0x2000, 0x206F))
RANGES += ((0x3040, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xD800, 0xDFFF), (0xFB00, 0xFEFF))
RANGES += ((0x1F000, 0x1FAFF), (0xE0000, 0xE01EF), (0, 0x10FFFF))
NAMES = (
    "Giovanna",
    "Jean-Pierre",
    "O'Neill",
    "José",
    "Σοφία",
    "Dr. Anna Müller",
    "李小龙",
    "محمد",
    "Anne & Bob",
)
FORMS = list(Form)
NAME_WORDS = (" ", "-", "'", ".", ",", "(", ")", "&", "Dr.", "née", "\u0301", "\u200b", "\u202e", "\n", "\0")


@dataclass(frozen=True)
class Target:
    """Something that reads what strangers bring."""

    name: str
    share: int
    """Of a hundred inputs, so many are for this one."""
    make: Callable[[random.Random], bytes | str]
    feed: Callable[[bytes | str], None]
    answers: tuple[type[Exception], ...]
    """Errors that say in a sentence what is wrong."""


def targets(folder: Path) -> tuple[Target, ...]:
    """Return all targets; files are written into `folder`."""
    champion = Champion(1, 1, saving.to_serve(tiny_network()))
    table, listed = _feeds_a_table(folder, champion), _feeds_a_list(folder)
    return (
        Target("names", 70, _text, _feed_a_name, ()),
        Target("artifact", 6, _artifact, _feed_an_artifact, (artifact.BadArtifact,)),
        Target("csv", 10, _csv, table, (Invalid,)),
        Target("xlsx", 6, _xlsx, table, (Invalid,)),
        Target("name lists", 8, _name_list, listed, (BadCorpus,)),
    )


def _text(chance: random.Random) -> str:
    letters = [
        chr(chance.randint(*chance.choice(RANGES)))
        for _ in range(chance.choice((1, 3, 5, 8, 8, 12, 12, 20, 40, 100)))
    ]
    if chance.random() < 0.5:
        letters[: len(letters) // 2] = chance.choice(NAMES)
    for _ in range(chance.randint(0, 3)):
        letters.insert(chance.randint(0, len(letters)), chance.choice(NAME_WORDS))
    return "".join(letters)


def _feed_a_name(text: bytes | str) -> None:
    assert isinstance(text, str)
    read(text, FORMS[len(text) % len(FORMS)])
    try:
        name = normalise(text)
    except UnreadableName:
        return
    assert set(name) <= set(ALPHABET) or script_of(name)
    assert 0 < len(name) <= LONGEST and normalise(name) == name


GOOD = tiny_artifact()
HEADER = json.loads(GOOD[8 : 8 + int.from_bytes(GOOD[:8], "little")])
BODY = GOOD[8 + int.from_bytes(GOOD[:8], "little") :]
VALUES = (
    None,
    True,
    -1,
    0,
    2**40,
    1e308,
    "",
    "lstm",
    "x" * 5_000,
    [],
    [1],
    [[]],
    {},
    {"a": 1},
    "{}",
    "[" * 999,
)


def _artifact(chance: random.Random) -> bytes:
    if chance.random() < 0.5:
        return mutated(chance, [GOOD], [b"PK\x03\x04", b"\x80\x04", b"{", b'"', b"\xff" * 8, b"\0" * 8])
    header = json.loads(json.dumps(HEADER))
    for _ in range(chance.randint(1, 3)):
        _change_some_value(chance, header)
    body = mutated(chance, [BODY], [b"\xff\xff\xff\x7f"]) if chance.random() < 0.3 else BODY
    return _signed(header, body)


def _change_some_value(chance: random.Random, header: dict[str, object]) -> None:
    where: dict[str, object] = header
    key = chance.choice(list(where))
    while isinstance(inside := where[key], dict) and inside and chance.random() < 0.9:
        where, key = inside, chance.choice(list(inside))
    if chance.random() < 0.2:
        del where[key]
    elif key in ("settings", "card") and chance.random() < 0.8:
        where[key] = _spoilt(chance, str(where[key]))
    else:
        where[key] = chance.choice(VALUES)


def _spoilt(chance: random.Random, text: str) -> str:
    try:
        told = json.loads(text)
    except ValueError:
        return text
    if not isinstance(told, dict):
        return text
    return json.dumps(told | {chance.choice([*told, "new"]): chance.choice(VALUES)})


def _signed(header: dict[str, object], body: bytes) -> bytes:
    metadata = header.get("__metadata__")
    if isinstance(metadata, dict):
        unsigned = {name: text for name, text in metadata.items() if name != "sha256"}
        digest = artifact._digest({**header, "__metadata__": unsigned}, body)
        header = {**header, "__metadata__": metadata | {"sha256": digest}}
    return artifact._put_together(header, body)


def _feed_an_artifact(data: bytes | str) -> None:
    assert isinstance(data, bytes)
    saving.load(data)


TABLES = (
    b"id,name\n1,Anna\n2,Jos\xc3\xa9\n",
    b'name;note\r\nAnna;"said ""hi"""\r\n"Kim";=1+1\r\n',
    "name\tjahr\nJürgen\t1970\n".encode("cp1252"),
    "\ufeffname,x\nAnna,1\n".encode("utf-16"),
    b"\xef\xbb\xbfAnna\nBob\nKim\n",
)
TABLE_WORDS = (
    b'"',
    b",",
    b";",
    b"\t",
    b"\r",
    b"\n",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'""',
    b"=cmd|' /C'!A0",
)


def _csv(chance: random.Random) -> bytes:
    return mutated(chance, TABLES, TABLE_WORDS)


SHEET = (
    b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'
    b'<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>7</v></c></row></sheetData></worksheet>'
)
TEXTS = b'<sst count="2"><si><t>Anna</t></si><si><r><t>Jo</t></r><r><t>s</t></r></si></sst>'
XML_WORDS = tuple(
    b"<row> </row> <c> </c> <v> r='ZZZ9999999' <!DOCTYPE x> &amp; &x; <![CDATA[ ]]> <!-- \0 t='s' "
    b"99999999999 -1 <sheetData/> xmlns:a='b'".split()
)


def _xlsx(chance: random.Random) -> bytes:
    parts = {
        "xl/workbook.xml": BOOK.encode(),
        "xl/_rels/workbook.xml.rels": RELATIONS.encode(),
        "xl/sheet.xml": SHEET,
        "xl/texts.xml": TEXTS,
    }
    spoilt = chance.choice(list(parts))
    if chance.random() < 0.7:
        parts[spoilt] = mutated(chance, [parts[spoilt]], XML_WORDS)
    elif chance.random() < 0.3:
        del parts[spoilt]
    words = [b"PK\x01\x02", b"PK\x05\x06", b"\xff" * 4]
    packed = _zipped(parts, chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
    return mutated(chance, [packed], words) if chance.random() < 0.4 else packed


def _zipped(parts: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def _feeds_a_table(folder: Path, champion: Champion) -> Callable[[bytes | str], None]:
    path = folder / "table"

    def feed(data: bytes | str) -> None:
        assert isinstance(data, bytes)
        path.write_bytes(data)
        opened = open_table(path)
        opened.head()
        if sum(data) % CONVERTED == 0:
            for _ in opened.convert(Choice((sum(data) % 3,), sum(data) % 2), Bulk(champion)):
                pass

    return feed


LISTS = (
    b"name,label,count\nAnna,female,12\nBob,male\nKim,both,3\n",
    b"Mary,F,7065\nJohn,M,9655\n",
    b"# by nobody\n\nAnna\n",
    "sep=;\nVornamen\n\nVorname;Geschlecht;Jahr;Land;Anzahl\nJ\u00fcrgen;m;1990;DE;1.0\n".encode("cp1252"),
    "name\tgirls\tboys\nAnn\t3\t0\n".encode("utf-16"),
    b"CA,F,1990,Ann,3\n",
)
LIST_WORDS = (b",", b"\n", b'"', b"female", b"0", b"9" * 30, b"\0", b"\xff", b"\xef\xbb\xbf")
MEMBERS = ("yob1990.txt", "names/female.txt", "male.txt", "x/../yob2000.txt", "a")


def _name_list(chance: random.Random) -> bytes:
    text = mutated(chance, LISTS, LIST_WORDS)
    if chance.random() < 0.8:
        return text
    packed = _zipped({chance.choice(MEMBERS): text})
    return mutated(chance, [packed], [b"PK\x01\x02"]) if chance.random() < 0.5 else packed


def _feeds_a_list(folder: Path) -> Callable[[bytes | str], None]:
    paths = [folder / name for name in ("list.csv", "yob1990.txt")]

    def feed(data: bytes | str) -> None:
        assert isinstance(data, bytes)
        path = paths[sum(data) % len(paths)]
        path.write_bytes(data)
        for _ in read_rows(path, ("utf-8", "cp1252", "utf-16-le")[sum(data) % 3]):
            pass

    return feed
