"""How we prove to a provider's token endpoint that we are the client."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote_plus

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from antiphon.adapters.oidc.config import Config
from antiphon.kit.settings import SettingsError

__all__ = ["ClientAuth", "Proof", "client_auth"]

ASSERTION_LIFE = timedelta(minutes=2)
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Proof = tuple[dict[str, str], dict[str, str]]
ClientAuth = Callable[[str, datetime], Proof]  # (token endpoint, now) → (headers, form)
SigningKey = RSAKey | ECKey | OKPKey
_ALGORITHMS = {"RSA": "RS256", "P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "Ed25519"}


def client_auth(config: Config) -> ClientAuth:
    """The method that the configuration names. Raises SettingsError for a key that cannot be used."""
    if config.token_auth == "client_secret_basic":  # noqa: S105 — names of methods, here and below
        return _basic(config)
    if config.token_auth == "client_secret_post":  # noqa: S105
        secret = config.client_secret or ""
        return lambda _url, _now: ({}, {"client_id": config.client_id, "client_secret": secret})
    if config.token_auth == "none":  # noqa: S105
        return lambda _url, _now: ({}, {"client_id": config.client_id})
    return _apple(config) if config.token_auth == "apple" else _private_key_jwt(config)  # noqa: S105


def _basic(config: Config) -> ClientAuth:
    """RFC 6749, 2.3.1: both halves are form-encoded before they are joined."""
    pair = f"{quote_plus(config.client_id)}:{quote_plus(config.client_secret or '')}"
    header = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return lambda _url, _now: (header, {})


def _private_key_jwt(config: Config) -> ClientAuth:
    """RFC 7523, 2.2."""
    key = _key(config)

    def prove(token_endpoint: str, now: datetime) -> Proof:
        claims = {"iss": config.client_id, "sub": config.client_id, "aud": token_endpoint}
        assertion = _signed(config, key, claims, now)
        return {}, {
            "client_id": config.client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }

    return prove


def _apple(config: Config) -> ClientAuth:
    """Apple wants the client secret to be a token that the team signs."""
    key = _key(config)

    def prove(_url: str, now: datetime) -> Proof:
        claims = {"iss": config.team_id or "", "sub": config.client_id, "aud": config.issuer}
        return {}, {"client_id": config.client_id, "client_secret": _signed(config, key, claims, now)}

    return prove


def _signed(config: Config, key: SigningKey, claims: dict[str, str], now: datetime) -> str:
    algorithm = _ALGORITHMS["RSA" if isinstance(key, RSAKey) else key.curve_name]
    times = {"iat": int(now.timestamp()), "exp": int((now + ASSERTION_LIFE).timestamp())}
    header = {"alg": algorithm, "kid": config.key_id, "typ": "JWT"}
    return jwt.encode(header, {**claims, **times, "jti": secrets.token_urlsafe(16)}, key, algorithms=[algorithm])


def _key(config: Config) -> SigningKey:
    pem = config.private_key or ""
    for kind in (ECKey, RSAKey, OKPKey):
        try:
            key = kind.import_key(pem)
        except (JoseError, ValueError, TypeError, AttributeError):
            continue
        if key.is_private and (isinstance(key, RSAKey) or key.curve_name in _ALGORITHMS):
            return key
    raise SettingsError(f"providers: {config.id}: private_key must be a private key in PEM (RSA, P-256 … or Ed25519)")
