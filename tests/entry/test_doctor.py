"""`antiphon doctor` looks at each provider by itself and says what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from antiphon.entry.cli.doctor import examine
from antiphon.kit.settings import ProviderSettings, Settings
from tests.support.clock import FrozenClock
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, StubProvider, running_provider


@pytest.fixture
def stub(clock: FrozenClock) -> Iterator[StubProvider]:
    with running_provider(clock) as made:
        yield made


async def test_every_provider_has_its_line(
    stub: StubProvider, tmp_path: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    right = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "issuer": stub.url, "algorithms": ["RS256"]}
    providers = [
        ProviderSettings(id="right", **right),
        ProviderSettings(id="stranger", **right | {"client_secret": "wr0ng"}),
        ProviderSettings(id="misspelt", **right | {"issuer": f"{stub.url}/"}),
        ProviderSettings(id="gone", **right | {"issuer": "http://127.0.0.1:1"}),
        ProviderSettings(id="half", **right | {"client_secret": None}),
    ]
    settings = Settings(home=tmp_path, providers=providers, database_url=database_url)
    assert await asyncio.to_thread(examine, settings) == 1
    said = capsys.readouterr().out
    lines = " ".join(said.split())
    assert f"ok provider right: {stub.url} has 1 key for its tokens and knows our client" in lines
    assert "BAD provider stranger refuses our client: invalid_client → Correct client_id and client_secret" in lines
    assert f"BAD provider misspelt cannot be used: it calls itself '{stub.url}'" in lines
    assert "BAD provider gone cannot be used: /.well-known/openid-configuration: ConnectError" in lines
    assert "BAD provider providers: half: client_secret must be set" in lines
    assert "wr0ng" not in said
