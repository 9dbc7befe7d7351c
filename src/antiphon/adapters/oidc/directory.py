"""What a provider publishes of itself: its addresses and its keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import msgspec
from joserfc import jwk
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from antiphon.adapters.oidc.config import Config
from antiphon.adapters.oidc.remembered import Remembered
from antiphon.adapters.oidc.wire import Wire, is_loopback
from antiphon.domains.identity.errors import ProviderUnavailable
from antiphon.kit.clock import Clock
from antiphon.kit.logs import get_logger

__all__ = ["Directory", "Metadata", "PublicKey"]

log = get_logger(__name__)
METADATA_LIFE = timedelta(hours=12)
KEYS_LIFE = timedelta(hours=1)
NEW_KEYS_AFTER = timedelta(seconds=30)  # how often an unknown kid may make us ask again
LEAST_RSA_BITS = 2048
MOST_KEYS = 50
PublicKey = RSAKey | ECKey | OKPKey
_KEY_TYPES: dict[str, type[PublicKey]] = {"RS": RSAKey, "PS": RSAKey, "ES": ECKey, "Ed": OKPKey}


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """OpenID Connect Discovery 1.0, 3: the members that we use."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    revocation_endpoint: str | None = None
    code_challenge_methods_supported: list[str] | None = None
    authorization_response_iss_parameter_supported: bool = False


class Directory:
    """Asked once, then remembered: addresses for half a day, keys for an hour or until a token names a new one."""

    def __init__(self, config: Config, wire: Wire, clock: Clock) -> None:
        self._config = config
        self._wire = wire
        self._metadata = Remembered(self._fetch_metadata, clock, METADATA_LIFE)
        self._keys = Remembered(self._fetch_keys, clock, KEYS_LIFE)

    async def metadata(self) -> Metadata:
        """Raises ProviderUnavailable."""
        return await self._metadata.get()

    async def key(self, kid: str | None, algorithm: str) -> PublicKey | None:
        """The key that a token names; None where the provider has no such key. Raises ProviderUnavailable."""
        found = _fitting(await self._keys.get(), kid, algorithm)
        return found or _fitting(await self._keys.newer(NEW_KEYS_AFTER), kid, algorithm)

    async def fitting_keys(self) -> int:
        """How many of its keys can prove a token that we would take. Raises ProviderUnavailable where none can."""
        wanted = [(_KEY_TYPES[algorithm[:2]], {None, algorithm}) for algorithm in self._config.algorithms]
        keys = await self._keys.get()
        fitting = [key for key in keys if any(isinstance(key, kind) and key.alg in said for kind, said in wanted)]
        if not fitting:
            raise self._unusable(f"none of its keys is for {', '.join(self._config.algorithms)}")
        return len(fitting)

    async def _fetch_metadata(self) -> Metadata:
        """The document must speak of the very issuer it was asked for (4.3), or anybody's keys could be slipped in."""
        address = f"{self._config.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            found = msgspec.convert(await self._wire.get(address), Metadata)
        except msgspec.ValidationError as error:
            raise self._unusable(str(error)) from None
        if found.issuer != self._config.issuer:
            raise self._unusable(f"it calls itself {found.issuer[:200]!r}")
        if self._config.pkce and "S256" not in (found.code_challenge_methods_supported or ["S256"]):
            raise self._unusable("it does not take PKCE by S256")
        addresses = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri, found.userinfo_endpoint)
        if not all(_safe(address, found.issuer) for address in addresses if address is not None):
            raise self._unusable("an address in it is not https")
        return found

    async def _fetch_keys(self) -> list[PublicKey]:
        answer = await self._wire.get((await self.metadata()).jwks_uri)
        listed = answer.get("keys")
        if not isinstance(listed, list):
            raise self._unusable("its keys are no list")
        return [key for entry in listed[:MOST_KEYS] if (key := _usable(entry)) is not None]

    def _unusable(self, reason: str) -> ProviderUnavailable:
        log.error("provider's directory is unusable", provider=self._config.id, reason=reason)
        return ProviderUnavailable(reason=reason, provider=self._config.id)


def _safe(address: str, issuer: str) -> bool:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return False
    return bool(url.host) and (url.scheme == "https" or (url.scheme == "http" and is_loopback(issuer)))


def _usable(entry: Any) -> PublicKey | None:
    """Public keys for signatures, of a kind we know; a shared secret published as a key is none."""
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    try:
        key = jwk.import_key(entry)
        if isinstance(key, RSAKey):
            return key if key.public_key.key_size >= LEAST_RSA_BITS else None
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return key if isinstance(key, ECKey | OKPKey) else None


def _fitting(keys: list[PublicKey], kid: str | None, algorithm: str) -> PublicKey | None:
    """By its name; without one only where nothing can be mistaken for it."""
    kind = _KEY_TYPES[algorithm[:2]]
    found = [key for key in keys if isinstance(key, kind) and key.alg in {None, algorithm}]
    if kid is not None:
        found = [key for key in found if key.kid == kid]
    return found[0] if len(found) == 1 else None
