"""The list of all artists is kept between calls, and is nevertheless the one that there is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.entry.subsonic.indexes import Indexes
from tests.entry.subsonic.conftest import App, app_of
from tests.entry.subsonic.music import Library, make_library
from tests.support.people import Maker


async def artists(app: App, **given: Any) -> dict[str, dict[str, Any]]:
    """By name; that letters are in order is looked at on the way."""
    index = (await app.whole("getArtists", **given))["artists"]["index"]
    letters = [letter["name"] for letter in index]
    assert letters == sorted(set(letters))
    return {artist["name"]: artist for letter in index for artist in letter["artist"]}


async def test_what_a_person_says_of_artists_is_only_theirs(app: App, make: Maker, music: Library) -> None:
    other = await app_of(await make.person())
    plain = await artists(app)
    assert set(plain) == {"The Lanterns", "Ærø & Co"}
    lanterns, co = (music.artists[name] for name in plain)
    await app.ask("star", artistId=lanterns)
    await app.ask("setRating", id=lanterns, rating=4)
    await app.ask("setRating", id=co, rating=2)
    marked = await artists(app)
    assert marked["The Lanterns"].pop("starred").endswith("Z")
    assert (marked["The Lanterns"].pop("userRating"), marked["Ærø & Co"].pop("userRating")) == (4, 2)
    assert marked == plain == await artists(other)
    old = (await app.get("getArtists", c="DSub", f="xml")).text  # which leaves members out
    assert 'userRating="4"' in old
    assert "sortName" not in old
    await app.ask("unstar", artistId=lanterns)
    for artist in (lanterns, co):
        await app.ask("setRating", id=artist, rating=0)
    assert await artists(app) == plain


async def test_every_change_is_seen_at_once_and_so_is_its_undoing(app: App, house: House, music: Library) -> None:
    lanterns = "WHERE name = 'The Lanterns'"
    hidden = "(SELECT published_at FROM catalog.albums WHERE title = 'Harbour')"
    before = await artists(app)
    for change, undo in (
        (f"artists SET sort_name = 'Zz' {lanterns}", f"artists SET sort_name = NULL {lanterns}"),
        (f"artists SET disambiguation = 'of Rye' {lanterns}", f"artists SET disambiguation = '' {lanterns}"),
        (f"artists SET mbid = uuidv7() {lanterns}", f"artists SET mbid = NULL {lanterns}"),
        (
            "albums SET published_at = NULL WHERE title = 'Attic'",
            f"albums SET published_at = {hidden} WHERE title = 'Attic'",
        ),
        ("libraries SET access = 'chosen'", "libraries SET access = 'members'"),
    ):
        for statement, same in ((change, False), (undo, True)):
            async with house.db.system() as uow:
                await uow.conn.execute(text(f"UPDATE catalog.{statement}"))
            for _ in range(2):
                assert (await artists(app) == before) is same, statement


async def test_each_sees_the_list_of_the_libraries_that_are_open_to_them(
    app: App, house: House, make: Maker, music: Library
) -> None:
    chosen = await make_library(house, access="chosen", name="Tapes")
    friend = await app_of(await make.person())
    async with house.db.system() as uow:
        granted = "INSERT INTO catalog.library_access SELECT :library, id, now() FROM identity.users "
        handle = {"library": chosen.id, "handle": friend.person.handle}
        await uow.conn.execute(text(f"{granted} WHERE handle = :handle"), handle)

    async def ids(asking: App, **given: Any) -> set[str]:
        index = (await asking.ask("getArtists", **given))["artists"]["index"]
        return {artist["id"] for letter in index for artist in letter["artist"]}

    for _ in range(2):
        assert await ids(app) == set(music.artists.values())
        assert await ids(friend) == {*music.artists.values(), *chosen.artists.values()}
        assert await ids(friend, musicFolderId=chosen.number) == set(chosen.artists.values())
        assert await ids(app, musicFolderId=chosen.number) == set()


def test_so_many_artists_are_kept_and_no_more() -> None:
    kept = Indexes(at_most=10)
    kept.keep((4, 1), [{"name": "A"}])
    kept.keep((4, 2), [{"name": "B"}])
    kept.keep((4, 2), [])
    assert kept.get((4, 1)) == [{"name": "A"}]
    kept.keep((11, 3), [{"name": "C"}])
    kept.keep((6, 4), [{"name": "D"}])
    found = [kept.get(digest) for digest in ((4, 1), (4, 2), (11, 3), (6, 4))]
    assert found == [[{"name": "A"}], None, None, [{"name": "D"}]]
