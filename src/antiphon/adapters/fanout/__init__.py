"""What carries that something was said, and knows who is there, chosen by one URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from antiphon.adapters.fanout.local import LocalFanout
from antiphon.adapters.fanout.local_presence import LocalPresence
from antiphon.kit.db import Database
from antiphon.kit.fanout import Fanout
from antiphon.kit.live import LiveHub
from antiphon.kit.presence import Presence
from antiphon.kit.settings import SettingsError

if TYPE_CHECKING:
    from antiphon.adapters.fanout.redis import RedisFanout

__all__ = ["open_fanout", "open_presence"]


def open_fanout(url: str | None, hub: LiveHub) -> Fanout:
    """None or "": the database. `redis://`, `rediss://` and `unix://`: a Redis or Valkey. Nothing is opened before it
    is used. Raises SettingsError for anything else.
    """
    if not url:
        return LocalFanout(hub)
    if url.startswith(("redis://", "rediss://", "unix://")):
        # Its client is a twelfth of what a process imports, for the few installations that have one.
        from antiphon.adapters.fanout.redis import RedisFanout

        try:
            return RedisFanout(url)
        except ValueError as error:
            raise SettingsError(f"ANTIPHON_FANOUT_URL: {error}") from error
    raise SettingsError("ANTIPHON_FANOUT_URL: none of redis://host:6379/0, rediss://…, unix:///path")


def open_presence(fanout: Fanout, db: Database, hub: LiveHub) -> Presence:
    """Where what is said goes, there people are looked for."""
    return LocalPresence(db, hub) if isinstance(fanout, LocalFanout) else cast("RedisFanout", fanout)
