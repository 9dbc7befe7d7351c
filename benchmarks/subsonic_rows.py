"""A library of any number of tracks, written straight into the database: ten songs an album, three albums an artist."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import psycopg

from antiphon.kit.ids import Kind, out

__all__ = ["Rows", "fill", "rare"]

_WORDS, _SYLLABLES, _CJK = (
    text.split()
    for text in (
        "amber river stone glass winter paper signal harbour lantern velvet copper meadow thunder orbit garden mirror",
        "ba ke li mo nu pa re si to vu za de fi go hu ja",
        "夜の歌 東京物語 月光花 青い海",
    )
)

_SETUP = """
CREATE TEMP TABLE names (n bigint PRIMARY KEY, name text NOT NULL);
INSERT INTO catalog.libraries (name, path, access, created_at, updated_at)
VALUES ('Music', '/music', 'members', now(), now());
INSERT INTO catalog.genres (name, key) SELECT 'Genre ' || n, 'genre ' || n FROM generate_series(1, 40) n;
"""
_ARTISTS = """
INSERT INTO catalog.artists (name, search_key, sort_key, created_at, updated_at)
SELECT initcap(name), name, name, now(), now() FROM names WHERE n BETWEEN 1 AND {artists};
CREATE TEMP TABLE made_artists AS SELECT id, row_number() OVER (ORDER BY id) AS place FROM catalog.artists;
CREATE UNIQUE INDEX ON made_artists (place);
INSERT INTO catalog.folders (library_id, name, sort_key, path, created_at)
SELECT l.id, '', '', '', now() FROM catalog.libraries l;
INSERT INTO catalog.folders (library_id, parent_id, name, sort_key, path, created_at)
SELECT l.id, r.id, a.name, a.sort_key, a.name, now()
FROM catalog.libraries l JOIN catalog.folders r ON r.path = '', catalog.artists a;
"""
_ALBUMS = """
INSERT INTO catalog.albums (artist_id, library_id, title, search_key, sort_key, kind, release_date, release_precision,
                            cover, published_at, created_at, updated_at, import_key)
SELECT a.id, l.id, initcap(m.name), m.name, m.name, 'album',
       make_date(1960 + (s.n % 60)::int, 1, 1), 'year', '{{"color": "#336699", "sizes": {{}}}}',
       now() - s.n * interval '1 minute', now() - s.n * interval '1 minute', now(), 'album ' || s.n
FROM generate_series(1, {albums}) AS s(n) JOIN names m ON m.n = s.n * 7
JOIN made_artists a ON a.place = 1 + s.n % {artists},
     catalog.libraries l;
CREATE TEMP TABLE made_albums AS
SELECT b.id, b.artist_id, b.library_id, b.title, row_number() OVER (ORDER BY b.id) AS place, uuidv7() AS folder_id,
       a.name AS artist
FROM catalog.albums b JOIN catalog.artists a ON a.id = b.artist_id;
CREATE UNIQUE INDEX ON made_albums (place);
ANALYZE made_albums;
INSERT INTO catalog.folders (id, library_id, parent_id, name, sort_key, path, created_at)
SELECT b.folder_id, b.library_id, f.id, b.title, lower(b.title), f.path || '/' || b.title || b.place, now()
FROM made_albums b JOIN catalog.folders f ON f.path = b.artist;
"""
_TRACKS = """
INSERT INTO catalog.tracks (artist_id, album_id, library_id, folder_id, title, search_key, disc_number, track_number,
                            year, duration_ms, status, renditions_complete, published_at, created_at, updated_at)
SELECT b.artist_id, b.id, b.library_id, b.folder_id, initcap(m.name), m.name, 1, 1 + m.n % 10,
       1960 + (b.place % 60)::int, 180000 + (m.n % 100) * 1000, 'ready', true, now(), now(), now()
FROM names m JOIN made_albums b ON b.place = 1 + m.n / 10 WHERE m.n BETWEEN {first} AND {last};
"""
_AROUND = """
CREATE TEMP TABLE made_tracks AS SELECT id, row_number() OVER (ORDER BY id) AS place FROM catalog.tracks;
INSERT INTO catalog.track_genres (track_id, genre_id)
SELECT t.id, g.id FROM made_tracks t
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM catalog.genres) g ON g.place = 1 + t.place / 10 % 40;
INSERT INTO catalog.track_files (track_id, path, suffix, mime, codec, bytes, bitrate_kbps, sample_rate, channels,
                                 bit_depth, track_gain, track_peak)
SELECT id, 'Artist/Album/' || place || '.flac', 'flac', 'audio/flac', 'flac', 24000000, 900, 44100, 2, 16, -7.5, 0.99
FROM made_tracks;
INSERT INTO catalog.track_stats (track_id, plays) SELECT id, 1000 / place FROM made_tracks WHERE place % 3 = 0;
DELETE FROM catalog.changes;
"""


@dataclass(frozen=True, slots=True)
class Rows:
    """Public ids of what was written."""

    tracks: list[str]
    albums: list[str]
    artists: list[str]


def fill(owner_url: str, tracks: int) -> Rows:
    """Into an empty catalogue."""
    artists, albums = max(1, tracks // 30), max(1, tracks // 10)
    with psycopg.connect(owner_url) as conn:
        conn.execute("SELECT set_config('antiphon.system', 'on', false)")
        conn.execute(_SETUP)
        with conn.cursor().copy("COPY names FROM STDIN") as copy:
            for number in range(tracks + 1):
                copy.write_row((number, _name(number)))
        conn.execute("ANALYZE names")
        conn.execute(_ARTISTS.format(artists=artists))
        conn.execute(_ALBUMS.format(albums=albums, artists=artists))
        for first in range(0, tracks, 50_000):
            conn.execute(_TRACKS.format(first=first, last=min(first + 50_000, tracks) - 1))
        conn.execute(_AROUND)
        conn.commit()
        conn.autocommit = True
        conn.execute("VACUUM ANALYZE")
        return Rows(*(_ids(conn, kind) for kind in (Kind.TRACK, Kind.ALBUM, Kind.ARTIST)))


def rare(number: int) -> str:
    """The word that only the song and the album of this number have."""
    return "".join(_SYLLABLES[number >> 4 * place & 15] for place in range(5))


def _name(number: int) -> str:
    if number % 50 == 49:
        return f"{_CJK[number // 50 % 4]}{number}"
    return " ".join((*(_WORDS[number // part % 16] for part in (1, 16, 256)), rare(number)))


def _ids(conn: psycopg.Connection, kind: Kind) -> list[str]:
    table = {Kind.TRACK: "tracks", Kind.ALBUM: "albums", Kind.ARTIST: "artists"}[kind]
    found = conn.execute(
        f"SELECT id FROM catalog.{table} ORDER BY dice LIMIT 2000"
        if kind is not Kind.ARTIST
        else f"SELECT id FROM catalog.{table} ORDER BY id LIMIT 2000"
    ).fetchall()
    return [out(kind, UUID(str(row[0]))) for row in found]
