"""Covers and portraits: scaled once, stored by content, named by their hash."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterable
from dataclasses import dataclass
from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media import model
from antiphon.domains.media.errors import UploadTooLarge
from antiphon.domains.media.store import sources as store
from antiphon.domains.media.tools import MediaTools
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.ids import Kind, out

__all__ = ["ScaledPicture", "drop_picture", "gather_picture", "hold_picture", "scale_picture"]


@dataclass(frozen=True, slots=True)
class ScaledPicture:
    """Stored bytes that nothing holds yet; `files` are (size, key, bytes)."""

    image: catalog.Image
    user_id: UUID
    files: tuple[tuple[int, str, int], ...]


async def gather_picture(pieces: AsyncIterable[bytes]) -> bytes:
    """A picture as it is received. Raises UploadTooLarge."""
    data = bytearray()
    async for piece in pieces:
        data += piece
        if len(data) > model.PICTURE_MAX:
            raise UploadTooLarge("Pictures may have up to 20 MB.", limit_bytes=model.PICTURE_MAX)
    return bytes(data)


async def scale_picture(db: Database, tools: MediaTools, *, user_id: UUID, kind: str, data: bytes) -> ScaledPicture:
    """Scale a picture and store its bytes. Raises MediaRejected("bad_picture").

    Units of work of its own: the bytes are in place before anything points at them.
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
    return ScaledPicture(catalog.Image(color, urls), user_id, tuple(kept))


async def hold_picture(uow: UnitOfWork, subject: UUID, picture: ScaledPicture, *, of_the_house: bool = False) -> None:
    """Keep the bytes for `subject`, and let go of what it had; to be done where its cover is set.

    `of_the_house`: they stay when the person who brought them goes.
    """
    await store.put_pictures(uow.conn, subject, None if of_the_house else picture.user_id, picture.files)


async def drop_picture(uow: UnitOfWork, subject: UUID) -> None:
    """Let go of the bytes; they go with the next collection, unless something else shows them."""
    await store.put_pictures(uow.conn, subject, None, ())
