"""The port against a provider that we did not write."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from antiphon.adapters.oidc.config import configured
from antiphon.adapters.oidc.providers import OidcProvider
from antiphon.domains.identity.errors import ProviderDenied, ProviderRefused
from antiphon.domains.identity.ports import ProviderFlow
from antiphon.kit.settings import ProviderSettings
from tests.support.clock import FrozenClock
from tests.support.keycloak import Keycloak
from tests.support.keycloak_realm import CLIENT, SECRET, Realm

REDIRECT = "http://localhost:8420/api/v1/auth/oidc/house/callback"


@pytest.fixture(scope="module")
def realm(keycloak: Keycloak) -> Iterator[Realm]:
    made = keycloak.realm(f"port-{secrets.token_hex(4)}", redirect=REDIRECT)
    yield made
    made.close()


@pytest.fixture
def given(realm: Realm) -> ProviderSettings:
    return ProviderSettings(
        id="house", preset="keycloak", issuer=realm.issuer, client_id=CLIENT, client_secret=SECRET, trust_email=True
    )


@pytest.fixture
async def provider(given: ProviderSettings, clock: FrozenClock) -> AsyncIterator[OidcProvider]:
    made = OidcProvider(configured(given), clock, patience_s=30)
    yield made
    await made.close()


@pytest.fixture
def flow() -> ProviderFlow:
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return ProviderFlow(redirect_uri=REDIRECT, state=state, nonce=nonce, verifier=verifier)


async def test_people_with_proven_and_unproven_addresses(
    provider: OidcProvider, realm: Realm, flow: ProviderFlow
) -> None:
    ada = realm.answered(await provider.start(flow), "ada")
    assert (ada["state"], ada["iss"]) == (flow.state, realm.issuer)
    claims = await provider.finish(flow, ada)
    assert (claims.issuer, claims.email) == (realm.issuer, f"ada@{realm.name}.example")
    assert (claims.email_verified, claims.name) == (True, "Ada Lovelace")
    eve = await provider.finish(flow, realm.answered(await provider.start(flow), "eve"))
    assert (eve.email, eve.email_verified) == (f"eve@{realm.name}.example", False)
    assert eve.subject != claims.subject
    again = await provider.finish(flow, realm.answered(await provider.start(flow), "ada"))
    assert again.subject == claims.subject


async def test_without_pkce_it_refuses_us(
    given: ProviderSettings, realm: Realm, flow: ProviderFlow, clock: FrozenClock
) -> None:
    """Proves that the realm demands what we believe to send."""
    careless = OidcProvider(replace(configured(given), pkce=False), clock, patience_s=30)
    answer = realm.answered(await careless.start(flow), "ada")
    with pytest.raises(ProviderRefused) as refused:
        await careless.finish(flow, answer)
    assert refused.value.reason == "invalid_request"
    await careless.close()


async def test_a_code_of_another_browser_is_worth_nothing(
    provider: OidcProvider, realm: Realm, flow: ProviderFlow
) -> None:
    theirs = msgspec.structs.replace(flow, verifier=secrets.token_urlsafe(32))
    answer = realm.answered(await provider.start(theirs), "ada")
    with pytest.raises(ProviderRefused) as refused:
        await provider.finish(flow, answer)
    assert refused.value.reason == "invalid_grant"


async def test_a_code_works_once(provider: OidcProvider, realm: Realm, flow: ProviderFlow) -> None:
    answer = realm.answered(await provider.start(flow), "ada")
    await provider.finish(flow, answer)
    with pytest.raises(ProviderRefused) as refused:
        await provider.finish(flow, answer)
    assert refused.value.reason == "invalid_grant"


async def test_its_word_without_its_name_is_not_taken(provider: OidcProvider, realm: Realm, flow: ProviderFlow) -> None:
    answer = realm.answered(await provider.start(flow), "ada")
    del answer["iss"]
    with pytest.raises(ProviderRefused) as refused:
        await provider.finish(flow, answer)
    assert refused.value.reason == "mix_up"


async def test_it_knows_our_client(provider: OidcProvider, flow: ProviderFlow) -> None:
    assert (await provider.check(flow.redirect_uri)).endswith("for its tokens and knows our client")


async def test_a_wrong_secret(given: ProviderSettings, realm: Realm, flow: ProviderFlow, clock: FrozenClock) -> None:
    wrong = OidcProvider(configured(msgspec.structs.replace(given, client_secret="no")), clock, patience_s=30)
    answer = realm.answered(await wrong.start(flow), "ada")
    for question in (wrong.finish(flow, answer), wrong.check(flow.redirect_uri)):
        with pytest.raises(ProviderRefused) as refused:
            await question
        assert refused.value.reason in {"unauthorized_client", "invalid_client"}
    await wrong.close()


async def test_somebody_says_no(given: ProviderSettings, realm: Realm, flow: ProviderFlow, clock: FrozenClock) -> None:
    asking = msgspec.structs.replace(given, client_id=f"{CLIENT}-asks")
    provider = OidcProvider(configured(asking), clock, patience_s=30)
    answer = realm.answered(await provider.start(flow), "grace", says="no")
    assert answer["error"] == "access_denied"
    with pytest.raises(ProviderDenied):
        await provider.finish(flow, answer)
    claims = await provider.finish(flow, realm.answered(await provider.start(flow), "grace", says="yes"))
    assert claims.name == "Grace Lovelace"
    await provider.close()


async def test_its_keys_are_changed(
    provider: OidcProvider, realm: Realm, flow: ProviderFlow, clock: FrozenClock
) -> None:
    before = await provider.finish(flow, realm.answered(await provider.start(flow), "ada"))
    realm.rotate_keys()
    answer = realm.answered(await provider.start(flow), "ada")
    with pytest.raises(ProviderRefused) as refused:
        await provider.finish(flow, answer)
    assert refused.value.reason == "unknown_key"  # asked for the keys a moment ago, so not again so soon
    clock.move(timedelta(seconds=30))
    assert await provider.finish(flow, realm.answered(await provider.start(flow), "ada")) == before


async def test_tokens_are_kept_and_given_back(
    given: ProviderSettings, realm: Realm, flow: ProviderFlow, clock: FrozenClock
) -> None:
    provider = OidcProvider(configured(msgspec.structs.replace(given, keep_tokens=True)), clock, patience_s=30)
    claims = await provider.finish(flow, realm.answered(await provider.start(flow), "ada"))
    assert claims.refresh_token is not None
    await provider.forget(claims.refresh_token)
    await provider.close()
