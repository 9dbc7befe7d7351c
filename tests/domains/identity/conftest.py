"""The house where letters reach people, and what is in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from antiphon.domains.identity import api
from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app
from antiphon.kit.settings import Settings
from tests.support.answers import rows
from tests.support.clock import FrozenClock
from tests.support.database import TestServer
from tests.support.installs import Install, another_install
from tests.support.letters import Read


@pytest.fixture
async def mailing(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """The house where letters reach people."""
    identity = replace(house.identity, config=replace(house.identity.config, mail=True))
    app = create_app(replace(house, identity=identity))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with house.listening(), httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as client:
        yield client


@pytest.fixture
def read(house: House) -> Read:
    async def newest(purpose: str) -> api.Letter:
        """The last letter that was asked for as `purpose`, as the postman gets it."""
        asked = "SELECT id FROM identity.letters WHERE purpose = :purpose ORDER BY id DESC LIMIT 1"
        [row] = await rows(house.db, asked, purpose=purpose)
        async with house.db.system() as uow:
            found = await api.letter(uow, row.id, "http://localhost:8420")
        assert found is not None
        return found

    return newest


@pytest.fixture
async def other(server: TestServer, settings: Settings, tmp_path: Path, clock: FrozenClock) -> AsyncIterator[Install]:
    """Another install, with a database, a folder and keys of its own."""
    async with another_install(server, settings, tmp_path, clock) as install:
        yield install
