"""The site that is walked: its folder, its app as wsgi makes it, its browsers and its terminal.

Only what stays is used here: `create_app`, the `wsgi` module, `python -m training`, the environment, HTTP.
"""

import contextlib
import io
import os
import random
import re
import runpy
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from click.testing import CliRunner
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo
from werkzeug.test import TestResponse

from tests.contract.normalise import Placeholders, of_response
from tests.contract.record import Record

ROOT = Path(__file__).resolve().parents[2]
NAMES = Path(__file__).with_name("names.csv")
ABOUT_RUNS = re.compile(r"retraining|runs|admin|versions")
BAR = re.compile(r"\d+%|names/s|names \[|\d+it|it/s|s/it")
"""What a progress bar writes."""


class Site:
    """A folder and the app over it; `facts` are what addresses are filled with: links, ids by chance."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.facts: dict[str, str] = {}
        self.places = Placeholders()
        for path, name in ((folder, "folder"), (ROOT, "root"), (Path(sys.executable), "python")):
            self.places.learn(str(path), name)
        limits = {"GUESSES_PER_MINUTE": "100000", "ANSWERS_PER_MINUTE": "100000"}
        own = {"INSTANCE": str(folder / "instance"), "DATABASE_URL": "", "REDIS_URL": "", "COLUMNS": "100"}
        os.environ |= own | limits | {"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
        take_chance_out()
        self.app: Flask = open_app()

    def learn(self, name: str, value: str) -> str:
        """Keep something that chance made, to ask for it later and to leave it out of what is recorded."""
        self.facts[name] = value
        return self.places.learn(value, name)

    def wait_for(self, version_id: int) -> None:
        """Wait until the app answers with a version: it looks for a newer one a few times a second."""
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = "10.9.9.9"
        for _ in range(100):
            if client.get("/api/v1/guess?name=Anna").get_json().get("version") == f"v{version_id}":
                return
            time.sleep(0.1)
        raise AssertionError(f"v{version_id} does not serve")


def open_app(**overrides: Any) -> Flask:
    """Return the app over the environment's settings."""
    from webapp import create_app

    return create_app(overrides)


def take_chance_out() -> None:
    """Let every draw from the standard library's generators give what comes first in the alphabet."""

    def choice(self: random.Random, population: Sequence[Any]) -> Any:
        return min(population)

    def sample(self: random.Random, population: Sequence[Any], k: int, **_: Any) -> list[Any]:
        return sorted(population)[:k]

    random.Random.choice, random.Random.sample = choice, sample  # type: ignore[method-assign,assignment]
    random.choice = secrets.choice = min  # type: ignore[assignment]


def short(sent: Any) -> str:
    """Return what was sent as a title shows it."""
    text = str(sent)
    return text if len(text) < 400 else f"{text[:20]}… ({len(text):,} characters)"


class Browser:
    """A browser without JavaScript, at an address of its own, whose answers are recorded."""

    def __init__(self, site: Site, address: str, record: Record) -> None:
        self.site, self.record = site, record
        self.client = site.app.test_client()
        self.client.environ_base["REMOTE_ADDR"] = address

    def see(self, address: str, method: str = "GET", note: str = "", **headers: str) -> TestResponse:
        """Ask for an address, in which {facts} are filled in, and record the answer."""
        path = address.format(**self.site.facts)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.client.open(path, method=method, headers=named)
        return self._note(f"{method} {address}{note}", response)

    def post(
        self, address: str, form: Mapping[str, Any] | None = None, csrf: bool = True, **headers: str
    ) -> TestResponse:
        """Send a form as the site's pages do, and record the answer."""
        shown = ", ".join(f"{k}={short(v)}" for k, v in (form or {}).items() if isinstance(v, str | list))
        token = {"csrf_token": self._csrf()} if csrf else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        path = address.format(**self.site.facts)
        response = self.client.post(path, data={**token, **(form or {})}, headers=named)
        kept = f" {headers}" if headers else ""
        how = "" if csrf else " without CSRF"
        return self._note(f"POST {address} {{{shown}}}{how}{kept}".replace("\n", "\\n"), response)

    def post_json(self, address: str, sent: Any, note: str = "", **headers: str) -> TestResponse:
        """Send JSON (text as it is) and record the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        how = {"data": sent, "content_type": "application/json"} if isinstance(sent, str) else {"json": sent}
        response = self.client.post(address.format(**self.site.facts), headers=named, **how)
        return self._note(f"POST {address} {short(sent)}{note}", response)

    def log_in(self, email: str, password: str) -> TestResponse:
        """Log in."""
        return self.post("/login", {"email": email, "password": password})

    def guess(self, name: str, answer: str) -> TestResponse:
        """Guess a name on the first page, answer, and look at the thanks."""
        page = self.see(f"/?name={name}", note=" to answer").text
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token, f"no guess of {name}"
        response = self.post("/feedback", {"token": token[1], "answer": answer})
        return self.see(response.location) if response.status_code == 303 else response

    def _csrf(self) -> str:
        for page in ("/login", "/password", "/play"):
            found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get(page).text)
            if found:
                return found[1]
        raise AssertionError("no page holds a form")

    def _note(self, title: str, response: TestResponse) -> TestResponse:
        places = self.site.places
        of_runs = bool(ABOUT_RUNS.search(title))
        self.record.note(places.apply(title), of_response(response, places, of_runs))
        return response


class Terminal:
    """The commands, run in this process where that is the same and quicker; what they print is recorded."""

    def __init__(self, site: Site, record: Record) -> None:
        self.site, self.record = site, record
        self._info = ScriptInfo(app_import_path="wsgi:app")

    def flask(self, *arguments: str, note: str = "") -> str:
        """Run `flask --app wsgi …` and return its output."""
        done = CliRunner().invoke(FlaskGroup(), self._filled(arguments), obj=self._info, prog_name="flask")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        self._note(("flask", *arguments), note, done.exit_code, done.stdout, done.stderr)
        return done.stdout

    def training(self, *arguments: str, typed: str = "") -> str:
        """Run `python -m training …` and return its output."""
        out, err = io.StringIO(), io.StringIO()
        streams = contextlib.redirect_stdout(out), contextlib.redirect_stderr(err)
        argv = mock.patch.object(sys, "argv", ["training", *self._filled(arguments)])
        code: Any = 0
        with streams[0], streams[1], argv, mock.patch("sys.stdin", io.StringIO(typed)):
            try:
                runpy.run_module("training", run_name="__main__", alter_sys=True)
            except SystemExit as end:
                code = end.code
        self._note(("python -m training", *arguments), "", code, out.getvalue(), err.getvalue())
        return out.getvalue()

    def really(self, *arguments: str, note: str = "", **environment: str) -> str:
        """Run a Python module or script as a process of its own and return its output."""
        done = subprocess.run(
            [sys.executable, *self._filled(arguments)],
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        shown = [f"{name}={value}" for name, value in environment.items()]
        self._note((*shown, "python", *arguments), note, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def _filled(self, arguments: Sequence[str]) -> list[str]:
        return [argument.format(**self.site.facts) for argument in arguments]

    def _note(self, command: Sequence[str], note: str, code: Any, out: str, err: str) -> None:
        bars = [line for line in re.split(r"[\r\n]", err) if line.strip() and not BAR.search(line)]
        text = "\n".join([f"exit {code}", out.rstrip(), *(f"stderr: {line}" for line in bars)])
        title = self.site.places.apply(" ".join(command) + note)
        self.record.note(title, self.site.places.apply(text, of_runs=True))
