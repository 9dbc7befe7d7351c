"""A process that tells of listens, eight at a time, and says which were acknowledged; it ends when it is killed."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

from antiphon.domains.playback.api import ListenWriter
from antiphon.kit.clock import SystemClock
from antiphon.kit.db import Database
from antiphon.kit.jobs import JobRegistry


async def main(url: str, login: str, user: UUID, track: UUID) -> None:
    db = Database.connect(url, SystemClock(), JobRegistry(), drop_to_app_role=login == "owner")
    writer = ListenWriter(db)
    numbers = iter(range(1_000_000))

    async def tell() -> None:
        for number in numbers:
            at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(minutes=10 * number)
            if await writer.scrobble(user, [(track, at)], "program"):
                sys.stdout.write(f"{at.isoformat()}\n")
                sys.stdout.flush()

    await asyncio.gather(*(tell() for _ in range(8)))


asyncio.run(main(sys.argv[1], sys.argv[2], UUID(sys.argv[3]), UUID(sys.argv[4])))
