"""E-mail addresses, in the one form that is stored and compared."""

import re
import unicodedata

_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,120}")


def normalise(text: str) -> str:
    """Return an address composed and without capitals: "É@x.org" and "e\u0301@X.org" are one and the same."""
    # Twice: casefold may take a composed letter apart again.
    composed = unicodedata.normalize("NFC", text.strip())
    return unicodedata.normalize("NFC", composed.casefold())


def is_address(text: str) -> bool:
    """Say whether a normalised text could be an address."""
    return _ADDRESS.fullmatch(text) is not None and text.isprintable()
