"""A worker in a process of its own that is killed in the middle of what it does, with nothing tidied up."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from sqlalchemy import event

from antiphon.adapters.codecs.fake import FakeCodecs
from antiphon.adapters.objects.local import LocalStore
from antiphon.domains.identity.api import PasswordHasher
from antiphon.entry.bootstrap import House, build
from antiphon.entry.worker.run import job_runner
from antiphon.kit.settings import Settings
from tests.support.clock import FrozenClock

__all__ = ["worked_until"]

Moment = Literal["fetch", "commit"]


class _Orders(msgspec.Struct):
    home: str
    database_url: str
    now: datetime
    moment: Moment
    at: int


def worked_until(house: House, moment: Moment, at: int) -> bool:
    """Runs the jobs of `maintenance` that wait until the process dies: as it fetches the object of that number, or as
    it is about to commit for that many times. False where all was done before.

    What the dead one had taken up is put back by `recover`.
    """
    orders = _Orders(str(house.settings.home), house.db_url, house.db.clock.now(), moment, at)
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.dying"],
        input=msgspec.json.encode(orders),
        capture_output=True,
        timeout=400,
        check=False,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()
    return done.returncode != 0


async def _work(orders: _Orders) -> None:
    calls = itertools.count(1)

    def die(*_: object) -> None:
        if next(calls) == orders.at:
            os.kill(os.getpid(), signal.SIGKILL)

    settings = Settings(home=Path(orders.home), demo=False, limits="off", quota_bytes=32 << 20)
    objects = LocalStore(Path(orders.home) / "objects")
    if orders.moment == "fetch":
        fetch = objects.local_file
        objects.local_file = lambda key: die() or fetch(key)  # type: ignore[method-assign, func-returns-value]
    house = build(
        settings,
        orders.database_url,
        clock=FrozenClock(orders.now),
        codecs=FakeCodecs(),
        objects=objects,
        passwords=PasswordHasher(),
        pool_size=5,
    )
    await house.start()
    if orders.moment == "commit":
        event.listen(house.db.engine.sync_engine, "commit", die)
    await job_runner(house).run_waiting(("maintenance",))
    await house.close()


if __name__ == "__main__":
    asyncio.run(_work(msgspec.json.decode(sys.stdin.buffer.read(), type=_Orders)))
