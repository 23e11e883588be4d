"""Every command's help, and every command that is cheap, with what it takes and with what it does not."""

import os
import subprocess
import sys

from flask.cli import FlaskGroup, ScriptInfo

from tests.contract.record import Record
from tests.contract.seed import TABLE
from tests.contract.site import ROOT, Site, Terminal

FLASKS_OWN = {"db", "limiter", "routes", "run", "shell", "spec"}
TRAINING = ("corpus", "fit", "evaluate", "guess", "compare", "crossvalidate", "curves", "job")
TINY = ("--preset", "tiny", "--width", "4", "--epochs", "1", "--device", "cpu")


def every_help(terminal: Terminal) -> None:
    """Record the help of every group and command."""
    group, context = FlaskGroup(), ScriptInfo(app_import_path="wsgi:app")
    terminal.really("-m", "flask", "--app", "wsgi", "--help")
    terminal.flask("--help")
    terminal.flask("nothing")
    with group.make_context("flask", [], obj=context, resilient_parsing=True) as whole:
        for name in group.list_commands(whole):
            command = group.get_command(whole, name)
            if name not in FLASKS_OWN:
                terminal.flask(name, "--help")
                for inner in sorted(getattr(command, "commands", {})):
                    terminal.flask(name, inner, "--help")
                    terminal.flask(name, inner, "--nothing")
    terminal.flask("db", "current")
    terminal.training("--help")
    terminal.training()
    terminal.training("nothing")
    for name in TRAINING:
        terminal.training(name, "--help")


def flask_reads(terminal: Terminal) -> None:
    """List and show everything."""
    for line in (
        "users list", "users roles", "keys list", "corpus list", "versions list", "versions show v1",
        "versions show v2",
        "versions show v4", "versions show 99", "versions show x", "runs list", "runs show 1",
        "runs show 2", "runs show 3",
        "runs show 4", "runs show 99", "feedback export",
        "feedback export --format jsonl --status accepted",
        "feedback export --label male --version v1 --text z --since 2020-01-01",
        "feedback export --since x",
        "feedback export --status nothing", "feedback recount --check",
    ):  # fmt: skip
        terminal.flask(*line.split(" "))


def flask_writes(site: Site, terminal: Terminal) -> None:
    """Change something of everything, and be refused."""
    for line in (
        "users add cli@example.org --role admin", "users add cli@example.org", "users add nonsense",
        "users add x@example.org --role king", "users disable cli@example.org",
        "users enable cli@example.org",
        "users role cli@example.org reviewer", "users reset cli@example.org",
        "users reset nobody@example.org",
        "keys add Title --scope king", "keys add Title", "keys add Title --scope read --days 0",
        "keys revoke 2",
        "keys revoke 99", "feedback accept sasha", "feedback accept sasha --answer both --reason Yes",
        "feedback accept 123", "feedback reject nobody", "feedback recount",
        "corpus add {names} --name ours",
        "corpus add {names} --name No", "corpus remove nothing", "runs start --kind x",
        "runs start --set nothing=1",
        "runs start --kind scratch --set width=x", "runs start --corpus nothing", "runs cancel 1",
        "runs cancel 99",
        "versions promote 99", "versions promote v3", "versions rollback", "versions import {names}",
        "versions export v2 {out}/v2.safetensors", "versions export 99 {out}/v99.safetensors",
        "corpus remove ours",
        "setup",
    ):  # fmt: skip
        terminal.flask(*line.split(" "))
    wrong, kept = site.facts["out"] + "/wrong.csv", site.facts["out"] + "/answers.jsonl"
    terminal.flask("feedback", "export", kept)
    terminal.flask("feedback", "import", kept)
    with open(wrong, "w", encoding="utf-8") as file:
        file.write("name,label\nAnna,perhaps\n")
    terminal.flask("feedback", "import", wrong)
    terminal.flask("corpus", "add", wrong)


def flask_guesses(site: Site, terminal: Terminal, record: Record) -> None:
    """Guess a file, and be refused one."""
    table, out = site.facts["out"] + "/table.csv", site.facts["out"] + "/guessed.csv"
    with open(table, "w", encoding="utf-8") as file:
        file.write(TABLE)
    terminal.flask("guess", table, "-o", out)
    with open(out, encoding="utf-8") as file:
        record.note("the guessed file", file.read())
    for more in (
        (),
        ("--force", "--column", "2"),
        ("--force", "--column", "nothing"),
        ("--force", "--no-header"),
    ):
        terminal.flask("guess", table, "-o", out, *more)
    terminal.flask("guess", table, "-o", out + ".xlsx")
    terminal.flask("guess", site.facts["out"] + "/nothing.csv", "-o", out)


def training(site: Site, terminal: Terminal, record: Record) -> None:
    """Guess, evaluate, train and compare, as small as can be."""
    terminal.training("guess", "Giovanna", "Σοφία", "123")
    terminal.training("guess", "--jsonl", "Giovanna", "", "Torbern", "--artifact", "{tiny1}")
    terminal.training("guess", "--jsonl", typed="Anna\r\n\nKim\n")
    terminal.training("guess", "Anna", "--artifact", "{names}")
    terminal.training("corpus", "{names}")
    terminal.training("corpus", "{out}/nothing.csv")
    terminal.training("corpus", "{out}/wrong.csv")
    terminal.training("corpus", "--download", "http://example.org/names.zip")
    terminal.training("evaluate", "{names}")
    terminal.training("evaluate", "{names}", "--json", "--artifact", "{tiny2}")
    terminal.training(
        "fit", "{names}", *TINY, "--out", "{out}/fitted.safetensors", "--log", "{out}/log.jsonl"
    )
    with open(site.facts["out"] + "/log.jsonl", encoding="utf-8") as log:
        record.note("the log of fit", site.places.apply(log.read(), of_runs=True))
    terminal.training("fit", "{names}", *TINY, "--cell", "nothing")
    terminal.training("fit", "{names}", *TINY, "--dropout", "7")
    terminal.training(
        "fit", "{names}", *TINY, "--start", "{tiny1}", "--width", "8", "--out", "{out}/b.safetensors"
    )
    terminal.training("compare", "{names}", *TINY, "--names", "250", "--json")
    terminal.training("crossvalidate", "{names}", *TINY, "--names", "100", "--folds", "2")
    terminal.training("curves", "{names}", *TINY, "--names", "100", "--out", "{out}/curves.json")
    job(site, terminal, record)


def job(site: Site, terminal: Terminal, record: Record) -> None:
    """Let the trainer fail on a folder that holds no job; it needs a standard input that stays open."""
    command = [sys.executable, "-m", "training", "job", site.facts["out"]]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as trainer:
        assert trainer.stdout
        said = trainer.stdout.read()
        code = trainer.wait(timeout=120)
    record.note("python -m training job {out}", site.places.apply(f"exit {code}\n{said}", of_runs=True))
