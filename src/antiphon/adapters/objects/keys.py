"""Object keys: slash-separated names that mean the same in a folder, in memory and in a bucket."""

from __future__ import annotations

import re
from typing import Final

from antiphon.adapters.objects.errors import StorageMisused

__all__ = ["checked", "content_hash", "folder_of"]

_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9._=+@-]*"
_KEY: Final = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*", re.ASCII)
_BLOB: Final = re.compile(r"blobs/([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})", re.ASCII)
_LONGEST = 512
_LONGEST_SEGMENT = 200


def checked(key: str) -> str:
    """The key, if it is one. No segment may start with a dot: no way up, no clash with our own hidden folders."""
    if len(key) > _LONGEST or not _KEY.fullmatch(key) or max(map(len, key.split("/"))) > _LONGEST_SEGMENT:
        raise StorageMisused(f"not an object key: {key[:100]!r}")
    return key


def content_hash(key: str) -> str | None:
    """The SHA-256 that a blob key `blobs/ab/cd/abcd…` carries; else None."""
    match = _BLOB.fullmatch(key)
    return match[3] if match else None


def folder_of(prefix: str) -> str:
    """The part of a key prefix that names whole segments: what a store can list; "" for the root."""
    if not prefix:
        return ""
    checked(prefix.removesuffix("/"))
    return prefix.rpartition("/")[0]
