"""A version that was damaged where it lies."""

from pathlib import Path

import pytest
from flask import Flask

from tests.support.databases import damage
from tests.support.factories import add_version
from webapp.errors import Invalid
from webapp.extensions import db
from webapp.versions import service as versions


def test_a_version_that_was_damaged_where_it_lies_is_not_promoted(app: Flask, instance: Path) -> None:
    with app.app_context():
        version_id = add_version(7)
        db.session.rollback()
        damage(instance, version_id)
        with pytest.raises(Invalid, match="damaged"):
            versions.promote(version_id, by="ada")
        promotion = versions.serving()
    assert promotion and promotion.version_id == 1
