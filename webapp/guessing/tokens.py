"""The signed token of a guess: an answer can only be about a guess that this site made for this visitor."""

import secrets
from dataclasses import dataclass
from typing import Protocol

from flask import current_app
from itsdangerous import BadSignature, SignatureExpired

from training.names import Label
from webapp.errors import Forbidden, Invalid
from webapp.languages.texts import gettext
from webapp.models.enums import Source
from webapp.storage.secret_key import Serializer

_SALT = "nomen-guess-1"  # a token of another kind, signed with the same key, is none of these


class Guessed(Protocol):
    """What a token needs of a guess: `predictor.Guess` has it, and this module needs no network."""

    @property
    def typed(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def version_id(self) -> int: ...
    @property
    def told(self) -> Label: ...
    @property
    def p_female(self) -> float: ...


@dataclass(frozen=True)
class Claim:
    """A guess that this site made, as its token proves it."""

    typed: str
    name: str
    version_id: int
    guessed: Label
    p_female: float
    visitor: str
    source: Source
    nonce: str


def make(guess: Guessed, visitor: str, source: Source = Source.GUESS) -> str:
    """Return the token of `guess` for `visitor`, who answers it at `source`; raise ValueError for another."""
    nonce = secrets.token_hex(8)
    facts = (
        guess.typed,
        guess.name,
        guess.version_id,
        guess.told,
        guess.p_female,
        visitor,
        Source(source),
        nonce,
    )
    return _serializer().dumps(facts)


def read_token(token: str, visitor: str | None) -> Claim:
    """Return what `token` proves.

    Raises Invalid if it is altered or too old, Forbidden if it was made for another visitor.
    """
    hours = current_app.config["TOKEN_HOURS"]
    try:
        claim = _claim(*_serializer().loads(token, max_age=hours * 3600))
    # First, for it is a kind of BadSignature.
    except SignatureExpired as error:
        raise Invalid(
            gettext(
                "This guess is more than %(hours)s hours old: guess the name again, then answer.", hours=hours
            )
        ) from error
    except BadSignature as error:
        raise Invalid(
            gettext("This answer does not belong to a guess that this site made."), "token"
        ) from error
    # Compared in constant time, so that nobody finds an id out letter by letter.
    if visitor is None or not secrets.compare_digest(claim.visitor, visitor):
        raise Forbidden(
            gettext("This guess was made for somebody else: guess the name yourself, then answer.")
        )
    return claim


def _claim(
    typed: str,
    name: str,
    version_id: int,
    guessed: str,
    p_female: float,
    visitor: str,
    source: str,
    nonce: str,
) -> Claim:
    return Claim(typed, name, version_id, Label(guessed), p_female, visitor, Source(source), nonce)


def _serializer() -> Serializer:
    return Serializer(current_app.config["SECRET_KEY"], salt=_SALT)
