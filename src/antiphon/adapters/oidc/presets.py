"""What is known of well-known providers. A preset is data; nothing elsewhere asks which provider it is."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

__all__ = ["PRESETS", "AnswersBy", "Endpoints", "Preset", "ProfileShape", "TokenAuth"]

TokenAuth = Literal["client_secret_basic", "client_secret_post", "private_key_jwt", "apple", "none"]
AnswersBy = Literal["query", "form"]


class ProfileShape(msgspec.Struct, frozen=True):
    """Where a profile has its members; a dot goes one step down."""

    subject: str
    name: str
    email: str


class Endpoints(msgspec.Struct, frozen=True, kw_only=True):
    """The fixed addresses of an OAuth 2 service without identity tokens; its profile says who somebody is."""

    authorize: str
    token: str
    profile: str
    shape: ProfileShape
    revoke: str | None = None


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """`issuer` is None where each operator has another. `also_issuer` are spellings that its tokens use besides.

    `endpoints` is None for OpenID Connect, which publishes them. `trust_email`: the provider proves addresses before it
    calls them verified. `reauthenticates`: it can be told to ask for the password again, and says when it did.
    """

    name: str
    icon: str
    issuer: str | None = None
    also_issuer: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("openid", "email", "profile")
    algorithms: tuple[str, ...] = ("RS256", "ES256", "PS256", "Ed25519", "EdDSA")
    token_auth: TokenAuth = "client_secret_basic"  # noqa: S105
    answers_by: AnswersBy = "query"
    pkce: bool = True
    trust_email: bool = False
    reauthenticates: bool = False
    asks: dict[str, str] = {}
    endpoints: Endpoints | None = None


PRESETS: Final[dict[str, Preset]] = {
    "oidc": Preset(name="OpenID Connect", icon="key", reauthenticates=True),
    "keycloak": Preset(name="Keycloak", icon="keycloak", reauthenticates=True),
    "google": Preset(
        name="Google",
        icon="google",
        issuer="https://accounts.google.com",
        also_issuer=("accounts.google.com",),
        algorithms=("RS256",),
        token_auth="client_secret_post",  # noqa: S106 — the name of a method
        trust_email=True,
        asks={"prompt": "select_account"},
    ),
    "apple": Preset(
        name="Apple",
        icon="apple",
        issuer="https://appleid.apple.com",
        scopes=("openid", "email", "name"),
        algorithms=("RS256", "ES256"),
        token_auth="apple",  # noqa: S106
        answers_by="form",  # it hands out names and addresses in no other way
        pkce=False,  # it does not know it; the nonce ties the code to the browser
        trust_email=True,
    ),
    "facebook": Preset(
        name="Facebook",
        icon="facebook",
        issuer="https://www.facebook.com",
        scopes=("email", "public_profile"),
        token_auth="client_secret_post",  # noqa: S106
        endpoints=Endpoints(
            authorize="https://www.facebook.com/v23.0/dialog/oauth",
            token="https://graph.facebook.com/v23.0/oauth/access_token",  # noqa: S106
            profile="https://graph.facebook.com/v23.0/me?fields=id,name,email",
            shape=ProfileShape("id", "name", "email"),
        ),
    ),
    "spotify": Preset(
        name="Spotify",
        icon="spotify",
        issuer="https://accounts.spotify.com",
        scopes=("user-read-email",),
        endpoints=Endpoints(
            authorize="https://accounts.spotify.com/authorize",
            token="https://accounts.spotify.com/api/token",  # noqa: S106
            profile="https://api.spotify.com/v1/me",
            shape=ProfileShape("id", "display_name", "email"),
        ),
    ),
}
