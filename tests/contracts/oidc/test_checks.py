"""What `antiphon doctor` asks of a provider: is it there, is it the one that was meant, does it take our client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from antiphon.adapters.oidc.config import configured
from antiphon.adapters.oidc.presets import PRESETS
from antiphon.adapters.oidc.providers import OidcProvider, ProfileProvider
from antiphon.domains.identity.errors import ProviderRefused, ProviderUnavailable
from antiphon.kit.settings import ProviderSettings
from tests.support.clock import FrozenClock
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, StubProvider, as_json, rsa_key

DIRECTORY = "/.well-known/openid-configuration"
BACK = "http://localhost:8420/api/v1/auth/oidc/home/callback"


async def test_all_is_well(provider: OidcProvider, stub: StubProvider) -> None:
    assert await provider.check(BACK) == f"{stub.url} has 1 key for its tokens and knows our client"
    (asked,) = [asked for asked in stub.asked if asked.path == "/token"]
    assert asked.form["redirect_uri"] == BACK


async def test_a_client_that_it_does_not_take(given: ProviderSettings, stub: StubProvider, clock: FrozenClock) -> None:
    provider = OidcProvider(configured(msgspec.structs.replace(given, client_secret="another")), clock, patience_s=30)
    with pytest.raises(ProviderRefused) as refused:
        await provider.check(BACK)
    assert refused.value.reason == "invalid_client"
    await provider.close()


@pytest.mark.parametrize("answer", [as_json({"error": {"type": "OAuthException"}}, 400), as_json({}, 400), as_json({})])
async def test_an_answer_that_says_nothing_of_our_client(
    provider: OidcProvider, stub: StubProvider, answer: tuple[int, dict[str, str], bytes]
) -> None:
    stub.answers["/token"] = lambda _: answer
    assert (await provider.check(BACK)).endswith("does not say whether it knows our client")


def keys(*entries: Any) -> Callable[[StubProvider], None]:
    return lambda stub: stub.answers.update({"/keys": lambda _: as_json({"keys": list(entries)})})


def document(**change: Any) -> Callable[[StubProvider], None]:
    return lambda stub: stub.answers.update({DIRECTORY: lambda _: as_json(stub.document() | change)})


OTHER = rsa_key("usual").as_dict(private=False)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (document(issuer="https://accounts.example"), "it calls itself 'https://accounts.example'"),
        (document(issuer="https://\x1b[2J"), r"it calls itself 'https://\x1b[2J'"),
        (document(code_challenge_methods_supported=["plain"]), "it does not take PKCE by S256"),
        (keys(), "none of its keys is for RS256"),
        (keys(OTHER | {"alg": "RS512"}, OTHER | {"use": "enc"}), "none of its keys is for RS256"),
        (lambda stub: stub.answers.update({DIRECTORY: lambda _: as_json({}, 404)}), f"{DIRECTORY}: status 404"),
        (lambda stub: stub.answers.update({"/token": lambda _: as_json({}, 500)}), "/token: status 500"),
    ],
)
async def test_the_reason_is_told(
    provider: OidcProvider, stub: StubProvider, spoil: Callable[[StubProvider], None], reason: str
) -> None:
    spoil(stub)
    with pytest.raises(ProviderUnavailable) as unavailable:
        await provider.check(BACK)
    assert unavailable.value.reason.startswith(reason)
    assert "reason" not in unavailable.value.data  # visitors have no use for it


@pytest.mark.parametrize("patience_s", [0.5])
async def test_the_reason_is_told_of_silence(provider: OidcProvider, stub: StubProvider) -> None:
    stub.answers["/keys"] = stub.silent
    with pytest.raises(ProviderUnavailable) as unavailable:
        await provider.check(BACK)
    assert unavailable.value.reason.startswith("/keys: ")


async def test_a_service_without_identity_tokens(stub: StubProvider, clock: FrozenClock) -> None:
    endpoints = PRESETS["spotify"].endpoints
    assert endpoints is not None
    here = msgspec.structs.replace(endpoints, token=f"{stub.url}/token")
    given = ProviderSettings(id="spotify", preset="spotify", client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    provider = ProfileProvider(configured(given), here, clock, patience_s=30)
    assert await provider.check(BACK) == "https://accounts.spotify.com knows our client"
    await provider.close()
