"""What the code is like in figures: `python -m tests.figures` writes them into docs/architecture.md."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from webapp.config import ROOT

PAGE = ROOT / "docs" / "architecture.md"
PACKAGES = ("webapp", "training")
BEGIN, END = "<!-- written by `python -m tests.figures`: begin -->", "<!-- end -->"
NUMBER = re.compile(r"\| ([\d,.]+) \|$", re.MULTILINE)


def written(page: str) -> str:
    """Return a page with the figures as they are now."""
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


def figures(page: str) -> list[float]:
    """Return the figures that a page tells, in order."""
    told = page.partition(BEGIN)[2].partition(END)[0]
    return [float(found.replace(",", "")) for found in NUMBER.findall(told)]


def table() -> str:
    """Return all figures as rows."""
    files = [path for package in PACKAGES for path in files_of(package)]
    lengths = sorted(length for path in files for length in lengths_in(path))
    rows = {
        "modules": sum(path.name != "__init__.py" for path in files),
        "rooms and sub-rooms": len({path.parent for path in files}),
        "functions": len(lengths),
        "lines of a function's body, median": int(median(lengths)),
        "the same, 95th percentile": lengths[int(len(lengths) * 0.95)],
        "comments in a hundred lines of the site": comments_of(files_of("webapp")),
        "the same, of the trainer": comments_of(files_of("training")),
        "lines of tests to a hundred of code": round(n_lines(files_of("tests")) / n_lines(files) * 100),
        "lines with `Any`": n_any(files),
    }
    told = [f"| {what} | {n:,.1f} |".replace(".0 |", " |") for what, n in rows.items()]
    return "\n".join(["| what | figure |", "| --- | --- |", *told])


def files_of(package: str) -> list[Path]:
    """Return the modules of a package."""
    return sorted((ROOT / package).rglob("*.py"))


def lengths_in(path: Path) -> Iterator[int]:
    """Yield how many lines the body of each function of a module has, without its docstring."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[ast.get_docstring(node) is not None :]
            yield (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def comments_of(files: Sequence[Path]) -> float:
    """Return how many comments there are in a hundred lines that are not empty."""
    texts = [path.read_text(encoding="utf-8") for path in files]
    tokens = (token for text in texts for token in tokenize.generate_tokens(io.StringIO(text).readline))
    return sum(token.type == tokenize.COMMENT for token in tokens) / n_lines(files) * 100


def n_lines(files: Sequence[Path]) -> int:
    """Return how many lines are not empty."""
    return sum(bool(line.strip()) for path in files for line in path.read_text(encoding="utf-8").splitlines())


def n_any(files: Sequence[Path]) -> int:
    """Return how many lines have `Any`."""
    return sum(
        bool(re.search(r"\bAny\b", line))
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
    )


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
