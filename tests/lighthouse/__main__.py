"""Start a fresh site and let Lighthouse judge its pages as on a phone: `make lighthouse`.

It needs npx, which fetches Lighthouse from npm once, and a Chromium. It fails where a score is below LEAST.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.support.browser import ARGUMENTS, SYSTEM
from tests.support.processes import WHOLE_SITE, running

LIGHTHOUSE = "lighthouse@12.8.2"
PAGES = ("/", "/scoreboard", "/learn", "/play", "/batch", "/history")
KINDS = ("performance", "accessibility", "best-practices", "seo")
LEAST = 98
TRIES = 3
"""How often a page is judged until it is good: a machine that does other things at the time slows it down."""


def main() -> int:
    """Print the scores of each page; return 1 if one is too low."""
    with (
        tempfile.TemporaryDirectory(prefix="lighthouse-") as folder,
        running(WHOLE_SITE, Path(folder), SECRET_KEY="", WEB_WORKERS="1", RATE_LIMITS="off") as site,
    ):
        found = {page: judge_well(site.address + page, Path(folder) / "report.json") for page in PAGES}
    sys.stdout.write(f"{'page':<14}{''.join(f'{kind:>16}' for kind in KINDS)}\n")
    for page, scores in found.items():
        sys.stdout.write(f"{page:<14}{''.join(f'{scores[kind]:>16}' for kind in KINDS)}\n")
    return int(any(score < LEAST for scores in found.values() for score in scores.values()))


def judge_well(address: str, report: Path) -> Mapping[str, int]:
    """Return the scores of a page, the last of up to TRIES."""
    for _ in range(TRIES - 1):
        if min((scores := judge(address, report)).values()) >= LEAST:
            return scores
    return judge(address, report)


def judge(address: str, report: Path) -> Mapping[str, int]:
    """Return the scores of a page by kind, 0 to 100."""
    flags = " ".join(["--headless", "--no-first-run", "--disable-background-networking", *ARGUMENTS])
    said = ["--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={flags}"]
    browser = next(filter(None, map(shutil.which, SYSTEM)), "")
    subprocess.run(
        ["npx", "--yes", LIGHTHOUSE, address, *said, f"--only-categories={','.join(KINDS)}"],
        check=True,
        env=os.environ | ({"CHROME_PATH": browser} if browser else {}),
    )
    judged = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {kind: round(100 * (judged[kind]["score"] or 0)) for kind in KINDS}


if __name__ == "__main__":
    sys.exit(main())
