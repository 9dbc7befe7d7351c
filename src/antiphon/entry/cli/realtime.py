"""`antiphon realtime`: the gateway alone, for very many connections."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal

from antiphon.entry.bootstrap import build
from antiphon.entry.database import logins
from antiphon.entry.http.serving import Serving
from antiphon.entry.realtime.sockets import SocketProtocol
from antiphon.kit.collector import spare_the_collector
from antiphon.kit.logs import get_logger
from antiphon.kit.settings import Settings

__all__ = ["run_realtime"]

log = get_logger(__name__)
BACKLOG = 4096  # after a restart everybody comes at once
STOP_WITHIN_S = 5


async def run_realtime(settings: Settings) -> None:
    """Until SIGTERM or SIGINT."""
    _many_files()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    login = logins(settings)
    serving = Serving(build(settings, login.app_url, owner_login=login.owner_login))
    async with serving.running():
        server = await loop.create_server(
            lambda: SocketProtocol(serving.gateway), settings.host, settings.realtime_port, backlog=BACKLOG
        )
        spare_the_collector()
        log.info("realtime", port=settings.realtime_port)
        await stop.wait()
        server.close()
        serving.gateway.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_WITHIN_S):
                await serving.gateway.empty()


def _many_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
