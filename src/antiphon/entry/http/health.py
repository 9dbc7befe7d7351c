"""Is it alive, is it ready, what does it measure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.kit import metrics
from antiphon.kit.access import needs

__all__ = ["About", "handlers"]

ANSWERS_WITHIN_S = 2.0


class Dependency(msgspec.Struct, frozen=True):
    """`detail` says what is wrong and what helps. The house goes on, with less, without what is not `needed`."""

    name: str
    state: str
    detail: str | None = None
    needed: bool = True


class Readiness(msgspec.Struct, frozen=True):
    status: str
    dependencies: list[Dependency]


class Liveness(msgspec.Struct, frozen=True):
    status: str


class About(msgspec.Struct, frozen=True):
    name: str
    version: str
    guest_listening: bool
    registration: str
    artist_approval: str


@get("/health/live", summary="The process answers", tags=["operations"])
async def live() -> Liveness:
    return Liveness("ok")


@get("/health/ready", summary="Everything that it needs answers", tags=["operations"])
async def ready(house: NamedDependency[House]) -> Response[Readiness]:
    async def database() -> None:
        async with house.db.read() as conn:
            await conn.execute(text("SELECT 1"))

    found = [await _check("database", database), await _check("objects", house.media.objects.check)]
    if house.edge.limits is not None:
        found.append(await _check("limits", house.edge.limits.check, needed=False))
    good = all(dependency.state == "ok" or not dependency.needed for dependency in found)
    return Response(Readiness("ok" if good else "unavailable", found), status_code=200 if good else 503)


async def _check(name: str, check: Callable[[], Awaitable[None]], *, needed: bool = True) -> Dependency:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            await check()
    except Exception as error:  # whatever is wrong with a dependency is its state, not ours
        remedy = f"{type(error).__name__}: run `antiphon doctor` on this machine"
        return Dependency(name, "unavailable", remedy, needed=needed)
    return Dependency(name, "ok", needed=needed)


@get("/metrics", summary="Prometheus metrics", tags=["operations"], media_type="text/plain; version=0.0.4")
async def get_metrics() -> bytes:
    return metrics.exposition()


@get("/api/v1/about", summary="What this place is", tags=["operations"], opt=needs("public"))
async def about(house: NamedDependency[House]) -> About:
    settings = house.settings
    return About("Antiphon", house.version, settings.guest_listening, settings.registration, settings.artist_approval)


handlers = [live, ready, get_metrics, about]
