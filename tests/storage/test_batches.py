"""Quotas are counted in memory and settled in batches, within the bound that is told."""

import time

import pytest
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from webapp.storage.quotas import BATCHES, Batches

LARGE = RateLimitItemPerSecond(10_000, 3600)


@pytest.fixture
def shared() -> FixedWindowRateLimiter:
    """What two processes settle with."""
    return FixedWindowRateLimiter(MemoryStorage())


def settled(shared: FixedWindowRateLimiter, item: RateLimitItemPerSecond = LARGE) -> int:
    return item.amount - shared.get_window_stats(item, "ann").remaining


def test_little_is_held_back(shared: FixedWindowRateLimiter) -> None:
    process = Batches(shared)
    for n in range(1, 1_001):
        process.spend(LARGE, "ann", 1)
        assert 0 <= n - settled(shared) <= LARGE.amount // BATCHES


def test_what_is_held_back_is_told_as_spent(shared: FixedWindowRateLimiter) -> None:
    process = Batches(shared)
    assert [process.spend(LARGE, "ann", 1).remaining for _ in range(4)] == [9_999, 9_998, 9_997, 9_996]


def test_it_is_settled_after_a_while(shared: FixedWindowRateLimiter, monkeypatch: pytest.MonkeyPatch) -> None:
    process = Batches(shared)
    for _ in range(3):
        process.spend(LARGE, "ann", 1)
    assert settled(shared) == 1
    monkeypatch.setattr("webapp.storage.quotas.SETTLE_SECONDS", 0)
    process._accounts[LARGE, "ann"].settle_at = time.monotonic() - 1
    process.spend(LARGE, "ann", 1)
    assert settled(shared) == 4


def test_two_processes_grant_a_hundredth_too_much_at_most(shared: FixedWindowRateLimiter) -> None:
    one, other = Batches(shared), Batches(shared)
    granted = 0
    for _ in range(LARGE.amount):
        granted += one.spend(LARGE, "ann", 1).granted
        granted += other.spend(LARGE, "ann", 1).granted
    assert LARGE.amount <= granted <= LARGE.amount + LARGE.amount // BATCHES


@pytest.mark.parametrize("limit", [1, 5, 99])
def test_small_limits_are_exact(shared: FixedWindowRateLimiter, limit: int) -> None:
    item = RateLimitItemPerSecond(limit, 3600)
    one, other = Batches(shared), Batches(shared)
    granted = [process.spend(item, "ann", 1).granted for _ in range(limit) for process in (one, other)]
    assert sum(granted) == limit


def test_what_is_not_granted_costs_nothing(shared: FixedWindowRateLimiter) -> None:
    process = Batches(shared)
    assert not process.spend(LARGE, "ann", 10_001).granted
    assert process.spend(LARGE, "ann", 10_000).granted


def test_askers_do_not_spend_each_other_s(shared: FixedWindowRateLimiter) -> None:
    process = Batches(shared)
    process.spend(LARGE, "ann", 500)
    assert process.spend(LARGE, "bob", 1).remaining == 9_999


def test_a_clock_that_is_set_back_closes_no_quota(
    shared: FixedWindowRateLimiter, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Batches(shared)
    process.spend(LARGE, "ann", 1)
    account = process._accounts[LARGE, "ann"]
    account.ends += 10_000  # as one that was opened before the clock was set back
    process.spend(LARGE, "ann", 1)
    assert account.ends <= time.time() + 3600


def test_many_askers_are_not_remembered_for_ever(
    shared: FixedWindowRateLimiter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.storage.quotas.MOST_ACCOUNTS", 10)
    process = Batches(shared)
    for n in range(100):
        process.spend(LARGE, str(n), 1)
    assert len(process._accounts) <= 12
