"""Workbooks written by hand, so that anything can be wrong with them."""

import zipfile
from pathlib import Path

KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = f'<workbook xmlns:r="{KIND}"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
RELATIONS = (
    f'<Relationships><Relationship Id="r1" Type="{KIND}/worksheet" Target="sheet.xml"/>'
    f'<Relationship Id="r2" Type="{KIND}/sharedStrings" Target="texts.xml"/></Relationships>'
)


def write_book(
    folder: Path, sheet: bytes, texts: bytes = b"<sst/>", packing: int = zipfile.ZIP_DEFLATED
) -> Path:
    """Write in.xlsx into `folder`: the rows of its sheet, and its shared texts, as XML."""
    with zipfile.ZipFile(folder / "in.xlsx", "w", packing) as archive:
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/sheet.xml", b"<worksheet><sheetData>" + sheet + b"</sheetData></worksheet>")
        archive.writestr("xl/texts.xml", texts)
    return folder / "in.xlsx"


def rows_of_names(n: int) -> bytes:
    """Return a heading and `n` rows of one name each."""
    name, heading = (
        b'<row><c t="inlineStr"><is><t>' + word + b"</t></is></c></row>" for word in (b"Anna", b"name")
    )
    return heading + name * n
