"""Tokens prove a guess, to its own visitor, for a while."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from webapp.errors import Forbidden, Invalid
from webapp.guessing import predictor, tokens
from webapp.storage.secret_key import Serializer


@pytest.fixture
def token(app: Flask) -> str:
    with app.app_context():
        return tokens.make(predictor.get().current().guess("Zuleika"), "ann")


def test_a_token_proves_the_guess_it_was_made_for(app: Flask, token: str) -> None:
    with app.app_context():
        guess = predictor.get().current().guess("Zuleika")
        claim = tokens.read_token(token, "ann")
    assert (claim.typed, claim.name, claim.version_id) == ("Zuleika", "zuleika", 1)
    assert (claim.guessed, claim.p_female) == (guess.label, guess.p_female)


def test_two_tokens_of_one_guess_differ(app: Flask, token: str) -> None:
    with app.app_context():
        assert tokens.make(predictor.get().current().guess("Zuleika"), "ann") != token


@pytest.mark.parametrize("other", ["bob", "", None])
def test_another_visitors_token_is_forbidden(app: Flask, token: str, other: str | None) -> None:
    with app.app_context(), pytest.raises(Forbidden):
        tokens.read_token(token, other)


@pytest.mark.parametrize("place", range(0, 200, 9))
def test_an_altered_token_is_refused(app: Flask, token: str, place: int) -> None:
    place %= len(token)
    altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    with app.app_context(), pytest.raises(Invalid):
        tokens.read_token(altered, "ann")


@pytest.mark.parametrize("nonsense", ["", ".", "a.b.c", "null", "é", "\0", "x" * 10_000])
def test_nonsense_is_refused(app: Flask, nonsense: str) -> None:
    with app.app_context(), pytest.raises(Invalid):
        tokens.read_token(nonsense, "ann")


def test_a_token_signed_with_another_key_is_refused(app: Flask) -> None:
    forged = URLSafeTimedSerializer("x" * 48, salt="nomen-guess-1").dumps(["Anna"] * 8)
    with app.app_context(), pytest.raises(Invalid):
        tokens.read_token(forged, "ann")


def test_a_token_expires(app: Flask, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    later = datetime.now(UTC) + timedelta(hours=25)
    monkeypatch.setattr("itsdangerous.timed.time.time", later.timestamp)
    with app.app_context(), pytest.raises(Invalid, match="more than 24 hours old"):
        tokens.read_token(token, "ann")


def test_a_token_needs_a_source_that_exists(app: Flask) -> None:
    with app.app_context(), pytest.raises(ValueError, match="Source"):
        tokens.make(predictor.get().current().guess("Anna"), "ann", source="mail")


@pytest.mark.parametrize("facts", [["zuleika", 1], ["a" * 2000, 1]])
def test_what_was_signed_before_and_after_is_read_compressed_or_not(facts: list[object]) -> None:
    ours = Serializer("k" * 32, salt="s")
    theirs = URLSafeTimedSerializer("k" * 32, salt="s")
    assert ours.loads(theirs.dumps(facts)) == theirs.loads(ours.dumps(facts)) == facts
    assert len(ours.dumps(facts)) < 512
