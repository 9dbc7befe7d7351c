"""Another install beside the one under test, and archives that are carried from one to the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec

from antiphon.adapters.codecs.fake import FakeCodecs
from antiphon.adapters.objects.local import LocalStore
from antiphon.domains.identity.api import PasswordHasher
from antiphon.entry.bootstrap import House, build
from antiphon.entry.http.app import create_app
from antiphon.entry.worker.run import job_runner
from antiphon.kit.relay import Relay
from antiphon.kit.settings import Settings
from tests.conftest import CHEAP, QUEUES
from tests.support.archives import exported
from tests.support.clock import FrozenClock
from tests.support.database import TestServer
from tests.support.people import Maker, Person, good

__all__ = ["Install", "another_install", "brought", "packed", "taken"]

Settle = Callable[[], Awaitable[None]]


@dataclass
class Install:
    house: House
    make: Maker
    settle: Settle


@asynccontextmanager
async def another_install(
    server: TestServer, settings: Settings, tmp_path: Path, clock: FrozenClock
) -> AsyncIterator[Install]:
    """Another install, with a database, a folder and keys of its own."""
    with server.clone() as url:
        elsewhere = msgspec.structs.replace(settings, home=tmp_path / "other")
        house = build(
            elsewhere,
            url,
            clock=clock,
            codecs=FakeCodecs(),
            objects=LocalStore(elsewhere.home / "objects"),
            passwords=PasswordHasher(CHEAP),
            pool_size=5,
        )
        await house.start()
        runner, relay = job_runner(house), Relay(house.db, house.handlers)

        async def settle() -> None:
            while True:
                await runner.run_waiting(QUEUES)
                if await relay.work_once() == 0:
                    return

        transport = httpx.ASGITransport(app=create_app(house), raise_app_exceptions=False)  # type: ignore[arg-type]
        async with house.listening(), httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as http:
            yield Install(house, Maker(http, settle), settle)
        await house.close()


async def brought(by: Person, archive: bytes, query: str = "") -> httpx.Response:
    headers = {"Content-Type": "application/zip"}
    return await by.post(f"/users/me/import{query}", content=archive, headers=headers)


async def taken(by: Person, archive: bytes, settle: Settle, query: str = "") -> dict[str, Any]:
    begun = await brought(by, archive, query)
    assert begun.status_code == 202, begun.text
    await settle()
    return good(await by.get(f"/users/me/import/{begun.json()['id']}"))


async def packed(by: Person, settle: Settle) -> bytes:
    return (await by.http.get((await exported(by, settle))["download_url"])).content
