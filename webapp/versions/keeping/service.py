"""A version's name and note, the archive, and what may be deleted."""

from sqlalchemy import exists, select, update

from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.languages.texts import gettext
from webapp.languages.words import N_
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
        raise Invalid(
            gettext(
                "A name has up to %(most)s characters, a note up to %(most2)s.",
                most=LONGEST_NAME,
                most2=LONGEST_NOTE,
            )
        )
    with writing() as session:
        version = versions.find_version(version_id)
        same = select(Version.id).where(Version.name == name, Version.id != version_id)
        if name and (other := session.scalar(same)):
            raise Conflict(gettext("v%(other)s is called so already.", other=other))
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
            raise Conflict(gettext("%(label)s stays. %(reason)s", label=version.label, reason=reason))
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
        return N_("It serves.")
    if previous and previous.id == version_id:
        return N_("It is what a roll-back leads to.")
    return ""


def why_kept(version_id: int) -> str:
    """Return why a version cannot be deleted, or nothing."""
    recent = select(Version.id).order_by(Version.id.desc()).limit(PROTECTED_NEWEST)
    is_archived = db.session.scalar(select(Version.archived_at).where(Version.id == version_id))
    if not is_archived and version_id in db.session.scalars(recent).all():
        return gettext("It is one of the %(n)s newest: archive it first.", n=PROTECTED_NEWEST)
    for column, sentence in _REFERENCES:
        if db.session.scalar(select(exists().where(column == version_id))):
            return sentence
    return ""


_REFERENCES = (
    (Promotion.version_id, N_("It has served.")),
    (Version.parent_id, N_("Another version was made from it.")),
    (Feedback.version_id, N_("Visitors have answered its guesses.")),
    (GameTally.version_id, N_("Visitors have played against it.")),
    (Run.champion_id, N_("A run compared its network with this one.")),
)


def remove(version_id: int, by: str) -> None:
    """Delete a version that nothing needs; raise Conflict, saying why, for one that is kept."""
    with writing() as session:
        version = versions.find_version(version_id)
        if reason := why_kept(version_id):
            raise Conflict(gettext("%(label)s stays. %(reason)s", label=version.label, reason=reason))
        # The run stays, for its page explains what was tried; it only loses its version.
        session.execute(update(Run).where(Run.version_id == version_id).values(version_id=None))
        session.delete(version)
        audit.note(session, by, Action.VERSION_DELETE, version.label, sha256=version.sha256)
