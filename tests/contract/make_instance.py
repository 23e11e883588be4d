"""Make the instance of release 1.0.0 that later releases must read: `python -m tests.contract.make_instance`.

Run on release 1.0.0 and never again: what lies beside this file is what that release wrote. It writes
instance-1.0.0.tar.gz (the folder) and expected.json (what it remembered then, and how to ask it).
"""

import json
import os
import sqlite3
import sys
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from tests.contract import seed
from tests.contract.memory import recall
from tests.contract.record import Record
from tests.contract.site import Browser, Site, Terminal

ARCHIVE = Path(__file__).with_name("instance-1.0.0.tar.gz")
EXPECTED = Path(__file__).with_name("expected.json")
LEFT_OUT = {"batches", "worker.json", "process.log"}
"""Files of visitors are kept for an hour only."""


def main() -> int:
    """Make the folder, ask what it remembers, pack both."""
    with tempfile.TemporaryDirectory(prefix="nomen-instance-") as folder:
        instance = Path(folder) / "instance"
        instance.mkdir()
        site, record = Site(Path(folder)), Record()
        known = fill(site, record)
        remembered = ",\n".join(
            f"{json.dumps(what)}: {json.dumps(told, ensure_ascii=False)}"
            for what, told in recall(site.app, known).items()
        )
        EXPECTED.write_text(f'{{"known": {json.dumps(known)},\n"remembered": {{\n{remembered}\n}}}}\n')
        pack(instance)
    sys.stdout.write(f"{ARCHIVE}: {ARCHIVE.stat().st_size:,} bytes\n")
    return 0


def fill(site: Site, record: Record) -> dict[str, str]:
    """Fill a fresh site and return what is needed to ask it: passwords, a key, a cookie, links."""
    site.learn("names", str(seed.NAMES))
    terminal = Terminal(site, record)
    terminal.training("corpus", "{names}", "--write", f"{site.folder}/instance/corpus.db")
    terminal.flask("db", "upgrade")
    for number in (1, 2):
        file = f"{site.folder}/tiny{number}.safetensors"
        own = ("--seed", str(number), "--name", f"tiny {number}")
        terminal.training("fit", "{names}", *seed.TINY, *own, "--out", file)
        terminal.flask("versions", "import", file, "--note", f"Tiny number {number}")
    terminal.flask("versions", "promote", "v1", "--reason", "The first.")
    admin = seed.log_in_first(site, terminal, record, "admin")
    reviewer = seed.log_in_first(site, terminal, record, "reviewer")
    terminal.flask("users", "add", "gone@example.org")
    terminal.flask("users", "disable", "gone@example.org")
    ann, bob, cleo, dan = (Browser(site, f"10.0.1.{number}", record) for number in range(1, 5))
    seed.answer(ann, bob, cleo)
    seed.review(reviewer)
    seed.play(site, ann, dan)
    seed.make_keys(site, terminal, record)
    seed.train(site, terminal, admin, bob)
    ann.guess("Torbern", "right")
    ann.post("/play")
    ann.see("/history")
    cookie = ann.client.get_cookie("nomen")
    assert cookie
    passwords = {role: seed.PASSWORD.format(role) for role in ("admin", "reviewer")}
    return {
        "cookie": cookie.value,
        **passwords,
        **{name: site.facts[name] for name in ("key", "story", "game")},
    }


def pack(instance: Path) -> None:
    """Pack an instance folder whose databases are whole: what waits in a write-ahead log is written first."""
    for path in instance.glob("*.db"):
        if os.access(path, os.W_OK) and path.name != "corpus.db":
            with closing(sqlite3.connect(path)) as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with tarfile.open(ARCHIVE, "w:gz") as archive:
        for path in sorted(instance.iterdir()):
            if path.name not in LEFT_OUT and not path.name.endswith(("-wal", "-shm", "-journal")):
                archive.add(path, arcname=f"instance/{path.name}")


if __name__ == "__main__":
    sys.exit(main())
