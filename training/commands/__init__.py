"""The subcommands of `python -m training`, one module each: `add_to` its parser, `do` its work."""

import json
import shlex
import sys
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from training.model.artifact import SHIPPED
from training.runtime.atomic_write import write_whole
from training.runtime.device import DEVICES

Subparsers: TypeAlias = "_SubParsersAction[ArgumentParser]"


def add_artifact(parser: ArgumentParser) -> None:
    """Add --artifact: the shipped network unless told otherwise."""
    parser.add_argument(
        "--artifact", type=Path, default=SHIPPED, metavar="FILE", help="a network (the shipped one)"
    )


def add_device(parser: ArgumentParser) -> None:
    """Add --device."""
    parser.add_argument("--device", choices=DEVICES, default="auto", help="auto takes CUDA when it is there")


def add_write(parser: ArgumentParser, path: Path) -> None:
    """Add --write, which without a FILE means `path`: where the site's page looks."""
    parser.add_argument(
        # Three cases: not given (None), given without a file (`path`), given with one.
        "--write",
        nargs="?",
        const=path,
        type=Path,
        metavar="FILE",
        help="as JSON, for the page /learn",
    )


def write_json(path: Path | None, payload: Mapping[str, object]) -> None:
    """Write what was found, and by which command, as one line of JSON; to nowhere if `path` is None."""
    if path is None:
        return
    # Kept with the figures: a page can say how to make them again.
    write_whole(path, json.dumps({"command": command_line(), **payload}).encode() + b"\n")
    print(f"Wrote {path}", file=sys.stderr)


def command_line() -> str:
    """Return the command that is being done, as a person writes it."""
    return f"python -m training {shlex.join(sys.argv[1:])}"


def format_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows of cells as lines: the first column to the left, the others to the right."""
    cells = [list(head), *([_shown(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return "\n".join(_line(row, widths) for row in cells)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    # Figures stand under each other, words begin at one place.
    right = (cell.rjust(width) for cell, width in others)
    return "  ".join([first[0].ljust(first[1]), *right]).rstrip()


def _shown(cell: object) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.4f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
