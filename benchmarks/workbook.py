"""A whole workbook through `flask guess`: seconds, processor time and memory; several checkouts side by side.

`python -m benchmarks.workbook --rows 1048576 . ../release` makes one workbook (number, first name, last name;
texts are shared, as offices' programs write them), and the command of each checkout reads it, in a process of
its own.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.support.books import BOOK, RELATIONS
from training.data import corpus

LARGEST = 1_048_576  # rows of a sheet
BLOCK = 10_000
HEADINGS = ("id", "first name", "last name")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line of JSON for each checkout."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.workbook", description=__doc__)
    parser.add_argument("checkouts", nargs="*", type=Path, default=[Path(".")])
    parser.add_argument("--rows", type=int, default=100_000)
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        book = write_book(Path(folder) / "book.xlsx", min(wanted.rows, LARGEST))
        for number, checkout in enumerate(wanted.checkouts):
            instance = Path(folder) / f"instance{number}"
            instance.mkdir()
            print(json.dumps(measure(checkout.resolve(), instance, book)), flush=True)


def write_book(path: Path, rows: int) -> Path:
    """Write a workbook with a row of headings and so many in all."""
    names = [name.title() for name in corpus.read_base_corpus().names]
    random.Random(0).shuffle(names)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        for part, pieces in (("sheet", _sheet(rows, len(names))), ("texts", _texts(names))):
            with archive.open(f"xl/{part}.xml", "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece.encode())
    return path


def _sheet(rows: int, n_names: int) -> Iterator[str]:
    chance = random.Random(0)
    yield '<worksheet><sheetData><row r="1">'
    yield "".join(f'<c r="{column}1" t="s"><v>{at}</v></c>' for at, column in enumerate("ABC"))
    yield "</row>"
    for start in range(2, rows + 1, BLOCK):
        block = range(start, min(start + BLOCK, rows + 1))
        yield "".join(_row(row, chance, n_names) for row in block)
    yield "</sheetData></worksheet>"


def _row(row: int, chance: random.Random, n_names: int) -> str:
    # Few names are borne by most people.
    first, last = int(n_names * chance.random() ** 4), chance.randrange(n_names)
    texts = "".join(
        f'<c r="{at}{row}" t="s"><v>{len(HEADINGS) + n}</v></c>' for at, n in (("B", first), ("C", last))
    )
    return f'<row r="{row}"><c r="A{row}"><v>{row}</v></c>{texts}</row>'


def _texts(names: Sequence[str]) -> Iterator[str]:
    yield "<sst>"
    for text in (*HEADINGS, *names):
        yield f"<si><t>{text}</t></si>"
    yield "</sst>"


def measure(checkout: Path, instance: Path, book: Path) -> dict[str, object]:
    """Return what a checkout's command takes for a workbook."""
    environment = {**os.environ, "INSTANCE": str(instance), "OMP_NUM_THREADS": "1"}
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    subprocess.run([*flask, "setup"], cwd=checkout, env=environment, check=True, capture_output=True)
    output = instance / "out.xlsx"
    began = time.monotonic()
    command = [*flask, "guess", str(book), "--output", str(output), "--column", "first name"]
    child = subprocess.Popen(command, cwd=checkout, env=environment, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return {
        "checkout": str(checkout),
        "exit": child.returncode,
        "seconds": round(time.monotonic() - began, 1),
        "processor_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": round(used.ru_maxrss / 1024, 1),
        "output_mb": round(output.stat().st_size / 2**20, 1) if output.exists() else 0,
    }


if __name__ == "__main__":
    main()
