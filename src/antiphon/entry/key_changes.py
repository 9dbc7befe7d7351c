"""Another process made a key: this one seals and signs with it from now on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import SQLAlchemyError

from antiphon.kit.errors import AppError
from antiphon.kit.live import LiveHub, LiveMessage
from antiphon.kit.logs import get_logger
from antiphon.kit.vault import KEYS_TOPIC

__all__ = ["hear_of_keys"]

log = get_logger(__name__)


async def hear_of_keys(hub: LiveHub, load: Callable[[], Awaitable[None]]) -> None:
    """Runs until it is cancelled. Keys that cannot be read now are read when they are met, or at the next change."""
    changed = asyncio.Event()

    def hear(_message: LiveMessage) -> None:
        changed.set()

    hub.watch(KEYS_TOPIC, hear)
    try:
        while True:
            await changed.wait()
            changed.clear()
            try:
                await load()
            except (AppError, SQLAlchemyError) as error:
                log.warning("new keys cannot be read", error=str(error))
    finally:
        hub.unwatch(KEYS_TOPIC, hear)
