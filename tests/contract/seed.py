"""A site with something of everything, made by the commands and by forms, as people make it."""

import io
import os
import re
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass

from tests.contract.record import Record
from tests.contract.site import NAMES, ROOT, Browser, Site, Terminal

TABLE = "first name;born\nAnna;1990\nTorbern;1985\n=Zuleika;\nΣοφία;2001\n123;\n"
TINY = ("--preset", "tiny", "--width", "8", "--device", "cpu", "--epochs", "6")
PASSWORD = "a long enough pass phrase for {}"
EXAMPLE = "{}@example.org"


@dataclass(frozen=True)
class Seeded:
    """Who walks: a visitor with answers, a reviewer and an admin who have logged in; keys are facts."""

    visitor: Browser
    reviewer: Browser
    admin: Browser


def seed(site: Site, record: Record) -> Seeded:
    """Fill a fresh site, recording every step."""
    terminal = Terminal(site, record)
    site.learn("names", str(NAMES))
    prepare(terminal)
    users = {name: log_in_first(site, terminal, record, name) for name in ("reviewer", "admin")}
    ann, bob, cleo, dan = (Browser(site, f"10.0.1.{number}", record) for number in range(1, 5))
    answer(ann, bob, cleo)
    review(users["reviewer"])
    play(site, ann, dan)
    bring_files(site, ann)
    make_keys(site, terminal, record, "--days", "30")
    train(site, terminal, users["admin"], bob)
    ann.guess("Torbern", "right")
    return Seeded(ann, users["reviewer"], users["admin"])


def prepare(terminal: Terminal) -> None:
    """Write a corpus of 268 names, let `flask setup` do the rest, train and import two tiny networks."""
    site = terminal.site
    terminal.training("corpus", "{names}", "--write", f"{site.folder}/instance/corpus.db")
    said = terminal.really("-m", "flask", "--app", "wsgi", "setup")
    password = re.search(r"admin@localhost   (\S+)", said)
    assert password, said
    terminal.record.entries = {
        title: text.replace(password[1], "<password>") for title, text in terminal.record.entries.items()
    }
    for number in (1, 2, 3, 4):
        file = site.learn(f"tiny{number}", f"{site.folder}/tiny{number}.safetensors")
        more = ("--name", f"tiny {number}", "--seed", str(number), *(("--bidirectional",) * (number == 2)))
        terminal.training("fit", "{names}", *TINY, *more, "--out", file)
    for number in (1, 2):
        terminal.flask("versions", "import", f"{{tiny{number}}}", "--note", f"Tiny number {number}")
    learn_hashes(site)


def learn_hashes(site: Site) -> None:
    """Leave out the hashes of networks: a card holds the moment at which it was made."""
    client = site.app.test_client()
    client.environ_base["REMOTE_ADDR"] = "10.9.9.8"
    for version in client.get("/api/v1/versions").get_json()["versions"]:
        for length in (64, 16, 12):
            site.places.learn(version["sha256"][:length], f"sha256 of {version['label']}")


def log_in_first(site: Site, terminal: Terminal, record: Record, role: str) -> Browser:
    """Add a user, log in with the password that is shown, and change it as one must."""
    email = EXAMPLE.format(role)
    said = terminal.flask("users", "add", email, "--role", role)
    given = re.search(r"Password: (\S+)", said)
    assert given, said
    first = site.learn(f"first password of {role}", given[1])
    record.entries = {title: text.replace(first, "<password>") for title, text in record.entries.items()}
    browser = Browser(site, f"10.0.2.{len(role)}", record)
    browser.log_in(email, first)
    browser.see("/review")
    browser.post("/password", {"old": "wrong", "new": PASSWORD.format(role)})
    browser.post("/password", {"old": first, "new": "short"})
    browser.post("/password", {"old": first, "new": PASSWORD.format(role)})
    return browser


def answer(ann: Browser, bob: Browser, cleo: Browser) -> None:
    """Let three visitors answer: right and wrong, known names and others, one taken back, one deleted."""
    for name, says in (
        ("Giovanna", "right"), ("Zuleika", "male"), ("Kim", "both"), ("Qwertina", "male"),
        ("Maria", "male"),
        ("Torbern", "female"), ("John", "right"), ("<b>Bob & Co</b>", "female"),
    ):  # fmt: skip
        ann.guess(name, says)
    for name, says in (("Zuleika", "male"), ("Torbern", "female"), ("Sasha", "both"), ("Anna", "male")):
        bob.guess(name, says)
    for name, says in (("Zuleika", "both"), ("Xxyyz", "male"), ("Anna", "male"), ("Dakota", "right")):
        cleo.guess(name, says)
    ann.guess("Maria", "both")
    ann.post("/feedback/5/undo")
    ann.post("/feedback/7/delete")
    bob.guess("Nobody Knows", "male")
    ann.see("/history")
    story = ann.client.get("/thanks/2").text
    link = re.search(r"/c/([\w-]+)", story)
    assert link
    ann.site.learn("story", link[1])


def review(reviewer: Browser) -> None:
    """Accept, reject, decide otherwise, undo one decision, and turn a flood away."""
    reviewer.post("/review/decide", {"do": "accept male qwertina", "reason": "Seen it written."})
    reviewer.post("/review/decide", {"do": "accept", "name": ["torbern", "kim", "zuleika"]})
    reviewer.post("/review/decide", {"do": "reject torbern", "reason": "The records are sure."})
    reviewer.post("/review/decide", {"do": "accept male zuleika"})
    reviewer.see("/review", note=" after a decision")
    reviewer.post("/review/answers", {"do": "rejected 11", "back": "/review?status=rejected"})
    reviewer.post("/review/answers", {"do": "reopen 11", "back": "//elsewhere.example"})
    reviewer.post("/review/visitor/14/reject", {"reason": "A flood.", "hours": "24"})


def play(site: Site, ann: Browser, dan: Browser) -> None:
    """Play one game to its end and begin another."""
    begun = ann.post("/play")
    site.learn("game", begun.location.rpartition("/")[2])
    for turn in range(10):
        ann.see("/play/{game}", note=f" turn {turn}")
        ann.post(f"/play/{{game}}/{turn}", {"answer": "male" if turn % 3 else "female"})
        ann.see(f"/play/{{game}}?after={turn}")
    site.learn("begun", dan.post("/play").location.rpartition("/")[2])
    dan.post("/play/{begun}/0", {"answer": "female"})


def bring_files(site: Site, ann: Browser) -> None:
    """Bring a file, a workbook and a pasted list, and take them back."""
    kinds = {"table": (TABLE.encode(), "my ta/ble.csv"), "book": (workbook(), "book.xlsx")}
    for name, (data, title) in kinds.items():
        answered = ann.post("/batch", {"file": (io.BytesIO(data), title)})
        site.learn(name, answered.location.rpartition("/")[2])
    pasted = ann.post("/batch", {"pasted": "Anna\nTorbern\n"})
    site.learn("pasted", pasted.location.rpartition("/")[2])
    for name in ("table", "book", "pasted"):
        ann.see(f"/batch/{{{name}}}/file?column=0", note=" taken back")


def workbook() -> bytes:
    """Return the smallest workbook: three names in one column."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{name}</t></is></c></row>'
        for row, name in enumerate(("Name", "Anna", "Torbern", "Σοφία"), 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        f'PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/><Override '
        f'PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Names" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return written.getvalue()


def make_keys(site: Site, terminal: Terminal, record: Record, *lasting: str) -> None:
    """Make a key that opens all, one that only reads, and one that is revoked; answer with the first."""
    scopes = ("read", "feedback", "export", "runs", "promote")
    for name, opens in (("key", scopes), ("reading", ("read",)), ("revoked", ("read",))):
        asked = [word for scope in opens for word in ("--scope", scope)]
        secret = terminal.flask("keys", "add", f"For {name}", *asked, *lasting).strip().splitlines()[-1]
        site.learn(name, secret)
    terminal.flask("keys", "revoke", "3")
    program = Browser(site, "10.0.3.1", record)
    for headers in ({}, {"X_Api_Key": site.facts["key"]}):
        guess = program.client.get(
            "/api/v1/guess?name=Nikita&token=true",
            headers={k.replace("_", "-"): v for k, v in headers.items()},
        )
        token = site.places.learn(guess.get_json()["token"], "token")
        program.post_json("/api/v1/feedback", {"token": token, "answer": "both"}, **headers)


def train(site: Site, terminal: Terminal, admin: Browser, bob: Browser) -> None:
    """Let v2 serve, start four runs (cancelled, failed, a fine-tune, one from scratch), and go back to v1."""
    terminal.flask("corpus", "add", "{names}", "--name", "ours")
    terminal.flask("versions", "promote", "v2", "--reason", "To see how the tiny one does.")
    site.wait_for(2)
    for name, says in (("Kim", "female"), ("John", "right"), ("Nikita", "both")):
        bob.guess(name, says)
    terminal.flask("runs", "start", "--kind", "scratch", "--preset", "tiny")
    terminal.flask("runs", "start", note=" while one waits")
    admin.see("/retraining/1", note=" while it waits")
    admin.see("/admin", note=" while a run waits")
    terminal.flask("runs", "cancel", "1")
    worker = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "worker"], cwd=ROOT)
    try:
        terminal.flask("runs", "start", "--kind", "scratch", "--preset", "tiny", "--device", "cuda")
        wait_for_run(admin, 2)
        terminal.flask("runs", "start", "--device", "cpu")
        wait_for_run(admin, 3)
        scratch = {"kind": "scratch", "preset": "tiny", "width": "4", "epochs": "2", "device": "cpu"}
        admin.post("/retraining", {**scratch, "corpus": "ours"})
        wait_for_run(admin, 4)
    finally:
        worker.terminate()
        worker.wait(timeout=60)
    terminal.flask("versions", "rollback", "--reason", "It was worse.")
    site.wait_for(1)
    learn_hashes(site)


def wait_for_run(admin: Browser, run_id: int) -> None:
    """Wait until a run has ended."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        page = admin.client.get(f"/retraining/{run_id}/live").text
        heading = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
        if heading and re.search(r"is ready|failed|Cancelled", heading[1]):
            return
        time.sleep(0.5)
    raise AssertionError(f"run {run_id} has not ended: {os.environ['INSTANCE']}")
