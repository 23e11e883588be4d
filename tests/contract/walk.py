"""Walk the whole site and write down what it says: `python -m tests.contract.walk OUT_FOLDER`.

`python -m tests.contract.walk --compare BEFORE AFTER` tells what differs between two such folders.
"""

import os
import re
import sys
import tempfile
import time
from pathlib import Path

from tests.contract import addresses, commands, deeds, server, settings
from tests.contract.record import Record, compare
from tests.contract.seed import Seeded, seed
from tests.contract.site import Browser, Site, Terminal


def walk(out: Path) -> None:
    """Seed a site, walk it in every role, run every command, and write one file a part into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="nomen-walk-") as folder:
        (Path(folder) / "instance").mkdir()
        (Path(folder) / "out").mkdir()
        site = Site(Path(folder))
        site.learn("out", f"{folder}/out")
        told = Record()
        seeded = seed(site, told)
        told.write(out / "seed.txt")
        pages(site, seeded, out)
        refusals(site, seeded, out)
        act(site, seeded, out)
        terminal(site, out)
        record = Record()
        settings.every_setting(site, record)
        settings.bad_settings(Terminal(site, record))
        record.write(out / "settings.txt")
        record = Record()
        server.run(site, record)
        record.write(out / "server.txt")


def pages(site: Site, seeded: Seeded, out: Path) -> None:
    """Ask for everything that can be asked for without changing anything, in every role."""
    rules = addresses.rules(site.app)
    told = Record()
    for rule in sorted(rules):
        told.note(rule, " ".join(sorted(rules[rule])))
    told.write(out / "rules.txt")
    find_plotly(site, seeded.visitor)
    roles = {
        "stranger": None, "visitor": seeded.visitor, "reviewer": seeded.reviewer, "admin": seeded.admin,
    }  # fmt: skip
    for role, browser in roles.items():
        record = Record()
        look = browser or Browser(site, "10.0.6.1", record)
        look.record = record
        for rule in sorted(rule for rule in rules if "GET" in rules[rule]):
            for number, address in enumerate(addresses.of_rule(rule)):
                # A stranger has no cookie, so each address is asked for in a browser of its own.
                look = look if browser else Browser(site, "10.0.6.1", record)
                ask(look, address, role, is_first=number == 0)
        for address in addresses.BESIDE:
            look.see(address)
            look.see(address, method="POST")
        record.write(out / f"{role}.txt", in_order=False)
    with_keys(site, rules, out)
    static_files(site, out)


def ask(browser: Browser, address: str, role: str, is_first: bool) -> None:
    """Ask for one address in every safe way, and, as stranger and admin, as a program that wants JSON."""
    if "/picture.png" in address and role in ("reviewer", "visitor"):
        return  # nothing of a picture knows who asks, and few may be asked for in a minute
    answer = browser.see(address)
    if is_first:
        browser.see(address, method="HEAD")
        browser.see(address, method="OPTIONS")
    if role in ("stranger", "admin"):
        browser.see(address, note=" as JSON", Accept="application/json")
    if etag := answer.headers.get("ETag"):
        browser.see(address, note=" again", If_None_Match=etag)
    if answer.mimetype == "text/html":
        for key in sorted(set(re.findall(r"csv=([\w-]+)", answer.text))):
            browser.see(f"{address}{'&' if '?' in address else '?'}csv={key}")


def find_plotly(site: Site, browser: Browser) -> None:
    """Learn the address of the charts' library, which a page with charts names."""
    found = re.search(r"/scoreboard/plotly-([\w.]+)\.js", browser.client.get("/scoreboard/time").text)
    if found:
        site.facts["plotly"] = found[1]
        addresses.EXAMPLES["/scoreboard/plotly-<>.js"] += ("/scoreboard/plotly-{plotly}.js",)


def with_keys(site: Site, rules: dict[str, set[str]], out: Path) -> None:
    """Ask the API and /genderize with each key."""
    record = Record()
    opened = [rule for rule in rules if "GET" in rules[rule]]
    for key in ("key", "reading", "revoked"):
        program = Browser(site, "10.0.6.9", record)
        for rule in sorted(rule for rule in opened if rule.startswith(("/api/v1", "/genderize"))):
            for address in addresses.of_rule(rule):
                program.see(address, note=f" by {key}", X_Api_Key=site.facts[key])
        bearer = f"bearer {site.facts[key]}"
        program.see("/api/v1/runs", note=f" by {key} as bearer", Authorization=bearer)
        program.see("/admin", note=f" by {key}", Authorization=bearer)
        program.see(f"/genderize?name=Anna&apikey={{{key}}}")
    record.write(out / "keys.txt", in_order=False)


def static_files(site: Site, out: Path) -> None:
    """Ask for every file that pages name, and every other one of the folder."""
    record = Record()
    browser = Browser(site, "10.0.6.2", record)
    folder = Path(site.app.static_folder or "")
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        browser.see(f"/static/{path.relative_to(folder)}")
    record.write(out / "static.txt", in_order=False)


def refusals(site: Site, seeded: Seeded, out: Path) -> None:
    """Send every rule that takes forms what it cannot use, in every role."""
    record = Record()
    stranger = Browser(site, "10.0.7.1", record)
    program = Browser(site, "10.0.7.2", record)
    for role, browser in {"stranger": stranger, **vars(seeded), "key": program}.items():
        browser.record = Record()
        deeds.refuse_everything(site, browser, key="key" if role == "key" else "")
        browser.record.write(out / f"refused-{role}.txt")


def act(site: Site, seeded: Seeded, out: Path) -> None:
    """Do in every role what changes something."""
    record = Record()
    for browser in vars(seeded).values():
        browser.record = record
    deeds.as_stranger(site, record)
    deeds.as_visitor(seeded.visitor)
    deeds.as_reviewer(seeded.reviewer)
    deeds.as_admin(site, seeded.admin)
    deeds.with_key(site, record)
    deeds.leave(seeded.admin, seeded.reviewer)
    record.write(out / "deeds.txt")


def terminal(site: Site, out: Path) -> None:
    """Run every command."""
    record = Record()
    shell = Terminal(site, record)
    commands.every_help(shell)
    commands.flask_reads(shell)
    commands.flask_writes(site, shell)
    commands.flask_guesses(site, shell, record)
    commands.training(site, shell, record)
    record.write(out / "commands.txt")


def main(arguments: list[str]) -> int:
    """Walk or compare; return the exit status, 1 where something differs."""
    if arguments[:1] == ["--compare"] and len(arguments) == 3:
        told = list(compare(Path(arguments[1]), Path(arguments[2])))
        sys.stdout.write(("\n".join(told) or "Nothing differs.") + "\n")
        return 1 if told else 0
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    if os.environ.get("PYTHONHASHSEED") != "0":  # sets in the same order each time
        again = [sys.executable, "-m", "tests.contract.walk", *arguments]
        os.execve(sys.executable, again, os.environ | {"PYTHONHASHSEED": "0"})
    began = time.monotonic()
    walk(Path(arguments[0]))
    sys.stdout.write(f"Walked in {time.monotonic() - began:.0f} s: {arguments[0]}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
