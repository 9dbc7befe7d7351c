"""Providers that are down, slow, huge or mad: nobody waits long, nothing is believed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from antiphon.adapters.oidc.config import configured
from antiphon.adapters.oidc.providers import OidcProvider
from antiphon.domains.identity.errors import ProviderRefused, ProviderUnavailable
from antiphon.domains.identity.ports import ProviderFlow
from antiphon.kit.settings import ProviderSettings
from tests.support.clock import FrozenClock
from tests.support.provider import Answer, StubProvider, as_json

DIRECTORY = "/.well-known/openid-configuration"

BAD: dict[str, Answer] = {
    "failing": as_json({"error": "oops"}, 500),
    "busy": as_json({}, 429),
    "elsewhere": (302, {"Location": "http://127.0.0.1:1/"}, b""),
    "garbage": (200, {"Content-Type": "text/html"}, b"<html>\xff\xfe"),
    "a list": as_json([1, 2]),
    "huge": (200, {}, b'{"a":"' + b"x" * 600_000 + b'"}'),
    "packed": (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b\x08"),
    "cut short": (200, {"Content-Length": "99"}, b"{}"),
}


@pytest.mark.parametrize("path", [DIRECTORY, "/keys", "/token", "/userinfo"])
@pytest.mark.parametrize("bad", [*BAD, "silent"])
@pytest.mark.parametrize("patience_s", [0.5])
async def test_every_question_can_go_wrong(
    provider: OidcProvider, stub: StubProvider, flow: ProviderFlow, path: str, bad: str
) -> None:
    stub.answers[path] = stub.silent if bad == "silent" else lambda _: BAD[bad]
    with pytest.raises(ProviderUnavailable):
        await provider.finish(flow, stub.approve(await provider.start(flow)))


async def test_nobody_listens(clock: FrozenClock, given: ProviderSettings, flow: ProviderFlow) -> None:
    gone = ProviderSettings(id="gone", client_id="a", client_secret="b", issuer="http://127.0.0.1:1")
    provider = OidcProvider(configured(gone), clock, patience_s=0.5)
    with pytest.raises(ProviderUnavailable):
        await provider.start(flow)
    await provider.close()


@pytest.mark.parametrize("patience_s", [1.0])
async def test_a_queue_does_not_wait_for_a_dead_provider_one_by_one(
    provider: OidcProvider, stub: StubProvider, flow: ProviderFlow, clock: FrozenClock
) -> None:
    stub.answers[DIRECTORY] = stub.silent
    outcomes = await asyncio.gather(*(provider.start(flow) for _ in range(20)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {ProviderUnavailable}
    assert stub.count(DIRECTORY) == 1
    del stub.answers[DIRECTORY]
    clock.move(timedelta(seconds=5))
    assert (await provider.start(flow)).startswith(f"{stub.url}/authorize?")


async def test_what_is_known_is_not_asked_again(
    provider: OidcProvider, stub: StubProvider, flow: ProviderFlow, clock: FrozenClock
) -> None:
    await asyncio.gather(*(provider.start(flow) for _ in range(20)))
    assert stub.count(DIRECTORY) == 1
    clock.move(timedelta(hours=12))
    await provider.start(flow)
    assert stub.count(DIRECTORY) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document | {"issuer": "https://accounts.example"},
        lambda document: document | {"issuer": document["issuer"] + "/"},
        lambda document: document | {"code_challenge_methods_supported": ["plain"]},
        lambda document: document | {"token_endpoint": "ftp://127.0.0.1/token"},
        lambda document: document | {"jwks_uri": "file:///etc/passwd"},
        lambda document: document | {"authorization_endpoint": "javascript:alert(1)"},
        lambda document: {name: value for name, value in document.items() if name != "jwks_uri"},
    ],
)
async def test_a_directory_that_cannot_be_trusted(
    provider: OidcProvider, stub: StubProvider, flow: ProviderFlow, change: Callable[[Any], Any]
) -> None:
    stub.answers[DIRECTORY] = lambda _: as_json(change(stub.document()))
    with pytest.raises(ProviderUnavailable):
        await provider.start(flow)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (as_json({"access_token": "a"}), "no_id_token"),
        (as_json({"id_token": 7}), "token_answer"),
        (as_json({"error": "invalid_client"}, 401), "invalid_client"),
        (as_json({"error": {"not": "a text"}}, 400), "provider_error"),
        ((403, {}, b"<html>no</html>"), "provider_error"),
    ],
)
async def test_token_answers_without_a_token(
    provider: OidcProvider, stub: StubProvider, flow: ProviderFlow, answer: Answer, reason: str
) -> None:
    stub.answers["/token"] = lambda _: answer
    address = await provider.start(flow)
    with pytest.raises(ProviderRefused) as refused:
        await provider.finish(flow, stub.approve(address))
    assert refused.value.reason == reason
