"""Everything that is known of a person, packed into one archive. Memory stays small however much it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.model_privacy import ARCHIVE_FORMAT, ARCHIVE_VERSION
from antiphon.domains.identity.ports import Archives
from antiphon.kit.archives import ArchiveWriter
from antiphon.kit.db import Database
from antiphon.kit.errors import AppError
from antiphon.kit.ids import Kind, out
from antiphon.kit.logs import get_logger
from antiphon.kit.personal import PersonalRegistry, StoredFile, records_path

__all__ = ["MANIFEST", "Manifest", "pack"]

log = get_logger(__name__)
MANIFEST = "manifest.json"
ROWS_ARE = 10  # percent of the way that the records are; the rest is files
Progress = Callable[[int], Awaitable[None]]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive is. `records` counts each kind; `missing` names files that were gone when it was made."""

    format: str
    version: int
    made_at: datetime
    site: str
    user_id: str
    records: dict[str, int]
    missing: list[str]


class _Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What a try that was interrupted leaves to the next one, once all records are in the archive."""

    made_at: datetime
    records: dict[str, int]
    files: list[StoredFile]


async def pack(
    db: Database,
    registry: PersonalRegistry,
    archives: Archives,
    target: Path,
    *,
    user_id: UUID,
    site: str,
    progress: Progress,
) -> Manifest:
    """Records as they are at one moment, then the files they speak of; a file that has gone meanwhile is named.

    Interrupted, it goes on at `target`: the records as one part, then every file by itself. `progress` hears percents.
    """
    async with ArchiveWriter(target, db.clock.now()) as archive:
        if archive.notes:
            begun = msgspec.json.decode(archive.notes[0], type=_Begun)
        else:
            begun = await _begin(db, registry, archive, user_id, site, progress)
            await archive.keep(msgspec.json.encode(begun).decode())
        missing = await _files(archive, archives, begun.files, progress)
        manifest = Manifest(
            format=ARCHIVE_FORMAT,
            version=ARCHIVE_VERSION,
            made_at=begun.made_at,
            site=site,
            user_id=out(Kind.USER, user_id),
            records=begun.records,
            missing=missing,
        )
        await archive.text(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)).decode())
    return manifest


async def _begin(
    db: Database, registry: PersonalRegistry, archive: ArchiveWriter, user_id: UUID, site: str, progress: Progress
) -> _Begun:
    now = db.clock.now()
    await archive.text("README.txt", _readme(registry, site, now))
    await archive.text("schema.json", msgspec.json.format(msgspec.json.encode(_schema(registry))).decode())
    async with db.snapshot() as conn:
        counts, files = await _records(conn, registry, archive, user_id, progress)
    return _Begun(made_at=now, records=counts, files=files)


async def _records(
    conn: AsyncConnection, registry: PersonalRegistry, archive: ArchiveWriter, user_id: UUID, progress: Progress
) -> tuple[dict[str, int], list[StoredFile]]:
    counts: dict[str, int] = {}
    files: list[StoredFile] = []
    contributions = registry.contributions()
    for place, contribution in enumerate(contributions, 1):
        rows = contribution.rows(conn, user_id)
        counts[contribution.name] = await archive.lines(records_path(contribution.name), _lines(rows))
        if contribution.files is not None:
            files += [file async for file in contribution.files(conn, user_id)]
        await progress(ROWS_ARE * place // len(contributions))
    return counts, files


async def _lines(rows: AsyncIterator[msgspec.Struct]) -> AsyncIterator[bytes]:
    async for row in rows:
        yield msgspec.json.encode(row)


async def _files(archive: ArchiveWriter, archives: Archives, files: list[StoredFile], progress: Progress) -> list[str]:
    whole, done = sum(file.bytes for file in files), 0

    async def copied(count: int) -> None:
        nonlocal done
        done += count
        await progress(ROWS_ARE + (99 - ROWS_ARE) * min(done, whole) // max(1, whole))

    missing = []
    for file in files:
        if archive.has(file.path):
            await copied(file.bytes)
            continue
        try:
            async with archives.local_file(file.key) as path:
                await archive.file(file.path, path, copied)
            await archive.keep()
        except (AppError, FileNotFoundError) as error:
            if isinstance(error, AppError) and error.status != 404:
                raise
            log.warning("file left out of an export", key=file.key)
            missing.append(file.path)
    return missing


def _schema(registry: PersonalRegistry) -> dict[str, object]:
    """JSON Schema of every line of every file."""
    return {
        "format": ARCHIVE_FORMAT,
        "version": ARCHIVE_VERSION,
        "manifest": msgspec.json.schema(Manifest),
        "files": {
            records_path(c.name): {"about": c.about, "line": schema}
            for c, schema in zip(registry.contributions(), registry.schemas().values(), strict=True)
        },
    }


def _readme(registry: PersonalRegistry, site: str, now: datetime) -> str:
    lines = [f"  {records_path(c.name):<28} {c.about}" for c in registry.contributions()]
    return _README.format(site=site, at=f"{now:%Y-%m-%d %H:%M} UTC", version=ARCHIVE_VERSION, files="\n".join(lines))


_README = """\
Everything that is known of you at {site}
made on {at}

What is in here
{files}
  media/masters/               The files you uploaded, bit by bit as they came.
  media/pictures/              Covers and portraits, in their largest form.

The files in data/ are JSON Lines: text in UTF-8, one JSON object a line, times in UTC. schema.json describes every
field of every file as JSON Schema (2020-12); manifest.json says when and where the archive was made and how many
records of each kind it holds. This is version {version} of the form.

Beside the id of a work that you like, rated, listed or heard stands `work`: its names and numbers, by which another
install finds it under an id of its own.

Secrets are not in here: no password, no key, nothing that would let somebody sign in as you.

You can take this archive to another Antiphon: there, under Settings, Privacy, choose "Bring an archive".
"""
