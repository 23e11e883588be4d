"""Words that every room shares: what an answer is called, and names in a sentence."""

from collections.abc import Sequence

GIVEN = {"female": "mostly given to women", "male": "mostly given to men", "both": "given to both"}
NAMED = 5  # names that a sentence lists before it counts the rest
VOTERS = {"female": "women", "male": "men", "both": "both"}


def listed_names(listed: Sequence[str]) -> str:
    """Return normalised names as a sentence lists them, the first few in full."""
    shown = [name.title() for name in listed[:NAMED]]
    if len(listed) > NAMED:
        shown.append(f"{len(listed) - NAMED:,} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def waits(n: int) -> str:
    """Return the verb for `n` names."""
    return "waits" if n == 1 else "wait"
