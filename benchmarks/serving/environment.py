"""An environment of its own for the peers, which sees the site's PyTorch and installs no other."""

import subprocess
import sysconfig
import venv
from pathlib import Path

PEERS = ("fastapi", "uvicorn", "litserve", "gradio", "bentoml")


def make(folder: Path) -> Path:
    """Return the Python of an environment in `folder` that holds the peers; it is made if it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        # Behind its own packages: what the site has is not installed again, torch above all.
        paths = {"base": str(folder), "platbase": str(folder)}
        own = Path(sysconfig.get_path("purelib", vars=paths))
        (own / "site-of-nomen.pth").write_text(sysconfig.get_path("purelib") + "\n")
    if subprocess.run([python, "-c", f"import {', '.join(PEERS)}"], capture_output=True).returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "flask", "gunicorn", *PEERS], check=True)
    return python
