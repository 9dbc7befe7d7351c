"""Libraries are scanned: through HTTP and real files, on PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.collection import sound_file
from tests.support.people import Maker, Person, good


@pytest.fixture
async def admin(make: Maker, house: House) -> Person:
    person = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "admin")
    login = {"email": person.email, "password": person.password}
    person.tokens = good(await person.http.post("/api/v1/auth/login", json=login))["tokens"]
    return person


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    for number, title in enumerate(("Dawn", "Noon", "Dusk"), 1):
        sound_file(
            folder / "Lark" / "Days" / f"{number:02d} {title}.flac",
            title=title, artist="Lark", albumartist="Lark", album="Days", tracknumber=str(number), date="2001-02-03",
            genre=["Folk", "Ambient"],
        )  # fmt: skip
    return folder


class Shelf:
    """One library and the admin who looks after it."""

    def __init__(self, admin: Person, made: dict[str, Any], make: Maker) -> None:
        self.admin, self.id, self.made, self.make = admin, made["id"], made, make

    async def scan(self, *, full: bool = False) -> dict[str, Any]:
        good(await self.admin.post(f"/libraries/{self.id}/scan", json={"full": full}))
        await self.make.settle()
        return good(await self.admin.get(f"/libraries/{self.id}/scan"))

    async def tracks(self) -> dict[str, dict[str, Any]]:
        """By title."""
        found = good(await self.admin.get("/tracks", params={"limit": 100}))
        return {track["title"]: track for track in found["items"]}


async def shelf_of(admin: Person, folder: Path, make: Maker, **more: Any) -> Shelf:
    made = good(await admin.post("/libraries", json={"path": str(folder), **more}))
    return Shelf(admin, made, make)


async def test_a_folder_becomes_a_library_that_is_heard(admin: Person, music: Path, make: Maker) -> None:
    shelf = await shelf_of(admin, music, make)
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
