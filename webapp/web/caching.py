"""Who may keep an answer, and answers that are polled: a 304 while nothing has changed, never a cookie.

Every `Cache-Control` but that of files that never change is set here.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import partial
from typing import TypeVar

from flask import Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.languages import choice

MAX_CACHED_PARTS = 64  # parts of pages in memory
R = TypeVar("R", bound=AnyResponse)
T = TypeVar("T")


def unless_unchanged(tag: str, render: Callable[[], str], shared: bool = True) -> Response:
    """Return what `render` makes, under the ETag `tag` in its language; 304 to those who have it already.

    What is not `shared` is made for each who asks: it holds a form of their own.
    """
    tag = choice.tagged(tag)
    made = (
        partial(made_once, "live", (request.full_path, tag), render, MAX_CACHED_PARTS) if shared else render
    )
    # Compared before anything is made: an unchanged page costs the reading of one row.
    response = Response(status=304) if tag in request.if_none_match else Response(made())
    response.set_etag(tag)
    return ask_again(response)


def made_once(kind: str, key: Hashable, make: Callable[[], T], at_most: int) -> T:
    """Return what `make` makes, remembered in this process under a key that says all that it depends on
    but the language.

    Of each kind only the newest `at_most` are kept. A thousand who ask cost one making, not a thousand; two
    threads may both make it: that is dearer by one, and right.
    """
    kinds: dict[str, OrderedDict[Hashable, T]] = current_app.extensions.setdefault("made_once", {})
    cache = kinds.setdefault(kind, OrderedDict())
    in_language = choice.code(), key
    found = cache.get(in_language)
    if found is None:
        found = cache[in_language] = make()
        while len(cache) > at_most:
            cache.popitem(last=False)
    return found


def keep_private(response: Response) -> Response:
    """Keep what is one person's, a visitor's or somebody's of the staff, out of every cache."""
    response.headers["Cache-Control"] = "private, no-store"
    response.vary.add("Cookie")
    return response


def keep_nowhere(response: R) -> R:
    """Keep what is of this moment, whoever asks, out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


def ask_again(response: Response) -> Response:
    """Let caches keep an answer and ask each time whether it still holds."""
    response.headers["Cache-Control"] = "no-cache"
    return response


def keep_for(seconds: int, response: Response) -> Response:
    """Let everybody keep an answer for some time."""
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response
