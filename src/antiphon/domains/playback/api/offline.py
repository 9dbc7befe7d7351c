"""What may be kept on a device to be heard without the network, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.playback import model
from antiphon.domains.playback.api.choosing import Listener, heard_by
from antiphon.kit.errors import AppError
from antiphon.kit.ids import Kind, parse

__all__ = ["Licence", "licences"]


class Licence(msgspec.Struct, frozen=True):
    """One track on one device. `expires_at` None: it is one's own and stays. `refused`: the code of why it may not (or
    no longer) be kept; the device deletes what it has of it."""

    content_id: str
    expires_at: datetime | None
    refused: str | None


async def licences(
    conn: AsyncConnection, listener: Listener, content_ids: Sequence[str], now: datetime
) -> list[Licence]:
    """One for each id, in their order: who may hear a track now may keep it for a while. One query a track."""
    return [await _licence(conn, listener, content_id, now) for content_id in content_ids]


async def _licence(conn: AsyncConnection, listener: Listener, content_id: str, now: datetime) -> Licence:
    try:
        track = await heard_by(conn, listener, parse(Kind.TRACK, content_id))
    except AppError as refusal:
        return Licence(content_id, None, refusal.code)
    theirs = listener.user_id is not None and track.owner_id == listener.user_id
    return Licence(content_id, model.kept_until(theirs=theirs, now=now), None)
