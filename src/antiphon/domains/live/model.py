"""What an address of a station may be. No I/O."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

__all__ = ["ADDRESS_MAX", "is_address"]

ADDRESS_MAX: Final = 2_000


def is_address(text: str) -> bool:
    """`http` or `https` with a host, without a name and password in it, and nothing that a page could stumble over."""
    if len(text) > ADDRESS_MAX or not text.isprintable() or any(c in ' "<>\\^`{|}' for c in text):
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where it is no number
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
