"""What a list of songs, albums or artists is made of: columns, tables, and which of them there are in a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from uuid import UUID

from antiphon.domains.catalog.model_lists import UPLOADS
from antiphon.kit.beside import Beside

__all__ = [
    "ALBUMS",
    "ARTISTS",
    "ENTRIES",
    "IN_FOLDER",
    "NOBODYS",
    "OF_ALBUM",
    "OF_ARTIST",
    "OF_PLAYLIST",
    "SONGS",
    "SONGS_ALONE",
    "Listed",
    "What",
]

NOBODYS = f"'{UPLOADS}'::uuid"

# Nearly everything is by one artist under their own name, and that name is at hand. There is an index of the others.
_SEVERAL = "(z.position > 0 OR z.credited_as IS NOT NULL OR z.joined_by <> '')"


def _people(kind: str) -> Beside:
    """Where they are several, or one under another name."""
    return Beside(
        f"""
        SELECT x.{kind}_id, x.artist_id, coalesce(x.credited_as, y.name), x.joined_by
        FROM (SELECT DISTINCT z.{kind}_id AS id FROM catalog.{kind}_artists z
              WHERE {_SEVERAL} AND z.{kind}_id {{among}}) several
        JOIN catalog.{kind}_artists x ON x.{kind}_id = several.id JOIN catalog.artists y ON y.id = x.artist_id
        ORDER BY x.position
        """,
        (None, None, None),
    )


def _genres(kind: str) -> Beside:
    return Beside(
        f"SELECT x.{kind}_id, g.name FROM catalog.{kind}_genres x JOIN catalog.genres g ON g.id = x.genre_id "
        f"WHERE x.{kind}_id {{among}} ORDER BY g.name",
        (None,),
    )


_CREDITS = Beside(
    "SELECT c.track_id, c.role, c.name, c.artist_id FROM catalog.track_credits c "
    "WHERE c.track_id {among} ORDER BY c.position",
    (None, None, None),
)


@dataclass(frozen=True, slots=True, eq=False)  # as of a Beside, there is one of each
class What:
    """`id` is the column that says which thing a row is about, the first of them. `parts`: of which each thing may have
    several."""

    columns: str
    table: str
    joins: str
    id: str
    shown: str = "true"
    parts: tuple[Beside, ...] = ()


class Listed(NamedTuple):
    """`parts`: what belongs to the things, one row of arrays: of each an array of the things it is about comes first.
    None where there is nothing."""

    rows: Sequence[Any]
    parts: Sequence[Any]
    beside: dict[UUID, list[Any]]


SONGS = What(
    f"""
    t.id, t.title, t.sort_title, t.album_id, b.title, t.artist_id, a.name, t.disc_number, t.track_number,
           coalesce(t.year, extract(year FROM b.release_date)::int), t.duration_ms, t.explicit, t.isrc, t.bpm,
           t.comment, t.mbid, t.moods, t.work, t.movement, t.library_id, t.folder_id, t.published_at,
           CASE WHEN t.cover IS NOT NULL THEN t.id WHEN b.cover IS NOT NULL THEN b.id END,
           f.path, f.suffix, f.mime, f.bytes, f.bitrate_kbps, f.sample_rate, f.channels, f.bit_depth,
           f.track_gain, f.track_peak, f.album_gain, f.album_peak,
           b.artist_id, CASE WHEN b.artist_id <> t.artist_id
                THEN (SELECT y.name FROM catalog.artists y WHERE y.id = b.artist_id) END,
           CASE WHEN EXISTS (SELECT FROM catalog.album_artists z WHERE {_SEVERAL} AND z.album_id = b.id) THEN ARRAY (
                SELECT ROW (x.artist_id, coalesce(x.credited_as, y.name), x.joined_by)
                FROM catalog.album_artists x JOIN catalog.artists y ON y.id = x.artist_id
                WHERE x.album_id = b.id ORDER BY x.position) END
    """,
    "catalog.tracks t",
    """
    JOIN catalog.artists a ON a.id = t.artist_id
    LEFT JOIN catalog.albums b ON b.id = t.album_id AND b.published_at IS NOT NULL
    LEFT JOIN catalog.track_files f ON f.track_id = t.id
    """,
    "t.id",
    "t.published_at IS NOT NULL",
    (_genres("track"), _people("track"), _CREDITS),
)
ALBUMS = What(
    """
    b.id, b.title, b.sort_title, b.edition, b.kind, b.artist_id, a.name, b.cover IS NOT NULL, b.track_count,
           b.duration_ms, b.published_at, b.release_date, b.release_precision, b.original_date, b.original_precision,
           b.compilation, b.explicit, b.label, b.mbid, b.moods, nullif(b.disc_titles::text, '{}'), b.folder_id
    """,
    "catalog.albums b",
    "JOIN catalog.artists a ON a.id = b.artist_id",
    "b.id",
    "b.published_at IS NOT NULL",
    (_genres("album"), _people("album")),
)
ARTISTS = What(
    """
    a.id, a.name, a.sort_name, a.sort_key, a.disambiguation, a.mbid, a.image IS NOT NULL, coalesce(n.albums, 0)::int
    """,
    "catalog.artists a",
    f"""
    LEFT JOIN LATERAL (
        SELECT sum(c.albums) AS albums FROM catalog.artist_counts c
        WHERE c.artist_id = a.id AND (c.library_id = {NOBODYS} OR c.library_id IN (SELECT catalog.open_libraries()))
    ) n ON true
    """,
    "a.id",
)
_BY_NUMBER = "ORDER BY t.disc_number NULLS FIRST, t.track_number, t.id"
SONGS_ALONE = replace(SONGS, columns=SONGS.id, joins="", parts=())  # only which there are
ENTRIES = replace(SONGS, table="catalog.playlist_entries e JOIN catalog.tracks t ON t.id = e.track_id")
# `{of}` is the place.
OF_PLAYLIST = "e.playlist_id = {of} ORDER BY e.place, e.id"
OF_ALBUM = f"t.album_id = {{of}} {_BY_NUMBER}"
IN_FOLDER = f"t.folder_id = {{of}} {_BY_NUMBER}"
OF_ARTIST = """
    b.id IN (SELECT x.album_id FROM catalog.album_artists x WHERE x.artist_id = {of})
    ORDER BY b.release_date NULLS LAST, b.sort_key, b.id
    """
