"""Archives of people: something to pack, packed, opened, and tampered with."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from tests.support.audio import png
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good, plain_song

__all__ = ["changed", "exported", "heard", "opened", "records", "with_everything"]

Settle = Callable[[], Awaitable[None]]


async def exported(by: Person, settle: Settle) -> dict[str, Any]:
    asked = await by.post("/users/me/export")
    assert asked.status_code == 202, asked.text
    await settle()
    return good(await by.get(f"/users/me/export/{asked.json()['id']}"))


async def opened(by: Person, made: dict[str, Any]) -> zipfile.ZipFile:
    answer = await by.http.get(made["download_url"])
    assert answer.status_code == 200, answer.text
    return zipfile.ZipFile(io.BytesIO(answer.content))


def records(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"data/{name}.jsonl").splitlines()]


async def with_everything(make: Maker, person: Person) -> dict[str, Any]:
    """An artist with a picture, an album with a cover and a track in it that somebody heard, and a profile."""
    artist = await make.artist(person, "The Choir")
    album = await make.album(person, artist, "First", release_date="2026-01-02", label="Own", description="Words")
    audio = plain_song()
    track = await make.track(person, artist, audio=audio, title="Song", album_id=album["id"])
    edit = {"genres": ["Folk"], "credits": [{"name": "Ada", "role": "voice", "artist_id": artist["id"]}], "year": 2025}
    good(await person.put(f"/content/{track['id']}", json=edit))
    await person.post(f"/content/{album['id']}/publish")
    image = {"content": png(700, 700, (10, 120, 200)), "headers": {"Content-Type": "image/png"}}
    good(await person.put(f"/artists/{artist['id']}/image", **image))
    good(await person.put("/users/me/avatar", **image))
    good(await person.put("/users/me", json={"bio": "Sings", "links": ["https://ada.example/"]}))
    good(await person.put("/users/me/preferences", json={"theme": "dark", "player": {"quality": "high"}}))
    return {"artist": artist, "album": album, "track": track, "audio": audio}


async def heard(by: Person, track: dict[str, Any], clock: FrozenClock, number: int = 1) -> None:
    event = f"0198c0de-0000-7000-8000-{number:012}"
    session = good(await by.post("/stream/play", json={"content_id": track["id"], "event_id": event}))["session_id"]
    clock.move(timedelta(seconds=60))
    progress = {"session_id": session, "event_id": event, "position_ms": 60_000, "played_ms": 60_000}
    assert good(await by.put("/stream/progress", json=progress))["counted"]


def changed(archive: bytes, **files: str | bytes | None) -> bytes:
    """The same archive with some files replaced, or left away by None; `__` in a name is a slash."""
    into = io.BytesIO()
    wanted = {name.replace("__", "/").replace("_dot_", "."): data for name, data in files.items()}
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in wanted:
                new.writestr(name, old.read(name))
        for name, data in wanted.items():
            if data is not None:
                new.writestr(name, data)
    return into.getvalue()
