"""A provider on loopback, and the adapter that speaks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from antiphon.adapters.oidc.config import configured
from antiphon.adapters.oidc.providers import OidcProvider
from antiphon.domains.identity.ports import ProviderFlow
from antiphon.kit.settings import ProviderSettings
from tests.support.clock import FrozenClock
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, StubProvider, running_provider


@pytest.fixture
def stub(clock: FrozenClock) -> Iterator[StubProvider]:
    with running_provider(clock) as made:
        yield made


@pytest.fixture
def given(stub: StubProvider) -> ProviderSettings:
    return ProviderSettings(
        id="home", client_id=CLIENT_ID, client_secret=CLIENT_SECRET, issuer=stub.url, algorithms=["RS256"]
    )


@pytest.fixture
def patience_s() -> float:
    """A machine under load is slow, not wrong. Who is about providers that do not answer has less."""
    return 30


@pytest.fixture
async def provider(given: ProviderSettings, clock: FrozenClock, patience_s: float) -> AsyncIterator[OidcProvider]:
    made = OidcProvider(configured(given), clock, patience_s=patience_s)
    yield made
    await made.close()


@pytest.fixture
def flow() -> ProviderFlow:
    return ProviderFlow(
        redirect_uri="http://localhost:8420/api/v1/auth/oidc/home/callback",
        state="state-" + "s" * 37,
        nonce="nonce-" + "n" * 37,
        verifier="verifier-" + "v" * 34,
    )
