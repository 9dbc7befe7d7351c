"""What a person says of music: stars and ratings, and when they heard it last. Looked up once for a whole list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.playback import api as playback
from antiphon.domains.social import api as social
from antiphon.entry.subsonic.call import Call

__all__ = ["NO_MARK", "Mark", "Marks", "marks_of"]


class Mark(msgspec.Struct, frozen=True, gc=False):
    """`rating` is the person's own, 1 to 5; `average` everybody's."""

    starred: datetime | None = None
    rating: int | None = None
    average: float | None = None
    played: datetime | None = None
    plays: int | None = None
    bookmark_ms: int | None = None


NO_MARK = Mark()
Marks = Mapping[UUID, Mark]
_NOTHING_SAID = social.Opinion()
_NEVER_HEARD = playback.Heard()


async def marks_of(call: Call, conn: AsyncConnection, ids: Sequence[UUID]) -> Marks:
    """Of songs, albums or artists; who has none is left out. Two queries, whatever the length of the list."""
    if call.actor is None or not ids:
        return {}
    said = await social.opinions(conn, call.user_id, ids)
    heard = await playback.heard(conn, call.user_id, ids)
    return {
        one: _mark(said.get(one, _NOTHING_SAID), heard.get(one, _NEVER_HEARD)) for one in said.keys() | heard.keys()
    }


def _mark(said: social.Opinion, heard: playback.Heard) -> Mark:
    return Mark(
        starred=said.liked_at,
        rating=said.rating,
        average=said.average,
        played=heard.last_played_at,
        plays=heard.plays,
        bookmark_ms=heard.bookmark_ms,
    )
