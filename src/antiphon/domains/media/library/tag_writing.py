"""Writes what people edited into the files of libraries that want it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.errors import OriginalMissing
from antiphon.domains.media.library.walker import inside
from antiphon.domains.media.store import library as store
from antiphon.domains.media.tools import MediaTools
from antiphon.domains.media.transcodes.originals import located
from antiphon.kit.db import Database

__all__ = ["NOT_WRITTEN", "write_tags"]

NOT_WRITTEN = {
    "no_permission": "The server may not write into this folder.",
    "unreadable": "The disk refused the file while its tags were written.",
    "damaged": "With other tags the file would not be what it is; it stays as it was.",
    "not_audio": "A file of this kind keeps no tags.",
    "changed": "Somebody else changed the file while its tags were written; the next edit tries again.",
    "codec_crashed": "Writing its tags took too long, or failed; the file stays as it was.",
}
"""Code → what is told of a file whose tags could not be written."""


async def write_tags(
    db: Database, tools: MediaTools, kind: catalog.EditedKind, fields: Sequence[str], tracks: Sequence[UUID]
) -> None:
    """What the catalogue says now, so that it does not matter in which order edits come here. A scan finds the files
    changed afterwards, as after any other program."""
    async with db.system() as uow:
        wanted = await catalog.tags_to_write(uow.conn, kind, fields, tracks)
        places = {row.track_id: row for row in await store.places(uow.conn, list(wanted))}
        libraries = {row.library_id for row in places.values()}
        roots = {one: Path(await catalog.library_path(uow.conn, one)) for one in libraries}
    for track_id, row in places.items():
        if tags := wanted[track_id]:
            trouble = await _write(tools, roots[row.library_id], row, tags)
            async with db.system() as uow:
                await store.set_unwritten(uow.conn, track_id, trouble)


async def _write(tools: MediaTools, root: Path, row: Any, tags: dict[str, list[str]]) -> str | None:
    try:
        found = located(root, inside(root, row.folder, row.name))
    except OriginalMissing:
        return None  # the next scan says so
    return await tools.readers.write(str(found.path), tags)
