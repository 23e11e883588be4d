"""Builders with defaults, so that a test names only what it is about."""

import secrets
from datetime import date, timedelta
from typing import Any

from tests.support.networks import tiny_artifact
from webapp.feedback import service as feedback
from webapp.guessing.tokens import Claim
from webapp.models import Feedback, Tally
from webapp.models.enums import Origin
from webapp.presentation.dates import today
from webapp.storage import revision
from webapp.storage.database import writing
from webapp.versions import service as versions


def make_claim(name: str = "zuleika", guessed: str = "male", **more: Any) -> Claim:
    """Return the claim of a guess that v1 made for the visitor `ann`, unless told otherwise."""
    facts: dict[str, Any] = {
        "typed": name.title(),
        "name": name,
        "version_id": 1,
        "guessed": guessed,
        "p_female": 0.03 if guessed == "male" else 0.97,
        "visitor": "ann",
        "source": "guess",
        "nonce": "0",
    }
    return Claim(**facts | more)


def answer(name: str = "zuleika", says: str = "female", **more: Any) -> Feedback:
    """Store an answer; without more, Ann says that v1 was wrong about Zuleika."""
    return feedback.submit(make_claim(name, **more), says)


def correct(name: str, answer: str, visitor: str = "v", status: str = "accepted") -> Feedback:
    """Store a visitor's answer about v1 as it stands after review."""
    with writing() as session:
        row = Feedback(
            visitor=visitor,
            name=name,
            typed=name,
            version_id=1,
            guessed="male",
            p_female=0.2,
            answer=answer,
            status=status,
            day=date.today(),
            link=secrets.token_hex(8),
        )
        session.add(row)
    return row


def add_tally(n: int, guessed: str = "female", answer: str = "female", back: int = 0, **more: object) -> None:
    """Put `n` answers into the tally, `back` days ago."""
    status = "right" if guessed == answer else "pending"
    usual: dict[str, object] = {"version_id": 1, "source": "guess", "status": status, "taught": False}
    counted = {"day": today() - timedelta(days=back), "guessed": guessed, "answer": answer, "n": n}
    with writing() as session:
        session.add(Tally(**usual | counted | more))
        revision.bump(answered=True)


def add_version(seed: int = 1, **card: object) -> int:
    """Store one more tiny network and return its version's id."""
    return versions.add(tiny_artifact(seed, **card), origin=Origin.IMPORT, by="test").id


def promote_another(seed: int = 1) -> int:
    """Store one more tiny network, let it serve, and return its version's id."""
    return versions.promote(add_version(seed), by="ada").version_id
