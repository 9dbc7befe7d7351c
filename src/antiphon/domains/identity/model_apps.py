"""Rules of the OpenID provider: what an app may ask for, and where its user may be sent. Pure.

OAuth 2.1 and OpenID Connect Core 1.0, the authorization code flow with PKCE and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from antiphon.domains.identity.policy import SCOPES
from antiphon.kit.errors import FieldProblem, Invalid

__all__ = [
    "APP_SCOPES",
    "CODE_LIFE",
    "asked_scopes",
    "clean_redirect_uris",
    "pkce_holds",
    "redirect_allowed",
    "with_query",
]

CODE_LIFE = timedelta(seconds=60)
APP_SCOPES = frozenset(SCOPES)
_OWN_MACHINE = frozenset({"127.0.0.1", "::1", "localhost"})
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, 4.1
_SCHEME = re.compile(r"[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+")  # RFC 8252, 7.1: a domain's name turned around


def clean_redirect_uris(uris: Iterable[str]) -> list[str]:
    """HTTPS, the user's own machine (RFC 8252, 7.3), or a scheme that an app owns; no fragment. Raises Invalid."""
    cleaned = list(dict.fromkeys(uri.strip() for uri in uris))
    if not 1 <= len(cleaned) <= 10 or not all(map(_may_be_registered, cleaned)):
        detail = "A redirect URI is https://…, http://127.0.0.1/… or the private scheme of an app, without a fragment."
        raise Invalid(FieldProblem("/redirect_uris", "invalid_redirect_uri", detail))
    return cleaned


def _may_be_registered(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        host = parts.hostname
    except ValueError:
        return False
    if len(uri) > 500 or not uri.isascii() or not uri.isprintable() or "#" in uri or "@" in parts.netloc:
        return False
    if parts.scheme == "https":
        return bool(host)
    if parts.scheme == "http":
        return host in _OWN_MACHINE
    return bool(_SCHEME.fullmatch(parts.scheme))


def redirect_allowed(registered: Iterable[str], uri: str) -> bool:
    """Letter by letter, but for the port of the user's own machine, which an app cannot know beforehand."""
    return any(uri == one or _same_but_port(one, uri) for one in registered)


def _same_but_port(registered: str, uri: str) -> bool:
    try:
        known, given = urlsplit(registered), urlsplit(uri)
        if known.scheme != "http" or known.hostname not in _OWN_MACHINE or given.port is None:
            return False
    except ValueError:
        return False
    if "#" in uri or "@" in given.netloc:
        return False
    return (known.scheme, known.hostname, known.path, known.query) == (
        given.scheme,
        given.hostname,
        given.path,
        given.query,
    )


def asked_scopes(scope: str) -> frozenset[str]:
    """The scopes that we know of those asked for; the others are passed over (RFC 6749, 3.3)."""
    return frozenset(scope.split()) & APP_SCOPES


def pkce_holds(challenge: str, verifier: str) -> bool:
    """RFC 7636 with S256, the only method there is here."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(made.encode(), challenge.encode("utf-8", "surrogatepass"))


def with_query(uri: str, **more: str) -> str:
    """The URI with further query parameters."""
    parts = urlsplit(uri)
    query = [*parse_qsl(parts.query, keep_blank_values=True), *more.items()]
    return urlunsplit(parts._replace(query=urlencode(query)))
