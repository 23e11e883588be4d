"""Versions and their cards, and which one serves."""

from typing import Any

from webapp.api.base import ANYBODY, KEYED, LIMITS, actor, counted, needs, pages
from webapp.api.schemas import Promoted, Reason, VersionOut, Versions
from webapp.errors import NotFound
from webapp.languages.texts import gettext
from webapp.models.enums import Scope
from webapp.versions import service as versions
from webapp.versions.service import ListedVersion

LARGEST_ID = 2**31 - 1


@pages.get("/versions")
@pages.output(Versions, **LIMITS)
@pages.doc(responses=[429], **ANYBODY)
@counted
def version_list() -> dict[str, Any]:
    """List every version, newest first."""
    return {"versions": [_to_json(listed) for listed in versions.listing()]}


@pages.get("/versions/<int:version_id>")
@pages.output(VersionOut, **LIMITS)
@pages.doc(responses=[404, 429], **ANYBODY)
@counted
def version_one(version_id: int) -> dict[str, Any]:
    """Give one version."""
    # Raises NotFound for one that is not there; the list below knows what is served and taught.
    wanted = versions.find_version(small(version_id)).id
    return next(_to_json(listed) for listed in versions.listing() if listed.version.id == wanted)


@pages.get("/versions/<int:version_id>/card")
@pages.doc(responses={200: "The card.", 404: "", 429: ""}, **ANYBODY)
@counted
def version_card(version_id: int) -> dict[str, Any]:
    """Give a version's card: how it came to be, and what it scored."""
    return versions.with_card(small(version_id)).card


@pages.post("/versions/<int:version_id>/promote")
@pages.input(Reason, arg_name="given")
@pages.output(Promoted, **LIMITS)
@pages.doc(responses=[400, 401, 403, 404, 409, 413, 415, 429], **KEYED)
@needs(Scope.PROMOTE)
def version_promote(version_id: int, given: dict[str, Any]) -> dict[str, Any]:
    """Let a version serve from now on; one that the gate refused needs a reason."""
    promotion = versions.promote(small(version_id), by=actor(), reason=given["reason"])
    return {"version": f"v{promotion.version_id}", "at": promotion.at, "kind": promotion.kind}


def small(number: int) -> int:
    """Return an id that the database can look for; raise NotFound for a larger one."""
    if number > LARGEST_ID:
        raise NotFound(gettext("There is nothing with so large a number."))
    return number


def _to_json(listed: ListedVersion) -> dict[str, Any]:
    version = listed.version
    columns = (
        "id",
        "label",
        "name",
        "made_at",
        "created_at",
        "archived_at",
        "origin",
        "note",
        "sha256",
        "summary",
    )
    payload = {column: getattr(version, column) for column in columns}
    serving = {"is_serving": listed.is_serving, "served_at": listed.served_at}
    return payload | serving | {"lessons": listed.n_taught}
