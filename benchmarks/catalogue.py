"""A catalogue of 10,000 tracks, written straight into the database: what latencies are measured on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import psycopg

from antiphon.kit.ids import Kind, out

__all__ = ["ALBUMS", "ARTISTS", "TRACKS", "Catalogue", "fill"]

ARTISTS, ALBUMS, TRACKS = 200, 1_000, 10_000
PLAYS = 100_000

_PEOPLE = f"""
INSERT INTO identity.users (email, email_key, handle, display_name, created_at, updated_at)
SELECT 'p' || n || '@example.org', 'p' || n || '@example.org', 'p' || n, 'Person ' || n, now(), now()
FROM generate_series(1, {ARTISTS}) n;

CREATE TEMP TABLE people AS
SELECT id, row_number() OVER (ORDER BY id) AS n FROM identity.users WHERE email LIKE 'p%@example.org';
"""

_IMAGE = """jsonb_build_object('color', '#336699', 'sizes', jsonb_build_object(
    '160', '/images/bench/{kind}/160/' || encode(sha256(('{kind}160' || n)::bytea), 'hex') || '.webp',
    '320', '/images/bench/{kind}/320/' || encode(sha256(('{kind}320' || n)::bytea), 'hex') || '.webp',
    '640', '/images/bench/{kind}/640/' || encode(sha256(('{kind}640' || n)::bytea), 'hex') || '.webp',
    '1280', '/images/bench/{kind}/1280/' || encode(sha256(('{kind}1280' || n)::bytea), 'hex') || '.webp'))"""

_WORKS = f"""
INSERT INTO catalog.artists (name, search_key, sort_key, bio, image, created_by, created_at, updated_at)
SELECT 'Ensemble ' || n, 'ensemble ' || n, 'ensemble ' || n, repeat('They play. ', 20),
       {_IMAGE.format(kind="artist")}, p.id, now(), now()
FROM people p;

CREATE TEMP TABLE artists AS
SELECT a.id, a.created_by AS owner, p.n AS place FROM catalog.artists a JOIN people p ON p.id = a.created_by;

INSERT INTO catalog.artist_managers (artist_id, user_id, kind, since)
SELECT id, owner, 'owner', now() FROM artists;

INSERT INTO catalog.albums (artist_id, title, search_key, sort_key, kind, release_date, description, label, cover,
                            loudness, published_at, created_by, created_at, updated_at)
SELECT a.id, 'Album ' || n, 'album ' || n, 'album ' || n, 'album', date '2001-01-01' + n,
       repeat('Recorded at night. ', 10), 'Own',
       {_IMAGE.format(kind="album")}, '{{"integrated_lufs": -14.2, "true_peak_dbtp": -1.0, "range_lu": 6.5}}',
       now() - n * interval '1 hour', a.owner, now() - n * interval '1 hour', now()
FROM (SELECT n, 1 + n % {ARTISTS} AS artist FROM generate_series(1, {ALBUMS}) n) s JOIN artists a ON a.place = s.artist;

CREATE TEMP TABLE albums AS
SELECT id, artist_id, created_by AS owner, row_number() OVER (ORDER BY id) AS place FROM catalog.albums;

INSERT INTO catalog.tracks (artist_id, album_id, title, search_key, disc_number, track_number, year, isrc, duration_ms,
                            status, renditions_complete, published_at, created_by, created_at, updated_at)
SELECT b.artist_id, b.id, 'Song ' || s.n, 'song ' || s.n, 1, 1 + s.n / {ALBUMS}, 2001,
       'QZAAA' || lpad(s.n::text, 7, '0'), 240000,
       'ready', true, now() - s.n * interval '6 minutes', b.owner, now() - s.n * interval '6 minutes', now()
FROM (SELECT n, 1 + n % {ALBUMS} AS album FROM generate_series(0, {TRACKS} - 1) n) s JOIN albums b ON b.place = s.album;

CREATE TEMP TABLE tracks AS
SELECT id, artist_id, created_by AS owner, row_number() OVER (ORDER BY id) AS place FROM catalog.tracks;

INSERT INTO catalog.track_processing (track_id, step, percent) SELECT id, 'done', 100 FROM tracks;
INSERT INTO catalog.track_stats (track_id, plays) SELECT id, 1 + 1000000 / place FROM tracks;
INSERT INTO catalog.genres (name, key) SELECT 'Genre ' || n, 'genre ' || n FROM generate_series(1, 40) n;
INSERT INTO catalog.track_genres (track_id, genre_id)
SELECT t.id, g.id FROM tracks t JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM catalog.genres) g
    ON g.place IN (1 + t.place % 20, 21 + t.place % 19);
INSERT INTO catalog.track_credits (track_id, position, name, role, artist_id)
SELECT t.id, c.position, c.name, c.role, CASE WHEN c.position = 1 THEN t.artist_id END
FROM tracks t, (VALUES (1, 'The Leader', 'performer'), (2, 'A Writer', 'composer'), (3, 'An Engineer', 'engineer'))
    AS c(position, name, role);
"""

# 60 fragments of 4 s; MP3 has none.
_MEDIA = """
INSERT INTO media.sources (track_id, user_id, filename, bytes, title_given, blob, facts, ladder, created_at)
SELECT id, owner, 'song.wav', 42336044, true, 'blobs/' || id, '{}', '[]', now() FROM tracks;

INSERT INTO media.renditions (track_id, quality, blob, codec, container, mime, bytes, bitrate_kbps, sample_rate,
    channels, delay_samples, padding_samples, total_samples, duration_ms, init_start, init_end, index_start, index_end,
    segments, made_at)
SELECT t.id, q.quality, 'blobs/' || encode(sha256((q.quality || t.id)::bytea), 'hex'), q.codec, q.container, q.mime,
       q.kbps * 30000, q.kbps, 44100, 2, 1024, 512, 10584000, 240000, 0, 900, 901, 1700, q.segments, now()
FROM tracks t, (
    SELECT quality, codec, container, mime, kbps,
           CASE container WHEN 'mp4' THEN (
               SELECT jsonb_agg(jsonb_build_array(kbps * 500 + 7 * n % 100, 176400)) FROM generate_series(1, 60) n
           ) ELSE '[]' END AS segments
    FROM (VALUES
        ('aac_64', 'aac', 'mp4', 'audio/mp4; codecs="mp4a.40.2"', 64),
        ('aac_128', 'aac', 'mp4', 'audio/mp4; codecs="mp4a.40.2"', 128),
        ('aac_320', 'aac', 'mp4', 'audio/mp4; codecs="mp4a.40.2"', 320),
        ('flac', 'flac', 'mp4', 'audio/mp4; codecs="flac"', 900),
        ('mp3_128', 'mp3', 'mp3', 'audio/mpeg', 128),
        ('mp3_320', 'mp3', 'mp3', 'audio/mpeg', 320),
        ('preview', 'aac', 'mp4', 'audio/mp4; codecs="mp4a.40.2"', 128)
    ) AS v(quality, codec, container, mime, kbps)
) q;

INSERT INTO media.analyses (track_id, integrated_lufs, true_peak_dbtp, range_lu, blocks, duration_ms, peaks, rms)
SELECT id, -14.2, -1.0, 6.5, decode(repeat(md5(id::text), 600), 'hex'), 240000,
       decode(repeat(md5('p' || id), 100), 'hex'), decode(repeat(md5('r' || id), 100), 'hex') FROM tracks;
"""

_HEARD = f"""
INSERT INTO playback.plays (session_id, track_id, user_id, started_at, counted_at)
SELECT uuidv7(), t.id, NULL, now() - n * interval '20 seconds', now() - n * interval '20 seconds'
FROM (SELECT n, 1 + (n::bigint * n) % {TRACKS} AS track FROM generate_series(1, {PLAYS}) n) s JOIN tracks t
    ON t.place = s.track;
"""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Public ids of what was written."""

    tracks: list[str]
    albums: list[str]
    artists: list[str]


def fill(owner_url: str) -> Catalogue:
    """Writes everything in one transaction, some ten seconds long, and lets PostgreSQL take its statistics."""
    with psycopg.connect(owner_url, autocommit=True) as conn:
        with conn.transaction():
            for statements in (_PEOPLE, _WORKS, _MEDIA, _HEARD):
                conn.execute(statements.encode())
        conn.execute("VACUUM (ANALYZE)")
        return Catalogue(
            tracks=_ids(conn, Kind.TRACK, b"SELECT id FROM tracks ORDER BY id"),
            albums=_ids(conn, Kind.ALBUM, b"SELECT id FROM albums ORDER BY id"),
            artists=_ids(conn, Kind.ARTIST, b"SELECT id FROM artists ORDER BY id"),
        )


def _ids(conn: psycopg.Connection[tuple[UUID]], kind: Kind, query: bytes) -> list[str]:
    return [out(kind, found) for (found,) in conn.execute(query)]
