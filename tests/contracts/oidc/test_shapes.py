"""Google, Apple, Spotify and Facebook as their own documents describe them, each against a loopback twin."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

from antiphon.adapters.oidc.config import configured
from antiphon.adapters.oidc.presets import PRESETS, Endpoints, Preset
from antiphon.adapters.oidc.providers import OidcProvider, ProfileProvider
from antiphon.domains.identity.errors import ProviderDenied, ProviderRefused
from antiphon.domains.identity.ports import Claims, IdentityProvider, ProviderFlow
from antiphon.kit.settings import ProviderSettings
from tests.support.clock import FrozenClock
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, Asked, StubProvider, as_json, rsa_key

GOOGLE = {
    "azp": CLIENT_ID,
    "sub": "110169484474386276334",
    "hd": "example.com",
    "email": "jsmith@example.com",
    "email_verified": True,
    "name": "Jane Smith",
    "picture": "https://lh3.googleusercontent.com/a/photo=s96-c",
    "given_name": "Jane",
    "family_name": "Smith",
}
APPLE = {
    "sub": "001473.8f1bdc3c3e6c4b3c9f6f9a1c5e7a2b10.1042",
    "email": "q9vxpt7zzz@privaterelay.appleid.com",
    "email_verified": "true",
    "is_private_email": "true",
    "auth_time": 1764000000,
    "nonce_supported": True,
}
SPOTIFY = {
    "country": "SE",
    "display_name": "JM Wizzler",
    "email": "email@example.com",
    "explicit_content": {"filter_enabled": False, "filter_locked": True},
    "external_urls": {"spotify": "https://open.spotify.com/user/wizzler"},
    "followers": {"href": None, "total": 3829},
    "href": "https://api.spotify.com/v1/users/wizzler",
    "id": "wizzler",
    "images": [{"height": None, "url": "https://i.scdn.co/image/ab67", "width": None}],
    "product": "premium",
    "type": "user",
    "uri": "spotify:user:wizzler",
}
FACEBOOK = {"id": "10158", "name": "Open Graph Test User", "email": "open_abc@example.net"}


def twin(name: str, stub: StubProvider) -> Preset:
    """The preset with its addresses on loopback, all else as it is."""
    preset = PRESETS[name]
    ends = preset.endpoints
    if ends is not None:
        ends = Endpoints(
            authorize=f"{stub.url}/authorize",
            token=f"{stub.url}/token",
            profile=f"{stub.url}/me?{urlsplit(ends.profile).query}".rstrip("?"),
            shape=ends.shape,
        )
    return msgspec.structs.replace(preset, issuer=stub.url, endpoints=ends)


@asynccontextmanager
async def opened(name: str, stub: StubProvider, clock: FrozenClock, **more: Any) -> AsyncIterator[IdentityProvider]:
    given = ProviderSettings(id=name, preset=name, client_id=CLIENT_ID, **({"client_secret": CLIENT_SECRET} | more))
    config = configured(given, {name: twin(name, stub)})
    made: IdentityProvider = (
        OidcProvider(config, clock) if config.endpoints is None else ProfileProvider(config, config.endpoints, clock)
    )
    yield made
    await made.close()


async def signed_in(provider: IdentityProvider, stub: StubProvider, flow: ProviderFlow, **more: str) -> Claims:
    return await provider.finish(flow, stub.approve(await provider.start(flow)) | more)


def question(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


async def test_google(stub: StubProvider, clock: FrozenClock, flow: ProviderFlow) -> None:
    stub.person = GOOGLE
    stub.says_issuer = True
    async with opened("google", stub, clock) as google:
        asked = question(await google.start(flow))
        assert asked["scope"] == "openid email profile"
        assert (asked["prompt"], asked["code_challenge_method"]) == ("select_account", "S256")
        assert await signed_in(google, stub, flow) == Claims(
            issuer=stub.url, subject=GOOGLE["sub"], email="jsmith@example.com", email_verified=True, name="Jane Smith"
        )
        assert [asked.form["client_secret"] for asked in stub.asked if asked.path == "/token"] == [CLIENT_SECRET]
        assert stub.count("/userinfo") == 0


async def test_google_with_the_issuer_of_old(stub: StubProvider, clock: FrozenClock, flow: ProviderFlow) -> None:
    stub.person = GOOGLE | {"iss": "accounts.google.com"}
    async with opened("google", stub, clock) as google:
        assert (await signed_in(google, stub, flow)).issuer == stub.url


async def test_an_address_is_verified_only_where_google_says_so(
    stub: StubProvider, clock: FrozenClock, flow: ProviderFlow
) -> None:
    async with opened("google", stub, clock) as google:
        for said in (False, None, 1, "yes", []):
            stub.person = GOOGLE | {"email_verified": said}
            assert not (await signed_in(google, stub, flow)).email_verified


async def test_an_address_is_verified_only_where_the_operator_trusts(
    stub: StubProvider, clock: FrozenClock, flow: ProviderFlow
) -> None:
    stub.person = GOOGLE
    async with opened("google", stub, clock, trust_email=False) as google:
        assert not (await signed_in(google, stub, flow)).email_verified
    for trusted in (False, True):
        async with opened("keycloak", stub, clock, trust_email=trusted) as keycloak:
            assert (await signed_in(keycloak, stub, flow)).email_verified is trusted
    async with opened("keycloak", stub, clock) as keycloak:
        assert not (await signed_in(keycloak, stub, flow)).email_verified


async def test_apple(stub: StubProvider, clock: FrozenClock, flow: ProviderFlow) -> None:
    """The client secret is a token signed by the team; the name comes beside the code, once, unsigned."""
    team_key = ECKey.generate_key("P-256")
    pem = team_key.as_pem(private=True).decode()

    def proven(asked: Asked) -> bool:
        secret = jwt.decode(asked.form["client_secret"], team_key, algorithms=["ES256"])
        now = int(clock.now().timestamp())
        assert secret.header == {"alg": "ES256", "kid": "KEY4567890", "typ": "JWT"}
        assert secret.claims["iss"] == "TEAM123456"
        assert (
            (secret.claims["sub"], secret.claims["aud"]) == (asked.form["client_id"], stub.url) == (CLIENT_ID, stub.url)
        )
        assert now == secret.claims["iat"] < secret.claims["exp"] <= now + 15_777_000
        return True

    stub.person, stub.prove_client = APPLE, proven
    key = {"client_secret": None, "team_id": "TEAM123456", "key_id": "KEY4567890", "private_key": pem}
    async with opened("apple", stub, clock, **key) as apple:
        assert apple.answers_by == "form"
        asked = question(await apple.start(flow))
        assert (asked["response_mode"], asked["scope"]) == ("form_post", "openid email name")
        assert "code_challenge" not in asked
        user = '{"name":{"firstName":"Ada","lastName":"King"},"email":"evil@example.org"}'
        claims = await signed_in(apple, stub, flow, user=user)
        assert (claims.email, claims.email_verified, claims.name) == (APPLE["email"], True, "Ada King")
        assert (await signed_in(apple, stub, flow)).name is None
        assert (await signed_in(apple, stub, flow, user="\xff{")).name is None
        with pytest.raises(ProviderDenied):
            await apple.finish(flow, {"error": "user_cancelled_authorize", "state": flow.state})


async def test_spotify(stub: StubProvider, clock: FrozenClock, flow: ProviderFlow) -> None:
    """No token says who it is, and Spotify does not prove addresses."""
    stub.person = SPOTIFY
    async with opened("spotify", stub, clock) as spotify:
        asked = question(await spotify.start(flow))
        assert (asked["scope"], asked["code_challenge_method"]) == ("user-read-email", "S256")
        assert "nonce" not in asked
        assert await signed_in(spotify, stub, flow) == Claims(
            issuer=stub.url, subject="wizzler", email="email@example.com", email_verified=False, name="JM Wizzler"
        )
        assert stub.asked[-2].headers["authorization"].startswith("Basic ")
        stub.person = {"id": "31l77y2al5lnn7mxfrmd4bpfhqke", "display_name": None, "type": "user"}
        assert await signed_in(spotify, stub, flow) == Claims(issuer=stub.url, subject=stub.person["id"])


async def test_facebook(stub: StubProvider, clock: FrozenClock, flow: ProviderFlow) -> None:
    stub.person = FACEBOOK
    async with opened("facebook", stub, clock, trust_email=True) as facebook:
        claims = await signed_in(facebook, stub, flow)
        assert (claims.subject, claims.name, claims.email_verified) == ("10158", "Open Graph Test User", False)
        assert stub.asked[-1].query == {"fields": "id,name,email"}
        stub.person = FACEBOOK | {"id": 10158}
        assert (await signed_in(facebook, stub, flow)).subject == "10158"


@pytest.mark.parametrize("subject", [None, "", True, ["a"], {"id": "a"}, "x" * 256, "a\x00b"])
async def test_a_profile_without_somebody(
    stub: StubProvider, clock: FrozenClock, flow: ProviderFlow, subject: object
) -> None:
    stub.person = SPOTIFY | {"id": subject}
    async with opened("spotify", stub, clock) as spotify:
        with pytest.raises(ProviderRefused) as refused:
            await signed_in(spotify, stub, flow)
        assert refused.value.reason == "subject"


async def test_a_token_answer_without_access(stub: StubProvider, clock: FrozenClock, flow: ProviderFlow) -> None:
    stub.answers["/token"] = lambda _: as_json({"token_type": "Bearer"})
    async with opened("spotify", stub, clock) as spotify:
        with pytest.raises(ProviderRefused) as refused:
            await signed_in(spotify, stub, flow)
        assert refused.value.reason == "no_access_token"


async def test_tokens_are_kept_only_where_the_operator_wants_them(
    stub: StubProvider, clock: FrozenClock, flow: ProviderFlow
) -> None:
    for keep, kept in ((False, None), (True, "kept")):
        async with opened("keycloak", stub, clock, keep_tokens=keep) as keycloak:
            assert (await signed_in(keycloak, stub, flow)).refresh_token == kept


async def test_more_is_asked_of_a_profile_where_the_token_has_no_address(
    stub: StubProvider, clock: FrozenClock, flow: ProviderFlow
) -> None:
    everything = {"sub": "7", "email": "ada@example.org", "email_verified": True, "name": "Ada"}
    stub.person = {"sub": "7", "name": "Countess"}
    stub.answers["/userinfo"] = lambda _: as_json(everything)
    async with opened("keycloak", stub, clock, trust_email=True) as keycloak:
        claims = await signed_in(keycloak, stub, flow)
    assert (claims.email, claims.email_verified, claims.name) == ("ada@example.org", True, "Countess")


@pytest.mark.parametrize("curve", ["P-256", "Ed25519", "RSA"])
async def test_a_client_that_proves_itself_by_its_key(
    stub: StubProvider, clock: FrozenClock, flow: ProviderFlow, curve: str
) -> None:
    key = {"P-256": ECKey.generate_key, "Ed25519": OKPKey.generate_key}.get(curve, lambda _: rsa_key("ours"))(curve)
    seen: set[str] = set()

    def proven(asked: Asked) -> bool:
        proof = jwt.decode(asked.form["client_assertion"], key, algorithms=["ES256", "RS256", "Ed25519"])
        assert asked.form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        assert (proof.claims["iss"], proof.claims["sub"]) == (CLIENT_ID, CLIENT_ID)
        assert proof.claims["aud"] == f"{stub.url}/token"
        seen.add(proof.claims["jti"])
        return "client_secret" not in asked.form and "authorization" not in asked.headers

    stub.prove_client = proven
    more = {"token_auth": "private_key_jwt", "key_id": "k1", "client_secret": None}
    async with opened("keycloak", stub, clock, private_key=key.as_pem(private=True).decode(), **more) as provider:
        for _ in range(2):
            await signed_in(provider, stub, flow)
    assert len(seen) == 2
