"""Which looks of a workbook's cells make a date of a number."""

import re
from datetime import datetime, timedelta
from typing import IO

from webapp.files.formats.xlsx.xml import Reader

_BUILT_IN = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Formats of dates and times that have a number and no code."""
_NOT_A_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_MOST = 2**16


class Styles:
    """The looks of cells, by their number."""

    def __init__(self, source: IO[bytes] | None, is_1904: bool) -> None:
        # Day 0 of Excel: 1900 was no leap year, but its first rival thought so. Or that of the first Macs.
        self._begin = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)
        self._codes: dict[str, str] = {}
        self._formats: list[str] = []
        self._is_inside = False
        if source:
            Reader(self._start, self._end).read(source)
        self._dates = {str(n) for n, number in enumerate(self._formats) if self._is_date_format(number)}

    def is_date(self, style: str) -> bool:
        """Say whether a number that looks so is a date or a time."""
        return style in self._dates

    def date_of(self, number: str) -> str:
        """Return a date as ISO writes it; the number itself where it is none."""
        try:
            moment = self._begin + timedelta(days=float(number))
        except (ValueError, OverflowError):
            return number
        return moment.isoformat(" ", "minutes").removesuffix(" 00:00")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "cellXfs":
            self._is_inside = True
        elif name == "numFmt" and len(self._codes) < _MOST:
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and self._is_inside and len(self._formats) < _MOST:
            self._formats.append(attributes.get("numFmtId", "0"))

    def _end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_inside = False

    def _is_date_format(self, number: str) -> bool:
        if number in self._codes:
            # What is left are the letters that stand for year, month, day, hour and second.
            return bool(re.search("[ymdhs]", _NOT_A_CODE.sub("", self._codes[number]), re.IGNORECASE))
        return number.isdecimal() and int(number) in _BUILT_IN
