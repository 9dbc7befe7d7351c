"""What people edit comes into the files, where a library wants it."""

from __future__ import annotations

from pathlib import Path

from antiphon.adapters.tags.reading import read_file
from tests.support.collection import sound_file
from tests.support.librarian import Librarian
from tests.support.people import good


def _file(music: Path, name: str = "01 Dawn") -> Path:
    return music / "Lark" / "Days" / f"{name}.flac"


async def _writes(shelf: Librarian, wanted: bool = True) -> None:
    good(await shelf.admin.put(f"/libraries/{shelf.id}", json={"writes_tags": wanted}))
    await shelf.make.settle()


async def test_edits_of_tracks_albums_and_artists_come_into_the_files(shelf: Librarian, music: Path) -> None:
    await shelf.scan()
    await _writes(shelf)
    dawn = (await shelf.tracks())["Dawn"]
    album = (await shelf.albums())["Days"]
    change = {"title": "First light", "genres": ["Noise"], "credits": [{"name": "Bach", "role": "composer"}]}
    good(await shelf.admin.put(f"/content/{dawn['id']}", json=change))
    good(
        await shelf.admin.put(
            f"/albums/{album['id']}",
            json={"title": "Nights", "release_date": "2004-05-01", "release_precision": "month", "label": "Own"},
        )
    )
    good(await shelf.admin.put(f"/artists/{dawn['artist']['id']}", json={"name": "Larks"}))
    await shelf.make.settle()
    read = read_file(str(_file(music)))
    assert (read.title, read.genres, read.credits) == ("First light", ("Noise",), (("composer", "Bach"),))
    assert (read.album, read.date, read.label, read.artist, read.album_artists) == (
        "Nights", "2004-05", "Own", "Larks", ("Larks",),
    )  # fmt: skip
    other = read_file(str(_file(music, "02 Noon")))
    assert (other.title, other.album, other.genres, other.track_number) == ("Noon", "Nights", ("Folk", "Ambient"), 2)
    scan = await shelf.scan()
    assert (scan["added"], scan["missing"], scan["unreadable"]) == (0, 0, 0)
    again = (await shelf.tracks())["First light"]
    assert (again["id"], again["artist"]["name"]) == (dawn["id"], "Larks")


async def test_without_the_setting_files_are_not_touched(shelf: Librarian, music: Path) -> None:
    await shelf.scan()
    before = _file(music).read_bytes()
    track = (await shelf.tracks())["Dawn"]
    good(await shelf.admin.put(f"/content/{track['id']}", json={"title": "First light"}))
    await shelf.make.settle()
    assert _file(music).read_bytes() == before
    await _writes(shelf)  # what was edited so far comes with it
    assert read_file(str(_file(music))).title == "First light"
    await _writes(shelf, wanted=False)
    good(await shelf.admin.put(f"/content/{track['id']}", json={"title": "Later"}))
    await shelf.make.settle()
    assert read_file(str(_file(music))).title == "First light"


async def test_bulk_edits_and_their_undo_come_into_the_files(shelf: Librarian, music: Path) -> None:
    await shelf.scan()
    await _writes(shelf)
    ids = [track["id"] for track in (await shelf.tracks()).values()]
    done = good(await shelf.admin.post("/tracks/bulk", json={"ids": ids, "change": {"language": "de", "bpm": 90}}))
    await shelf.make.settle()
    assert {read_file(str(path)).language for path in music.rglob("*.flac")} == {"de"}
    edits = good(await shelf.admin.get(f"/content/{ids[0]}/history"))["items"]
    good(await shelf.admin.post(f"/edits/{edits[0]['id']}/undo", params={"whole_batch": True}))
    await shelf.make.settle()
    assert {(read_file(str(path)).language, read_file(str(path)).bpm) for path in music.rglob("*.flac")} == {
        (None, None)
    }
    assert done["changed"] == sorted(ids)


async def test_what_cannot_be_written_is_listed_until_it_can(shelf: Librarian, music: Path) -> None:
    bare = music / "Lark" / "Days" / "04 Bare.aac"
    sound_file(bare)
    before = bare.read_bytes()
    await shelf.scan()
    await _writes(shelf)
    track = (await shelf.tracks())["Bare"]
    good(await shelf.admin.put(f"/content/{track['id']}", json={"title": "Named"}))
    await shelf.make.settle()
    (told,) = await shelf.list("scan/errors")
    assert (told["path"], told["code"]) == ("Lark/Days/04 Bare.aac", "tags_not_written")
    assert bare.read_bytes() == before
    assert (await shelf.tracks())["Named"]["id"] == track["id"]


async def test_links_that_lead_out_are_not_written_through(shelf: Librarian, music: Path, tmp_path: Path) -> None:
    outside = sound_file(tmp_path / "outside" / "Else.flac", title="Else", artist="Lark", album="Days")
    await shelf.scan()
    await _writes(shelf)
    track = (await shelf.tracks())["Dawn"]
    before = outside.read_bytes()
    _file(music).unlink()
    _file(music).symlink_to(outside)
    good(await shelf.admin.put(f"/content/{track['id']}", json={"title": "Mine"}))
    await shelf.make.settle()
    assert outside.read_bytes() == before
