"""The original of a track: a file in a library, or what somebody uploaded."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from antiphon.domains.media.errors import OriginalMissing

__all__ = ["FileState", "Original", "allowed", "lies_in", "located", "unchanged"]


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
    beyond: tuple[Path, ...] = ()
    """Where a link that leads out of `root` may lead."""
    bit_depth: int | None = None

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


def allowed(real: Path, roots: Iterable[Path]) -> bool:
    """Whether it lies in one of these, wherever they really are."""
    return any(real.is_relative_to(os.path.realpath(root)) for root in roots)


def lies_in(path: Path, roots: Iterable[Path]) -> bool:
    """Whatever links are on the way."""
    return allowed(Path(os.path.realpath(path)), roots)


def located(root: Path, path: Path, beyond: Sequence[Path] = ()) -> FileState:
    """Where the file really is. Raises OriginalMissing where it is not, or neither within the library nor in a folder
    that its links may lead to."""
    try:
        real = Path(os.path.realpath(path, strict=True))
        found = real.stat()
    except OSError as error:
        raise OriginalMissing() from error
    if not allowed(real, (root, *beyond)) or not stat.S_ISREG(found.st_mode):
        raise OriginalMissing()
    return _state(real, found.st_size, found.st_mtime_ns, found.st_ino)


def unchanged(known: FileState) -> bool:
    """Whether the very same file still lies where it was found; one of any other bytes has to be located anew."""
    try:
        found = os.lstat(known.path)
    except OSError:
        return False
    return _state(known.path, found.st_size, found.st_mtime_ns, found.st_ino) == known


@lru_cache(4096)
def _state(real: Path, size: int, modified_ns: int, inode: int) -> FileState:
    said = f"{real}\n{modified_ns}\n{size}\n{inode}"
    identity = hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return FileState(real, size, modified_ns / 1e9, identity)
