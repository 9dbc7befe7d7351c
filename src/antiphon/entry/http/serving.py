"""The house behind an application: requests carry it in their scope, and the routes' dependencies find it there.

So the routes are registered once a process, and know no house before somebody asks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

from litestar import Request
from litestar.di import Provide
from litestar.types import Scope

from antiphon.domains.catalog import api as catalog
from antiphon.domains.catalog import topics as catalog_topics
from antiphon.domains.identity import topics as identity_topics
from antiphon.domains.identity.api import Actor
from antiphon.domains.media import topics as media_topics
from antiphon.domains.playback import topics as playback_topics
from antiphon.domains.social import topics as social_topics
from antiphon.entry.bootstrap import House
from antiphon.entry.http.asking import Doorkeeper
from antiphon.entry.realtime import Gateway
from antiphon.entry.realtime.attendance import Attendance
from antiphon.entry.realtime.rules import Rules
from antiphon.entry.realtime.switchboard import Switchboard
from antiphon.kit.clients import Client
from antiphon.kit.coalesce import Coalesced

__all__ = ["DEPENDENCIES", "KNOWN", "SERVING", "Serving", "serving"]

SERVING = "antiphon.serving"  # in the scope
_EARLY_AFTER_S = 2.0
_TOPICS = (identity_topics, catalog_topics, media_topics, playback_topics, social_topics)


class Serving:
    """One house with all that stands at its door."""

    def __init__(self, house: House, *, early: bool = False) -> None:
        self.house = house
        self._early = early
        self.doorkeeper = Doorkeeper(house)
        self.gateway = _gateway(house, self.doorkeeper)
        self.front_pages = Coalesced[catalog.Discovery]()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self.house.running(), self.gateway.running():
            early = asyncio.create_task(self._get_ready())
            try:
                yield
            finally:
                early.cancel()

    async def _get_ready(self) -> None:
        """When the start is over: until then the cores have enough to do."""
        if self._early:
            await asyncio.sleep(_EARLY_AFTER_S)
            await self.house.get_ready()


def serving(scope: Scope) -> Serving:
    """Who answers this request."""
    found: Serving = cast(dict[str, Any], scope)[SERVING]
    return found


def _gateway(house: House, doorkeeper: Doorkeeper) -> Gateway:
    switchboard = Switchboard(house.db, house.fanout, house.clock)
    rules = Rules(house.db, [rule for topics in _TOPICS for rule in topics.TOPICS])
    attendance = Attendance(house.presence)
    who = doorkeeper.of_handshake
    standing, guests = house.identity.standing, house.settings.guest_listening
    return Gateway(house.hub, standing, switchboard, attendance, rules, who, house.clock, guests=guests)


def _known(find: Callable[[Serving], Any]) -> Provide:
    def of(scope: Scope) -> Any:
        return find(serving(scope))

    return Provide(of, sync_to_thread=False)


def _actor(request: Request[Any, Any, Any]) -> Actor | None:
    return serving(request.scope).doorkeeper.actor(request)


def _signed_in(request: Request[Any, Any, Any]) -> Actor:
    return serving(request.scope).doorkeeper.signed_in(request)


def _client(request: Request[Any, Any, Any]) -> Client:
    return serving(request.scope).doorkeeper.client(request)


KNOWN: Mapping[str, Callable[[Serving], Any]] = {
    "house": lambda here: here.house,
    "db": lambda here: here.house.db,
    "clock": lambda here: here.house.clock,
    "settings": lambda here: here.house.settings,
    "secrets": lambda here: here.house.secrets,
    "media": lambda here: here.house.media,
    "catalog": lambda here: here.house.catalog,
    "listen_writer": lambda here: here.house.listens,
    "finder": lambda here: here.house.finder,
    "letters": lambda here: here.house.letters,
    "forwarding": lambda here: here.house.forwarding,
    "identity": lambda here: here.house.identity,
    "front_pages": lambda here: here.front_pages,
}
DEPENDENCIES = {
    **{name: _known(find) for name, find in KNOWN.items()},
    "actor": Provide(_actor, sync_to_thread=False),
    "signed_in": Provide(_signed_in, sync_to_thread=False),
    "client": Provide(_client, sync_to_thread=False),
}
