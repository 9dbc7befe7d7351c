"""A library and the administrator who looks after it, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.people import Maker, Person, good

__all__ = ["Librarian", "administrator", "librarian_of"]


@dataclass
class Librarian:
    admin: Person
    make: Maker
    id: str
    made: dict[str, Any]

    async def scan(self, *, full: bool = False) -> dict[str, Any]:
        """To its end; the answer is the scan."""
        good(await self.admin.post(f"/libraries/{self.id}/scan", json={"full": full}))
        await self.make.settle()
        return good(await self.admin.get(f"/libraries/{self.id}/scan"))

    async def tracks(self, by: Person | None = None) -> dict[str, dict[str, Any]]:
        """What is heard, by title."""
        found = good(await (by or self.admin).get("/tracks", params={"limit": 100}))
        return {track["title"]: track for track in found["items"]}

    async def albums(self) -> dict[str, dict[str, Any]]:
        found = good(await self.admin.get("/albums", params={"limit": 100}))
        return {album["title"]: album for album in found["items"]}

    async def list(self, path: str) -> list[dict[str, Any]]:
        return list(good(await self.admin.get(f"/libraries/{self.id}/{path}"))["items"])


async def administrator(make: Maker, house: House) -> Person:
    person = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "admin")
    login = {"email": person.email, "password": person.password}
    person.tokens = good(await person.http.post("/api/v1/auth/login", json=login))["tokens"]
    return person


async def librarian_of(admin: Person, make: Maker, folder: Path, **more: Any) -> Librarian:
    made = good(await admin.post("/libraries", json={"path": str(folder), **more}))
    return Librarian(admin, make, made["id"], made)
