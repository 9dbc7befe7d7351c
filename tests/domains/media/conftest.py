"""A house whose outside world can fail, and time for jobs that wait to be tried again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from antiphon.adapters.codecs.fake import FakeCodecs
from antiphon.adapters.objects.local import LocalStore
from antiphon.domains.identity.api import PasswordHasher
from antiphon.entry.bootstrap import House, build
from antiphon.kit.settings import Settings
from tests.conftest import CHEAP
from tests.support.clock import FrozenClock
from tests.support.outside import Breaking, Trouble


@pytest.fixture
def trouble() -> Trouble:
    return Trouble()


@pytest.fixture
async def house(
    settings: Settings, database_url: str, clock: FrozenClock, codecs: FakeCodecs, trouble: Trouble
) -> AsyncIterator[House]:
    objects: Any = Breaking(LocalStore(settings.home / "objects"), trouble)
    breaking: Any = Breaking(codecs, trouble)
    made = build(
        settings,
        database_url,
        clock=clock,
        codecs=breaking,
        objects=objects,
        passwords=PasswordHasher(CHEAP),
        pool_size=5,
    )
    await made.start()
    yield made
    await made.close()


@pytest.fixture
def settle_all(house: House, settle: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    """Settle, with the waits between tries cut short, until nothing is left to try."""

    async def run() -> None:
        while True:
            await settle()
            async with house.db.system() as uow:
                statement = text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
                if (await uow.conn.execute(statement)).rowcount == 0:
                    return

    return run


@pytest.fixture
def blobs(house: House) -> Callable[[], set[str]]:
    """Keys of what lies in the store."""

    def keys() -> set[str]:
        root = Path(house.settings.home) / "objects"
        return {
            path.relative_to(root).as_posix()
            for path in root.rglob("*")
            if path.is_file() and ".incoming" not in path.parts
        }

    return keys
