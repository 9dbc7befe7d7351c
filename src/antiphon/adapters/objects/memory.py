"""Objects in memory: for tests and trials. Everything is gone with the process."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from antiphon.adapters.objects.errors import translated
from antiphon.adapters.objects.keys import checked, content_hash, folder_of
from antiphon.domains.media.errors import ObjectMissing
from antiphon.domains.media.ports import ObjectInfo

__all__ = ["MemoryStore"]


class MemoryStore:
    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}

    async def put_file(self, key: str, path: Path) -> None:
        checked(key)
        with translated(key):
            self._objects[key] = await asyncio.to_thread(path.read_bytes)
            await asyncio.to_thread(path.unlink)

    async def put_bytes(self, key: str, data: bytes) -> None:
        self._objects[checked(key)] = bytes(data)

    async def info(self, key: str) -> ObjectInfo:
        data = self._find(key)
        return ObjectInfo(len(data), content_hash(key) or hashlib.sha256(data).hexdigest())

    async def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        if start < 0 or (length is not None and length < 0):
            raise ValueError("a range of bytes is not negative")
        return self._find(key)[start : None if length is None else start + length]

    @asynccontextmanager
    async def local_file(self, key: str) -> AsyncIterator[Path]:
        data = self._find(key)
        with tempfile.TemporaryDirectory(prefix="antiphon-") as folder:
            path = Path(folder, key.rpartition("/")[2])
            await asyncio.to_thread(path.write_bytes, data)
            yield path

    def path(self, key: str) -> Path | None:
        checked(key)
        return None

    async def redirect_url(self, key: str, expires_in_s: int) -> str | None:
        return None

    async def delete(self, key: str) -> None:
        self._objects.pop(checked(key), None)

    async def list(self, prefix: str) -> AsyncIterator[str]:
        folder_of(prefix)
        for key in sorted(self._objects):
            if key.startswith(prefix):
                yield key

    async def check(self) -> None:
        """Memory is always there."""

    def _find(self, key: str) -> bytes:
        try:
            return self._objects[checked(key)]
        except KeyError:
            raise ObjectMissing(f"{key}: not in memory", key=key) from None
