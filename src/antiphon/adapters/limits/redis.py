"""Limits that are exact over all machines that share a Redis or Valkey: each question is one atomic script."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from antiphon.kit.clock import Clock
from antiphon.kit.limits import SECOND_US, Backoff, LimitsDown, Take, Verdict, microseconds, verdict
from antiphon.kit.logs import get_logger

__all__ = ["RedisLimits"]

log = get_logger(__name__)
TIMEOUT_S: Final = 0.25
RESTED_S: Final = 1.0

_NOW: Final = """
local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end
"""

# The same counting as kit/limits.py; a cell is a field of a hash, named by its step. Answers
# [granted, used, reset_us, wait_us, used, reset_us, wait_us, ...].
_TAKE: Final = (
    _NOW
    + """
local windows, granted = {}, 1
for i, key in ipairs(KEYS) do
  local limit, step_us, cost = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
  local step, cells, newest, used = math.floor(now / step_us), {}, 0, 0
  local fields = redis.call('HGETALL', key)
  for j = 1, #fields, 2 do
    local number = tonumber(fields[j])
    cells[number] = tonumber(fields[j + 1])
    newest = math.max(newest, number)
  end
  if newest - step > 61 then
    redis.call('DEL', key)
    cells = {}
  else
    step = math.max(step, newest)
  end
  for number, count in pairs(cells) do
    if number < step - 60 then
      redis.call('HDEL', key, string.format('%.0f', number))
    else
      used = used + count
    end
  end
  if used + cost > limit then granted = 0 end
  windows[i] = {key = key, limit = limit, step_us = step_us, cost = cost, step = step, cells = cells, used = used}
end

local function until_free(window, units)
  for number = window.step - 60, window.step do
    units = units - (window.cells[number] or 0)
    if units <= 0 then return math.max(0, (number + 61) * window.step_us - now) end
  end
end

local answer = {granted}
for _, window in ipairs(windows) do
  local reset, wait, lacking = 0, 0, window.used + window.cost - window.limit
  if granted == 1 then
    reset = (window.step + 61) * window.step_us - now
    redis.call('HINCRBY', window.key, string.format('%.0f', window.step), window.cost)
    redis.call('PEXPIRE', window.key, math.ceil(reset / 1000) + 1000)
  elseif window.used > 0 then
    reset = until_free(window, window.used)
  end
  if lacking > 0 then wait = until_free(window, lacking) end
  answer[#answer + 1], answer[#answer + 2], answer[#answer + 3] = window.used, reset, wait
end
return answer
"""
)

# The same as Backoff.standing(); answers the microseconds to wait.
_ATTEMPT: Final = (
    _NOW
    + """
local free, first, longest, forgotten = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local count = tonumber(redis.call('HGET', KEYS[1], 'count') or 0)
local last = tonumber(redis.call('HGET', KEYS[1], 'last') or 0)
if now - last >= forgotten then
  count = 0
elseif count >= free and last - now <= longest then
  local wait = last + math.min(first * 2 ^ math.min(count - free, 40), longest) - now
  if wait > 0 then return wait end
end
redis.call('HSET', KEYS[1], 'count', count + 1, 'last', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil(forgotten / 1000))
return 0
"""
)

_FORGIVE: Final = """
local left = tonumber(redis.call('HGET', KEYS[1], 'count') or 0) - tonumber(ARGV[1])
if left > 0 then redis.call('HSET', KEYS[1], 'count', left) else redis.call('DEL', KEYS[1]) end
"""


class RedisLimits:
    """Redis' own clock counts, so that machines need not agree on the time; `clock` is for tests.

    A Redis that does not answer within a quarter of a second is left alone for a second: LimitsDown comes at once then.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Clock | None = None,
        prefix: str = "antiphon:limits:",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 1),  # a connection that was closed while idle is worth a second try
        )
        self._take = self._redis.register_script(_TAKE)
        self._attempt = self._redis.register_script(_ATTEMPT)
        self._ping = self._redis.register_script("return 1")
        self._forgive = self._redis.register_script(_FORGIVE)
        self._clock, self._prefix, self._monotonic = clock, prefix, monotonic
        self._rests_until = 0.0
        self._answered = True

    async def take(self, *wanted: Take) -> list[Verdict]:
        keys = [f"{self._prefix}{want.policy.name}:{want.policy.window_s}:{want.key}" for want in wanted]
        arguments = [self._now_us()]
        for want in wanted:
            arguments += [want.policy.limit, want.policy.step_us, want.cost]
        granted, *numbers = await self._ask(self._take, keys, arguments)
        parts = zip(wanted, numbers[0::3], numbers[1::3], numbers[2::3], strict=True)
        return [verdict(want, used, bool(granted), reset_us, wait_us) for want, used, reset_us, wait_us in parts]

    async def attempt(self, backoff: Backoff, key: str) -> float:
        spans = [seconds * SECOND_US for seconds in (backoff.first_s, backoff.longest_s, backoff.forgotten_s)]
        wait_us = await self._ask(self._attempt, [self._key(backoff, key)], [self._now_us(), backoff.free, *spans])
        return int(wait_us) / SECOND_US

    async def forgive(self, backoff: Backoff, key: str, attempts: int | None = None) -> None:
        await self._ask(self._forgive, [self._key(backoff, key)], [10**9 if attempts is None else attempts])

    async def check(self) -> None:
        """Scripts are what some servers of this protocol lack."""
        await self._ask(self._ping, [], [])

    async def close(self) -> None:
        await self._redis.aclose()

    def _key(self, backoff: Backoff, key: str) -> str:
        return f"{self._prefix}{backoff.name}:{key}"

    def _now_us(self) -> int:
        """0: the script asks Redis."""
        return 0 if self._clock is None else microseconds(self._clock.now())

    async def _ask(self, script: Any, keys: list[str], arguments: list[int]) -> Any:
        if self._monotonic() < self._rests_until:
            raise LimitsDown("Redis did not answer a moment ago")
        try:
            answer = await script(keys, arguments)
        except (RedisError, OSError) as error:
            self._rests_until = self._monotonic() + RESTED_S
            if self._answered:
                log.warning("limits: Redis does not answer", error=str(error))
            self._answered = False
            raise LimitsDown(str(error)) from error
        if not self._answered:
            log.info("limits: Redis answers again")
        self._answered = True
        return answer
