"""Who may see what. A blueprint of staff is guarded as a whole, so no route of it can be forgotten."""

from collections.abc import Callable
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from flask import Blueprint, Response, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response as AnyResponse

from webapp.errors import Forbidden, NotLoggedIn

P = ParamSpec("P")
R = TypeVar("R")
ADMIN = ("admin",)
STAFF = ("admin", "reviewer")
GUARDED: dict[str, tuple[str, ...]] = {}  # the roles that each guarded blueprint is open to


def staff_only(blueprint: Blueprint) -> None:
    """Open a blueprint to reviewers and admins alone."""
    _guard(blueprint, STAFF)


def admin_only(blueprint: Blueprint) -> None:
    """Open a blueprint to admins alone."""
    _guard(blueprint, ADMIN)


def for_admins(view: Callable[P, R]) -> Callable[P, R]:
    """Open one view of a staff blueprint to admins alone."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        require(ADMIN)
        return view(*args, **kwargs)

    return guarded


def require(roles: tuple[str, ...]) -> AnyResponse | None:
    """Raise NotLoggedIn or Forbidden unless the current user has one of `roles`.

    Return where to go first if their password must be changed.
    """
    if not current_user.is_authenticated:
        raise NotLoggedIn("Log in to see this.")
    if not any(current_user.has_role(role) for role in roles):
        raise Forbidden("This is open to admins alone.")
    return redirect(url_for("account.password"), 303) if current_user.must_change else None


def current_actor() -> str:
    """Return the e-mail of who is logged in, for the audit trail."""
    return current_user.email


def is_admin() -> bool:
    """Say whether an admin is logged in."""
    return current_user.is_authenticated and current_user.has_role("admin")


def local(target: str, otherwise: str) -> str:
    """Return `target` if it is a path on this site that no browser reads as another's, else `otherwise`."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if is_path and target.isprintable() and "\\" not in target else otherwise


def where_from() -> str:
    """Return the path to come back to after a log-in."""
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def private(response: Response) -> Response:
    """Keep an answer out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Cookie")
    return response


def _guard(blueprint: Blueprint, roles: tuple[str, ...]) -> None:
    GUARDED[blueprint.name] = roles
    blueprint.before_request(partial(require, roles))
    blueprint.after_request(private)
