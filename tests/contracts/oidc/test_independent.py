"""The port against a small provider that nobody here wrote: always there, where Keycloak may be out of reach."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec
import pytest

from antiphon.adapters.oidc.config import configured
from antiphon.adapters.oidc.providers import OidcProvider
from antiphon.domains.identity.errors import ProviderDenied, ProviderRefused
from antiphon.domains.identity.ports import ProviderFlow
from antiphon.kit import tether
from antiphon.kit.settings import ProviderSettings
from tests.support.clock import FrozenClock
from tests.support.product import free_port, until

REDIRECT = "http://localhost:8420/api/v1/auth/oidc/small/callback"
ADA = {"sub": "ada", "email": "ada@small.example", "email_verified": True, "name": "Ada Lovelace"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    port = free_port()
    argv = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--user-claims", json.dumps(ADA)]
    env = os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1"}  # of the provider's own library: it is on loopback
    command = tether.command(argv, signum=signal.SIGTERM)
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://localhost:{port}"

    def answers() -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{url}/.well-known/openid-configuration", timeout=30).is_success
        return False

    try:
        assert until(answers, within_s=60)
        yield url
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture
async def provider(issuer: str, clock: FrozenClock) -> AsyncIterator[OidcProvider]:
    given = ProviderSettings(
        id="small", issuer=issuer, client_id="antiphon", client_secret="s3cret", algorithms=["RS256"], trust_email=True
    )
    made = OidcProvider(configured(given), clock, patience_s=30)
    yield made
    await made.close()


@pytest.fixture
def flow() -> ProviderFlow:
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return ProviderFlow(redirect_uri=REDIRECT, state=state, nonce=nonce, verifier=verifier)


async def answered(address: str, **form: str) -> dict[str, str]:
    """What comes back to us once somebody has answered the provider's form."""
    async with httpx.AsyncClient(timeout=30) as browser:
        answer = await browser.post(address, data=form)
    assert answer.is_redirect, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


async def test_somebody_comes_in(provider: OidcProvider, issuer: str, flow: ProviderFlow) -> None:
    answer = await answered(await provider.start(flow), sub="ada")
    assert answer["state"] == flow.state
    claims = await provider.finish(flow, answer)
    assert (claims.issuer, claims.subject, claims.name) == (issuer, "ada", "Ada Lovelace")
    assert (claims.email, claims.email_verified) == ("ada@small.example", True)


async def test_a_code_works_once(provider: OidcProvider, flow: ProviderFlow) -> None:
    answer = await answered(await provider.start(flow), sub="ada")
    await provider.finish(flow, answer)
    with pytest.raises(ProviderRefused) as refused:
        await provider.finish(flow, answer)
    assert refused.value.reason == "invalid_grant"


async def test_a_token_for_another_sign_in_is_worth_nothing(provider: OidcProvider, flow: ProviderFlow) -> None:
    answer = await answered(await provider.start(flow), sub="ada")
    other = msgspec.structs.replace(flow, nonce=secrets.token_urlsafe(32))
    with pytest.raises(ProviderRefused) as refused:
        await provider.finish(other, answer)
    assert refused.value.reason == "nonce"


async def test_somebody_says_no(provider: OidcProvider, flow: ProviderFlow) -> None:
    answer = await answered(await provider.start(flow), action="deny")
    assert answer["error"] == "access_denied"
    with pytest.raises(ProviderDenied):
        await provider.finish(flow, answer)
