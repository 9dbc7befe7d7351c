"""What becomes of files: who plays, which album, which part of a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from antiphon.domains.media import api as media
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.collection import sound_file
from tests.support.librarian import Librarian, librarian_of
from tests.support.people import Maker, Person, good
from tests.support.samples import samples_folder

SHEET = """REM GENRE Chamber
REM DATE 1999
PERFORMER "Квартет Жаворонок"
TITLE "Зима"
FILE "Winter.wav" WAVE
  TRACK 01 AUDIO
    TITLE "Снег"
    ISRC QZAAA2600001
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Лёд"
    PERFORMER "Гость"
    INDEX 00 00:00:30
    INDEX 01 00:00:45
  TRACK 03 AUDIO
    TITLE "Past the end"
    INDEX 01 09:00:00
"""


@pytest.fixture
async def bare(admin: Person, make: Maker, tmp_path: Path) -> Librarian:
    (tmp_path / "bare").mkdir()
    return await librarian_of(admin, make, tmp_path / "bare", access="everyone")


@pytest.mark.parametrize("code_page", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
async def test_a_cue_sheet_divides_a_file_into_tracks(
    bare: Librarian, house: House, tmp_path: Path, code_page: str
) -> None:
    folder = tmp_path / "bare" / "Winter"
    sound_file(folder / "Winter.flac", seconds=1.5)
    (folder / "Winter.cue").write_bytes(SHEET.encode(code_page))
    scan = await bare.scan()
    assert (scan["found"], scan["added"]) == (1, 2)
    tracks = await bare.tracks()
    assert set(tracks) == {"Снег", "Лёд"}
    snow, ice = tracks["Снег"], tracks["Лёд"]
    assert (snow["artist"]["name"], ice["artist"]["name"]) == ("Квартет Жаворонок", "Гость")
    assert snow["album"]["title"] == ice["album"]["title"] == "Зима"
    assert (snow["isrc"], snow["year"], snow["track_number"]) == ("QZAAA2600001", 1999, 1)
    assert (snow["duration_ms"], ice["duration_ms"]) == (600, 900)
    async with house.db.read() as conn:
        part = await media.original_of(conn, parse(Kind.TRACK, ice["id"]))
    assert part is not None
    assert (part.start_ms, part.end_ms, part.whole) == (600, None, False)
    (folder / "Winter.cue").unlink()
    scan = await bare.scan()
    assert (scan["added"], scan["missing"]) == (1, 2)
    (folder / "Winter.cue").write_bytes(SHEET.encode(code_page))
    await bare.scan()
    assert {title: track["id"] for title, track in (await bare.tracks()).items()} == {
        "Снег": snow["id"],
        "Лёд": ice["id"],
    }


async def test_a_compilation_is_one_album_by_various_artists(bare: Librarian, tmp_path: Path) -> None:
    folder = tmp_path / "bare" / "Mixed"
    for number, artist in enumerate(("Lark", "Wren", "Owl"), 1):
        sound_file(folder / f"{number}.flac", title=f"Song of {artist}", artist=artist, album="Birds", discnumber="1")
    await bare.scan()
    (album,) = (await bare.albums()).values()
    assert (album["artist"]["name"], album["album_kind"], album["track_count"]) == ("Various Artists", "compilation", 3)
    assert {track["artist"]["name"] for track in (await bare.tracks()).values()} == {"Lark", "Wren", "Owl"}


async def test_discs_in_folders_are_one_album(bare: Librarian, tmp_path: Path) -> None:
    for disc in (1, 2):
        for number in (1, 2):
            path = tmp_path / "bare" / "Lark" / "Long" / f"CD {disc}" / f"{number:02d}.mp3"
            sound_file(path, title=f"{disc}.{number}", artist="Lark", album="Long", tracknumber=str(number))
    await bare.scan()
    (album,) = (await bare.albums()).values()
    whole = good(await bare.admin.get(f"/albums/{album['id']}"))
    assert [(t["disc_number"], t["track_number"]) for t in whole["tracks"]] == [(1, 1), (1, 2), (2, 1), (2, 2)]


async def test_files_without_tags_are_called_as_they_and_their_folders_are(bare: Librarian, tmp_path: Path) -> None:
    sound_file(tmp_path / "bare" / "Lark" / "Early" / "03 - The first light.wav")
    await bare.scan()
    (track,) = (await bare.tracks()).values()
    assert (track["title"], track["track_number"]) == ("The first light", 3)
    assert (track["artist"]["name"], track["album"]["title"]) == ("Lark", "Early")


async def test_a_folder_names_nobody_unless_it_holds_an_album(bare: Librarian, tmp_path: Path) -> None:
    root = tmp_path / "bare"
    sound_file(root / "Games" / "Menus" / "start.wav")
    sound_file(root / "Games" / "Menus" / "191885_drum.wav")
    sound_file(root / "Loose" / "01 First.wav")
    sound_file(root / "Rock" / "Lark" / "Early" / "CD 2" / "1-07 Seventh.wav")
    await bare.scan()
    tracks = await bare.tracks()
    by = {title: track["artist"]["name"] for title, track in tracks.items()}
    unknown = "Unknown artist"
    assert by == {"start": unknown, "191885 drum": unknown, "First": unknown, "Seventh": "Lark"}
    assert {tracks[title]["album"]["title"] for title in ("start", "First")} == {"Menus", "Loose"}


async def test_names_meet_by_musicbrainz_id_and_by_spelling(bare: Librarian, tmp_path: Path) -> None:
    lark = "00000000-0000-4000-8000-00000000000a"
    other = "00000000-0000-4000-8000-00000000000b"
    for number, (name, mbid) in enumerate((("Lark", lark), ("The Lark Band", lark), ("LARK", ""), ("Lark", other))):
        tags = {"musicbrainz_artistid": mbid} if mbid else {}
        sound_file(tmp_path / "bare" / f"{number}" / "a.flac", title=f"{number}", artist=name, **tags)
    await bare.scan()
    tracks = await bare.tracks()
    assert tracks["0"]["artist"]["id"] == tracks["1"]["artist"]["id"] == tracks["2"]["artist"]["id"]
    assert tracks["3"]["artist"]["id"] != tracks["0"]["artist"]["id"]


async def test_every_real_cue_sheet_is_survived(bare: Librarian, tmp_path: Path) -> None:
    samples = samples_folder()
    if samples is None:
        pytest.skip("the sample collection is not here (ANTIPHON_SAMPLES)")
    sheets = sorted((samples / "formats").rglob("*.cue"))
    assert len(sheets) > 100
    for number, sheet in enumerate(sheets):
        folder = tmp_path / "bare" / f"{number:03d}"
        sound_file(folder / "only.flac", seconds=0.5)
        (folder / sheet.name).write_bytes(sheet.read_bytes())
    scan = await bare.scan()
    assert (scan["state"], scan["found"], scan["unreadable"]) == ("done", len(sheets), 0)
    assert scan["added"] >= len(sheets)


async def test_tags_of_every_family_are_read_alike(bare: Librarian, tmp_path: Path) -> None:
    samples = samples_folder()
    if samples is None:
        pytest.skip("the sample collection is not here (ANTIPHON_SAMPLES)")
    folder = samples / "music" / "derived-formats"
    expected = [one for one in json.loads((folder / "expected.json").read_text()) if (folder / one["file"]).exists()]
    for one in expected:
        (tmp_path / "bare" / one["file"]).write_bytes((folder / one["file"]).read_bytes())
    scan = await bare.scan()
    assert (scan["state"], scan["added"], scan["unreadable"]) == ("done", len(expected), 0)
    tracks = await bare.tracks()
    for one in (one for one in expected if one["title"]):
        track = tracks[one["title"]]
        assert track["artist"]["name"] == one["artists"][0]
        assert (track["album"] or {}).get("title") == one["album"]
        assert (track["track_number"], track["disc_number"]) == (one["track"], one["disc"])
        assert abs(track["duration_ms"] / 1000 - one["duration"]) < 0.2


async def test_hostile_files_end_no_scan(bare: Librarian, tmp_path: Path) -> None:
    samples = samples_folder()
    if samples is None:
        pytest.skip("the sample collection is not here (ANTIPHON_SAMPLES)")
    for path in (samples / "hostile" / "flac-testbench").rglob("*.flac"):
        (tmp_path / "bare" / path.parent.name).mkdir(exist_ok=True)
        (tmp_path / "bare" / path.parent.name / path.name).write_bytes(path.read_bytes())
    scan = await bare.scan()
    assert scan["state"] == "done"
    assert scan["added"] + scan["unreadable"] == scan["found"] > 25


async def test_lyrics_beside_a_file_are_its_tracks(bare: Librarian, tmp_path: Path) -> None:
    sound_file(tmp_path / "bare" / "a.mp3", title="Sung", artist="Lark")
    (tmp_path / "bare" / "A.lrc").write_text("[00:00.10]First line\n[00:01.00]Second line\n")
    await bare.scan()
    track = (await bare.tracks())["Sung"]["id"]
    (lyrics,) = (await bare.admin.get(f"/tracks/{track}/lyrics")).json()
    assert [line["text"] for line in lyrics["lines"]] == ["First line", "Second line"]
    (tmp_path / "bare" / "A.lrc").write_text("[00:00.10]Another line\n")
    await bare.scan()
    assert (await bare.admin.get(f"/tracks/{track}/lyrics")).json() == [lyrics]  # somebody may have mended them


async def test_lists_by_name_leave_leading_articles_aside(bare: Librarian, tmp_path: Path) -> None:
    for artist, album, title in (
        ("The Aces", "The Map", "The Hill"),
        ("Lark", "Los Angeles", "Ivy"),
        ("Owl", "Nest", "Gale"),
    ):
        sound_file(tmp_path / "bare" / f"{artist}.mp3", title=title, artist=artist, albumartist=artist, album=album)
    await bare.scan()

    async def names(path: str, name: str, sort: str = "title") -> list[str]:
        found = []
        cursor: dict[str, str] = {}
        while True:  # one a page: the place to go on from is by the same order
            page = good(await bare.admin.get(path, params={"sort": sort, "limit": 1, **cursor}))
            found += [one[name] for one in page["items"]]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    assert await names("/artists", "name", "name") == ["The Aces", "Lark", "Owl"]
    assert await names("/albums", "title") == ["Los Angeles", "The Map", "Nest"]
    assert await names("/tracks", "title") == ["Gale", "The Hill", "Ivy"]
