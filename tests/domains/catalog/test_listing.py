"""Flat lists: what triggers keep for them, and long ones read from remembered places."""

from __future__ import annotations

from uuid import UUID, uuid4

from sqlalchemy import text

from antiphon.domains.catalog.api import listing, walking
from antiphon.domains.catalog.api.walking import Narrowed, Places
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.entry.subsonic.music import make_library

VIEWER = uuid4()


async def genres_of(house: House, album: UUID) -> list[str]:
    async with house.db.glance(VIEWER) as conn:
        return next((found.genres for found in await listing.albums_by_id(conn, [album])), [])


async def run(house: House, statement: str, **values: object) -> None:
    async with house.db.system() as uow:
        await uow.conn.execute(text(statement), values)


async def test_an_album_has_the_genres_of_its_songs(house: House) -> None:
    made = await make_library(house)
    harbour, east = (parse(Kind.ALBUM, made.albums[name]) for name in ("Harbour", "Øst"))
    pier, north = (parse(Kind.TRACK, made.songs[name]) for name in ("Pier", "Nord"))
    assert (await genres_of(house, harbour), await genres_of(house, east)) == (["Rock"], ["Jazz"])
    await run(house, "INSERT INTO catalog.track_genres SELECT :id, id FROM catalog.genres WHERE name = 'Jazz'", id=pier)
    assert await genres_of(house, harbour) == ["Jazz", "Rock"]
    await run(house, "UPDATE catalog.tracks SET album_id = :album WHERE id = :id", album=east, id=pier)
    assert (await genres_of(house, harbour), await genres_of(house, east)) == (["Rock"], ["Jazz", "Rock"])
    await run(house, "DELETE FROM catalog.tracks WHERE id = :id", id=pier)
    assert await genres_of(house, east) == ["Jazz"]
    await run(house, "DELETE FROM catalog.track_genres WHERE track_id = :id", id=north)
    assert await genres_of(house, east) == ["Jazz"]
    await run(house, "UPDATE catalog.tracks SET album_id = NULL WHERE album_id = :album", album=east)
    assert await genres_of(house, east) == []


async def test_pages_of_a_long_list_join_however_they_are_asked_for(house: House) -> None:
    made = await make_library(house)
    await run(
        house,
        "INSERT INTO catalog.tracks (artist_id, library_id, title, search_key, status, published_at, created_at, "
        "updated_at) SELECT :artist, :library, 'Song ' || n, 'song ' || n, 'ready', now(), now(), now() "
        "FROM generate_series(1, 5000) n",
        artist=parse(Kind.ARTIST, made.artists["The Lanterns"]),
        library=made.id,
    )
    places, viewer = Places(), VIEWER
    async with house.db.glance(viewer) as conn:
        whole = await walking.song_ids(conn, places, viewer, Narrowed(), 0, 6000)
        assert len(whole) == 5006
        for offset in (4900, 0, 2500, 2550, 4999, 5006, 9000, 17):
            page = await walking.song_ids(conn, places, viewer, Narrowed(), offset, 50)
            assert page == whole[offset : offset + 50], offset
        stranger = await walking.song_ids(conn, places, None, Narrowed(), 4999, 50)
        assert stranger == whole[4999:]
