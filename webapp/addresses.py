"""What counts as one asker, for every limit; who it was is only kept as a keyed hash."""

import hmac
import ipaddress
from functools import lru_cache

from flask import current_app


def network(address: str | None) -> str:
    """Return what counts as one asker: an IPv4 address, or the /64 that holds an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    # One household or server is given a whole /64, so one address of it would be no limit at all.
    return str(parsed if parsed.version == 4 else ipaddress.ip_network((parsed, 64), strict=False))


def keyed_hash(kind: str, *parts: str) -> str:
    """Return what stands for some words (an address, an account) where they must not be kept."""
    # Keyed: a plain hash of an address is found again by trying all four thousand million.
    secret = current_app.config["SECRET_KEY"].encode()
    return f"{kind}:{hmac.digest(secret, chr(0).join(parts).encode(), 'sha256').hex()[:40]}"


def asker(address: str | None) -> str:
    """Return the keyed hash of what counts as one asker."""
    return _asker(current_app.config["SECRET_KEY"], address)


@lru_cache(1_000)
def _asker(_key: str, address: str | None) -> str:
    # By the key too: tests have several sites in one process.
    return keyed_hash("address", network(address))
