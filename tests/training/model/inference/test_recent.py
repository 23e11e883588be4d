"""What is remembered is bounded, and what is asked for stays."""

from training.model.inference.recent import Recent


def test_it_keeps_as_many_as_it_should_and_twice_as_many_at_most() -> None:
    recent: Recent[int, int] = Recent(3)
    for n in range(20):
        recent.put(n, n * n)
    kept = [n for n in reversed(range(20)) if recent.get(n) is not None]  # to ask for one makes it newer
    assert {17, 18, 19} <= set(kept) and len(kept) <= 6


def test_what_is_asked_for_stays() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("anna", 1)
    for n in range(20):
        recent.put(str(n), n)
        assert recent.get("anna") == 1


def test_what_was_never_put_in_is_not_there() -> None:
    assert Recent[str, int](2).get("anna") is None
