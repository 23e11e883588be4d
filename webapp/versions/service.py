"""Trained networks: import, list, promote, roll back, delete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, undefer

from training.evaluation.card_types import ModelCard
from training.model import artifact
from training.model.artifact import Contents
from training.names import Label
from webapp.audit import trail as audit
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.languages.texts import gettext
from webapp.models import Feedback, Promotion, Run, TaughtName, Version, now
from webapp.models.enums import Action, Origin, PromotionKind, Status
from webapp.storage import revision
from webapp.storage.database import empty_log, writing
from webapp.versions import model_card

NOMEN = "nomen"  # who acts where nobody does
PROMOTED = {
    PromotionKind.FIRST: Action.VERSION_INSTALL,
    PromotionKind.PROMOTE: Action.VERSION_PROMOTE,
    PromotionKind.ROLLBACK: Action.VERSION_ROLLBACK,
}


@dataclass(frozen=True)
class ListedVersion:
    """A version as lists show it."""

    version: Version
    served_at: datetime | None
    """When it began to serve, the last time."""
    n_taught: int
    """Names that visitors taught it."""
    is_serving: bool

    @property
    def summary(self) -> ModelCard:
        """The parts of its card that lists show."""
        return model_card.summary_of(self.version)


def find_version(version_id: int) -> Version:
    """Return the version, or raise NotFound."""
    version = db.session.get(Version, version_id)
    if version is None:
        raise NotFound(gettext("There is no version v%(id)s.", id=version_id))
    return version


def data(version_id: int) -> bytes:
    """Return the artifact of a version, or raise NotFound."""
    weights = db.session.scalar(select(Version.weights).where(Version.id == version_id))
    if weights is None:
        raise NotFound(gettext("There is no version v%(id)s.", id=version_id))
    return weights


def with_card(version_id: int) -> Version:
    """Return the version with its card loaded, or raise NotFound."""
    return db.session.get(Version, version_id, options=[undefer(Version.card)]) or find_version(version_id)


def listing() -> list[ListedVersion]:
    """Return every version, newest first."""
    served = {version_id: at for version_id, at in db.session.execute(_SERVED)}
    counted = select(TaughtName.version_id, func.count()).group_by(TaughtName.version_id)
    n_taught = {version_id: count for version_id, count in db.session.execute(counted)}
    champion = serving()
    return [
        ListedVersion(
            version,
            served.get(version.id),
            n_taught.get(version.id, 0),
            champion is not None and champion.version_id == version.id,
        )
        for version in db.session.scalars(select(Version).order_by(Version.id.desc()))
    ]


# The last time each version began to serve.
_SERVED = select(Promotion.version_id, func.max(Promotion.at)).group_by(Promotion.version_id)


def serving() -> Promotion | None:
    """Return the newest promotion, or None while nothing serves yet."""
    # By id and not by time: the clocks of several machines may differ.
    return db.session.scalars(select(Promotion).order_by(Promotion.id.desc()).limit(1)).first()


def previous() -> Version | None:
    """Return the version that served before the champion, to roll back to; None if there is none."""
    champion = serving()
    if champion is None:
        return None
    # The newest promotion of any other version: promoting a version twice is no step to go back over.
    before = select(Promotion).where(Promotion.version_id != champion.version_id)
    promotion = db.session.scalars(before.order_by(Promotion.id.desc()).limit(1)).first()
    return promotion.version if promotion else None


def promotions(version_id: int) -> list[Promotion]:
    """Return when and why a version began to serve, newest first."""
    query = select(Promotion).where(Promotion.version_id == version_id)
    return list(db.session.scalars(query.order_by(Promotion.id.desc())))


def taught_names(version_id: int) -> dict[str, Label]:
    """Return the names that a version was taught by visitors, with the answers."""
    query = select(TaughtName.name, TaughtName.answer).where(TaughtName.version_id == version_id)
    return {name: answer for name, answer in db.session.execute(query)}


def add(
    data: bytes, origin: Origin, by: str, parent_id: int | None = None, note: str = "", audited: bool = True
) -> Version:
    """Store an artifact as a new version; raise Invalid if it is not one that could serve."""
    # Before the transaction: to load a network takes a moment, in which nobody else could write.
    loaded = check(data)
    empty_log()
    with writing() as session:
        version = insert(session, data, loaded, origin=origin, by=by, parent_id=parent_id, note=note)
        if audited:
            audit.note(session, by, Action.VERSION_IMPORT, version.label, sha256=version.sha256)
    return version


def check(data: bytes) -> Contents:
    """Return the network in an artifact; raise Invalid if it is not one that could serve."""
    try:
        return artifact.read(data)
    except artifact.BadArtifact as error:
        raise Invalid(str(error), field="file") from error


def insert(session: Session, data: bytes, loaded: Contents, **columns: Any) -> Version:
    """Store a loaded artifact inside the caller's transaction; raise Conflict if it is there already."""
    same = session.scalars(select(Version).where(Version.sha256 == loaded.sha256)).first()
    if same:
        raise Conflict(gettext("This network is here already: it is %(label)s.", label=same.label))
    version = Version(
        created_by=columns.pop("by"),
        sha256=loaded.sha256,
        weights=data,
        card=loaded.card,
        made_at=made_at(loaded.card),
        summary=summary(loaded.card),
        **columns,
    )
    session.add(version)
    session.flush()  # so that the version has its number
    revision.bump()
    return version


def made_at(card: Mapping[str, object]) -> datetime:
    """Return when a network was made, as its card says; now, where it does not say."""
    try:
        moment = datetime.fromisoformat(str(card.get("created")))
    except ValueError:
        return now()
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def summary(card: Mapping[str, object]) -> dict[str, object]:
    """Return the few figures of a card that lists show; an imported card may lack any of them."""
    return {
        "settings": card.get("settings", {}),
        "holdout": card.get("holdout", {}),
        "data": card.get("data", {}),
        "lineage": card.get("lineage", {}),
        "weights": card.get("weights"),
    }


def promote(
    version_id: int,
    by: str,
    reason: str = "",
    kind: PromotionKind | None = None,
    expected: int | None = None,
) -> Promotion:
    """Let a version serve from now on; it is loaded and checked first. Again is once.

    `expected` is the promotion that the admin saw serving; raise Conflict if another one serves by now, and
    Invalid if the gate refused this version and no reason is written. `kind` is found out if it is not given.
    """
    # First, and outside the transaction: a version that was damaged where it lies must never come to serve.
    check(data(version_id))
    with writing() as session:
        newest = serving()
        if newest and newest.version_id == version_id:  # a second click, or two admins with one mind
            return newest
        # The page may be minutes old. Who decides "v7 instead of v5" has not decided "v7 instead of v6".
        if newest and expected not in (None, newest.id):
            raise Conflict(
                gettext(
                    "Meanwhile %(by)s made %(label)s serve. Look again first.",
                    by=newest.by,
                    label=newest.version.label,
                )
            )
        if find_version(version_id).archived_at:
            raise Conflict(gettext("v%(id)s is archived: restore it first.", id=version_id))
        overruled = _check_gate(session, version_id, reason)
        kind = kind or _kind(session, version_id)
        promotion = Promotion(version_id=version_id, by=by, reason=reason, kind=kind)
        session.add(promotion)
        # In the same transaction: nobody is told "learned in v7" before v7 serves, or too late.
        mark_learned(session, version_id)
        revision.bump()
        audit.note(session, by, PROMOTED[kind], f"v{version_id}", reason=reason, **overruled)
    return promotion


def _kind(session: Session, version_id: int) -> PromotionKind:
    served = select(exists().where(Promotion.version_id == version_id))
    return PromotionKind.ROLLBACK if session.scalar(served) else PromotionKind.PROMOTE


def _check_gate(session: Session, version_id: int, reason: str) -> dict[str, str]:
    run = session.scalars(select(Run).where(Run.version_id == version_id)).first()
    is_refused = run is not None and run.has_passed is False
    if is_refused and not reason.strip():
        raise Invalid(
            gettext("The gate refuses this version: write down why it should serve all the same."), "reason"
        )
    return {"gate": "overruled"} if is_refused else {}


def mark_learned(session: Session, version_id: int) -> None:
    """Say of every accepted correction whether the version that serves now has learned it.

    What an earlier version learned stays learned then; what this one was not taught waits again.
    """
    taught = exists().where(
        TaughtName.version_id == version_id,
        TaughtName.name == Feedback.name,
        TaughtName.answer == Feedback.answer,
    )
    accepted = update(Feedback).where(Feedback.status == Status.ACCEPTED)
    unlearned = accepted.where(Feedback.learned_id.is_not(None), ~taught).values(learned_id=None)
    learned = accepted.where(Feedback.learned_id.is_(None), taught).values(
        learned_id=version_id, seen_at=None
    )
    # Two statements over all answers, not a loop of rows; nothing of them is in this session, hence no sync.
    for statement in (unlearned, learned):
        session.execute(statement, execution_options={"synchronize_session": False})


def ensure_first(data: bytes) -> Version | None:
    """Import and promote the shipped network if nothing serves yet; return it if so."""
    if serving():
        return None
    version = ensure_shipped(data)
    promote(version.id, by=NOMEN, reason="The network that comes with Nomen.", kind=PromotionKind.FIRST)
    return version


def ensure_shipped(data: bytes) -> Version:
    """Return the version that holds the shipped network, storing it first if it is not here."""
    same = select(Version).where(Version.sha256 == check(data).sha256)
    try:
        return db.session.scalars(same).first() or add(data, origin=Origin.SHIPPED, by=NOMEN)
    except Conflict:  # another process was quicker
        return db.session.scalars(same).one()
