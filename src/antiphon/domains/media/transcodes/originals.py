"""The original of a track: a file in a library, or what somebody uploaded."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.errors import OriginalMissing
from antiphon.domains.media.library.walker import inside
from antiphon.domains.media.store import library
from antiphon.domains.media.store import sources as store
from antiphon.domains.media.transcodes.kinds import kind_of_file

__all__ = ["FileState", "Original", "find_original", "located"]


@dataclass(frozen=True, slots=True)
class Original:
    """`path` lies under `root`; else `blob` names the bytes. `start_ms` and `end_ms` are of a part in a cue sheet."""

    track_id: UUID
    name: str
    root: Path | None
    path: Path | None
    blob: str | None
    suffix: str
    mime: str
    codec: str
    bytes: int
    bitrate_kbps: int | None
    sample_rate: int | None
    channels: int | None
    duration_ms: int | None
    start_ms: int = 0
    end_ms: int | None = None

    @property
    def whole(self) -> bool:
        """Whether the file is this track and nothing else."""
        return self.start_ms == 0 and self.end_ms is None

    @property
    def version(self) -> str:
        """Other bytes, another version; links carry it."""
        said = f"{self.path}\n{self.blob}\n{self.bytes}\n{self.start_ms}\n{self.end_ms}"
        return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it is now. `identity` changes with its bytes."""

    path: Path
    size: int
    modified: float
    identity: str


async def find_original(conn: AsyncConnection, track_id: UUID) -> Original | None:
    """None where there is none yet, or the reader may not see the track."""
    place = await library.original(conn, track_id)
    if place is None:
        return await _uploaded(conn, track_id)
    file = await catalog.track_file(conn, track_id)
    if file is None or file.root is None:
        return None
    root = Path(file.root)
    return Original(
        track_id=track_id,
        name=place.name,
        root=root,
        path=inside(root, place.folder, place.name),
        blob=None,
        suffix=file.suffix,
        mime=file.mime,
        codec=file.codec,
        bytes=place.size,
        bitrate_kbps=file.bitrate_kbps,
        sample_rate=file.sample_rate,
        channels=file.channels,
        duration_ms=file.duration_ms,
        start_ms=place.start_ms or 0,
        end_ms=place.end_ms,
    )


async def _uploaded(conn: AsyncConnection, track_id: UUID) -> Original | None:
    source = await store.get(conn, track_id)
    if source is None or source.blob is None or source.staged is not None or source.facts is None:
        return None
    facts: dict[str, Any] = msgspec.json.decode(source.facts)
    suffix, mime = kind_of_file(facts["container"], facts["codec"], source.filename)
    return Original(
        track_id=track_id,
        name=source.filename,
        root=None,
        path=None,
        blob=source.blob,
        suffix=suffix,
        mime=mime,
        codec=facts["codec"],
        bytes=source.bytes,
        bitrate_kbps=facts["bitrate_kbps"],
        sample_rate=facts["sample_rate"],
        channels=facts["channels"],
        duration_ms=facts["duration_ms"],
    )


def located(root: Path, path: Path) -> FileState:
    """Where the file really is. Raises OriginalMissing where it is not, or not within the library: a link that leads
    out of it is not followed, whoever made it."""
    try:
        real = Path(os.path.realpath(path, strict=True))
        found = real.stat()
    except OSError as error:
        raise OriginalMissing() from error
    if not real.is_relative_to(os.path.realpath(root)) or not stat.S_ISREG(found.st_mode):
        raise OriginalMissing()
    said = f"{real}\n{found.st_mtime_ns}\n{found.st_size}\n{found.st_ino}"
    identity = hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return FileState(real, found.st_size, found.st_mtime, identity)
