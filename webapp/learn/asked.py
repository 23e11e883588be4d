"""What an address asks of a chapter: read with defaults, or refused with a sentence."""

from collections.abc import Mapping, Sequence

from webapp.errors import Invalid
from webapp.languages.texts import gettext

ALL = 0
"""The step that stands for all of them at once."""


def choice(query: Mapping[str, str], name: str, options: Sequence[str], default: str) -> str:
    """Return one of a few words; raise Invalid for any other."""
    word = query.get(name) or default
    if word not in options:
        raise Invalid(
            gettext("%(name)s must be one of %(choices)s.", name=name, choices=", ".join(options)), name
        )
    return word


def number(query: Mapping[str, str], name: str, lowest: int, highest: int) -> int:
    """Return a whole number, the lowest by default; raise Invalid for what is none or out of reach."""
    text = query.get(name) or str(lowest)
    if not (text.isascii() and text.isdecimal()) or not lowest <= int(text[:9]) <= highest:
        raise Invalid(
            gettext(
                "%(name)s must be a whole number from %(lowest)s to %(highest)s.",
                name=name,
                lowest=lowest,
                highest=highest,
            ),
            name,
        )
    return int(text)


def step(query: Mapping[str, str], steps: int, default: str = "1") -> int:
    """Return the step that a player shows, from 1, or ALL; of a shorter name, its last."""
    if (query.get("step") or default) == "all":
        return ALL
    return min(number(query, "step", 1, 99), steps)
