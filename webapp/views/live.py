"""Answers that are polled: a 304 while nothing has changed, and never a cookie."""

from collections.abc import Callable

from flask import Response, make_response, request


def unless_unchanged(tag: str, render: Callable[[], str | Response]) -> Response:
    """Return what `render` makes, under the ETag `tag`; an empty 304 to those who have it already."""
    response = Response(status=304) if tag in request.if_none_match else make_response(render())
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response
