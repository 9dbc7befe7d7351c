"""Lyrics as rows: a language and kind of text each. Row-level security shows them with their track."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.model_lyrics import LyricsText
from antiphon.kit.text import search_key

__all__ = ["delete", "of_ids", "of_song", "of_track", "put"]

_SELECT = """
    SELECT l.id, l.track_id, l.language, l.kind, l.synced, l.document, l.source, l.version, l.updated_at
    FROM catalog.lyrics l
"""
_ORDER = "ORDER BY array_position(ARRAY['main', 'translation', 'pronunciation'], l.kind), l.created_at, l.id"
_OF_TRACK = text(f"{_SELECT} WHERE l.track_id = :id {_ORDER}")


async def of_track(conn: AsyncConnection, track_id: UUID) -> Sequence[Row[Any]]:
    return (await conn.execute(_OF_TRACK, {"id": track_id})).all()


_OF_IDS = text(f"{_SELECT} WHERE l.id = ANY (CAST(:ids AS uuid[]))")


async def of_ids(conn: AsyncConnection, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Those whose tracks the connection may see, in any order."""
    return (await conn.execute(_OF_IDS, {"ids": list(ids)})).all()


_OF_SONG = text(
    f"""
    {_SELECT} JOIN catalog.tracks t ON t.id = l.track_id JOIN catalog.artists a ON a.id = t.artist_id
    WHERE t.search_key = :title AND t.published_at IS NOT NULL AND l.kind = 'main'
      AND (a.search_key = :artist OR :artist = '')
    {_ORDER} LIMIT 1
    """
)


async def of_song(conn: AsyncConnection, artist: str, title: str) -> Row[Any] | None:
    """By names, for those who know no ids; any artist where none is named."""
    return (await conn.execute(_OF_SONG, {"artist": search_key(artist), "title": search_key(title)})).first()


async def put(
    conn: AsyncConnection,
    track_id: UUID,
    lyrics: LyricsText,
    source: str | None,
    version: int | None,
    now: datetime,
) -> bool:
    """False where those that are there are not at the expected `version`, or there are none and one is expected."""
    args = {
        "track": track_id,
        "language": lyrics.language,
        "kind": lyrics.kind,
        "synced": lyrics.document.synced,
        "document": msgspec.json.encode(lyrics.document).decode(),
        "source": source,
        "version": version,
        "now": now,
    }
    statement = text(
        """
        INSERT INTO catalog.lyrics AS l (track_id, language, kind, synced, document, source, created_at, updated_at)
        SELECT :track, :language, :kind, :synced, CAST(:document AS jsonb), :source, :now, :now
        WHERE CAST(:version AS int) IS NULL OR EXISTS (
            SELECT FROM catalog.lyrics o WHERE o.track_id = :track AND o.kind = :kind AND o.language = :language)
        ON CONFLICT (track_id, kind, language) DO UPDATE
        SET synced = excluded.synced, document = excluded.document, source = excluded.source,
            updated_at = excluded.updated_at, version = l.version + 1
        WHERE CAST(:version AS int) IS NULL OR l.version = :version
        """
    )
    return bool((await conn.execute(statement, args)).rowcount)


async def delete(conn: AsyncConnection, track_id: UUID, kind: str, language: str) -> bool:
    statement = text("DELETE FROM catalog.lyrics WHERE track_id = :track AND kind = :kind AND language = :language")
    return bool((await conn.execute(statement, {"track": track_id, "kind": kind, "language": language})).rowcount)
