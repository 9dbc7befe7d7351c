"""Covers and portraits: scaled once, stored by content, named by their hash."""

from __future__ import annotations

import hashlib
from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media import model
from antiphon.domains.media.store import sources as store
from antiphon.domains.media.tools import MediaTools
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, out

__all__ = ["PICTURE_MAX_BYTES", "set_picture"]

PICTURE_MAX_BYTES = 20 * 1024 * 1024


async def set_picture(
    db: Database, tools: MediaTools, *, subject: UUID, user_id: UUID, kind: str, data: bytes
) -> catalog.Image:
    """Scale a picture and keep it for `subject`. Raises MediaRejected("bad_picture").

    Its own unit of work: the bytes are in place before anything points at them.
    """
    color, files = await tools.codecs.pictures(data, model.COVER_SIZES)
    kept, urls = [], {}
    for file in files:
        digest = hashlib.sha256(file.data).hexdigest()
        key = model.picture_key(digest)
        async with db.unit(user_id) as uow:
            await store.touch_blob(uow.conn, key, len(file.data), uow.clock.now())
        await tools.objects.put_bytes(key, file.data)
        kept.append((file.size, key, len(file.data)))
        urls[str(file.size)] = model.image_path(out(Kind.USER, user_id), kind, file.size, digest)
    async with db.unit(user_id) as uow:
        await store.put_pictures(uow.conn, subject, user_id, kept)
    return catalog.Image(color, urls)
