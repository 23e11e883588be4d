"""Make .venv and install what Nomen needs: `python3 install.py [requirements file]`.

Uses the standard library alone and runs on any Python 3, so that an old one can be told what is missing.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEEDED_GB = {True: 3, False: 9}  # free disk space, with PyTorch's CPU wheels and without
ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed")
PROBE = "import sys, ensurepip; print(*sys.version_info[:2])"
PIP = "requirements-pip.txt"  # first: pips before 23.3 want a second pin of what has an extra
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def main(requirements: str = "requirements.txt") -> None:
    """Bring .venv up to date; return at once if it is."""
    wanted = f"{fingerprint(PIP)} {fingerprint(requirements)} {torch_pin()}"
    if wanted in installed():
        return
    if not runs(PYTHON):
        make_environment()
    announce()
    install(requirements)
    with open(STAMP, "a", encoding="ascii") as stamp:
        stamp.write(wanted + "\n")


def fingerprint(requirements: str) -> str:
    """Return a hash of a requirements file and of those it includes."""
    digest = hashlib.sha256()
    for line in read_lines(requirements):
        digest.update(line.encode())
        if line.startswith("-r "):
            digest.update(fingerprint(line[3:].strip()).encode())
    return digest.hexdigest()


def torch_pin() -> str:
    """Return the requirement for PyTorch, which no requirements file has: its wheels differ by index."""
    pins = [re.match(r' *"(torch==[^"]+)"', line) for line in read_lines("pyproject.toml")]
    return next(pin.group(1) for pin in pins if pin)


def installed() -> list:
    """Return the fingerprints that were installed into an environment that still runs."""
    if not os.path.exists(STAMP) or not runs(PYTHON):
        return []
    return read_lines(STAMP)


def make_environment() -> None:
    """Make .venv with the first Python that is new enough."""
    python = find_python()
    print(f"Making .venv with {python}.", flush=True)
    run([python, "-m", "venv", "--clear", VENV], "The environment .venv could not be made.")


def find_python() -> str:
    """Return a Python that is new enough and can make environments, or end with what to do."""
    names = [f"python3.{minor}" for minor in range(14, OLDEST[1] - 1, -1)]
    for python in [sys.executable] + [found for found in map(shutil.which, names) if found]:
        if version(python) >= OLDEST:
            return python
    if sys.version_info >= OLDEST:
        sys.exit("Python has no ensurepip here. On Debian or Ubuntu: apt install python3-venv")
    sys.exit(
        f"Nomen needs Python {dotted(OLDEST)} or newer, and this one is {dotted(sys.version_info[:2])}. "
        "Install a newer one, or name it: make run PYTHON=/path/to/python"
    )


def dotted(version: tuple) -> str:
    """Return a version as people write it."""
    return ".".join(map(str, version))


def version(python: str) -> tuple:
    """Return the version of a Python with all it needs to make an environment, or ()."""
    probe = subprocess.run([python, "-c", PROBE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return tuple(int(part) for part in probe.stdout.split()) if probe.returncode == 0 else ()


def runs(python: str) -> bool:
    """Say whether the interpreter is there and works."""
    return os.path.exists(python) and subprocess.call([python, "-c", ""], stderr=subprocess.DEVNULL) == 0


def announce() -> None:
    """Say what is about to happen, and stop if there is no room for it."""
    has_index = bool(os.environ.get("TORCH_INDEX"))
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GB[has_index] and not has_torch():
        sys.exit(
            f"The disk is nearly full: {free:.1f} GB are free, about {NEEDED_GB[has_index]} GB needed. "
            "PyTorch's CPU wheels need less: make run TORCH_INDEX=cpu"
        )
    print("Installing the libraries into .venv, once.", flush=True)
    if not has_index and not has_torch():
        print(
            "PyTorch with CUDA is a large download (about 3 GB). Without a GPU, stop here (Ctrl-C) and take\n"
            "PyTorch's CPU wheels: make run TORCH_INDEX=cpu",
            flush=True,
        )


def has_torch() -> bool:
    """Say whether PyTorch is installed already."""
    return runs(PYTHON) and subprocess.call([PYTHON, "-c", "import torch"], stderr=subprocess.DEVNULL) == 0


def install(requirements: str) -> None:
    """Install what is locked, by hash, pip itself first; then PyTorch alone, from TORCH_INDEX if that is set.

    What PyTorch needs besides CUDA is locked too, so it comes last and finds it in its place.
    """
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    failed = "The libraries could not be installed; pip says why above."
    for file in (PIP, requirements):
        run(pip + ["--require-hashes", "-r", os.path.join(ROOT, file)], failed)
    run(pip + torch_index() + [torch_pin()], failed)


def torch_index() -> list:
    """Return pip's options for where PyTorch comes from: `cpu` is short for its own index of CPU wheels."""
    index = os.environ.get("TORCH_INDEX", "")
    return ["--index-url", CPU_INDEX if index == "cpu" else index] if index else []


def run(command: list, failed: str) -> None:
    """Run a command, or end with the sentence `failed`."""
    if subprocess.call(command):
        sys.exit(failed)


def read_lines(path: str) -> list:
    """Return the lines of a file of this folder."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read().splitlines()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        sys.exit(f"{error.filename or ROOT} cannot be used: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit("Stopped. What is missing is installed the next time.")
