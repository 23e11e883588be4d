"""What counts as one asker, for every limit."""

import ipaddress


def network(address: str | None) -> str:
    """Return what counts as one asker: an IPv4 address, or the /64 that holds an IPv6 one."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(parsed if parsed.version == 4 else ipaddress.ip_network((parsed, 64), strict=False))
