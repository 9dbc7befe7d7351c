"""The web server of one machine."""

from __future__ import annotations

from granian import Granian
from granian.constants import Interfaces, Loops, RuntimeModes
from granian.log import LogLevels

from antiphon.kit.settings import Settings

__all__ = ["serve_http"]


def serve_http(settings: Settings, *, reload: bool = False) -> None:
    """Blocks until it is told to stop. A worker that does not end in time is killed."""
    Granian(
        "antiphon.entry.asgi:create",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.web_workers,
        loop=Loops.auto,
        runtime_mode=RuntimeModes.st,  # Python is the only work here: a second thread would wait for the first
        backlog=1024,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        websockets=True,
        reload=reload,
    ).serve()
