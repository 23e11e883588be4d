"""How much one key or one address may ask for in a while: one storage for all limits and all web processes.

It counts in Redis where one is set, else in a file of the instance folder, both what is spent here and what
Flask-Limiter counts for pages. A count is worth less than an answer: while the storage cannot be used (a full
disk, Redis away), each process counts for itself and goes on answering.
"""

import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, current_app, g
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from webapp import addresses
from webapp.extensions import limiter
from webapp.storage import quota_storage

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
BATCHES, SETTLE_SECONDS = 100, 1.0
MOST_ACCOUNTS = 20_000
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


@dataclass
class Account:
    """One quota of one asker, as this process knows it."""

    spent: int = 0
    """By all processes together, when it was last settled."""
    mine: int = 0
    """Spent here since then."""
    ends: float = 0.0
    """When the window ends, in seconds since 1970."""
    settle_at: float = 0.0
    """On the monotonic clock."""


class Batches:
    """Counts in memory, and settles with the storage that all processes share in batches.

    A process holds back at most a hundredth of a limit, and for a second of spending. So another process may
    grant so much too much, and nothing else is lost if one is killed. Where less than two hundredths are
    left, and so always for limits below a hundred, every count is settled at once.
    """

    def __init__(self, counter: FixedWindowRateLimiter) -> None:
        self.counter = counter
        self._accounts: dict[tuple[RateLimitItem, str], Account] = {}
        self._lock = threading.Lock()

    def spend(self, item: RateLimitItem, who: str, cost: int) -> Allowance:
        """Take `cost` off a quota if so much is left, and nothing if not."""
        now = time.time()
        with self._lock:
            account = self._accounts.setdefault((item, who), Account())
            if self._may_wait(account, item, cost, now):
                account.mine += cost
                left = item.amount - account.spent - account.mine
                return Allowance(item.amount, left, max(0, round(account.ends - now)))
            # Taken out before the storage is asked: two threads must not settle the same.
            held, account.mine = account.mine, 0
            if len(self._accounts) > MOST_ACCOUNTS:
                self._forget()
        if held and account.ends > now:  # of a window that is over it counts no more
            self.counter.hit(item, who, cost=held)
        return self._settled(account, item, who, cost)

    def _may_wait(self, account: Account, item: RateLimitItem, cost: int, now: float) -> bool:
        batch = item.amount // BATCHES
        is_open = now < account.ends <= now + item.get_expiry()  # the clock may have been set back
        is_soon = time.monotonic() < account.settle_at and account.mine + cost <= batch
        return is_open and is_soon and account.spent + account.mine + cost <= item.amount - 2 * batch

    def _settled(self, account: Account, item: RateLimitItem, who: str, cost: int) -> Allowance:
        # Asked first: `hit` counts what is refused too, and who asks too much would never get anything.
        granted = self.counter.test(item, who, cost=cost) and self.counter.hit(item, who, cost=cost)
        stats = self.counter.get_window_stats(item, who)
        with self._lock:
            account.spent, account.ends = item.amount - stats.remaining, stats.reset_time
            account.settle_at = time.monotonic() + SETTLE_SECONDS
        reset = max(0, round(stats.reset_time - time.time()))
        return Allowance(item.amount, stats.remaining, reset, granted)

    def _forget(self) -> None:
        # Those that hold nothing back; what the others hold goes to the storage when they spend again.
        self._accounts = {key: account for key, account in self._accounts.items() if account.mine}
        if len(self._accounts) > MOST_ACCOUNTS:
            self._accounts.clear()


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
    # Each limit stands at its view, which looks at it: the library's look before every request finds none.
    looks = app.before_request_funcs[None]
    looks[:] = [look for look in looks if getattr(look, "__self__", None) is not limiter]
    storage = storage_from_string(SHARED_OR_OWN, shared=address)
    app.extensions["quotas"] = Batches(FixedWindowRateLimiter(storage))


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
    batches: Batches = current_app.extensions["quotas"]
    # "limit per `seconds` seconds"; the namespace keeps kinds of quota apart.
    return batches.spend(RateLimitItemPerSecond(limit, seconds, namespace=kind), who, cost)


def look(kind: str, who: str, limit: int, seconds: int) -> Allowance:
    """Return what is left of a quota."""
    return spend(kind, who, 0, limit, seconds)
