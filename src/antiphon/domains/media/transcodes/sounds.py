"""What can be sent to a player: a file, bytes that are still being made, or an address."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Elsewhere", "GrowingFile", "Sound", "WholeFile"]


@dataclass(frozen=True, slots=True)
class WholeFile:
    """`etag` is strong and without quotes, `modified` in seconds since 1970."""

    path: Path
    etag: str
    mime: str
    modified: float | None = None


@dataclass(frozen=True, slots=True)
class GrowingFile:
    """`pieces` walks the bytes from the first as they come; None where nobody asked for them (HEAD). It raises where
    the file cannot be finished. `about_bytes`: not less than there will be, unless the duration is wrong."""

    mime: str
    duration_ms: int | None
    about_bytes: int | None
    pieces: Callable[[], AsyncGenerator[bytes, None]] | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The store itself sends the bytes."""

    url: str


Sound = WholeFile | GrowingFile | Elsewhere
