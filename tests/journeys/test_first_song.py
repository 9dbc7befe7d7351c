"""From a sound file to somebody else's ears, through the doors that people use."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import httpx

from antiphon.adapters.codecs.fake import fake_audio
from tests.support.clock import FrozenClock
from tests.support.people import Maker


async def test_a_song_is_uploaded_published_found_and_counted(
    make: Maker, http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    ada = await make.person(display_name="Ada")
    artist = await make.artist(ada, "Ada & the Engines")
    album = await make.album(ada, artist, "Notes")
    tags = {"title": "Note G", "artists": ["Ada & the Engines"], "track_number": 7, "genres": ["Electronic"]}
    draft = await make.upload(ada, artist, fake_audio(seconds=100.0, tags=tags, cover=True), album_id=album["id"])
    assert (draft["status"], draft["published"], draft["kind"]) == ("processing", False, "track")

    early = await ada.post(f"/content/{draft['id']}/publish")
    assert (early.status_code, early.json()["code"]) == (409, "not_ready")

    await make.settle()
    ready = (await ada.get(f"/content/{draft['id']}")).json()
    assert ready["status"] == "ready"
    assert ready["renditions_complete"]
    assert ready["progress"] == {"step": "done", "percent": 100}
    assert (ready["title"], ready["track_number"], ready["duration_ms"]) == ("Note G", 7, 100_000)
    assert [genre["name"] for genre in ready["genres"]] == ["Electronic"]
    assert ready["cover"]["sizes"]

    hidden = await http.get(f"/api/v1/content/{draft['id']}")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "content_not_found")
    assert (await http.get(f"/api/v1/stream/{draft['id']}")).status_code == 404
    assert (await ada.get(f"/stream/{draft['id']}")).status_code == 200

    assert (await ada.post(f"/albums/{album['id']}/publish")).json()["published"]
    await make.settle()
    found = (await http.get("/api/v1/search", params={"q": "note engines"})).json()
    assert [track["id"] for track in found["tracks"]] == [draft["id"]]
    front = (await http.get("/api/v1/content/discover")).json()
    assert [card["id"] for card in front["fresh_albums"]] == [album["id"]]

    stream = (await http.get(f"/api/v1/stream/{draft['id']}")).json()
    assert {file["quality"] for file in stream["progressive"]} == {
        "flac", "aac_64", "aac_128", "aac_320", "mp3_128", "mp3_320",
    }  # fmt: skip
    file = stream["progressive"][0]
    part = await http.get(file["url"], headers={"Range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)
    assert part.headers["content-range"] == f"bytes 0-9/{file['bytes']}"

    play = (await http.post("/api/v1/stream/play", json={"content_id": draft["id"], "event_id": str(uuid4())})).json()
    heartbeat = {"session_id": play["session_id"], "event_id": str(uuid4()), "position_ms": 31_000, "played_ms": 31_000}
    assert (await http.put("/api/v1/stream/progress", json=heartbeat)).json() == {"counted": False}
    clock.move(timedelta(seconds=31))
    for _ in range(2):
        assert (await http.put("/api/v1/stream/progress", json=heartbeat)).json() == {"counted": True}
    await make.settle()
    assert (await http.get(f"/api/v1/content/{draft['id']}")).json()["stats"] == {"plays": 1}
