"""Take away each guard of attempts.toml, one at a time, and see its test fail.

Works on a copy of the tree, with what is not committed yet; nothing here is changed but the tables of
docs/security.md. Ends with 1 and says why if a test fails with its guard in place, passes without it, or if a
guard is not where it is said to be.
"""

import argparse
import contextlib
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.security.attempts import ATTEMPTS, PAGE, ROOT, Attempt, without_guard, written

PRELOADED = (
    "torch",
    "sqlalchemy",
    "alembic",
    "flask_security",
    "apiflask",
    "huey",
    "hypothesis",
    "PIL.Image",
)
"""Libraries that every run needs and that cost seconds: loaded once, before the runs are forked."""
OWN = ("tests", "webapp", "training", "wsgi", "install")
FAILED = 1


@dataclass(frozen=True)
class Outcome:
    """What pytest said: how many tests it ran, and how many of them failed or could not be set up."""

    ran: int
    failed: int
    broken: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Try all rows; return the exit code."""
    chosen = parse(arguments)
    for library in PRELOADED:
        __import__(library)
    with copied() as copy:
        complaints = check_sound(copy, chosen)
        for one in chosen if not complaints else ():
            complaints += try_without(copy, one)
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    if not complaints and len(chosen) == len(ATTEMPTS):
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{len(chosen)} guards, {len(complaints)} complaints.\n")
    return 1 if complaints else 0


def parse(arguments: Sequence[str] | None) -> Sequence[Attempt]:
    """Return the rows that a command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.remove_guards", description=__doc__)
    parser.add_argument(
        "words",
        nargs="*",
        metavar="WORD",
        help="try only rows that hold one of these, and write no table; all rows take ten minutes",
    )
    words = parser.parse_args(arguments).words
    chosen = [one for one in ATTEMPTS if not words or any(word in str(one) for word in words)]
    if not chosen:
        parser.error(f"no row holds {' or '.join(words)}.")
    return chosen


@contextlib.contextmanager
def copied() -> Iterator[Path]:
    """Give a copy of all files that git knows, or would."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    with tempfile.TemporaryDirectory(prefix="guards-") as folder:
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, Path(folder) / name)
        yield Path(folder)


def check_sound(copy: Path, attempts: Sequence[Attempt]) -> list[str]:
    """Return what is wrong while all guards are in place: nothing, or nothing that follows means anything."""
    outcome = run(copy, sorted({one.test for one in attempts}))
    bad = outcome.failed + outcome.broken
    return [f"With all guards in place {bad} of {outcome.ran} tests fail."] if bad or not outcome.ran else []


def try_without(copy: Path, one: Attempt) -> list[str]:
    """Take a guard away, run its test, put the guard back; return what is wrong with that."""
    path, began = copy / one.file, time.monotonic()
    before = path.read_text(encoding="utf-8")
    try:
        path.write_text(without_guard(one, before), encoding="utf-8")
        compile_if_python(path)
        outcome = run(copy, [one.test])
    except (ValueError, SyntaxError) as error:
        return [f"{one.tried}: {error}"]
    finally:
        path.write_text(before, encoding="utf-8")
        forget_compiled(path)
    sys.stdout.write(
        f"{time.monotonic() - began:5.1f} s  {one.test}: {outcome.failed} of {outcome.ran} red\n"
    )
    sys.stdout.flush()
    if outcome.broken or not outcome.failed:
        return [f"{one.tried}: {one.test} did not fail without the guard in {one.file} ({outcome})."]
    return []


def compile_if_python(path: Path) -> None:
    """Raise SyntaxError for a module that could not even be imported: that would be no test of the guard."""
    forget_compiled(path)
    if path.suffix == ".py":
        compile(path.read_text(encoding="utf-8"), path, "exec")


def forget_compiled(path: Path) -> None:
    """Delete what Python kept of a module: it tells versions apart by second and size alone."""
    for kept in path.parent.glob(f"__pycache__/{path.stem}.*"):
        kept.unlink()


def run(copy: Path, tests: Sequence[str]) -> Outcome:
    """Run tests of the copy in a process of their own."""
    report = copy / "report.xml"
    report.unlink(missing_ok=True)
    child = multiprocessing.get_context("fork").Process(target=_run_here, args=(copy, tests, report))
    child.start()
    child.join()
    if not report.exists():
        return Outcome(0, 0, 1)
    (suite,) = ElementTree.parse(report).getroot().iter("testsuite")
    ran, failed, broken = (int(suite.attrib[name]) for name in ("tests", "failures", "errors"))
    return Outcome(ran, failed, broken)


def _run_here(copy: Path, tests: Sequence[str], report: Path) -> None:
    os.chdir(copy)
    sys.path[:] = [str(copy), *(path for path in sys.path if Path(path or ".").resolve() != ROOT)]
    for name in [name for name in sys.modules if name.split(".")[0] in OWN]:
        del sys.modules[name]
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        # Plugins are loaded before the fork, too late for pytest to rewrite their assertions.
        quiet = ["-q", "-n", "0", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
        options = [*quiet, f"--junit-xml={report}"]
        pytest.main([*options, *(f"tests/{test}" for test in tests)])


if __name__ == "__main__":
    sys.exit(main())
