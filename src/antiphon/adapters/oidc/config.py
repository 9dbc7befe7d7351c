"""From what the operator wrote and what the preset knows to one complete configuration, or a clear refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, get_args

import httpx

from antiphon.adapters.oidc.presets import PRESETS, AnswersBy, Endpoints, Preset, TokenAuth
from antiphon.adapters.oidc.wire import is_loopback
from antiphon.kit.settings import ProviderSettings, SettingsError

__all__ = ["ASYMMETRIC", "Config", "configured"]

ASYMMETRIC: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything about one provider. Secrets are left out of its text."""

    id: str
    name: str
    icon: str
    issuer: str
    also_issuer: tuple[str, ...]
    client_id: str
    scopes: tuple[str, ...]
    algorithms: tuple[str, ...]
    token_auth: TokenAuth
    answers_by: AnswersBy
    pkce: bool
    trust_email: bool
    reauthenticates: bool
    keep_tokens: bool
    asks: Mapping[str, str]
    endpoints: Endpoints | None
    team_id: str | None = None
    key_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)


def configured(given: ProviderSettings, presets: Mapping[str, Preset] = PRESETS) -> Config:
    """Raises SettingsError, which names the provider and the member and never a value."""
    preset = presets.get(given.preset)
    if preset is None:
        raise _wrong(given, "preset", f"one of {', '.join(sorted(presets))}")
    made = Config(
        id=given.id,
        name=given.name or preset.name,
        icon=preset.icon,
        issuer=_issuer(given, preset),
        also_issuer=preset.also_issuer,
        client_id=given.client_id,
        scopes=tuple(given.scopes) if given.scopes is not None else preset.scopes,
        algorithms=tuple(given.algorithms) if given.algorithms is not None else preset.algorithms,
        token_auth=_token_auth(given, preset),
        answers_by=preset.answers_by,
        pkce=preset.pkce,
        trust_email=preset.trust_email if given.trust_email is None else given.trust_email,
        reauthenticates=preset.reauthenticates,
        keep_tokens=given.keep_tokens,
        asks=preset.asks,
        endpoints=preset.endpoints,
        team_id=given.team_id,
        key_id=given.key_id,
        client_secret=given.client_secret,
        private_key=_private_key(given),
    )
    _check(given, made)
    return made


def _issuer(given: ProviderSettings, preset: Preset) -> str:
    issuer = given.issuer if preset.issuer is None else preset.issuer
    if issuer is None or (preset.issuer is not None and given.issuer not in {None, preset.issuer}):
        raise _wrong(given, "issuer", "the provider's issuer address" if issuer is None else "left out: it is known")
    try:
        url = httpx.URL(issuer)
    except httpx.InvalidURL:
        raise _wrong(given, "issuer", "an address") from None
    if not url.host or url.query or url.fragment or url.userinfo:
        raise _wrong(given, "issuer", "an address without query, fragment or login")
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(issuer)):
        raise _wrong(given, "issuer", "an https address (plain http only on this machine)")
    return issuer


def _token_auth(given: ProviderSettings, preset: Preset) -> TokenAuth:
    if given.token_auth is None:
        return preset.token_auth
    known: dict[str, TokenAuth] = {name: name for name in get_args(TokenAuth)}
    if given.token_auth not in known:
        raise _wrong(given, "token_auth", f"one of {', '.join(known)}")
    return known[given.token_auth]


def _private_key(given: ProviderSettings) -> str | None:
    if given.private_key_file is None:
        return given.private_key
    try:
        return given.private_key_file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(given, "private_key_file", f"a readable PEM file ({type(error).__name__})") from None


def _check(given: ProviderSettings, made: Config) -> None:
    if made.token_auth in {"client_secret_basic", "client_secret_post"} and not made.client_secret:
        raise _wrong(given, "client_secret", "set")
    if made.token_auth in {"private_key_jwt", "apple"}:
        if not made.private_key:
            raise _wrong(given, "private_key or private_key_file", "set")
        if not made.key_id:
            raise _wrong(given, "key_id", "set")
    if made.token_auth == "apple" and not made.team_id:  # noqa: S105
        raise _wrong(given, "team_id", "set")
    if made.endpoints is None and (not made.algorithms or not set(made.algorithms) <= ASYMMETRIC):
        raise _wrong(given, "algorithms", f"some of {', '.join(sorted(ASYMMETRIC))}")
    if made.endpoints is None and "openid" not in made.scopes:
        raise _wrong(given, "scopes", "a list with openid in it")


def _wrong(given: ProviderSettings, member: str, wanted: str) -> SettingsError:
    return SettingsError(f"providers: {given.id}: {member} must be {wanted}")
