"""Every place where limits are counted, under a clock that the test moves."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from antiphon.adapters.limits.local import LocalLimits
from antiphon.adapters.limits.memory import MemoryLimits
from antiphon.adapters.limits.redis import RedisLimits
from antiphon.kit.limits import Limits
from tests.support.clock import FrozenClock
from tests.support.redis import ABSENT, redis_server

# A machine under load is slow, not wrong: a Redis that is there is waited for.
PATIENT = "?socket_timeout=30&socket_connect_timeout=30"


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    if shutil.which("redis-server") is None:
        pytest.skip(ABSENT)
    with redis_server() as url:
        yield f"{url}{PATIENT}"


@pytest.fixture(params=["memory", "local", "redis"])
async def limits(request: pytest.FixtureRequest, tmp_path: Path, clock: FrozenClock) -> AsyncIterator[Limits]:
    made: Limits
    if request.param == "memory":
        made = MemoryLimits(clock)
    elif request.param == "local":
        made = LocalLimits(tmp_path / "limits", clock)
    else:
        made = RedisLimits(request.getfixturevalue("redis_url"), clock=clock, prefix=f"{uuid.uuid4().hex}:")
    yield made
    await made.close()
