"""A tree of another revision, an instance of its own, and a process that asks its site."""

import contextlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving.contenders import ROOT, SITE
from benchmarks.serving.processes import ONE_THREAD

INSIDE = Path(__file__).with_name("inside.py")
NEWER = ("webauthn",)
"""Packages that a library takes up wherever they are, and that a tree from before them has no tables for."""


@dataclass(frozen=True)
class Cost:
    """Milliseconds for one request, or one name."""

    processor: float
    clock: float


@dataclass(frozen=True)
class Tree:
    """The files of a site, and the folder that it keeps its data in."""

    path: Path
    instance: Path

    def environment(self) -> Mapping[str, str]:
        """Return the environment of its processes: its own data, limits as good as off, one thread."""
        return {
            **os.environ,
            **ONE_THREAD,
            **SITE,
            "INSTANCE": str(self.instance),
            "PYTHONPATH": str(self.hidden),
        }

    @property
    def hidden(self) -> Path:
        """The folder of the module by which Python hides what the tree does not know."""
        return self.instance.with_name(f"{self.instance.name}-hides")


def unpack(revision: str, folder: Path) -> Path:
    """Write the files of a revision of this repository into a new folder, and return it."""
    packed = subprocess.run(["git", "-C", ROOT, "archive", "--format=tar", revision], capture_output=True)
    if packed.returncode:
        raise SystemExit(f"There is no revision {revision} here: {packed.stderr.decode().strip()}")
    folder.mkdir()
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


def hide_newer(tree: Tree) -> None:
    """Hide packages from a tree that names them nowhere."""
    lists = [tree.path / name for name in ("requirements.txt", "pyproject.toml")]
    known = "".join(path.read_text() for path in lists if path.exists())
    tree.hidden.mkdir()
    lines = [f"sys.modules[{name!r}] = None" for name in NEWER if name not in known]
    (tree.hidden / "sitecustomize.py").write_text("\n".join(["import sys", *lines, ""]))


def set_up(tree: Tree) -> None:
    """Prepare a tree's instance by its own command."""
    tree.instance.mkdir()
    hide_newer(tree)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "setup"]
    done = subprocess.run(command, cwd=tree.path, env=tree.environment(), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{tree.path} cannot be set up here:\n{done.stderr[-2000:]}")


class Asked:
    """A process that asks the site of a tree, one kind after another."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._answer()

    def cost(self, kind: str, n: int) -> Cost:
        """Return what each of `n` new requests of a kind costs."""
        assert self._process.stdin
        self._process.stdin.write(f"{kind} {n}\n")
        self._process.stdin.flush()
        return Cost(**json.loads(self._answer()))

    def _answer(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("The site of a tree ended; what it wrote stands above.")
        return line


@contextlib.contextmanager
def asked(tree: Tree, names: Path) -> Iterator[Asked]:
    """Give a process that asks the site of a tree for the names of a file, until the block ends."""
    command = [sys.executable, str(INSIDE), str(names)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=tree.path, env=tree.environment(), stdin=pipe, stdout=pipe, text=True
    ) as process:
        try:
            yield Asked(process)
        finally:
            process.kill()  # its watcher's thread has nothing to end
