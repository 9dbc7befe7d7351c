"""What may be the same work twice is suggested, with why; versions of one work are found beside each other."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from antiphon.domains.catalog.model_alike import VersionKind, version_kind
from antiphon.domains.catalog.store import alike as store
from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.answers import refused
from tests.support.people import Maker, Person, good

_TRACKS = """
    INSERT INTO catalog.tracks (artist_id, title, search_key, version_title, isrc, duration_ms, status, published_at,
        created_at, updated_at)
    SELECT :artist, r.title, lower(r.title), r.version, r.isrc, r.ms, 'ready', now(), now(), now()
    FROM unnest(CAST(:titles AS text[]), CAST(:versions AS text[]), CAST(:isrcs AS text[]), CAST(:ms AS int[]))
        WITH ORDINALITY AS r(title, version, isrc, ms, place) ORDER BY r.place
"""


async def _all(person: Person, path: str, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = good(await person.get(path, params=asked | ({"cursor": cursor} if cursor else {})))
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            return found


async def _tracks(house: House, artist: dict[str, Any], *tracks: tuple[str, str, str | None, int]) -> None:
    titles, versions, isrcs, lengths = (list(column) for column in zip(*tracks, strict=True))
    async with house.db.system() as uow:
        values = {"artist": parse(Kind.ARTIST, artist["id"]), "titles": titles, "versions": versions}
        await uow.conn.execute(text(_TRACKS), values | {"isrcs": isrcs, "ms": lengths})


async def test_what_may_be_the_same_is_suggested_with_why(
    make: Maker, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, eve, admin = await make.person(), await make.person(), await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, admin.id), "admin")
    choir, other = await make.artist(ada, "Choir"), await make.artist(eve, "Chor")
    await make.artist(ada, "choir")
    good(await ada.put(f"/artists/{choir['id']}", json={"aliases": [{"name": "Chor"}]}))
    for upc in ("12345678", "12345678", None):
        await make.album(ada, choir, "Same" if upc is None else f"Of {upc}", upc=upc)
    await _tracks(
        house, choir, ("Song", "", "DEAAA0000001", 100_000), ("Song", "", None, 101_900),
        ("Song", "live", None, 100_000), ("Song", "", None, 103_000), ("Other", "", "DEAAA0000001", 7),
    )  # fmt: skip
    await _tracks(house, other, ("Song", "", "DEAAA0000001", 100_000))
    mine = await _all(ada, "/duplicates/tracks", limit=1)
    assert [(group["track"]["duration_ms"], [(o["track"]["duration_ms"], o["because"]) for o in group["others"]])
            for group in mine] == [
        (100_000, [(101_900, ["alike"]), (7, ["isrc"])]), (101_900, [(103_000, ["alike"])]),
    ]  # fmt: skip
    everything = await _all(admin, "/duplicates/tracks")
    assert [len(group["others"]) for group in everything] == [3, 1, 1]
    albums = await _all(ada, "/duplicates/albums")
    assert [[other["because"] for other in group["others"]] for group in albums] == [[["alike", "upc"]]]
    assert [[other["because"] for other in group["others"]] for group in await _all(ada, "/duplicates/artists")] == [
        [["name"]]
    ]
    found = await _all(admin, "/duplicates/artists")
    assert sorted(str(o["because"]) for group in found for o in group["others"]) == ["['alias']", "['name']"]
    assert await _all(eve, "/duplicates/artists") == []
    monkeypatch.setattr(store, "STRETCH", 2)
    store._alike.cache_clear()
    assert await _all(admin, "/duplicates/tracks") == everything
    store._alike.cache_clear()


async def test_versions_of_a_work_stand_beside_each_other(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    await _tracks(house, artist, ("Song", "", None, 7), ("Song", "Live in Basel", None, 9), ("Else", "", None, 7))
    listed = {
        track["version_title"]: track for track in good(await ada.get("/tracks"))["items"] if track["title"] == "Song"
    }
    found = good(await ada.get(f"/tracks/{listed['Live in Basel']['id']}/versions"))
    assert [(one["version"], one["track"]["id"]) for one in found] == [
        ("live", listed["Live in Basel"]["id"]),
        ("original", listed[""]["id"]),
    ]
    assert refused(await ada.get(f"/tracks/trk_{'0' * 26}/versions"))[0] == 404


@pytest.mark.parametrize(
    ("said", "kind"),
    [("", "original"), ("Radio Edit", "radio_edit"), ("Extended Remix", "remix"), ("live", "live"), ("piano", "other"),
     ("Remastered 2011", "remaster")],
)  # fmt: skip
def test_the_words_of_a_version_say_what_it_is(said: str, kind: VersionKind) -> None:
    assert version_kind(said) == kind
