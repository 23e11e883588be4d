"""Who may see what. A blueprint of staff is guarded as a whole, so no route of it can be forgotten."""

from functools import partial

from flask import Blueprint, current_app, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp.errors import Forbidden, NotLoggedIn, Unavailable
from webapp.languages.texts import gettext
from webapp.models.enums import RoleName
from webapp.web import caching

ADMIN = (RoleName.ADMIN,)
STAFF = (RoleName.ADMIN, RoleName.REVIEWER)
GUARDED: dict[str, tuple[str, ...]] = {}  # the roles that each guarded blueprint is open to


def staff_only(blueprint: Blueprint) -> None:
    """Open a blueprint to reviewers and admins alone."""
    _guard(blueprint, STAFF)


def admin_only(blueprint: Blueprint) -> None:
    """Open a blueprint to admins alone."""
    _guard(blueprint, ADMIN)


def require(roles: tuple[str, ...]) -> AnyResponse | None:
    """Raise NotLoggedIn or Forbidden unless the current user has one of `roles`.

    Return where to go first if they must change their password, or set up a second factor.
    """
    require_login()
    if not any(current_user.has_role(role) for role in roles):
        raise Forbidden(gettext("This is open to admins alone."))
    # The page for it is in no guarded blueprint, so this leads nowhere in a circle.
    if current_user.must_change:
        return redirect(url_for("account.password"), 303)
    if current_app.config["REQUIRE_SECOND_FACTOR"] and not current_user.has_second_factor:
        return redirect(url_for("second_factor.index"), 303)
    return None


def require_login() -> None:
    """Raise NotLoggedIn unless somebody is logged in, Unavailable where the database cannot say who."""
    if current_user.is_authenticated:
        return
    if g.get("user_is_unknown"):
        raise Unavailable(gettext("The site cannot answer that at the moment. Try again in a minute."))
    raise NotLoggedIn(gettext("Log in to see this."))


def current_actor() -> str:
    """Return the e-mail of who is logged in, for the audit trail."""
    return str(current_user.email)


def is_admin() -> bool:
    """Say whether an admin is logged in."""
    return bool(current_user.is_authenticated and current_user.has_role(RoleName.ADMIN))


def local(target: str, otherwise: str) -> str:
    """Return `target` if it is a path on this site that no browser reads as another's, else `otherwise`."""
    # "//host" and "/\host" begin like a path and lead to another site.
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_path and target.isprintable() and "\\" not in target else otherwise


def where_from() -> str:
    """Return the path to come back to after a log-in."""
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def _guard(blueprint: Blueprint, roles: tuple[str, ...]) -> None:
    GUARDED[blueprint.name] = roles  # for the test that asks for every route as a stranger
    # On the blueprint and not on each view: a route that is added tomorrow is guarded, too.
    blueprint.before_request(partial(require, roles))
    blueprint.after_request(caching.keep_private)
