"""Where limits are counted, chosen by one URL."""

from __future__ import annotations

from pathlib import Path

from antiphon.adapters.limits.local import LocalLimits
from antiphon.adapters.limits.memory import MemoryLimits
from antiphon.kit.clock import Clock
from antiphon.kit.limits import Limits
from antiphon.kit.settings import SettingsError

__all__ = ["open_limits"]


def open_limits(url: str | None, home: Path, clock: Clock) -> Limits:
    """None or "": a file in the data folder `home`, for all processes of the machine. `redis://`, `rediss://` and
    `unix://`: a Redis or Valkey, for all machines. `memory://`: this process alone.

    Nothing is opened before it is used. Raises SettingsError for anything else.
    """
    if not url:
        return LocalLimits(home / "run" / "limits.1", clock)
    if url == "memory://":
        return MemoryLimits(clock)
    if url.startswith(("redis://", "rediss://", "unix://")):
        from antiphon.adapters.limits.redis import RedisLimits  # its client is dear to import, and seldom wanted

        try:
            return RedisLimits(url)
        except ValueError as error:
            raise SettingsError(f"ANTIPHON_LIMITS_URL: {error}") from error
    raise SettingsError("ANTIPHON_LIMITS_URL: none of redis://host:6379/0, rediss://…, unix:///path, memory://")
