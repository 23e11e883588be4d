"""Who may keep an answer, and answers that are polled: a 304 while nothing has changed, never a cookie."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from flask import Response, current_app, request

MAX_CACHED_PARTS = 64  # parts of pages in memory


def unless_unchanged(tag: str, render: Callable[[], str], shared: bool = True) -> Response:
    """Return what `render` makes, under the ETag `tag`; an empty 304 to those who have it already.

    What is not `shared` is made for each who asks: it holds a form of their own.
    """
    made = partial(_made_once, tag, render) if shared else render
    response = Response(status=304) if tag in request.if_none_match else Response(made())
    response.set_etag(tag)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _made_once(tag: str, render: Callable[[], str]) -> str:
    # A thousand open pages that ask after an answer cost one query, not a thousand. Two threads may both
    # make it: that is dearer by one, and right.
    cache: OrderedDict[tuple[str, str], str] = current_app.extensions.setdefault("live", OrderedDict())
    key = request.full_path, tag
    part = cache.get(key)
    if part is None:
        part = cache[key] = render()
        while len(cache) > MAX_CACHED_PARTS:
            cache.popitem(last=False)
    return part


def keep_private(response: Response) -> Response:
    """Keep what belongs to one visitor out of every shared cache."""
    response.headers["Cache-Control"] = "private, no-store"
    response.vary.add("Cookie")
    return response
