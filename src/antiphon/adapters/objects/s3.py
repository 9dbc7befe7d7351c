"""Objects in a bucket that speaks S3: Amazon's, MinIO, Garage, SeaweedFS, Ceph."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import obstore
from obstore import exceptions as foreign
from obstore.store import S3Store as Bucket

from antiphon.adapters.objects.errors import (
    FILE_ERRORS,
    StorageMisused,
    StorageRefused,
    StorageUnavailable,
    Table,
    translated,
)
from antiphon.adapters.objects.keys import checked, content_hash, folder_of
from antiphon.domains.media.errors import ObjectMissing
from antiphon.domains.media.ports import ObjectInfo

__all__ = ["STORAGE_ERRORS", "S3Store"]

STORAGE_ERRORS: Final[Table] = {
    **FILE_ERRORS,  # obstore raises the builtin FileNotFoundError for a missing object
    foreign.NotFoundError: ObjectMissing,
    foreign.GenericError: StorageUnavailable,  # network, time-out, 5xx after its own retries
    foreign.JoinError: StorageUnavailable,
    foreign.PermissionDeniedError: StorageRefused,
    foreign.UnauthenticatedError: StorageRefused,
    foreign.UnknownConfigurationKeyError: StorageMisused,
    foreign.InvalidPathError: StorageMisused,
    foreign.NotSupportedError: StorageMisused,
    foreign.AlreadyExistsError: StorageMisused,  # this and the next two answer conditions, and we set none
    foreign.PreconditionError: StorageMisused,
    foreign.NotModifiedError: StorageMisused,
    foreign.BaseError: StorageUnavailable,
}

_PART_BYTES: Final = 8 << 20
_PARTS_AT_ONCE: Final = 4
_LONGEST_LINK_S: Final = 7 * 86_400  # S3 signs no longer


class S3Store:
    """`endpoint` is the URL of a server other than Amazon's, spoken to with the bucket in the path.

    Credentials come from the usual AWS_… environment. Parts of uploads that a crash cut short are invisible but cost
    room: give the bucket a rule that ends incomplete multipart uploads.
    """

    def __init__(
        self, bucket: str, prefix: str = "", *, endpoint: str | None = None, region: str | None = None
    ) -> None:
        with translated(bucket, STORAGE_ERRORS):
            self._bucket = Bucket(
                bucket,
                prefix=prefix or None,
                config={
                    **({"endpoint": endpoint} if endpoint else {}),
                    **({"region": region} if region else {}),
                },
                client_options={
                    "allow_http": bool(endpoint and endpoint.startswith("http://")),
                    "connect_timeout": "5s",
                    "read_timeout": "30s",
                    "timeout": "120s",  # of one request: no request moves more than one part
                },
                retry_config={"max_retries": 4, "retry_timeout": timedelta(seconds=60)},
            )

    async def put_file(self, key: str, path: Path) -> None:
        checked(key)
        with translated(key, STORAGE_ERRORS):
            await obstore.put_async(self._bucket, key, path, chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE)
            await asyncio.to_thread(path.unlink)

    async def put_bytes(self, key: str, data: bytes) -> None:
        with translated(key, STORAGE_ERRORS):
            await obstore.put_async(
                self._bucket, checked(key), data, chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_ONCE
            )

    async def info(self, key: str) -> ObjectInfo:
        with translated(key, STORAGE_ERRORS):
            found = await obstore.head_async(self._bucket, checked(key))
        return ObjectInfo(found["size"], content_hash(key) or (found["e_tag"] or "").strip('"'))

    async def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        checked(key)
        if start < 0 or (length is not None and length < 0):
            raise ValueError("a range of bytes is not negative")
        with translated(key, STORAGE_ERRORS):
            try:
                if length is not None and length > 0:
                    return bytes(await obstore.get_range_async(self._bucket, key, start=start, length=length))
                if length is None:
                    found = await obstore.get_async(
                        self._bucket, key, options={"range": {"offset": start}} if start else None
                    )
                    return bytes(await found.bytes_async())
            except foreign.GenericError:
                # Asking for nothing but bytes behind the end is an error of the protocol, not of the port.
                if start < (await self.info(key)).size:
                    raise
                return b""
        await self.info(key)
        return b""

    @asynccontextmanager
    async def local_file(self, key: str) -> AsyncIterator[Path]:
        size = (await self.info(key)).size
        with tempfile.TemporaryDirectory(prefix="antiphon-") as folder:
            path = Path(folder, key.rpartition("/")[2])
            with await asyncio.to_thread(open, path, "wb") as file:
                for start in range(0, size, _PART_BYTES):
                    with translated(key, STORAGE_ERRORS):
                        part = await obstore.get_range_async(
                            self._bucket, key, start=start, length=min(_PART_BYTES, size - start)
                        )
                        await asyncio.to_thread(file.write, part)
            yield path

    def path(self, key: str) -> Path | None:
        checked(key)
        return None

    async def redirect_url(self, key: str, expires_in_s: int) -> str | None:
        lifetime = timedelta(seconds=min(expires_in_s, _LONGEST_LINK_S))
        with translated(key, STORAGE_ERRORS):
            return await obstore.sign_async(self._bucket, "GET", checked(key), lifetime)

    async def delete(self, key: str) -> None:
        with translated(key, STORAGE_ERRORS):
            await obstore.delete_async(self._bucket, checked(key))

    async def list(self, prefix: str) -> AsyncIterator[str]:
        with translated(prefix, STORAGE_ERRORS):
            async for found in obstore.list(self._bucket, folder_of(prefix) or None):
                for entry in found:
                    if entry["path"].startswith(prefix):
                        yield entry["path"]

    async def check(self) -> None:
        key = f"check/{secrets.token_hex(8)}"
        await self.put_bytes(key, b"check")
        await self.delete(key)
