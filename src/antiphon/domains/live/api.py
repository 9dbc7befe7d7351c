"""The only door of live."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.live import store
from antiphon.domains.live.errors import StationNotFound
from antiphon.domains.live.model import ADDRESS_MAX, is_address
from antiphon.domains.media import api as media
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, VersionConflict
from antiphon.kit.ids import Kind, out, parse
from antiphon.kit.text import clean, search_key

__all__ = [
    "Station",
    "StationNotFound",
    "StationWords",
    "add_station",
    "change_station",
    "delete_station",
    "require_station",
    "set_station_cover",
    "station_cover",
    "stations",
]

_image = msgspec.json.Decoder(catalog.Image)
Address = Annotated[str, Meta(max_length=ADDRESS_MAX)]


class StationWords(msgspec.Struct, frozen=True, kw_only=True):
    """`stream_url` is what a player opens, `home_page` what a person reads; both begin with `http`."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    stream_url: Address
    home_page: Address = ""


class Station(msgspec.Struct, frozen=True, kw_only=True):
    """An internet radio station."""

    id: str
    name: str
    stream_url: str
    home_page: str
    cover: catalog.Image | None
    created_at: datetime
    updated_at: datetime
    version: int


async def stations(conn: AsyncConnection) -> list[Station]:
    """All of them, by name."""
    return [_station(row) for row in await store.stations(conn)]


async def add_station(uow: UnitOfWork, words: StationWords) -> Station:
    """Raises Invalid."""
    return _station(await store.add_station(uow.conn, _checked(words), uow.clock.now()))


async def change_station(uow: UnitOfWork, station_id: str, words: StationWords, version: int | None = None) -> Station:
    """Raises Invalid, StationNotFound, VersionConflict where `version` is not the present one."""
    found, values = _parsed(station_id), _checked(words)
    row = await store.change_station(uow.conn, found, values, uow.clock.now(), version)
    if row is None:
        raise VersionConflict() if await store.has_station(uow.conn, found) else StationNotFound()
    return _station(row)


async def delete_station(uow: UnitOfWork, station_id: str) -> None:
    """Raises StationNotFound."""
    found = _parsed(station_id)
    if not await store.delete_station(uow.conn, found):
        raise StationNotFound()
    await media.drop_picture(uow, found)


async def require_station(conn: AsyncConnection, station_id: str) -> None:
    """Raises StationNotFound."""
    if not await store.has_station(conn, _parsed(station_id)):
        raise StationNotFound()


async def set_station_cover(uow: UnitOfWork, station_id: str, picture: media.ScaledPicture | None) -> Station:
    """None shows none any more. Raises StationNotFound."""
    found = _parsed(station_id)
    cover = msgspec.json.encode(picture.image).decode() if picture else None
    row = await store.set_cover(uow.conn, found, cover, uow.clock.now())
    if row is None:
        raise StationNotFound()
    if picture is None:
        await media.drop_picture(uow, found)
    else:
        await media.hold_picture(uow, found, picture, of_the_house=True)
    return _station(row)


async def station_cover(conn: AsyncConnection, station_id: UUID) -> catalog.Image | None:
    """None also where there is no such station."""
    cover = await store.station_cover(conn, station_id)
    return _image.decode(cover) if cover else None


def _parsed(station_id: str) -> UUID:
    return parse(Kind.RADIO, station_id)


def _checked(words: StationWords) -> dict[str, Any]:
    name = clean(words.name)
    problems = [] if name else [FieldProblem("/name", "empty", "A station has a name.")]
    if not is_address(words.stream_url):
        problems.append(FieldProblem("/stream_url", "address", "This is no address that a player can open."))
    if words.home_page and not is_address(words.home_page):
        problems.append(FieldProblem("/home_page", "address", "This is no address of a page."))
    if problems:
        raise Invalid(*problems)
    return {
        "name": name,
        "sort_key": search_key(name),
        "stream_url": words.stream_url,
        "home_page": words.home_page,
    }


def _station(row: Row[Any]) -> Station:
    return Station(
        id=out(Kind.RADIO, row.id),
        name=row.name,
        stream_url=row.stream_url,
        home_page=row.home_page,
        cover=_image.decode(row.cover) if row.cover else None,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )
