"""How much one key or one address may ask for in a while, counted in names, shared by all processes."""

import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from flask import Flask, current_app
from limits import RateLimitItemPerSecond
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from webapp.addresses import network
from webapp.models import ApiKey
from webapp.storage import login_throttle, quota_storage

MINUTE, DAY = 60, 24 * 3600
FILE = quota_storage.QuotaFile.STORAGE_SCHEME[0]


@dataclass(frozen=True)
class Allowance:
    """What is left of a quota; `granted` says whether what was asked for was still in it."""

    limit: int
    remaining: int
    reset: int
    """Seconds until the window ends."""
    granted: bool = True


def configure(app: Flask) -> None:
    """Choose where quotas are counted: in Redis where one is set, in a file of the instance folder else."""
    path = Path(app.config["INSTANCE"]).resolve() / "quota.db"
    address = app.config["REDIS_URL"] or f"{FILE}://{quote(str(path))}"
    app.extensions["quota"] = FixedWindowRateLimiter(storage_from_string(address))


def asker(key: ApiKey | None, address: str | None) -> str:
    """Return whose quota it is: the key's, or that of an address, of which only a keyed hash is kept."""
    return f"key:{key.id}" if key else login_throttle.key("address", network(address))


def spend(kind: str, who: str, cost: int, limit: int, seconds: int) -> Allowance:
    """Take `cost` off a quota of `limit` a window of `seconds` if so much is left, and nothing if not."""
    counter: FixedWindowRateLimiter = current_app.extensions["quota"]
    item = RateLimitItemPerSecond(limit, seconds, namespace=kind)
    granted = counter.test(item, who, cost=cost) and counter.hit(item, who, cost=cost)
    stats = counter.get_window_stats(item, who)
    return Allowance(limit, stats.remaining, max(0, round(stats.reset_time - time.time())), granted)


def look(kind: str, who: str, limit: int, seconds: int) -> Allowance:
    """Return what is left of a quota."""
    return spend(kind, who, 0, limit, seconds)
