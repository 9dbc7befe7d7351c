"""An archive that somebody brings from another install, as the domains see it while they take it in."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.errors_privacy import ArchiveInvalid
from antiphon.domains.identity.model_privacy import ARCHIVE_FORMAT, ARCHIVE_VERSION
from antiphon.domains.identity.packing import MANIFEST, Manifest
from antiphon.domains.identity.store import archives as store
from antiphon.kit.archives import ArchiveLimits, ArchiveReader, ArchiveRefused
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.personal import Candidate, records_path

__all__ = ["ImportEnded", "Suitcase", "UnsureWork", "open_archive"]

R = TypeVar("R", bound=msgspec.Struct)
MANIFEST_MAX = 64 << 20
"""Bytes: it names every file that was missing."""
RECORDS_MAX = 2_000_000
LEFTOVERS_KEPT = 1000
UNSURE_KEPT, CANDIDATES_KEPT = 5_000, 10
_BATCH = 200


class UnsureWork(msgspec.Struct, frozen=True, kw_only=True):
    """A work of the archive that may be several here. `name` is its kind: `tracks`, `albums` or `artists`."""

    name: str
    source: str
    label: str
    candidates: list[Candidate]


class ImportEnded(Exception):
    """Nobody wants it any more: the account closes, or somebody else ended it."""


def open_archive(path: Path, unpacked_max: int) -> tuple[ArchiveReader, Manifest]:
    """Blocking. Raises ArchiveInvalid with a reason; what is opened has been checked as a whole."""
    try:
        reader = ArchiveReader(path, ArchiveLimits(unpacked=unpacked_max))
    except ArchiveRefused as error:
        raise ArchiveInvalid(error.reason) from error
    try:
        manifest = msgspec.json.decode(reader.read(MANIFEST, MANIFEST_MAX), type=Manifest)
    except KeyError as error:
        reader.close()
        raise ArchiveInvalid("no_manifest") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, ArchiveRefused) as error:
        reader.close()
        raise ArchiveInvalid("wrong_format") from error
    if manifest.format != ARCHIVE_FORMAT or not 1 <= manifest.version <= ARCHIVE_VERSION:
        reader.close()
        raise ArchiveInvalid("wrong_format" if manifest.format != ARCHIVE_FORMAT else "newer_version")
    return reader, manifest


class Suitcase:
    """One import under way: the `Luggage` of the domains."""

    def __init__(
        self,
        db: Database,
        reader: ArchiveReader,
        *,
        import_id: UUID,
        user_id: UUID,
        publish: bool,
        reviewing: bool,
        expected: int,
        folder: Path,
    ) -> None:
        """`expected` records, as the manifest says; it moves the bar and nothing else."""
        self.db = db
        self.user_id = user_id
        self.publish = publish
        self.reviewing = reviewing
        self.looked_at: Counter[str] = Counter()
        self.unsure_works: dict[str, UnsureWork] = {}
        self._reader = reader
        self._id = import_id
        self._expected = max(1, expected)
        self._folder = folder
        self._seen = 0
        self._percent = 0
        self._unpacked = 0
        self._left: list[dict[str, str]] = []
        self._left_count = 0

    async def records(self, name: str, kind: type[R]) -> AsyncIterator[R]:
        lines, decoder, number = self._reader.lines(records_path(name)), msgspec.json.Decoder(kind), 0
        while batch := await asyncio.to_thread(_some, lines):
            for line in batch:
                number += 1
                if number > RECORDS_MAX:
                    raise ArchiveRefused("too_many_files")
                try:
                    yield decoder.decode(line)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    self.left(name, f"line {number}", "invalid_record")
                self._seen += 1
            await self._report()

    def has_file(self, path: str) -> bool:
        return self._reader.has(path)

    @asynccontextmanager
    async def file(self, path: str) -> AsyncIterator[Path]:
        self._unpacked += 1
        target = self._folder / f"{self._id}.{self._unpacked}"
        try:
            await asyncio.to_thread(self._reader.unpack, path, target)
            yield target
        finally:
            target.unlink(missing_ok=True)
        await self._report()

    async def target(self, conn: AsyncConnection, name: str, source: str) -> UUID | None:
        return await store.target(conn, self.user_id, name, source)

    async def targets(self, conn: AsyncConnection, name: str, sources: Sequence[str]) -> dict[str, UUID]:
        return await store.targets(conn, self.user_id, name, sources)

    async def remember(self, uow: UnitOfWork, name: str, source: str, target: UUID) -> None:
        await store.remember(uow.conn, self.user_id, name, source, target)

    async def taken(self, uow: UnitOfWork, name: str, count: int = 1) -> None:
        await store.count_taken(uow.conn, self._id, name, count)

    def found(self, name: str, count: int) -> None:
        self.looked_at[name] += count

    def unsure(self, name: str, source: str, label: str, candidates: Sequence[Candidate]) -> None:
        if self.reviewing and len(self.unsure_works) < UNSURE_KEPT:
            self.unsure_works[source] = UnsureWork(
                name=name, source=source, label=label[:300], candidates=list(candidates[:CANDIDATES_KEPT])
            )

    def left(self, name: str, source: str, reason: str, label: str = "") -> None:
        self._left_count += 1
        if self._left_count <= LEFTOVERS_KEPT:
            self._left.append({"name": name, "source": source[:200], "reason": reason, "label": label[:300]})

    async def finish(self) -> None:
        """Write down what was left since the last report."""
        await self._report(again=True)

    async def _report(self, *, again: bool = False) -> None:
        percent = min(99, 100 * self._seen // self._expected)
        if percent == self._percent and not again and len(self._left) < _BATCH:
            return
        self._percent = percent
        left, self._left = self._left, []
        async with self.db.system() as uow:
            if not await store.set_import_percent(uow.conn, self._id, percent):
                raise ImportEnded
            await store.add_leftovers(uow.conn, self._id, left, self._left_count)


def _some(lines: Iterator[bytes]) -> list[bytes]:
    return list(islice(lines, _BATCH))
