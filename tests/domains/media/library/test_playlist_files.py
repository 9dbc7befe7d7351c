"""Playlist files of a library become playlists, and follow their files until somebody edits them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from antiphon.domains.media.library.playlists import places_meant
from tests.support.collection import sound_file
from tests.support.librarian import Librarian, librarian_of
from tests.support.people import Maker, Person, good


async def _lists(by: Person) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in good(await by.get("/playlists"))["items"]}


async def _titles(by: Person, playlist: dict[str, Any]) -> list[str]:
    entries = good(await by.get(f"/playlists/{playlist['id']}/entries"))["items"]
    return [entry["track"]["title"] for entry in entries]


async def test_playlist_files_become_playlists_and_follow_them(shelf: Librarian, music: Path) -> None:
    (music / "Lists").mkdir()
    evening = music / "Lists" / "Evening.m3u8"
    evening.write_text("#EXTM3U\n../Lark/Days/03 Dusk.flac\nC:\\Music\\Lark\\Days\\02 Noon.flac\nnowhere.mp3\n")
    (music / "all.pls").write_text(f"[playlist]\nFile1={music}/Lark/Days/01 Dawn.flac\nNumberOfEntries=1\n")
    (music / "broken.xspf").write_text("<playlist><trackList>")
    assert (await shelf.scan())["state"] == "done"
    found = await _lists(shelf.admin)
    assert set(found) == {"Evening", "all"}
    assert await _titles(shelf.admin, found["Evening"]) == ["Dusk", "Noon"]
    (trouble,) = await shelf.list("scan/errors")
    assert (trouble["path"], trouble["code"]) == ("broken.xspf", "bad_playlist_file")
    evening.rename(music / "Night.m3u8")
    sound_file(music / "Lists" / "nowhere.mp3", title="Nowhere", artist="Wren")  # what it spoke of has come
    await shelf.scan()
    night = (await _lists(shelf.admin))["Night"]
    assert night["id"] == found["Evening"]["id"]
    assert await _titles(shelf.admin, night) == ["Dusk", "Noon"]  # it lies elsewhere now: no path from there

    (music / "Night.m3u8").write_text("Lark/Days/03 Dusk.flac\nLists/nowhere.mp3\nElsewhere/x.mp3\n")
    await shelf.scan()
    night = (await _lists(shelf.admin))["Night"]
    assert night["id"] == found["Evening"]["id"]
    assert await _titles(shelf.admin, night) == ["Dusk", "Nowhere"]
    await shelf.scan()
    assert (await _lists(shelf.admin))["Night"]["version"] == night["version"]

    good(await shelf.admin.put(f"/playlists/{night['id']}", json={"name": "My night"}))
    assert (await shelf.admin.delete(f"/playlists/{found['all']['id']}")).status_code == 204
    (music / "Night.m3u8").write_text("Lark/Days/01 Dawn.flac\n")
    (music / "all.pls").write_text("[playlist]\nFile1=Lark/Days/02 Noon.flac\n")
    await shelf.scan()
    mine = await _lists(shelf.admin)
    assert set(mine) == {"My night"}
    assert await _titles(shelf.admin, mine["My night"]) == ["Dusk", "Nowhere"]


async def test_who_hears_the_library_sees_its_playlists(admin: Person, make: Maker, music: Path) -> None:
    (music / "Lark.jspf").write_text(
        '{"playlist": {"title": "Of larks", "track": [{"location": "Lark/Days/01 Dawn.flac"}]}}'
    )
    chosen = await librarian_of(admin, make, music, access="chosen")
    await chosen.scan()
    ann, ben = await make.person(), await make.person()
    good(await admin.put(f"/libraries/{chosen.id}/access", json={"user_ids": [ann.id]}))
    (seen,) = (await _lists(ann)).values()
    assert seen["library_id"] == chosen.id
    assert (seen["name"], seen["editable"], await _titles(ann, seen)) == ("Of larks", False, ["Dawn"])
    assert await _lists(ben) == {}
    assert (await ben.get(f"/playlists/{seen['id']}")).status_code == 404
    assert (await admin.delete(f"/libraries/{chosen.id}")).status_code == 202
    await make.settle()
    assert await _lists(admin) == {}


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("a.mp3", ("Lists", "a.mp3")),
        ("../Lark/a.mp3", ("Lark", "a.mp3")),
        ("/srv/music/Lark/a.mp3", ("Lark", "a.mp3")),
        ("file:///srv/music/Lark/a%20b.mp3", ("Lark", "a b.mp3")),
        ("file:///C:/Music/Lark/a.mp3", ("Music/Lark", "a.mp3")),
        ("http://radio.example/a.mp3", None),
        ("../../../etc/passwd", ("etc", "passwd")),
    ],
)
def test_what_a_line_means(line: str, first: tuple[str, str] | None) -> None:
    assert next(places_meant(line, "Lists", "/srv/music"), None) == first
