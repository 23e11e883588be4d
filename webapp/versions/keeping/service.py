"""A version's name and note, the archive, and what may be deleted."""

from sqlalchemy import exists, select, update

from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import Feedback, GameTally, Promotion, Run, Version, now
from webapp.models.enums import Action
from webapp.storage import revision
from webapp.storage.database import writing
from webapp.versions import service as versions

PROTECTED_NEWEST = 3  # of the newest versions; older ones, and those in the archive, may be deleted
LONGEST_NAME = 64
LONGEST_NOTE = 500


def describe(version_id: int, name: str, note: str, by: str) -> Version:
    """Give a version a name and a note; raise Invalid for one that is too long, or another version's name."""
    name, note = " ".join(name.split()), note.strip()
    if len(name) > LONGEST_NAME or len(note) > LONGEST_NOTE:
        raise Invalid(f"A name has up to {LONGEST_NAME} characters, a note up to {LONGEST_NOTE}.")
    with writing() as session:
        version = versions.find_version(version_id)
        same = select(Version.id).where(Version.name == name, Version.id != version_id)
        if name and (other := session.scalar(same)):
            raise Conflict(f"v{other} is called so already.")
        changes = {
            field: new for field, new in (("name", name), ("note", note)) if new != getattr(version, field)
        }
        if changes:
            version.name, version.note = name, note
            revision.bump()
            audit.note(session, by, Action.VERSION_CHANGE, version.label, **changes)
    return version


def archive(version_id: int, by: str) -> Version:
    """Put a version away: lists leave it out, and it cannot serve. Raise Conflict where it is needed."""
    with writing() as session:
        version = versions.find_version(version_id)
        if reason := why_in_use(version_id):
            raise Conflict(f"{version.label} stays. {reason}")
        if version.archived_at is None:
            version.archived_at = now()
            revision.bump()
            audit.note(session, by, Action.VERSION_ARCHIVE, version.label)
    return version


def restore(version_id: int, by: str) -> Version:
    """Bring a version back from the archive."""
    with writing() as session:
        version = versions.find_version(version_id)
        if version.archived_at is not None:
            version.archived_at = None
            revision.bump()
            audit.note(session, by, Action.VERSION_RESTORE, version.label)
    return version


def why_in_use(version_id: int) -> str:
    """Return why a version cannot be put away, or nothing."""
    serving, previous = versions.serving(), versions.previous()
    if serving and serving.version_id == version_id:
        return "It serves."
    if previous and previous.id == version_id:
        return "It is what a roll-back leads to."
    return ""


def why_kept(version_id: int) -> str:
    """Return why a version cannot be deleted, or nothing."""
    recent = select(Version.id).order_by(Version.id.desc()).limit(PROTECTED_NEWEST)
    is_archived = db.session.scalar(select(Version.archived_at).where(Version.id == version_id))
    if not is_archived and version_id in db.session.scalars(recent).all():
        return f"It is one of the {PROTECTED_NEWEST} newest: archive it first."
    for column, sentence in _REFERENCES:
        if db.session.scalar(select(exists().where(column == version_id))):
            return sentence
    return ""


_REFERENCES = (
    (Promotion.version_id, "It has served."),
    (Version.parent_id, "Another version was made from it."),
    (Feedback.version_id, "Visitors have answered its guesses."),
    (GameTally.version_id, "Visitors have played against it."),
    (Run.champion_id, "A run compared its network with this one."),
)


def remove(version_id: int, by: str) -> None:
    """Delete a version that nothing needs; raise Conflict, saying why, for one that is kept."""
    with writing() as session:
        version = versions.find_version(version_id)
        if reason := why_kept(version_id):
            raise Conflict(f"{version.label} stays. {reason}")
        # The run stays, for its page explains what was tried; it only loses its version.
        session.execute(update(Run).where(Run.version_id == version_id).values(version_id=None))
        session.delete(version)
        audit.note(session, by, Action.VERSION_DELETE, version.label, sha256=version.sha256)
