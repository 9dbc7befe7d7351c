"""An installation with two providers, and a browser in front of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from antiphon.entry.bootstrap import House
from antiphon.kit.settings import ProviderSettings, Settings
from tests.support.clock import FrozenClock
from tests.support.elsewhere import ADA, opened
from tests.support.provider import CLIENT_ID, CLIENT_SECRET, StubProvider, running_provider
from tests.support.tab import Tab


@pytest.fixture
def stub(clock: FrozenClock) -> Iterator[StubProvider]:
    with running_provider(clock) as made:
        made.person = ADA
        yield made


@pytest.fixture
def settings(stub: StubProvider, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """A trusted provider `house`, a distrusted one `stranger`; a test's mark may ask for more of the settings."""
    common = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "issuer": stub.url, "algorithms": ["RS256"]}
    providers = [
        ProviderSettings(id="house", name="House", trust_email=True, keep_tokens=True, **common),
        ProviderSettings(id="stranger", name="Stranger", **common),
    ]
    mark = request.node.get_closest_marker("installation")
    more = mark.kwargs if mark else {}
    return Settings(home=tmp_path / "home", demo=False, providers=providers, **more)


@pytest.fixture
async def tab(house: House) -> AsyncIterator[Tab]:
    async with house.listening(), opened(house) as made:
        yield made
