"""People and their works, made through the doors that people use."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx

from antiphon.adapters.codecs.fake import fake_audio

__all__ = ["Maker", "Person", "plain_song"]

_numbers = itertools.count(1)


@dataclass
class Person:
    """Somebody with a browser: their requests carry their token."""

    id: str
    handle: str
    email: str
    password: str
    tokens: dict[str, Any]
    http: httpx.AsyncClient

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    async def ask(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        headers = self.headers | kwargs.pop("headers", {})
        return await self.http.request(method, f"/api/v1{path}", headers=headers, **kwargs)

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.ask("GET", path, **kwargs)

    async def post(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.ask("POST", path, **kwargs)

    async def put(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.ask("PUT", path, **kwargs)

    async def patch(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.ask("PATCH", path, **kwargs)

    async def delete(self, path: str, **kwargs: Any) -> httpx.Response:
        return await self.ask("DELETE", path, **kwargs)


def good(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code < 300, f"{response.status_code} {response.text}"
    answer: dict[str, Any] = response.json()
    return answer


def plain_song(seconds: float = 100.0) -> bytes:
    """For whom a recording is only something to be listed and played: three renditions are made of it, of others
    seven, and to make them is most of what a test does.
    """
    return fake_audio(seconds=seconds, bit_depth=None, kbps=64)


@dataclass
class Maker:
    """Builders with defaults. `settle` runs every job and fact that waits."""

    http: httpx.AsyncClient
    settle: Callable[[], Awaitable[None]]

    async def person(self, **given: str) -> Person:
        number = next(_numbers)
        asked = {
            "email": f"person{number}@example.org",
            "password": "correct horse battery",
            "handle": f"person{number}",
            "display_name": f"Person {number}",
        } | given
        made = good(await self.http.post("/api/v1/auth/register", json=asked))
        return Person(made["user"]["id"], asked["handle"], asked["email"], asked["password"], made["tokens"], self.http)

    async def artist(self, by: Person, name: str = "The Choir") -> dict[str, Any]:
        return good(await by.post("/artists", json={"name": name}))

    async def album(self, by: Person, artist: dict[str, Any], title: str = "First", **more: Any) -> dict[str, Any]:
        return good(await by.post("/albums", json={"artist_id": artist["id"], "title": title, **more}))

    async def upload(
        self, by: Person, artist: dict[str, Any], audio: bytes | None = None, filename: str = "song.wav", **fields: str
    ) -> dict[str, Any]:
        audio = plain_song() if audio is None else audio
        return good(
            await by.post(
                "/content/upload", data={"artist_id": artist["id"], **fields}, files={"file": (filename, audio)}
            )
        )

    async def track(
        self, by: Person, artist: dict[str, Any], *, published: bool = True, audio: bytes | None = None, **fields: str
    ) -> dict[str, Any]:
        """A processed track, published unless said otherwise."""
        made = await self.upload(by, artist, audio, **({"title": "Song"} | fields))
        await self.settle()
        if published:
            published_track = good(await by.post(f"/content/{made['id']}/publish"))
            await self.settle()
            return published_track
        return good(await by.get(f"/content/{made['id']}"))
