"""`python -m tests.support.racer URL FOLDER LIMIT TIMES`: take single units as fast as one process can.

Says "ready", waits for a line, and says how many units and how many attempts were granted. All racers share keys.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from antiphon.adapters.limits import open_limits
from antiphon.kit.clock import SystemClock
from antiphon.kit.limits import Backoff, Policy, Take

BACKOFF = Backoff("racer", free=5, first_s=600, longest_s=900, forgotten_s=86_400)


async def race(url: str, folder: Path, limit: int, times: int) -> tuple[int, int]:
    limits = open_limits(url, folder, SystemClock())
    both = Take(Policy("racer", limit, 3600), "all"), Take(Policy("racer-network", 10 * limit, 3600), "all")
    await limits.take(Take(Policy("racer", limit, 3600), "warm-up"))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    granted = attempts = 0
    for _ in range(times):
        granted += all(verdict.allowed for verdict in await limits.take(*both))
        attempts += await limits.attempt(BACKOFF, "all") == 0
    await limits.close()
    return granted, attempts


if __name__ == "__main__":
    result = asyncio.run(race(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])))
    sys.stdout.write(f"{result[0]} {result[1]}\n")
