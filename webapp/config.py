"""Every setting, read from the environment, parsed strictly: a bad value stops the start with a sentence."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.names import PLACEHOLDERS, Placeholders

_PACKAGE = Path(__file__).resolve().parent
IS_INSTALLED = (_PACKAGE / "site").is_dir()
"""Whether this is an installed package; a checkout has the folders beside its packages (setup.py)."""
ROOT = _PACKAGE / "site" if IS_INSTALLED else _PACKAGE.parent
"""Where templates, static files, migrations and wsgi.py are."""


def _own_folder() -> Path:
    if not IS_INSTALLED:
        return ROOT / "instance"
    # Nothing is written among installed packages; by the XDG Base Directory Specification.
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "nomen"


class BadSetting(ValueError):
    """A setting cannot be used; the message says which, why, and what to set."""


@dataclass(frozen=True)
class Setting:
    """One environment variable: how it is read and what it means."""

    name: str
    default: str
    parse: Callable[[str], Any]
    meaning: str

    def read(self, environment: Mapping[str, str]) -> Any:
        """Return the parsed value, or raise BadSetting."""
        # An empty variable counts as none: compose files and unit files set such.
        text = environment.get(self.name) or self.default
        try:
            return self.parse(text)
        except ValueError as error:
            raise BadSetting(f"{self.name}={text!r} cannot be used: {error}") from error


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from `low` to `high`."""

    def parse(text: str) -> int:
        # int() would also take "1_000", " 7 " and digits of other scripts.
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"set a whole number from {low:,} to {high:,}.")
        return int(text)

    return parse


def switch(text: str) -> bool:
    """Parse on or off."""
    try:
        return {"on": True, "off": False}[text]
    except KeyError:
        raise ValueError("set on or off.") from None


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a parser that takes one word among a few."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"set {' or '.join(choices)}.")
        return text

    return parse


def days_or_off(text: str) -> int | None:
    """Parse a number of days; None for off."""
    return None if text == "off" else whole(1, 36_500)(text)


def words(text: str) -> list[str]:
    """Parse a list with commas between."""
    return [word.strip() for word in text.split(",") if word.strip()]


def placeholders(text: str) -> Placeholders:
    """Parse what stands for no name: changes to the list that training/names/data/placeholders.toml holds."""
    return PLACEHOLDERS.changed(words(text))


def address(what: str, *schemes: str) -> Callable[[str], str]:
    """Return a parser of addresses that begin with one of `schemes`, or are empty."""

    def parse(text: str) -> str:
        if text and not text.startswith(tuple(f"{scheme}://" for scheme in schemes)):
            raise ValueError(f"set {what} that begins with {schemes[0]}://, or nothing.")
        return text

    return parse


def text(value: str) -> str:
    """Take a value as it is."""
    return value


def folder(value: str) -> str:
    """Take a folder; a relative one is under where the site was started."""
    return str(Path(value).resolve())


POSTGRESQL = address("an address", "postgresql", "postgres", "postgresql+psycopg")
REDIS = address("an address", "redis", "rediss", "unix")

SETTINGS = (
    Setting("HOST", "127.0.0.1", text, "the address to listen on"),
    Setting("PORT", "8000", whole(1, 65535), "the port to listen on"),
    Setting("WEB_WORKERS", "2", whole(1, 64), "web processes"),
    Setting("WEB_THREADS", "8", whole(1, 64), "threads of each web process"),
    Setting(
        "WEB_DRAIN_SECONDS",
        "4",
        whole(1, 3600),
        "how long a web process that is told to stop may finish what it began: the longest download",
    ),
    Setting("INSTANCE", str(_own_folder()), folder, "the folder that the site writes to"),
    Setting(
        "DATABASE_URL", "", POSTGRESQL, "a PostgreSQL address; without one, SQLite in the instance folder"
    ),
    Setting(
        "PREPARED_STATEMENTS",
        "on",
        switch,
        "off where a pool of transactions, such as PgBouncer, stands in front of PostgreSQL",
    ),
    Setting("REDIS_URL", "", REDIS, "a Redis address for the queue and the limits; without one, SQLite"),
    Setting(
        "FILES_URL",
        "",
        address("an address", "file", "s3"),
        "where uploads and checkpoints are kept, for several machines: file:///a/shared/folder or "
        "s3://bucket/prefix; without one, in the instance folder",
    ),
    Setting(
        "SECRET_KEY",
        "",
        text,
        "signs cookies and tokens; without one, a random one is kept in the instance folder",
    ),
    Setting("TRUSTED_HOSTS", "", words, "the host names the site answers to; without any, all"),
    Setting("PROXIES", "0", whole(0, 9), "how many reverse proxies stand in front and set X-Forwarded-For"),
    Setting("HTTPS", "off", switch, "on when visitors come by TLS: secure cookies and HSTS"),
    Setting("LOGIN_HOURS", "12", whole(1, 720), "how long a log-in of staff lasts, in hours"),
    Setting(
        "REQUIRE_SECOND_FACTOR",
        "off",
        switch,
        "on to let staff in only with a second factor: a code of an app beside the password",
    ),
    Setting("TOKEN_HOURS", "24", whole(1, 720), "how long an answer to a guess is taken, in hours"),
    Setting(
        "GUESSES_PER_MINUTE", "240", whole(1, 1_000_000), "guesses that one address may ask for in a minute"
    ),
    Setting("ANSWERS_PER_MINUTE", "60", whole(1, 1_000_000), "answers that one address may give in a minute"),
    Setting("ACCESS_LOG", "off", switch, "on to log every request, without address and query"),
    Setting("LOG_FORMAT", "text", one_of("text", "json"), "json for log lines that programs read"),
    Setting(
        "API_NAMES_PER_MINUTE",
        "6000",
        whole(1, 1_000_000_000),
        "names a minute that one address or key may ask /api for",
    ),
    Setting("BATCH_MB", "200", whole(1, 10_000), "the largest file that /batch and /api take, in MB"),
    Setting(
        "FILES_PER_HOUR",
        "60",
        whole(1, 1_000_000),
        "files an hour that one address may bring to /batch, and one address or key to /api",
    ),
    Setting("GENDERIZE_BATCH", "100", whole(1, 1_000), "names that one request to /genderize may hold"),
    Setting(
        "GENDERIZE_PER_DAY",
        "100000",
        whole(1, 1_000_000_000),
        "names a day that one address or key may ask /genderize for",
    ),
    Setting(
        "KEEP_ANSWERS_DAYS",
        "off",
        days_or_off,
        "days after which visitors' answers and games are deleted; off keeps them until they delete them",
    ),
    Setting(
        "PLACEHOLDERS",
        "",
        placeholders,
        "more words that stand for no name, with commas between; with ! before it a word is a name after all",
    ),
    Setting("RUN_HOURS", "12", whole(1, 240), "the longest a training run may take, in hours"),
    Setting("METRICS", "off", switch, "on to publish /metrics for Prometheus"),
    Setting("METRICS_TOKEN", "", text, "who may read /metrics; without one, this machine alone"),
)


def read_settings(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return every setting by its name; raise BadSetting for the first that cannot be used."""
    return {setting.name: setting.read(environment) for setting in SETTINGS}
