"""Over a Redis or Valkey: what is said is published after its commit, and leases are keys that run out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

import msgspec
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.fanout import Hears, packed, unpacked
from antiphon.kit.logs import get_logger
from antiphon.kit.presence import LEASE, Entry
from antiphon.kit.topics import Said

__all__ = ["RedisFanout"]

log = get_logger(__name__)
TIMEOUT_S: Final = 0.5
RESTED_S: Final = 1.0
HEARD_WITHIN_S: Final = 1.0
T = TypeVar("T")

# KEYS: the set of all gateways. ARGV: prefix, gateway, milliseconds, channel. Answers whether the lease went on.
_RENEW: Final = """
local function lease(gateway) return ARGV[1] .. 'lease:' .. gateway end
local renewed = redis.call('EXISTS', lease(ARGV[2]))
if tonumber(ARGV[3]) > 0 then
  redis.call('SET', lease(ARGV[2]), '1', 'PX', ARGV[3])
  redis.call('SADD', KEYS[1], ARGV[2])
else
  redis.call('DEL', lease(ARGV[2]))
end
for _, gateway in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  if redis.call('EXISTS', lease(gateway)) == 0 then
    local held = ARGV[1] .. 'held:' .. gateway
    for _, place in ipairs(redis.call('SMEMBERS', held)) do
      local topic, id = string.match(place, '^(.*) (.*)$')
      redis.call('HDEL', ARGV[1] .. 'here:' .. topic, id)
      redis.call('PUBLISH', ARGV[4], topic)
    end
    redis.call('DEL', held)
    redis.call('SREM', KEYS[1], gateway)
  end
end
return renewed
"""


class RedisFanout:
    """`may_lose`: a process may die between its commit and its word, and Redis forgets what nobody hears.

    A Redis that does not answer is left alone for a second: what is said then is found by those who look.
    """

    may_lose = True

    def __init__(
        self, url: str, *, prefix: str = "antiphon:live:", monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 1),  # a connection that was closed while idle is worth a second try
        )
        self._listening: Redis = Redis.from_url(url, socket_connect_timeout=TIMEOUT_S)
        self._prefix, self._monotonic = prefix, monotonic
        self._said, self._present = f"{prefix}said", f"{prefix}present"
        self._renewing = self._redis.register_script(_RENEW)
        self._hears: list[Hears] = []
        self._heeding: list[Callable[[str], None]] = []
        self._rests_until = 0.0
        self.connected = asyncio.Event()

    def attach(self, hears: Hears) -> None:
        self._hears.append(hears)

    async def within(self, conn: AsyncConnection, said: Sequence[Said]) -> None:
        """After the commit is early enough."""

    async def after(self, said: Sequence[Said]) -> None:
        if self._monotonic() < self._rests_until:
            return
        try:
            pipeline: Any = self._redis.pipeline(transaction=False)
            for one in said:
                pipeline.publish(self._said, packed(one))
            await pipeline.execute()
        except (RedisError, OSError) as error:
            self._rests_until = self._monotonic() + RESTED_S
            log.warning("what was said cannot be carried", error=str(error))

    async def run(self, stop: asyncio.Event) -> None:
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                listening = asyncio.create_task(self._listen())
                await asyncio.wait([stopping, listening], return_when=asyncio.FIRST_COMPLETED)
                listening.cancel()
                (ended,) = await asyncio.gather(listening, return_exceptions=True)
                self.connected.clear()
                if isinstance(ended, RedisError | OSError):
                    log.warning("Redis cannot be heard", error=str(ended))
                    await asyncio.wait([stopping], timeout=RESTED_S)
                elif isinstance(ended, Exception):
                    raise ended
        finally:
            stopping.cancel()

    async def close(self) -> None:
        await self._redis.aclose()
        await self._listening.aclose()

    async def _listen(self) -> None:
        async with self._listening.pubsub() as heard:
            await heard.subscribe(self._said, self._present)
            taken = 0
            while taken < 2:  # the server's word that it took the subscriptions
                taken += await heard.get_message(timeout=HEARD_WITHIN_S) is not None
            for hears in self._hears:
                await hears.recover()
            self.connected.set()
            while True:
                self._take(await heard.get_message(ignore_subscribe_messages=True, timeout=HEARD_WITHIN_S))

    def _take(self, message: dict[str, Any] | None) -> None:
        if message is None:
            return
        if message["channel"].decode() == self._present:
            for changed in self._heeding:
                changed(message["data"].decode())
        elif self._hears:
            said = unpacked(message["data"])
            for hears in self._hears:
                hears.hear(said)

    # Who is there

    def heed(self, changed: Callable[[str], None]) -> None:
        self._heeding.append(changed)

    async def enter(self, entries: Sequence[Entry]) -> None:
        pipeline: Any = self._redis.pipeline()
        for one in entries:
            pipeline.hset(self._here(one.topic), one.id, msgspec.json.encode(one).decode())
            pipeline.sadd(f"{self._prefix}held:{one.gateway}", f"{one.topic} {one.id}")
        await self._told(pipeline, entries)

    async def leave(self, entries: Sequence[Entry]) -> None:
        pipeline: Any = self._redis.pipeline()
        for one in entries:
            pipeline.hdel(self._here(one.topic), one.id)
            pipeline.srem(f"{self._prefix}held:{one.gateway}", f"{one.topic} {one.id}")
        await self._told(pipeline, entries)

    async def here(self, topics: Sequence[str]) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for topic in topics:
            held = await _asked(self._redis.hvals(self._here(topic)))
            entries = [msgspec.json.decode(one, type=Entry) for one in held]
            gateways = sorted({one.gateway for one in entries})
            alive = await self._alive(gateways)
            if kept := [one for one in entries if one.gateway in alive]:
                found[topic] = kept
        return found

    async def renew(self, gateway: str) -> bool:
        return await self._lease(gateway, int(LEASE.total_seconds() * 1000))

    async def end(self, gateway: str) -> None:
        await self._lease(gateway, 0)

    async def _lease(self, gateway: str, milliseconds: int) -> bool:
        arguments: list[str | int] = [self._prefix, gateway, milliseconds, self._present]
        return bool(await _asked(self._renewing([f"{self._prefix}gateways"], arguments)))

    async def _alive(self, gateways: Sequence[str]) -> set[str]:
        if not gateways:
            return set()
        leases = await _asked(self._redis.mget([f"{self._prefix}lease:{one}" for one in gateways]))
        return {one for one, lease in zip(gateways, leases, strict=True) if lease is not None}

    async def _told(self, pipeline: Any, entries: Sequence[Entry]) -> None:
        for topic in sorted({one.topic for one in entries}):
            pipeline.publish(self._present, topic)
        await _asked(pipeline.execute())

    def _here(self, topic: str) -> str:
        return f"{self._prefix}here:{topic}"


async def _asked(question: Awaitable[T]) -> T:
    try:
        return await question
    except RedisError as error:
        raise OSError(str(error)) from error
