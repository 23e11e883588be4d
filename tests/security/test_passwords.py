"""No password is known to anybody but whom it was given to."""

from flask import Flask
from sqlalchemy import select

from webapp.accounts import service as accounts
from webapp.extensions import db
from webapp.models import User


def test_no_account_has_a_password_that_everybody_knows(app: Flask) -> None:
    with app.app_context():
        given = {accounts.add(f"{n}@example.org", "admin", by="tests").password for n in range(5)}
    assert len(given) == 5 and min(map(len, given)) >= 16


def test_no_password_is_kept(app: Flask) -> None:
    with app.app_context():
        given = accounts.add("new@example.org", "admin", by="tests")
        kept = db.session.scalars(select(User.password).where(User.email == given.email)).one()
    assert kept and kept.startswith("$argon2id$") and given.password not in kept
