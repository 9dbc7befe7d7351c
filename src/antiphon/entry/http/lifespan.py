"""ASGI's lifespan: what the web server says before the first request and after the last."""

from __future__ import annotations

import traceback
from contextlib import AbstractAsyncContextManager

from antiphon.entry.http.asgi_types import Receive, Send

__all__ = ["live"]


async def live(running: AbstractAsyncContextManager[None], receive: Receive, send: Send) -> None:
    """Opens at the start, closes at the end. What either raises the server is told, and gets to see."""
    step = "startup"
    try:
        await receive()
        async with running:
            await send({"type": "lifespan.startup.complete"})
            step = "shutdown"
            await receive()
    except BaseException:
        await send({"type": f"lifespan.{step}.failed", "message": traceback.format_exc()})
        raise
    await send({"type": "lifespan.shutdown.complete"})
