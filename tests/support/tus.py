"""A tus 1.0 client as the protocol's text has it, for tests."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.people import Person

__all__ = ["PIECE", "Tus", "metadata"]

PIECE = "application/offset+octet-stream"


def metadata(**pairs: str | bytes) -> str:
    encoded = {key: value.encode() if isinstance(value, str) else value for key, value in pairs.items()}
    return ",".join(f"{key} {base64.b64encode(value).decode()}" for key, value in encoded.items())


@dataclass
class Tus:
    """Requests of one person; every answer must name the protocol's version."""

    person: Person
    version: dict[str, str] = field(default_factory=lambda: {"Tus-Resumable": "1.0.0"})

    async def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        path = path.removeprefix("/api/v1")
        answer = await self.person.ask(method, path, headers=self.version | (headers or {}), **more)
        assert answer.headers["tus-resumable"] == "1.0.0", f"{answer.status_code} {answer.text}"
        return answer

    async def create(self, length: int, said: str, *, body: bytes | None = None, **more: str) -> httpx.Response:
        headers = {"Upload-Length": str(length), "Upload-Metadata": said} | more
        if body is not None:
            headers["Content-Type"] = PIECE
        return await self.ask("POST", "/uploads", headers=headers, content=body)

    async def begin(self, length: int, said: str) -> str:
        """The upload's place."""
        made = await self.create(length, said)
        assert made.status_code == 201, made.text
        return str(made.headers["location"])

    async def head(self, place: str) -> httpx.Response:
        return await self.ask("HEAD", place)

    async def send(self, place: str, offset: int, body: Any, **more: str) -> httpx.Response:
        headers = {"Upload-Offset": str(offset), "Content-Type": PIECE} | more
        return await self.ask("PATCH", place, headers=headers, content=body)
