"""What is to be written into the files of libraries that want it, after somebody edited what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.fields import ALBUM, TRACK
from antiphon.domains.catalog.model_file_tags import NamedArtist, file_tags
from antiphon.domains.catalog.store import edits as edit_store
from antiphon.domains.catalog.store import file_tags as store
from antiphon.kit.ids import Kind, out, parse

__all__ = ["EditedKind", "tags_to_write", "tracks_to_write"]

EditedKind = Literal["artist", "album", "track", "genre"]


async def tracks_to_write(conn: AsyncConnection, kind: EditedKind, works: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Library → those of its tracks whose files say something of these works; only libraries whose tags are written."""
    found: dict[UUID, list[UUID]] = {}
    for row in await store.concerned(conn, kind, works):
        found.setdefault(row.library_id, []).append(row.id)
    return found


async def tags_to_write(
    conn: AsyncConnection, kind: EditedKind, fields: Sequence[str], track_ids: Sequence[UUID]
) -> Mapping[UUID, dict[str, list[str]]]:
    """For each of the tracks that is still there the tags that these fields of a work of this kind have to do with, by
    the names of Vorbis comments; without a value where the tag has to go. For the house."""
    tracks = await edit_store.states(conn, TRACK, track_ids, hold=False)
    album_of = {
        track_id: parse(Kind.ALBUM, state["album_id"]) for track_id, state in tracks.items() if state["album_id"]
    }
    albums = await edit_store.states(conn, ALBUM, list(set(album_of.values())), hold=False)
    named = {one["artist_id"] for state in (*tracks.values(), *albums.values()) for one in state["artists"]}
    rows = await store.artists(conn, [parse(Kind.ARTIST, one) for one in sorted(named)])
    artists = {
        out(Kind.ARTIST, row.id): NamedArtist(row.name, row.sort_name, str(row.mbid) if row.mbid else None)
        for row in rows
    }
    return {
        track_id: file_tags(
            kind, frozenset(fields), state, albums.get(album_of[track_id]) if track_id in album_of else None, artists
        )
        for track_id, state in tracks.items()
    }
