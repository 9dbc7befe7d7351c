"""Playlist files through HTTP: a review of what each line means, then the playlist; and files out again."""

from __future__ import annotations

import httpx
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.answers import refused, unchanged
from tests.support.people import Maker, good

API = "/api/v1"


async def _file_of(house: House, track: str, path: str) -> None:
    async with house.db.system() as uow:
        statement = text("INSERT INTO catalog.track_files (track_id, path) VALUES (:id, :path) ON CONFLICT (track_id) "
                         "DO UPDATE SET path = excluded.path")  # fmt: skip
        await uow.conn.execute(statement, {"id": parse(Kind.TRACK, track), "path": path})


async def test_a_file_is_reviewed_and_accepted(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    choir = await make.artist(ada)
    titles = ("By path", "By name", "Twice", "Twice")
    tracks = [(await make.track(ada, choir, title=title))["id"] for title in titles]
    await _file_of(house, tracks[0], "Choir/First/01 By path.flac")
    await _file_of(house, tracks[1], "Other/Second/01 By path.flac")
    data = (
        "#EXTM3U\r\n#PLAYLIST:Ride\r\nC:\\music\\Choir\\First\\01 By path.flac\r\n"
        "#EXTINF:100,The Choir - By name (Remastered)\r\nx.mp3\r\n#EXTINF:100,The Choir - Twice\r\ny.mp3\r\nz.mp3\r\n"
    ).encode("utf-16")
    review = good(await eve.post("/playlists/import", params={"filename": "ride.m3u"}, content=data))
    lines = review["lines"]
    assert (review["name"], review["sure"], review["likely"], review["missing"]) == ("Ride", 2, 1, 1)
    assert [line["sureness"] for line in lines] == ["sure", "sure", "likely", "none"]
    assert [line["candidates"][0]["id"] for line in lines[:2]] == tracks[:2]
    assert {one["id"] for one in lines[2]["candidates"]} == set(tracks[2:])
    path = f"/playlists/import/{review['id']}"
    assert good(await eve.get(path)) == review
    async with unchanged(house.db):
        assert refused(await ada.get(path)) == (404, "playlist_import_not_found")
        accepted = await ada.post(f"{path}/accept", json={"name": "Stolen"})
        assert refused(accepted) == (404, "playlist_import_not_found")
    choices = [
        {"number": 2, "track_id": tracks[3]},
        {"number": 3, "track_id": tracks[0]},
        {"number": 1, "track_id": None},
    ]
    made = good(await eve.post(f"{path}/accept", json={"name": "Ride", "choices": choices}))
    entries = good(await eve.get(f"/playlists/{made['id']}/entries"))["items"]
    assert [entry["track"]["id"] for entry in entries] == [tracks[0], tracks[3], tracks[0]]
    assert refused(await eve.post(f"{path}/accept", json={"name": "x"})) == (404, "playlist_import_not_found")


async def test_what_one_may_not_hear_is_not_found(make: Maker) -> None:
    ada, eve = await make.person(), await make.person()
    await make.track(ada, await make.artist(ada), title="Draft", published=False)
    data = b"#EXTM3U\n#EXTINF:100,The Choir - Draft\nx.mp3\n"
    found = [good(await who.post("/playlists/import", content=data)) for who in (ada, eve)]
    assert [len(one["lines"][0]["candidates"]) for one in found] == [1, 0]


async def test_files_go_out_and_come_back(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada = await make.person()
    choir = await make.artist(ada)
    tracks = [(await make.track(ada, choir, title=f"Söng {n}"))["id"] for n in range(2)]
    await _file_of(house, tracks[0], "Choir/# One.flac")
    playlist = good(
        await ada.post(
            "/playlists", json={"name": "Mine/ours", "track_ids": [*tracks, tracks[0]], "visibility": "unlisted"}
        )
    )
    for kind in ("m3u8", "pls", "xspf", "jspf"):
        out = await http.get(f"{API}/playlists/{playlist['id']}/export", params={"format": kind})
        assert out.headers["content-disposition"].endswith(f"Mine_ours.{kind}")
        review = good(await ada.post("/playlists/import", content=out.content))
        assert review["name"] == "Mine/ours"
        assert [line["candidates"][0]["id"] for line in review["lines"]] == [*tracks, tracks[0]], kind
        assert review["sure"] == 3, kind
    assert refused(await ada.post("/playlists/import", content=b"")) == (422, "bad_playlist_file")
    assert (await ada.post("/playlists/import", content=b"x" * (4 << 20) + b"xx")).status_code == 413
