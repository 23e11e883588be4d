"""What the settings do: each on a site of its own over the same folder, and values that stop the start."""

import io
import os
import runpy
from typing import Any
from unittest import mock

from tests.contract.record import Record
from tests.contract.site import Browser, Site, Terminal, open_app

BAD = (
    {"PORT": "70000"}, {"HTTPS": "maybe"}, {"SECRET_KEY": "password"}, {"DATABASE_URL": "mysql://x"},
    {"REDIS_URL": "http://x"}, {"LOGIN_HOURS": "0"}, {"BATCH_MB": "-1"}, {"PROXIES": "10"},
    {"INSTANCE": "/proc/nothing"},
)  # fmt: skip


class Other:
    """The same site with other settings."""

    def __init__(self, site: Site, record: Record, **settings: Any) -> None:
        site_of_its_own = object.__new__(Site)
        site_of_its_own.__dict__ = {**site.__dict__, "app": open_app(**settings)}
        self.note = f" with {settings}".replace(str(site.folder), "<folder>")
        self.browser = Browser(site_of_its_own, f"10.0.5.{len(record.entries) % 250 + 1}", record)

    def see(self, address: str, **headers: str) -> None:
        """Ask for an address."""
        self.browser.see(address, note=self.note, **headers)

    def see_often(self, address: str, times: int) -> None:
        """Ask for an address, so many times."""
        for _ in range(times):
            self.see(address)


def every_setting(site: Site, record: Record) -> None:
    """Look at what each setting changes."""
    Other(site, record, METRICS=True).see("/metrics")
    Other(site, record, HTTPS=True).see("/?name=Anna")
    Other(site, record, TRUSTED_HOSTS=["nomen.example"]).see("/")
    Other(site, record, TRUSTED_HOSTS=["localhost"]).see("/")
    forwarded = {
        "X_Forwarded_For": "192.0.2.7",
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Host": "a.example",
    }
    Other(site, record, PROXIES=1).see("/n/giovanna", **forwarded)
    Other(site, record, PROXIES=0).see("/n/giovanna", **forwarded)
    Other(site, record, GUESSES_PER_MINUTE=2).see_often("/guess?name=Anna", 3)
    Other(site, record, GUESSES_PER_MINUTE=2).see_often("/?name=Anna", 3)
    Other(site, record, API_NAMES_PER_MINUTE=2).see_often("/api/v1/guess?name=Anna", 3)
    Other(site, record, GENDERIZE_PER_DAY=2).see_often("/genderize?name[]=Anna&name[]=Kim", 2)
    Other(site, record, GENDERIZE_BATCH=1).see("/genderize?name[]=Anna&name[]=Kim")
    Other(site, record, ANSWERS_PER_MINUTE=1).browser.guess("Anna", "right")
    small = Other(site, record, BATCH_MB=1).browser
    small.post("/batch", {"file": (io.BytesIO(b"Anna\n" * 250_000), "long.csv")})
    small.post("/feedback", {"token": "x" * 70_000, "answer": "male"}, csrf=False)
    small.post_json("/api/v1/guess", '{"names": ["' + "x" * 70_000 + '"]}')
    with_nothing(site, record)


def with_nothing(site: Site, record: Record) -> None:
    """Look at a site without tables, without a corpus, without a network."""
    empty = Other(site, record, INSTANCE=str(site.folder / "empty"))
    for address in (
        "/",
        "/?name=Anna",
        "/readyz",
        "/healthz",
        "/scoreboard",
        "/api/v1/guess?name=Anna",
        "/surprise",
    ):
        empty.see(address)


def bad_settings(terminal: Terminal) -> None:
    """Start with values that cannot be used."""
    terminal.really("-c", "import wsgi", PORT="x")
    for setting in BAD:
        with mock.patch.dict(os.environ, setting):
            try:
                said = str(runpy.run_module("wsgi")["app"])
            except SystemExit as end:
                said = str(end)
        terminal.record.note(f"wsgi with {setting}", said)
