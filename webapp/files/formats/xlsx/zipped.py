"""The zip file that a workbook is: opened, and refused if it unpacks to more than is read."""

import errno
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from webapp.errors import Invalid
from webapp.languages.texts import gettext
from webapp.languages.words import N_

LARGEST = 2 * 2**30
"""Bytes, unpacked: a million rows of twenty columns have less."""
DENSEST = 200
"""Times its own size: what a workbook may unpack to, once that is more than SMALL."""
SMALL = 64 * 2**20
MOST_PARTS = 2_000
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED = N_("This workbook is damaged, or locked with a password.")
_NO_WORKBOOK = N_("This zip file holds no Excel workbook: a CSV, TSV or XLSX file can be read.")


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Give the open file; raise Invalid if it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    # RuntimeError is how zipfile says that a password is wanted; a part's name may be no text.
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        UnicodeDecodeError,
    ) as error:
        raise Invalid(_DAMAGED, "file") from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        # A damaged directory sends zipfile to a place before the file's beginning.
        raise Invalid(_DAMAGED, "file") from error


def check(archive: zipfile.ZipFile, size: int) -> None:
    """Raise Invalid if the file of `size` bytes is no workbook, or unpacks to more than is read."""
    infos = archive.infolist()
    # A part never yields more bytes than it declares, so this bounds what is unpacked.
    unpacked = sum(info.file_size for info in infos)
    if unpacked > SMALL and unpacked > DENSEST * size:
        raise Invalid(gettext("This workbook is packed as no spreadsheet is: it is not read."), "file")
    # bzip2 and LZMA are known to Python and to no spreadsheet; a bomb of them is far denser.
    if any(info.compress_type not in _PACKED for info in infos):
        raise Invalid(
            gettext("This workbook is packed in a way that no spreadsheet uses: it is not read."), "file"
        )
    if unpacked > LARGEST or len(infos) > MOST_PARTS:
        raise Invalid(
            gettext("This workbook unpacks to more than %(n)s GiB: it is not read.", n=LARGEST // 2**30),
            "file",
        )
    if "xl/workbook.xml" not in archive.namelist():
        raise Invalid(_NO_WORKBOOK, "file")
