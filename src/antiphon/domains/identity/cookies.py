"""The cookies of a browser session, and how to know a page of ours. Pure.

Cookies are `Secure` wherever the browser takes such: over HTTPS, and on the machine itself. A site that is reached by
plain HTTP over a network has to do without, and then without the prefixes that ask for it (RFC 6265bis). So has Safari
on the machine itself: it refuses `Secure` cookies of http://localhost, which other browsers keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

__all__ = ["AUTH_PATH", "DEVICE_LIFE_S", "CookieNames", "cookie_names", "from_our_page"]

AUTH_PATH = "/api/v1/auth"
DEVICE_LIFE_S = 400 * 24 * 3600  # the longest that browsers keep
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class CookieNames(msgspec.Struct, frozen=True):
    """`refresh` goes to `AUTH_PATH` only; the others go with every request."""

    access: str
    refresh: str
    device: str
    flow: str
    secure: bool


_GUARDED = CookieNames(
    "__Host-antiphon_access", "__Secure-antiphon_refresh", "__Host-antiphon_device", "__Host-antiphon_flow", True
)
_PLAIN = CookieNames("antiphon_access", "antiphon_refresh", "antiphon_device", "antiphon_flow", False)


def cookie_names(site_url: str, host: str, user_agent: str = "") -> CookieNames:
    """For a request that came to `host` (the header, with or without a port) from a browser that calls itself so."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        name = ""
    own_machine = name in _OWN_MACHINE or name.endswith(".localhost")
    guarded = site_url.startswith("https:") or (own_machine and not _is_safari(user_agent))
    return _GUARDED if guarded else _PLAIN


def _is_safari(user_agent: str) -> bool:
    """Chromium calls itself WebKit too, and by its own name besides."""
    return "AppleWebKit/" in user_agent and "Chrome/" not in user_agent and "Chromium/" not in user_agent


def from_our_page(headers: Mapping[str, str], site_url: str) -> bool:
    """Whether a page of this site sent the request, as the browser tells by headers that no script can set.

    `headers` have lower-case names. A client that is no browser sends neither, and is no victim of a foreign page.
    """
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    ours = {urlsplit(site_url).netloc, headers.get("host", "")}
    return origin != "null" and urlsplit(origin).netloc in ours
