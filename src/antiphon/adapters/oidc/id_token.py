"""Identity tokens (OpenID Connect Core 1.0, 3.1.3.7): what must hold before a word of them is believed."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Coroutine
from datetime import datetime, timedelta
from typing import Any

import msgspec
from authlib.oidc.core.util import create_half_hash
from joserfc import jws
from joserfc.errors import JoseError

from antiphon.adapters.oidc.config import Config
from antiphon.adapters.oidc.directory import PublicKey
from antiphon.domains.identity.errors import ProviderRefused

__all__ = ["Expected", "checked"]

LONGEST = 32 * 1024
LONGEST_SUBJECT = 255
SKEW = timedelta(seconds=60)
JUST_NOW = timedelta(minutes=10)  # as long as people may stay on the provider's pages
KeyFinder = Callable[[str | None, str], Coroutine[Any, Any, PublicKey | None]]
Number = int | float


class _Lenient(jws.JWSRegistry):
    """Some providers put their certificates into the header, and members that no standard knows."""

    max_header_length = 8 * 1024

    def __init__(self, algorithms: Collection[str] | None = None) -> None:
        super().__init__(algorithms=algorithms, strict_check_header=False)


class _Header(msgspec.Struct):
    """`crit` names what a reader must understand; we understand none of it."""

    alg: str
    kid: str | None = None
    typ: str | None = None
    crit: list[str] | None = None


class _Claims(msgspec.Struct):
    """The claims that decide; one that is missing or of another type refuses the token."""

    iss: str
    sub: str
    aud: str | list[str]
    exp: Number
    iat: Number
    nonce: str
    nbf: Number | None = None
    azp: str | None = None
    at_hash: str | None = None
    auth_time: Number | None = None


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What the token must fit. `access_token` came with it, and is checked where the token vouches for it.

    `anew`: the person must have proved themselves to the provider just now, and the provider must say so.
    """

    nonce: str
    access_token: str | None
    now: datetime
    anew: bool = False


async def checked(token: str, config: Config, find_key: KeyFinder, expected: Expected) -> dict[str, Any]:
    """All claims of a token that holds. Raises ProviderRefused, and ProviderUnavailable from `find_key`."""
    header = _header(token)
    if header.alg not in config.algorithms:
        raise ProviderRefused("algorithm")
    if header.crit is not None or (header.typ or "JWT").upper() != "JWT":
        raise ProviderRefused("token_type")
    key = await find_key(header.kid, header.alg)
    if key is None:
        raise ProviderRefused("unknown_key")
    try:
        payload = jws.deserialize_compact(token, key, registry=_Lenient(algorithms=[header.alg])).payload
    except (JoseError, ValueError):
        raise ProviderRefused("signature") from None
    try:
        claims = msgspec.json.decode(payload or b"", type=_Claims)
        everything = msgspec.json.decode(payload or b"", type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise ProviderRefused("claims") from None
    _check_parties(claims, config)
    _check_times(claims, expected)
    _check_bindings(claims, header.alg, expected)
    return everything


def _header(token: str) -> _Header:
    if len(token) > LONGEST or not token.isascii():
        raise ProviderRefused("token_form")
    try:
        return msgspec.convert(jws.extract_compact(token.encode(), registry=_Lenient()).headers(), _Header)
    except (JoseError, msgspec.ValidationError, ValueError):
        raise ProviderRefused("token_form") from None


def _check_parties(claims: _Claims, config: Config) -> None:
    if claims.iss != config.issuer and claims.iss not in config.also_issuer:
        raise ProviderRefused("issuer")
    if not 1 <= len(claims.sub) <= LONGEST_SUBJECT or not claims.sub.isprintable():
        raise ProviderRefused("subject")
    audience = [claims.aud] if isinstance(claims.aud, str) else claims.aud
    if config.client_id not in audience:
        raise ProviderRefused("audience")
    if claims.azp != config.client_id and (claims.azp is not None or len(audience) > 1):
        raise ProviderRefused("authorized_party")


def _check_times(claims: _Claims, expected: Expected) -> None:
    """Clocks may differ by a minute."""
    moment, skew = expected.now.timestamp(), SKEW.total_seconds()
    if claims.exp + skew <= moment:
        raise ProviderRefused("expired")
    if claims.iat - skew > moment or (claims.nbf is not None and claims.nbf - skew > moment):
        raise ProviderRefused("not_yet_valid")
    if expected.anew and (claims.auth_time is None or claims.auth_time < moment - JUST_NOW.total_seconds() - skew):
        raise ProviderRefused("proven_too_long_ago")


def _check_bindings(claims: _Claims, algorithm: str, expected: Expected) -> None:
    if not hmac.compare_digest(claims.nonce.encode(), expected.nonce.encode()):
        raise ProviderRefused("nonce")
    if claims.at_hash is not None and expected.access_token is not None:
        half = create_half_hash(expected.access_token, "EdDSA" if algorithm.startswith("Ed") else algorithm)
        if not hmac.compare_digest(bytes(half), claims.at_hash.encode()):
            raise ProviderRefused("access_token_hash")
