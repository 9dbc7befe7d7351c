"""What the database keeps by itself: counts, the first artist of a work, who sees a library, notes for the index."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from tests.support.answers import rows

_ACTIONS = (
    "add",
    "publish",
    "hide",
    "move",
    "leave",
    "longer",
    "delete",
    "hand_over",
    "publish_album",
    "hide_album",
    "drop",
    "name",
    "unname",
    "shelve",
    "forget",
)
_SQL = {
    "add": "INSERT INTO catalog.tracks (artist_id, album_id, title, search_key, duration_ms, status, "
    "created_at, updated_at) SELECT x.artist, x.album, 't', 't', 1000, 'ready', now(), now() "
    "FROM unnest(:artists, :albums) AS x(artist, album)",
    "publish": "UPDATE catalog.tracks SET published_at = now() WHERE album_id = ANY (:albums)",
    "hide": "UPDATE catalog.tracks SET published_at = NULL WHERE artist_id = ANY (:artists)",
    "move": "UPDATE catalog.tracks SET album_id = (:albums)[1] WHERE album_id = ANY (:albums)",
    "leave": "UPDATE catalog.tracks SET album_id = NULL WHERE album_id = (:albums)[1]",
    "longer": "UPDATE catalog.tracks SET duration_ms = coalesce(duration_ms, 0) + 7 WHERE artist_id = ANY (:artists)",
    "delete": "DELETE FROM catalog.tracks WHERE album_id = (:albums)[1]",
    "hand_over": "UPDATE catalog.albums SET artist_id = (:artists)[1] WHERE id = ANY (:albums)",
    "publish_album": "UPDATE catalog.albums SET published_at = now() WHERE id = ANY (:albums)",
    "hide_album": "UPDATE catalog.albums SET published_at = NULL WHERE id = (:albums)[1]",
    "drop": "DELETE FROM catalog.albums WHERE id = (:albums)[1]",
    "name": "INSERT INTO catalog.track_genres (track_id, genre_id) SELECT t.id, g.id FROM catalog.tracks t "
    "JOIN catalog.genres g ON g.name < 'q' OR t.artist_id = (:artists)[1] ON CONFLICT DO NOTHING",
    "unname": "DELETE FROM catalog.track_genres x USING catalog.tracks t, catalog.genres g WHERE t.id = x.track_id "
    "AND g.id = x.genre_id AND g.name > 'q' AND t.artist_id = ANY (:artists)",
    "shelve": "UPDATE catalog.tracks SET library_id = (SELECT id FROM catalog.libraries) "
    "WHERE album_id = ANY (:albums)",
    "forget": "DELETE FROM catalog.genres WHERE name > 'y'",
}
_COUNTED = """
    SELECT b.id, b.track_count, b.duration_ms, count(t.id), coalesce(sum(t.duration_ms), 0)
    FROM catalog.albums b LEFT JOIN catalog.tracks t ON t.album_id = b.id AND t.published_at IS NOT NULL GROUP BY b.id
"""
_ARTISTS = """
    SELECT a.id, coalesce((SELECT sum(albums) FROM catalog.artist_counts c WHERE c.artist_id = a.id), 0),
           (SELECT count(*) FROM catalog.albums b WHERE b.artist_id = a.id AND b.published_at IS NOT NULL)
    FROM catalog.artists a
"""
# Counters that are not what one would count, and what one would count that no counter says.
_GENRES = """
    WITH counted AS (
        SELECT genre_id, library_id, albums, tracks FROM catalog.genre_counts WHERE (albums, tracks) <> (0, 0)
    ), truth AS (
        SELECT genre_id, library_id, sum(albums)::int, sum(tracks)::int FROM (
            SELECT g.genre_id, coalesce(b.library_id, '00000000-0000-0000-0000-000000000000') AS library_id,
                   1 AS albums, 0 AS tracks
            FROM catalog.album_genres g JOIN catalog.albums b ON b.id = g.album_id AND b.published_at IS NOT NULL
            UNION ALL SELECT g.genre_id, coalesce(t.library_id, '00000000-0000-0000-0000-000000000000'), 0, 1
            FROM catalog.track_genres g JOIN catalog.tracks t ON t.id = g.track_id AND t.published_at IS NOT NULL
        ) works GROUP BY genre_id, library_id
    )
    (TABLE counted EXCEPT TABLE truth) UNION ALL (TABLE truth EXCEPT TABLE counted)
"""
_FIRST = """
    SELECT (SELECT count(*) FROM catalog.albums b JOIN catalog.album_artists x ON x.album_id = b.id AND x.position = 0
            WHERE x.artist_id <> b.artist_id)
         + (SELECT count(*) FROM catalog.tracks t LEFT JOIN catalog.track_artists x ON x.track_id = t.id
            AND x.position = 0 WHERE x.artist_id IS DISTINCT FROM t.artist_id)
"""


_NAMES = """
    WITH library AS (
        INSERT INTO catalog.libraries (name, path, created_at, updated_at) VALUES ('l', '/l', now(), now())
    )
    INSERT INTO catalog.genres (name, key) SELECT x, x FROM unnest(ARRAY['alpha', 'rock', 'zydeco']) AS x
"""


async def _works(conn: AsyncConnection) -> tuple[list[UUID], list[UUID]]:
    artists = await conn.execute(
        text(
            "INSERT INTO catalog.artists (name, search_key, sort_key, created_at, updated_at) "
            "SELECT 'a', 'a', 'a', now(), now() FROM generate_series(1, 3) RETURNING id"
        )
    )
    found = list(artists.scalars())
    albums = await conn.execute(
        text(
            "INSERT INTO catalog.albums (artist_id, title, search_key, sort_key, created_at, updated_at) "
            "SELECT x, 'b', 'b', 'b', now(), now() FROM unnest(CAST(:artists AS uuid[])) AS x RETURNING id"
        ),
        {"artists": found},
    )
    return found, list(albums.scalars())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(_ACTIONS), st.permutations(range(3))), min_size=3, max_size=14))
async def test_counts_are_exact_after_any_list_of_changes(db: Database, steps: list[tuple[str, list[int]]]) -> None:
    async with db.system() as uow:
        artists, albums = await _works(uow.conn)
        await uow.conn.execute(text(_NAMES))
        for action, order in [("add", [0, 1, 2]), ("publish", [0, 1, 2]), ("publish_album", [0, 1, 2]), *steps]:
            left = list((await uow.conn.execute(text("SELECT id FROM catalog.albums"))).scalars())
            chosen = [albums[i] for i in order if albums[i] in left][:2]
            if chosen:
                values = {"artists": [artists[i] for i in order][: len(chosen)], "albums": chosen}
                statement = _SQL[action].replace(":artists", "CAST(:artists AS uuid[])")
                statement = statement.replace(":albums", "CAST(:albums AS uuid[])")
                given_values = {name: value for name, value in values.items() if f":{name}" in statement}
                await uow.conn.execute(text(statement), given_values)
        for _, tracks, duration, true_tracks, true_duration in (await uow.conn.execute(text(_COUNTED))).all():
            assert (tracks, duration) == (true_tracks, true_duration)
        for _, counted, true_albums in (await uow.conn.execute(text(_ARTISTS))).all():
            assert counted == true_albums
        assert (await uow.conn.execute(text(_FIRST))).scalar_one() == 0
        assert (await uow.conn.execute(text(_GENRES))).all() == []
        await uow.conn.execute(text("DELETE FROM catalog.tracks"))
        await uow.conn.execute(text("DELETE FROM catalog.albums"))
        await uow.conn.execute(text("DELETE FROM catalog.artists"))
        assert (await uow.conn.execute(text(_GENRES))).all() == []
        await uow.conn.execute(text("DELETE FROM catalog.genres"))
        await uow.conn.execute(text("DELETE FROM catalog.libraries"))


async def _library(conn: AsyncConnection, access: str) -> tuple[UUID, UUID]:
    """A library with one published track; answers both ids."""
    library: Any = (
        await conn.execute(
            text(
                "INSERT INTO catalog.libraries (name, path, access, created_at, updated_at) "
                "VALUES ('l', :path, :access, now(), now()) RETURNING id"
            ),
            {"path": f"/{uuid4()}", "access": access},
        )
    ).scalar_one()
    artists, _ = await _works(conn)
    track: Any = (
        await conn.execute(
            text(
                "INSERT INTO catalog.tracks (artist_id, library_id, title, search_key, status, published_at, "
                "created_at, updated_at) VALUES (:artist, :library, 't', 't', 'ready', now(), now(), now()) "
                "RETURNING id"
            ),
            {"artist": artists[0], "library": library},
        )
    ).scalar_one()
    return library, track


@pytest.mark.parametrize(
    ("access", "guest", "member", "chosen"),
    [("everyone", True, True, True), ("members", False, True, True), ("chosen", False, False, True)],
)
async def test_a_library_is_open_to_those_it_is_open_to(
    db: Database, make: Any, access: str, guest: bool, member: bool, chosen: bool
) -> None:
    ada, eve = await make.person(), await make.person()
    people = {row.handle: row.id for row in await rows(db, "SELECT id, handle FROM identity.users")}
    async with db.system() as uow:
        library, track = await _library(uow.conn, access)
        await uow.conn.execute(
            text("INSERT INTO catalog.library_access (library_id, user_id, since) VALUES (:library, :user, now())"),
            {"library": library, "user": people[ada.handle]},
        )
    seen = []
    for viewer in (None, people[eve.handle], people[ada.handle]):
        async with db.seen_by(viewer) as conn:
            found = await conn.execute(text("SELECT id FROM catalog.tracks"))
            seen.append(list(found.scalars()) == [track])
    assert seen == [guest, member, chosen]
    members = [people[eve.handle], people[ada.handle]]
    async with db.system() as uow:
        heard = await catalog.heard_by_each(uow.conn, [(one, track) for one in members])
    assert [track in heard[one] for one in members] == [member, chosen]


async def test_a_draft_is_heard_by_who_manages_it(db: Database, make: Any) -> None:
    ada, eve = await make.person(), await make.person()
    draft = parse(Kind.TRACK, (await make.track(ada, await make.artist(ada), published=False))["id"])
    people = [parse(Kind.USER, one.id) for one in (ada, eve)]
    async with db.system() as uow:
        heard = await catalog.heard_by_each(uow.conn, [(one, draft) for one in people])
    for one in people:
        async with db.seen_by(one) as conn:
            assert list(heard[one].values()) == await catalog.heard_tracks(conn, one, [draft])
    assert [draft in heard[one] for one in people] == [True, False]


async def test_what_changes_is_noted_for_the_index_and_what_does_not_is_not(db: Database) -> None:
    async with db.system() as uow:
        artists, albums = await _works(uow.conn)
        await uow.conn.execute(text("DELETE FROM catalog.changes"))
        await uow.conn.execute(text("UPDATE catalog.artists SET name = 'b' WHERE id = :id"), {"id": artists[0]})
        await uow.conn.execute(text("UPDATE catalog.albums SET version = version + 1, loudness = NULL"))
        await uow.conn.execute(text("DELETE FROM catalog.albums WHERE id = :id"), {"id": albums[1]})
    noted = {(row.kind, row.id) for row in await rows(db, "SELECT kind, id FROM catalog.changes")}
    assert noted == {("artist", artists[0]), ("album", albums[1])}
