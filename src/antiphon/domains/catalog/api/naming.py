"""Which track is meant by its names, for programs that know nothing else of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.playlist_files import tracks_meant
from antiphon.domains.catalog.playlist_formats import PlaylistItem

__all__ = ["NamedTrack", "tracks_named"]


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """As somebody else calls it."""

    title: str
    artist: str
    isrc: str = ""
    duration_ms: int | None = None


async def tracks_named(conn: AsyncConnection, named: Sequence[NamedTrack]) -> list[UUID | None]:
    """The likeliest of what the person who asks may hear; None where none is likely."""
    items = [
        PlaylistItem(location="", title=one.title, artist=one.artist, duration_ms=one.duration_ms, isrc=one.isrc)
        for one in named
    ]
    return [
        line.candidates[0] if line.sureness != "none" and line.candidates else None
        for line in await tracks_meant(conn, items)
    ]
