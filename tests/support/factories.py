"""Builders with defaults, so that a test names only what it is about."""

from webapp.feedback import service as feedback
from webapp.guessing.tokens import Claim
from webapp.models import Feedback
from webapp.versions import service as versions


def make_claim(name: str = "zuleika", guessed: str = "male", **more: object) -> Claim:
    """Return the claim of a guess that v1 made for the visitor `ann`, unless told otherwise."""
    facts: dict = {
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


def answer(name: str = "zuleika", says: str = "female", **more: object) -> Feedback:
    """Store an answer; without more, Ann says that v1 was wrong about Zuleika."""
    return feedback.submit(make_claim(name, **more), says)


def add_version(seed: int) -> int:
    """Store one more tiny network and return its version's id."""
    from tests.conftest import tiny_artifact

    return versions.add(tiny_artifact(seed), origin="import", by="test").id
