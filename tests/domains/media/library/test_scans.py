"""Libraries are scanned: through HTTP, with real files, on PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from antiphon.domains.media import api as media
from antiphon.domains.media.library import watching
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.collection import sound_file
from tests.support.librarian import Librarian, librarian_of
from tests.support.people import Maker, Person, good


async def test_a_folder_becomes_a_library_that_is_heard(shelf: Librarian) -> None:
    assert shelf.made["name"] == "music"
    scan = await shelf.scan()
    assert (scan["state"], scan["found"], scan["done"], scan["added"]) == ("done", 3, 3, 3)
    assert scan["percent"] == 100
    tracks = await shelf.tracks()
    assert set(tracks) == {"Dawn", "Noon", "Dusk"}
    dawn = tracks["Dawn"]
    assert dawn["artist"]["name"] == "Lark"
    assert dawn["album"]["title"] == "Days"
    assert dawn["track_number"] == 1
    assert dawn["year"] == 2001
    assert {genre["name"] for genre in dawn["genres"]} == {"Folk", "Ambient"}
    assert dawn["status"] == "ready"
    assert 200 < dawn["duration_ms"] < 300
    (album,) = (await shelf.albums()).values()
    assert (album["track_count"], album["release_date"]) == (3, "2001-02-03")


async def test_a_scan_of_what_has_not_changed_changes_nothing(shelf: Librarian) -> None:
    await shelf.scan()
    before = await shelf.tracks()
    scan = await shelf.scan()
    assert (scan["found"], scan["done"], scan["added"], scan["changed"]) == (3, 3, 0, 0)
    assert await shelf.tracks() == before
    full = await shelf.scan(full=True)
    assert (full["full"], full["added"], full["changed"]) == (True, 0, 0)
    assert {title: track["id"] for title, track in (await shelf.tracks()).items()} == {
        title: track["id"] for title, track in before.items()
    }


async def test_moves_and_renames_keep_the_track(shelf: Librarian, music: Path) -> None:
    """Its id is what likes, plays and playlists hold on to."""
    await shelf.scan()
    before = {title: track["id"] for title, track in (await shelf.tracks()).items()}
    albums = {title: album["id"] for title, album in (await shelf.albums()).items()}
    (music / "Lark" / "Days").rename(music / "Days of a lark")
    scan = await shelf.scan()
    assert (scan["moved"], scan["added"], scan["missing"]) == (3, 0, 0)
    moved = music / "Days of a lark"
    shutil.copyfile(moved / "01 Dawn.flac", moved / "first.flac")  # another inode: the tags tell
    (moved / "01 Dawn.flac").unlink()
    scan = await shelf.scan()
    assert (scan["moved"], scan["added"], scan["missing"]) == (1, 0, 0)
    assert {title: track["id"] for title, track in (await shelf.tracks()).items()} == before
    assert {title: album["id"] for title, album in (await shelf.albums()).items()} == albums


async def test_new_tags_are_read_and_the_track_and_its_album_stay(shelf: Librarian, music: Path) -> None:
    await shelf.scan()
    before = await shelf.tracks()
    album = (await shelf.albums())["Days"]["id"]
    for path in sorted(music.rglob("*.flac")):
        title = path.stem[3:]
        sound_file(path, title=f"{title} again", artist="Lark", albumartist="Lark", album="More days")
    scan = await shelf.scan()
    assert (scan["changed"], scan["added"]) == (3, 0)
    after = await shelf.tracks()
    assert {after[f"{title} again"]["id"] for title in before} == {track["id"] for track in before.values()}
    assert {title: found["id"] for title, found in (await shelf.albums()).items()} == {"More days": album}


async def test_what_a_person_has_edited_stays_as_they_wanted_it(shelf: Librarian, music: Path, house: House) -> None:
    await shelf.scan()
    dawn = (await shelf.tracks())["Dawn"]
    async with house.db.system() as uow:
        statement = text("UPDATE catalog.tracks SET title = 'Daybreak', version = 2 WHERE id = :id")
        await uow.conn.execute(statement, {"id": parse(Kind.TRACK, dawn["id"])})
    path = music / "Lark" / "Days" / "01 Dawn.flac"
    sound_file(path, title="Dawn (remastered)", artist="Lark", albumartist="Lark", album="Days", tracknumber="1")
    await shelf.scan()
    assert set(await shelf.tracks()) == {"Daybreak", "Noon", "Dusk"}


async def test_missing_files_hide_their_tracks_until_they_come_back(
    shelf: Librarian, music: Path, tmp_path: Path
) -> None:
    await shelf.scan()
    before = await shelf.tracks()
    away = tmp_path / "away"
    shutil.move(music / "Lark", away)
    sound_file(music / "other.flac", title="Other", artist="Wren")
    scan = await shelf.scan()
    assert (scan["missing"], scan["added"]) == (3, 1)
    assert set(await shelf.tracks()) == {"Other"}
    assert set(await shelf.albums()) == set()
    missing = await shelf.list("missing")
    assert {track["title"] for track in missing} == set(before)
    assert missing[0]["path"].startswith("Lark/Days/")
    shutil.move(away, music / "Lark")
    await shelf.scan()
    back = await shelf.tracks()
    assert {title: back[title]["id"] for title in before} == {title: track["id"] for title, track in before.items()}
    assert (await shelf.albums())["Days"]["track_count"] == 3
    assert await shelf.list("missing") == []


async def test_missing_tracks_go_when_somebody_confirms_it(shelf: Librarian, music: Path) -> None:
    await shelf.scan()
    tracks = await shelf.tracks()
    (music / "Lark" / "Days" / "01 Dawn.flac").unlink()
    (music / "Lark" / "Days" / "02 Noon.flac").unlink()
    await shelf.scan()
    gone = {"track": [tracks["Dawn"]["id"], tracks["Dusk"]["id"]]}  # the last of them is there, and stays
    assert (await shelf.admin.delete(f"/libraries/{shelf.id}/missing", params=gone)).status_code == 204
    assert [track["title"] for track in await shelf.list("missing")] == ["Noon"]
    assert (await shelf.admin.delete(f"/libraries/{shelf.id}/missing")).status_code == 204
    await shelf.make.settle()
    assert await shelf.list("missing") == []
    assert (await shelf.scan())["added"] == 0
    assert set(await shelf.tracks()) == {"Dusk"}


async def test_a_library_that_is_away_loses_nothing(shelf: Librarian, music: Path, tmp_path: Path) -> None:
    """A disk that is not mounted is an empty folder, or none."""
    await shelf.scan()
    music.rename(tmp_path / "unplugged")
    assert (await shelf.scan())["error_code"] == "library_away"
    music.mkdir()
    assert (await shelf.scan())["error_code"] == "library_away"
    assert len(await shelf.tracks()) == 3


async def test_files_that_cannot_be_read_are_listed_with_the_reason(shelf: Librarian, music: Path) -> None:
    (music / "broken.flac").write_bytes(b"fLaC" + bytes(3))
    (music / "letter.mp3").write_text("Dear Sir, this is no sound at all.")
    (music / "empty.ogg").touch()
    scan = await shelf.scan()
    assert (scan["state"], scan["added"], scan["unreadable"]) == ("done", 3, 3)
    found = {file["path"]: file for file in await shelf.list("scan/errors")}
    assert set(found) == {"broken.flac", "letter.mp3", "empty.ogg"}
    assert all(file["code"] in ("damaged", "not_audio") and file["detail"] for file in found.values())
    assert (await shelf.scan())["unreadable"] == 3  # nothing is read again, and all the same it is said again
    sound_file(music / "empty.ogg", title="Full", artist="Wren")
    scan = await shelf.scan()
    assert (scan["added"], scan["unreadable"]) == (1, 2)


async def test_two_scans_at_once_are_one(shelf: Librarian, house: House) -> None:
    library = parse(Kind.LIBRARY, shelf.id)
    runs = [media.scan_here(house.db, house.media, library, full=False) for _ in range(3)]
    assert sorted(await asyncio.gather(*runs))[-1] is True
    await shelf.scan()
    assert len(await shelf.tracks()) == 3
    assert len(await shelf.albums()) == 1


async def test_a_scan_is_ended_and_goes_on_later(shelf: Librarian, music: Path, house: House) -> None:
    for number in range(30):
        folder = music / f"Wren {number}"
        sound_file(folder / "a.mp3", seconds=0.1, title=f"Song {number}", artist=f"Wren {number}", album="One")
    good(await shelf.admin.post(f"/libraries/{shelf.id}/scan", json={}))
    cancelled = good(await shelf.admin.post(f"/libraries/{shelf.id}/scan/cancel"))
    assert cancelled["state"] == "cancelled"
    await shelf.make.settle()
    assert await shelf.tracks() == {}
    refused = await shelf.admin.post(f"/libraries/{shelf.id}/scan/cancel")
    assert refused.json()["code"] == "no_scan"
    scan = await shelf.scan()
    assert (scan["state"], scan["added"]) == ("done", 33)


async def test_libraries_are_heard_by_those_whom_they_are_open_to(
    admin: Person, make: Maker, music: Path, tmp_path: Path
) -> None:
    members = await librarian_of(admin, make, music)
    sound_file(tmp_path / "rare" / "Owl.flac", title="Owl", artist="Owl")
    chosen = await librarian_of(admin, make, tmp_path / "rare", access="chosen")
    await members.scan()
    await chosen.scan()
    ann, ben = await make.person(), await make.person()
    good(await admin.put(f"/libraries/{chosen.id}/access", json={"user_ids": [ann.id]}))
    assert len(await members.tracks(ann)) == 4
    assert len(await members.tracks(ben)) == 3
    guest = good(await make.http.get("/api/v1/tracks"))
    assert guest["items"] == []
    assert {library["name"] for library in (await ann.get("/libraries")).json()} == {"music", "rare"}
    (seen,) = (await ben.get("/libraries")).json()
    assert (seen["name"], seen["path"]) == ("music", None)
    roots = (await admin.get("/folders")).json()
    assert {root["name"] for root in (await ben.get("/folders")).json()} == {"music"}
    hidden = next((root for root in roots if root["name"] == "rare"), None)
    assert hidden is None or (await ben.get(f"/folders/{hidden['id']}")).status_code == 404
    assert (await ben.post("/libraries", json={"path": str(tmp_path)})).status_code == 403
    assert (await ben.post(f"/libraries/{members.id}/scan", json={})).status_code == 403


async def test_one_walks_through_folders(shelf: Librarian, music: Path) -> None:
    sound_file(music / "Lark" / "loose.mp3", title="Loose", artist="Lark")
    await shelf.scan()
    (root,) = (await shelf.admin.get("/folders")).json()
    top = good(await shelf.admin.get(f"/folders/{root['id']}"))
    assert [folder["name"] for folder in top["folders"]["items"]] == ["Lark"]
    lark = good(await shelf.admin.get(f"/folders/{top['folders']['items'][0]['id']}"))
    assert [track["title"] for track in lark["tracks"]] == ["Loose"]
    days = good(await shelf.admin.get(f"/folders/{lark['folders']['items'][0]['id']}"))
    assert [track["title"] for track in days["tracks"]] == ["Dawn", "Noon", "Dusk"]
    assert [folder["name"] for folder in days["above"]] == ["music", "Lark"]


async def test_a_library_lies_in_no_other(shelf: Librarian, music: Path, tmp_path: Path) -> None:
    for path in (music, music / "Lark", tmp_path):
        answer = await shelf.admin.post("/libraries", json={"path": str(path)})
        assert (answer.status_code, answer.json()["code"]) == (409, "library_overlaps")
    for path in ("relative", str(tmp_path / "nothing"), "/a\0b"):
        assert (await shelf.admin.post("/libraries", json={"path": path})).status_code == 422


async def test_a_library_that_is_removed_leaves_its_files(shelf: Librarian, music: Path) -> None:
    await shelf.scan()
    assert (await shelf.admin.delete(f"/libraries/{shelf.id}")).status_code == 202
    assert len((await shelf.admin.http.get("/api/v1/tracks")).json()["items"]) == 0
    await shelf.make.settle()
    assert await shelf.tracks() == {}
    assert (await shelf.admin.get("/libraries")).json() == []
    assert len(list(music.rglob("*.flac"))) == 3


async def test_the_file_behind_a_track_is_known(shelf: Librarian, music: Path, house: House) -> None:
    (music / "Lark" / "Days" / "Cover.JPG").write_bytes(b"\xff\xd8\xff")
    await shelf.scan()
    track = parse(Kind.TRACK, (await shelf.tracks())["Noon"]["id"])
    async with house.db.read() as conn:
        original = await media.original_of(conn, track)
        place = await media.picture_of(conn, [track])
        status = await media.scan_status(conn)
    assert original is not None
    assert original.path == music / "Lark" / "Days" / "02 Noon.flac"
    assert (original.mime, original.suffix, original.whole) == ("audio/flac", "flac", True)
    assert place is not None
    assert await media.picture_bytes(house.media, place, 100) == b"\xff\xd8\xff"
    assert (status.scanning, status.count) == (False, 3)


async def test_names_in_any_bytes_are_found_again(shelf: Librarian, music: Path, house: House) -> None:
    strange = os.fsdecode(os.fsencode(str(music)) + b"/caf\xe9.flac")
    shutil.copyfile(music / "Lark" / "Days" / "01 Dawn.flac", strange)
    scan = await shelf.scan()
    assert (scan["added"], scan["unreadable"]) == (4, 0)
    assert (await shelf.scan())["added"] == 0


async def test_a_watched_library_is_scanned_when_something_changes(
    shelf: Librarian, music: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "QUIET_FOR_MS", 100)
    good(await shelf.admin.put(f"/libraries/{shelf.id}", json={"watched": True}))
    asked: asyncio.Queue[UUID] = asyncio.Queue()
    stop = asyncio.Event()
    task = asyncio.create_task(watching.watch_libraries(house.db, stop, asked.put, look_every_s=0.1))
    try:
        library = parse(Kind.LIBRARY, shelf.id)
        assert await asyncio.wait_for(asked.get(), 20) == library  # what came while nobody watched
        seen = None
        for number in range(100):  # watching begins some time after it was asked for
            sound_file(music / f"new {number}.mp3", title="New", artist="Wren")
            with contextlib.suppress(TimeoutError):
                seen = await asyncio.wait_for(asked.get(), 0.3)
                break
        assert seen == library
    finally:
        stop.set()
        await task


async def test_links_lead_where_they_may_and_nowhere_else(
    admin: Person, make: Maker, music: Path, tmp_path: Path
) -> None:
    outside, open_one = tmp_path / "outside", tmp_path / "open"
    sound_file(outside / "secret.flac", title="Secret", artist="Owl")
    sound_file(open_one / "Owl" / "hoot.flac", title="Hoot", artist="Owl")
    (music / "away").symlink_to(outside)
    (music / "one.flac").symlink_to(outside / "secret.flac")
    (music / "shared").symlink_to(open_one)
    (open_one / "Owl" / "ring").symlink_to(open_one)
    (music / "Lark" / "up").symlink_to(music)
    other = await librarian_of(admin, make, open_one, access="chosen")
    shelf = await librarian_of(admin, make, music)
    assert (await shelf.scan())["unreadable"] == 3  # what is heard by fewer people is no place to lead to
    good(await admin.put(f"/libraries/{other.id}", json={"access": "members"}))
    scan = await shelf.scan()
    assert (scan["state"], scan["added"], scan["unreadable"]) == ("done", 1, 2)
    refused = {file["path"]: file["code"] for file in await shelf.list("scan/errors")}
    assert refused == {"away": "outside_library", "one.flac": "outside_library"}
    tracks = await shelf.tracks()
    assert set(tracks) == {"Dawn", "Noon", "Dusk", "Hoot"}
    offered = good(await admin.get(f"/stream/{tracks['Hoot']['id']}"))["progressive"]
    link = next(one["url"] for one in offered if one["quality"] == "original")
    heard = await admin.http.get(link)
    assert (heard.status_code, heard.content) == (200, (open_one / "Owl" / "hoot.flac").read_bytes())
    for name in ("away", "one.flac", "shared"):
        (music / name).unlink()
    scan = await shelf.scan()
    assert (scan["missing"], scan["unreadable"]) == (1, 0)
