"""How much one key or one address may ask for in a while: one storage for all limits and all web processes.

It counts in Redis where one is set, else in a file of the instance folder, both what is spent here and what
Flask-Limiter counts for pages. A count is worth less than an answer: while the storage cannot be used (a full
disk, Redis away), each process counts for itself and goes on answering.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, current_app, g
from limits import RateLimitItemPerSecond
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from webapp import addresses
from webapp.extensions import limiter
from webapp.storage import quota_storage

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
FILE = quota_storage.QuotaFile.STORAGE_SCHEME[0]
SHARED_OR_OWN = f"{quota_storage.SharedOrOwn.STORAGE_SCHEME[0]}://"


@dataclass(frozen=True)
class Allowance:
    """What is left of a quota; `granted` says whether what was asked for was still in it."""

    limit: int
    remaining: int
    reset: int
    """Seconds until the window ends."""
    granted: bool = True


def configure(app: Flask) -> None:
    """Choose where everything is counted; Flask-Limiter is bound to the same storage."""
    path = Path(app.config["INSTANCE"]).resolve() / "quota.db"
    address = app.config["REDIS_URL"] or f"{FILE}://{quote(str(path))}"
    # Flask-Limiter's own fallback lets fail what is under way when Redis goes.
    app.config["RATELIMIT_STORAGE_URI"] = SHARED_OR_OWN
    app.config["RATELIMIT_STORAGE_OPTIONS"] = {"shared": address}
    app.config.setdefault("RATELIMIT_ENABLED", True)
    app.after_request(_keep_retry_after)  # what is registered first runs last: after Flask-Limiter
    limiter.init_app(app)
    storage = storage_from_string(SHARED_OR_OWN, shared=address)
    app.extensions["quotas"] = FixedWindowRateLimiter(storage)


def retry_after(response: Response, seconds: int) -> Response:
    """Say in a refusal after how many seconds to try again.

    Flask-Limiter would write when its window ends over it, whatever the refusal is for.
    """
    g.retry_after = str(seconds)
    response.headers["Retry-After"] = g.retry_after
    return response


def _keep_retry_after(response: Response) -> Response:
    if "retry_after" in g:
        response.headers["Retry-After"] = g.retry_after
    return response


def asker(key_id: int | None, address: str | None) -> str:
    """Return whose quota it is: a key's, or that of an address, of which only a keyed hash is kept."""
    return f"key:{key_id}" if key_id else addresses.asker(address)


def spend(kind: str, who: str, cost: int, limit: int, seconds: int) -> Allowance:
    """Take `cost` off a quota of `limit` a window of `seconds` if so much is left, and nothing if not."""
    counter: FixedWindowRateLimiter = current_app.extensions["quotas"]
    # "limit per `seconds` seconds"; the namespace keeps kinds of quota apart.
    item = RateLimitItemPerSecond(limit, seconds, namespace=kind)
    # Asked first: `hit` counts what is refused too, and who asks too much would never get anything.
    granted = counter.test(item, who, cost=cost) and counter.hit(item, who, cost=cost)
    stats = counter.get_window_stats(item, who)
    return Allowance(item.amount, stats.remaining, max(0, round(stats.reset_time - time.time())), granted)


def look(kind: str, who: str, limit: int, seconds: int) -> Allowance:
    """Return what is left of a quota."""
    return spend(kind, who, 0, limit, seconds)
