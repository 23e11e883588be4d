"""What a workbook is made of: its sheets, and which part of the zip file holds what."""

import posixpath
import zipfile
from dataclasses import dataclass

from webapp.errors import Invalid
from webapp.files.formats.xlsx.xml import Reader
from webapp.languages.texts import gettext

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# How the kinds of relations end, in both versions of the standard.
_TEXTS, _STYLES, _SHEET = "/sharedStrings", "/styles", "/worksheet"


@dataclass(frozen=True)
class Sheet:
    """A sheet with cells: its title, its part of the zip file, and whether it is shown."""

    title: str
    part: str
    is_hidden: bool


@dataclass(frozen=True)
class Parts:
    """The parts of a workbook that are read; texts and styles may be missing."""

    sheets: tuple[Sheet, ...]
    strings: str | None
    styles: str | None
    is_1904: bool

    def find_sheet(self, wanted: str) -> Sheet:
        """Return a sheet by its title, else by its number from 1; raise Invalid for one that is not there."""
        by_title = {sheet.title: sheet for sheet in self.sheets}
        if wanted in by_title:
            return by_title[wanted]
        if wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(self.sheets):
            return self.sheets[int(wanted) - 1]
        raise Invalid(
            gettext(
                "There is no sheet %(wanted)s in this workbook; it has %(choices)s.",
                wanted=repr(wanted),
                choices=", ".join(by_title),
            ),
            "sheet",
        )


def read_parts(archive: zipfile.ZipFile) -> Parts:
    """Return the parts of a workbook; raise Invalid if it has no sheet with cells."""
    relations = _relations(archive)
    titles: list[tuple[str, str, bool]] = []
    is_1904 = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal is_1904
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            is_hidden = attributes.get("state", "visible") != "visible"
            titles.append((attributes.get("name", ""), relation, is_hidden))
        elif name == "workbookPr":
            is_1904 = attributes.get("date1904") in ("1", "true")

    with archive.open(_BOOK) as source:
        Reader(start).read(source)
    if not titles:
        raise Invalid(gettext("This workbook has no sheet."), "file")
    names = set(archive.namelist())
    sheets = tuple(
        Sheet(title, relations[relation][1], hidden)
        for title, relation, hidden in titles
        # A sheet that is a chart has no cells.
        if relations.get(relation, ("", ""))[0].endswith(_SHEET)
    )
    if not sheets or any(sheet.part not in names for sheet in sheets):
        raise Invalid(gettext("A sheet of this workbook is missing: it is damaged."), "file")
    return Parts(sheets, _part(relations, _TEXTS, names), _part(relations, _STYLES, names), is_1904)


def _part(relations: dict[str, tuple[str, str]], ending: str, names: set[str]) -> str | None:
    return next((part for kind, part in relations.values() if kind.endswith(ending) and part in names), None)


def _relations(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """Return what the workbook is made of: relation -> (kind, part)."""
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            # A target is relative to /xl, or absolute; inside the zip file no path begins with a slash.
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = (attributes.get("Type", ""), target)

    if _RELATIONS in archive.namelist():
        with archive.open(_RELATIONS) as source:
            Reader(start).read(source)
    return found
