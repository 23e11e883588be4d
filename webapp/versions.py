"""Trained networks: import, list, promote, roll back."""

from sqlalchemy import select

from training import artifact
from webapp import revision
from webapp.database import writing
from webapp.errors import Invalid, NotFound
from webapp.extensions import db
from webapp.models import Promotion, Version


def find(version_id: int) -> Version:
    """Return the version, or raise NotFound."""
    version = db.session.get(Version, version_id)
    if version is None:
        raise NotFound(f"There is no version v{version_id}.")
    return version


def serving() -> Promotion | None:
    """Return the newest promotion, or None while nothing serves yet."""
    return db.session.scalars(select(Promotion).order_by(Promotion.id.desc()).limit(1)).first()


def add(data: bytes, origin: str, by: str, parent_id: int | None = None, note: str = "") -> Version:
    """Store an artifact as a new version; raise Invalid if it is not one that could serve."""
    try:
        loaded = artifact.load(data)
    except artifact.BadArtifact as error:
        raise Invalid(str(error)) from error
    with writing() as session:
        version = Version(
            created_by=by,
            origin=origin,
            parent_id=parent_id,
            note=note,
            sha256=loaded.sha256,
            weights=data,
            card=loaded.card,
            summary=summary(loaded.card),
        )
        session.add(version)
        revision.bump()
    return version


def summary(card: dict) -> dict:
    """Return the few figures of a card that lists show."""
    return {"settings": card.get("settings", {}), "holdout": card.get("holdout", {})}


def promote(version_id: int, by: str, reason: str = "", kind: str = "promote") -> Promotion:
    """Let a version serve from now on; it is loaded and checked first."""
    artifact.load(find(version_id).weights)
    with writing() as session:
        promotion = Promotion(version_id=version_id, by=by, reason=reason, kind=kind)
        session.add(promotion)
        revision.bump()
    return promotion


def ensure_first(data: bytes) -> Version | None:
    """Import and promote the shipped network if nothing serves yet; return it if so."""
    if serving():
        return None
    version = add(data, origin="shipped", by="nomen")
    promote(version.id, by="nomen", reason="The network that comes with Nomen.", kind="first")
    return version
