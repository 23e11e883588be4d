"""Versions whose weights were damaged where they lie: found, and put back where the same ones are at hand."""

import hashlib

from sqlalchemy import select

from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.languages.texts import gettext
from webapp.models import Version
from webapp.models.enums import Action
from webapp.storage.database import writing
from webapp.versions import service as versions


def trouble_of_serving() -> str:
    """Return why the version that was promoted last cannot serve, or nothing."""
    champion = versions.serving()
    if champion is None:
        return ""
    try:
        # Loaded as the site would: a hash alone says nothing of whether the network can answer.
        versions.check(versions.data(champion.version_id))
    except Invalid as error:
        return gettext("%(label)s cannot be read: %(error)s", label=champion.version.label, error=error)
    return ""


def damaged() -> list[Version]:
    """Return the versions whose weights are not what was stored."""
    found = []
    # The weights are read one version at a time, so that the memory of one is enough.
    for version_id, sha256 in db.session.execute(select(Version.id, Version.sha256)).all():
        if hashlib.sha256(versions.data(version_id)).hexdigest() != sha256:
            found.append(versions.find_version(version_id))
    return found


def put_back(version_id: int, original: bytes, by: str) -> None:
    """Store the weights of a damaged version again; raise Conflict unless they are the very ones."""
    with writing() as session:
        version = versions.find_version(version_id)
        if versions.check(original).sha256 != version.sha256:
            raise Conflict(gettext("These are not the weights of %(label)s.", label=version.label))
        version.weights = original
        audit.note(session, by, Action.VERSION_REPAIR, version.label, sha256=version.sha256)
