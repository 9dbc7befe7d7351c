"""Objects that a content delivery network sends: links to it are signed as CloudFront and Cloudflare want them.

A link is the same for an hour, whoever asks, so that browsers and the network keep what it leads to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from antiphon.domains.media.ports import ObjectInfo, ObjectStore
from antiphon.kit.clock import Clock

__all__ = ["BehindCdn", "CloudFront", "Cloudflare", "Signature"]

_SAME_FOR_S: Final = 3600
_PUBLIC: Final = ("blobs/", "pictures/")  # named by their content; archives of one person stay with us
_FOR_URLS: Final = str.maketrans("+=/", "-_~")


class Signature(Protocol):
    def signed(self, url: str, now: int, for_s: int) -> str:
        """The URL, open to whoever has it, for `for_s` seconds at least; `now` in seconds since 1970."""
        ...


class CloudFront:
    """A canned policy under an RSA key, whose public half CloudFront knows as `key_id`. Raises ValueError."""

    def __init__(self, key_id: str, pem: bytes) -> None:
        key = load_pem_private_key(pem, None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("CloudFront's signed URLs take an RSA key")
        self._key_id, self._key = key_id, key

    def signed(self, url: str, now: int, for_s: int) -> str:
        until = now // _SAME_FOR_S * _SAME_FOR_S + _SAME_FOR_S + for_s
        policy = f'{{"Statement":[{{"Resource":"{url}","Condition":{{"DateLessThan":{{"AWS:EpochTime":{until}}}}}}}]}}'
        signature = self._key.sign(policy.encode(), padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 — CloudFront's own
        text = base64.b64encode(signature).decode().translate(_FOR_URLS)
        return f"{url}?Expires={until}&Signature={text}&Key-Pair-Id={self._key_id}"


class Cloudflare:
    """A secret shared with a rule that calls `is_timed_hmac_valid_v0`; how long links hold stands in that rule, which
    counts from the hour of the link."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def signed(self, url: str, now: int, for_s: int) -> str:
        issued = now // _SAME_FOR_S * _SAME_FOR_S
        message = f"{urlsplit(url).path}{issued}".encode()
        mac = base64.b64encode(hmac.new(self._secret, message, hashlib.sha256).digest())
        return f"{url}?verify={issued}-{quote(mac, safe='')}"


class BehindCdn:
    """A store whose public objects leave through `base`, an address that leads to its keys."""

    def __init__(self, store: ObjectStore, base: str, signature: Signature, clock: Clock) -> None:
        self._store, self._base, self._signature, self._clock = store, base.rstrip("/"), signature, clock

    async def redirect_url(self, key: str, expires_in_s: int) -> str | None:
        if not key.startswith(_PUBLIC):
            return await self._store.redirect_url(key, expires_in_s)
        return self._signature.signed(f"{self._base}/{quote(key)}", int(self._clock.now().timestamp()), expires_in_s)

    def path(self, key: str) -> Path | None:
        return None if key.startswith(_PUBLIC) else self._store.path(key)

    async def put_file(self, key: str, path: Path) -> None:
        await self._store.put_file(key, path)

    async def put_bytes(self, key: str, data: bytes) -> None:
        await self._store.put_bytes(key, data)

    async def info(self, key: str) -> ObjectInfo:
        return await self._store.info(key)

    async def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        return await self._store.read(key, start, length)

    def local_file(self, key: str) -> AbstractAsyncContextManager[Path]:
        return self._store.local_file(key)

    async def delete(self, key: str) -> None:
        await self._store.delete(key)

    def list(self, prefix: str) -> AsyncIterator[str]:
        return self._store.list(prefix)

    async def check(self) -> None:
        await self._store.check()
