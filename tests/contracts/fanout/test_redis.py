"""A Redis that goes away: nothing is missed, and commits do not wait for it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from antiphon.adapters.fanout.redis import RedisFanout
from antiphon.kit.presence import Entry
from tests.contracts.fanout.conftest import PATIENCE_S, process
from tests.contracts.fanout.test_contract import listening, say
from tests.support.clock import FrozenClock
from tests.support.redis import redis_server

pytestmark = pytest.mark.usefixtures("redis_url")  # where there is none, that says so


async def test_what_is_said_while_it_is_away_comes_by_looking_and_then_over_it_again(
    database_url: str, clock: FrozenClock, tmp_path: Path
) -> None:
    url = f"unix://{tmp_path}/redis.sock"
    with redis_server(tmp_path):
        running = process(database_url, clock, lambda _hub: RedisFanout(url))
        here = await running.__aenter__()
        ear = await listening(here)
        await say(here.db, 1)
        assert await ear.numbers(1) == [1]
    looking = asyncio.create_task(here.board.look())
    began = time.monotonic()
    for n in range(2, 12):
        await say(here.db, n)
    assert time.monotonic() - began < PATIENCE_S / 2  # nobody waited for it
    assert await ear.numbers(10) == list(range(2, 12))
    with pytest.raises(OSError, match=r"redis\.sock"):
        await here.presence.enter([Entry("chat", "a.1", "a", "usr_1", {})])
    looking.cancel()
    assert isinstance(here.fanout, RedisFanout)
    with redis_server(tmp_path):
        await asyncio.wait_for(here.fanout.connected.wait(), PATIENCE_S)
        here.fanout._rests_until = 0
        await say(here.db, 12)
        assert await ear.numbers(1) == [12]
        await running.__aexit__(None, None, None)
