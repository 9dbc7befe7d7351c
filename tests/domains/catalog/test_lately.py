"""Things that were listed lately are not read again, and yet say what they say at the moment, to whom they say it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from antiphon.domains.catalog.api import lately as api
from antiphon.domains.catalog.api import listing
from antiphon.domains.catalog.api.lately import Lately
from antiphon.domains.catalog.api.listing import SongListing
from antiphon.domains.catalog.store.listed import ALBUMS, ARTISTS, SONGS
from antiphon.domains.playback import api as playback
from antiphon.domains.social import api as social
from antiphon.entry.bootstrap import House
from antiphon.kit.beside import Look
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.entry.subsonic.music import Library, make_library
from tests.support.people import Maker
from tests.support.round_trips import round_trips

_BESIDE = social.OPINION + playback.TRACK_HEARD
_ALBUM = "(SELECT id FROM catalog.albums WHERE title = 'Harbour')"
_TRACK = "(SELECT id FROM catalog.tracks WHERE title = 'Pier')"
_ANOTHER = "(SELECT id FROM catalog.artists WHERE name <> 'The Lanterns' LIMIT 1)"
_MANAGED = """
    INSERT INTO catalog.artist_managers (artist_id, user_id, kind, since)
    SELECT id, :user, 'owner', now() FROM catalog.artists
"""
_CHANGES = (
    f"UPDATE catalog.tracks SET comment = 'wet' WHERE id = {_TRACK}",
    f"UPDATE catalog.track_files SET bitrate_kbps = 7 WHERE track_id = {_TRACK}",
    f"UPDATE catalog.albums SET title = 'Harbour' || ' Lights' WHERE id = {_ALBUM}",
    "UPDATE catalog.artists SET name = 'The Lamps' WHERE name = 'The Lanterns'",
    "UPDATE catalog.genres SET name = name || '!'",
    f"INSERT INTO catalog.track_artists (track_id, position, artist_id) VALUES ({_TRACK}, 1, {_ANOTHER})",
    f"UPDATE catalog.track_artists SET joined_by = ' & ' WHERE track_id = {_TRACK}",
    f"INSERT INTO catalog.track_credits (track_id, position, role, name) VALUES ({_TRACK}, 0, 'composer', 'Ada')",
    "UPDATE catalog.album_artists SET credited_as = 'The Lanterns of Rye'",
    "DELETE FROM catalog.track_genres",
    "UPDATE catalog.albums SET published_at = NULL",
)


class Asked:
    """One person, and what they are shown of everything."""

    def __init__(self, house: House, viewer: UUID, made: Library, lately: Lately) -> None:
        self.house, self.viewer, self.lately = house, viewer, lately
        self.songs, self.albums, self.artists = (
            [parse(kind, one) for one in named.values()]
            for kind, named in ((Kind.TRACK, made.songs), (Kind.ALBUM, made.albums), (Kind.ARTIST, made.artists))
        )
        self.look = Look(viewer, _BESIDE)

    async def kept(self) -> Any:
        async with self.house.db.glance(self.viewer) as conn:
            asked = ((ids, self.look) for ids in (self.artists, self.albums, self.songs))
            return await self.lately.all_by_id(conn, *asked)

    async def one_by_one(self) -> list[Any]:
        """The songs."""
        async with self.house.db.glance(self.viewer) as conn:
            return [one for song in self.songs for one in await self.lately.songs_by_id(conn, [song], self.look)]

    async def lists(self, step: int = 1) -> tuple[list[Any], list[Any]]:
        """Every `step`th album and song twice, each kind by itself."""
        async with self.house.db.glance(self.viewer) as conn:
            albums, songs = ([*ids[::step], *ids[::step]] for ids in (self.albums, self.songs))
            return (
                await self.lately.albums_by_id(conn, albums, self.look),
                await self.lately.songs_by_id(conn, songs, self.look),
            )

    async def plain(self) -> Any:
        async with self.house.db.glance(self.viewer) as conn:
            return (
                await listing.artists_by_id(conn, self.artists, self.look),
                await listing.albums_by_id(conn, self.albums, self.look),
                await listing.songs_by_id(conn, self.songs, self.look),
            )


@pytest.fixture
async def asked(house: House) -> Callable[[UUID], Asked]:
    made, lately = await make_library(house), Lately(house.clock)
    return lambda viewer: Asked(house, viewer, made, lately)


async def run(house: House, statement: str, **values: Any) -> None:
    async with house.db.system() as uow:
        await uow.conn.execute(text(statement), values)


async def test_whatever_changes_is_shown_at_once(house: House, asked: Callable[[UUID], Asked]) -> None:
    who = asked(new_uuid())
    for change in _CHANGES:
        before = await who.kept()
        assert await who.one_by_one() == before[2]
        await run(house, change)
        singly, now = await who.one_by_one(), await who.kept()
        assert now == await who.plain() != before, change
        assert singly == now[2], change
    assert [len(found) for found in now] == [2, 0, 6]


async def test_a_list_of_which_some_is_at_hand_says_what_is_so_at_the_moment(
    house: House, make: Maker, asked: Callable[[UUID], Asked]
) -> None:
    who = asked(parse(Kind.USER, (await make.person()).id))
    async with house.db.unit(who.viewer) as uow:
        await social.like(uow, who.viewer, out(Kind.TRACK, who.songs[0]))
        await social.like(uow, who.viewer, out(Kind.ALBUM, who.albums[0]))
    for change in _CHANGES:
        for touched in (False, True):
            who.lately = Lately(house.clock)
            await who.lists(2)
            if touched:
                await run(house, change)
            now = await who.lists()
            assert now == tuple([*kind, *kind] for kind in (await who.plain())[1:]) == await who.lists(), change
    assert [len(kind) for kind in now] == [0, 12]
    assert [any(song.beside) for song in now[1]] == [True, *[False] * 5] * 2


async def test_a_list_is_one_statement_whatever_of_it_is_at_hand(house: House, asked: Callable[[UUID], Asked]) -> None:
    who = asked(new_uuid())
    async with house.db.glance(who.viewer):
        pass  # else setting the connection up counts too
    with round_trips() as sent:
        for step in (2, 1, 1):
            await who.lists(step)
    assert len(sent) == 6, sent
    await run(house, "UPDATE catalog.tracks SET comment = 'late'")
    with round_trips() as sent:
        assert {song.comment for song in (await who.lists())[1]} == {"late"}
    assert len(sent) <= 6, sent


async def test_every_table_that_lists_read_tells_of_its_changes(house: House) -> None:
    shown = " ".join(
        " ".join((what.columns, what.table, what.joins, *(part.select for part in what.parts)))
        for what in (SONGS, ALBUMS, ARTISTS)
    )
    read = set(re.findall(r"catalog\.(\w+)\b(?!\()", shown))
    rights = {"libraries", "library_access", "artist_managers"}
    triggers = "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = 'stir'"
    async with house.db.system() as uow:
        assert set((await uow.conn.execute(text(triggers))).scalars()) == read | rights


async def test_what_nobody_touched_is_not_read_again(house: House, asked: Callable[[UUID], Asked]) -> None:
    who = asked(new_uuid())
    first = await who.kept()
    with round_trips() as sent:
        again = await who.kept()
    assert len(sent) == 1, sent
    assert again == first
    assert again[2][0] is first[2][0] is (await who.one_by_one())[0]


async def test_a_single_song_that_was_asked_for_is_at_hand_for_lists(
    house: House, asked: Callable[[UUID], Asked]
) -> None:
    who = asked(new_uuid())
    async with house.db.glance(who.viewer):
        pass  # else setting the connection up counts too
    with round_trips() as sent:
        first, again = await who.one_by_one(), await who.one_by_one()
        async with house.db.glance(who.viewer) as conn:
            listed = await who.lately.songs_by_id(conn, who.songs, who.look)
            assert await who.lately.songs_by_id(conn, [], who.look) == []
    assert len(sent) == 2 * len(who.songs) + 1, sent
    for three in zip(first, again, listed, strict=True):
        assert three[0] is three[1] is three[2]


async def test_a_change_that_others_cannot_see_yet_is_seen_when_it_is_made(
    house: House, asked: Callable[[UUID], Asked]
) -> None:
    who = asked(new_uuid())
    before = await who.kept()
    async with house.db.system() as uow:
        await uow.conn.execute(text("UPDATE catalog.tracks SET comment = 'late'"))
        await run(house, "UPDATE catalog.artists SET disambiguation = 'of Rye'")  # a later one is there sooner
        between = await who.kept()
        assert between[2] == before[2]
        assert between[0] != before[0]
    assert {song.comment for song in (await who.kept())[2]} == {"late"}


async def test_each_sees_only_what_they_may_and_their_own_marks(
    house: House, make: Maker, asked: Callable[[UUID], Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, ben = [asked(parse(Kind.USER, (await make.person()).id)) for _ in range(2)]
    await ada.kept()
    async with house.db.unit(ada.viewer) as uow:
        await social.like(uow, ada.viewer, out(Kind.TRACK, ada.songs[0]))
    for songs in ((await ada.kept())[2], await ada.one_by_one()):
        assert [any(song.beside) for song in songs] == [True, *[False] * 5]
    assert [any(song.beside) for song in (await ben.kept())[2]] == [False] * 6
    await run(house, "UPDATE catalog.libraries SET access = 'chosen'")
    assert await ada.one_by_one() == []
    assert (await ada.kept())[1:] == ([], [])
    assert await ada.one_by_one() == []
    granted = "INSERT INTO catalog.library_access SELECT id, :user, now() FROM catalog.libraries"
    await run(house, granted, user=ben.viewer)
    # The song is everybody's now, its album is Ben's.
    await run(house, "UPDATE catalog.tracks SET library_id = NULL WHERE title = 'Pier'")
    for people_at_most in (1_000, 1, 1_000):
        monkeypatch.setattr(api, "PEOPLE_AT_MOST", people_at_most)
        for who, albums in ((ada, {None}), (ben, {"Harbour"})):
            songs = (await who.kept())[2]
            assert {song.album_title for song in songs if song.title == "Pier"} == albums
            assert songs == (await who.plain())[2] == await who.one_by_one()
            assert (await who.lists())[1] == [*songs, *songs]
            assert len(who.lately._turn.had) <= people_at_most


async def test_what_is_at_hand_for_somebody_is_not_shown_to_a_stranger_who_sees_other_things(
    house: House, make: Maker, asked: Callable[[UUID], Asked]
) -> None:
    ada, ben = [asked(parse(Kind.USER, (await make.person()).id)) for _ in range(2)]
    await run(house, "UPDATE catalog.libraries SET access = 'chosen'")
    await run(
        house, "INSERT INTO catalog.library_access SELECT id, :user, now() FROM catalog.libraries", user=ben.viewer
    )
    await run(house, "UPDATE catalog.tracks SET library_id = NULL WHERE title = 'Pier'")
    for first, then in ((ada, ben), (ben, ada)):
        for step in (1, 2):
            first.lately = then.lately = Lately(house.clock)
            await first.lists(step)
            for who in (then, first, then):
                shown = tuple([*kind, *kind] for kind in (await who.plain())[1:])
                assert await who.lists() == shown
                assert [len(kind) for kind in shown] == ([0, 2] if who is ada else [6, 12])


def room_taken(lately: Lately) -> int:
    things = [thing for things in lately._turn.kept.values() for thing in things.values()]
    taken = sum(api.OF_SONG if isinstance(thing, SongListing) else api.OF_OTHERS for thing in things)
    assert lately._turn.size == taken
    return taken


async def test_so_many_are_kept_and_for_so_long(
    house: House, asked: Callable[[UUID], Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    who = asked(new_uuid())
    monkeypatch.setattr(api, "AT_MOST", 5 * api.OF_OTHERS)
    for _ in range(2):
        assert await who.kept() == await who.plain()
        assert await who.lists() == tuple([*kind, *kind] for kind in (await who.plain())[1:])
        assert 0 < room_taken(who.lately) <= 5 * api.OF_OTHERS
    monkeypatch.setattr(api, "FOR", api.FOR * 0)
    first, again = [await who.kept() for _ in range(2)]
    assert first == again
    assert first[0][0] is not again[0][0]


async def test_what_was_asked_for_least_lately_makes_room(
    house: House, make: Maker, asked: Callable[[UUID], Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "AT_MOST", 4 * api.OF_SONG)
    who = asked(new_uuid())

    before: dict[tuple[UUID, UUID], Any] = {}

    async def read(*places: int, by: Asked = who) -> bool:
        """Whether the two songs had to be read for this."""
        async with house.db.glance(by.viewer) as conn:
            songs = await by.lately.songs_by_id(conn, [by.songs[place] for place in places], by.look)
        at_hand = [before.get((by.viewer, song.id)) is song for song in songs]
        before.update({(by.viewer, song.id): song for song in songs})
        assert at_hand in ([True] * 2, [False] * 2)
        return not at_hand[0]

    assert [await read(0, 1), await read(2, 3), await read(0, 1)] == [True, True, False]
    assert [await read(4, 5), await read(0, 1), await read(2, 3)] == [True, False, True]
    # Who manages an artist may see other things of it: theirs are kept apart, in the same room.
    ada = parse(Kind.USER, (await make.person()).id)
    await run(house, _MANAGED, user=ada)
    own = asked(ada)
    assert [await read(0, 1), await read(2, 3), await read(4, 5, by=own)] == [True] * 3
    assert [await read(2, 3), await read(4, 5, by=own), await read(0, 1)] == [False, False, True]


async def test_old_stirs_are_forgotten(house: House) -> None:
    await make_library(house)
    await run(house, "UPDATE catalog.artists SET disambiguation = 'old'")
    await run(house, "UPDATE catalog.stirred SET at = at - interval '2 days'")
    await run(house, "UPDATE catalog.artists SET disambiguation = 'new'")
    async with house.db.system() as uow:
        await api.forget_stirs(uow)
    async with house.db.system() as uow:
        assert (await uow.conn.execute(text("SELECT count(*) FROM catalog.stirred"))).scalar_one() == 1
