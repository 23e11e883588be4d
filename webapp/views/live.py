"""Answers that are polled: a 304 while nothing has changed, and no session is looked at."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app, make_response, request


def unless_unchanged(tag: str, render: Callable[[], str | Response]) -> Response:
    """Return what `render` makes, under the ETag `tag`; an empty 304 to those who have it already."""
    response = Response(status=304) if tag in request.if_none_match else make_response(render())
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response


def render_apart(template: str, **context: Any) -> str:
    """Render a template without the context of pages, who asks among it: reading that opens the session."""
    return current_app.jinja_env.get_template(template).render(**context)
