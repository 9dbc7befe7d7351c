"""What comes when a queue ends: whoever knows better puts another `Continuation` in its place."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.catalog.api import listing
from antiphon.domains.playback.model_queue_edits import Queue
from antiphon.kit.ids import Kind, parse

__all__ = ["Continuation", "of_the_same_genres", "wanted_more"]

NEAR_END: Final = 5
AT_ONCE: Final = 20


class Continuation(Protocol):
    async def __call__(
        self, conn: AsyncConnection, user_id: UUID, after: UUID, known: Collection[UUID], count: int
    ) -> list[UUID]:
        """Up to `count` tracks that fit behind the track `after`, none of the `known` ones, all to be heard by the
        person."""
        ...


async def of_the_same_genres(
    conn: AsyncConnection, user_id: UUID, after: UUID, known: Collection[UUID], count: int
) -> list[UUID]:
    """Of the genres that the track's artist is heard in, drawn anew each time."""
    works = await catalog.works_by_id(conn, user_id, tracks=[after])
    if after not in works.tracks:
        return []
    artist = parse(Kind.ARTIST, works.tracks[after].artist.id)
    drawn: list[UUID] = []
    for genre in await listing.genres_of_artist(conn, artist):
        drawn += await listing.random_songs(conn, count + len(known), genre=genre)
    fresh = [one for one in dict.fromkeys(drawn) if one not in known]
    heard = {track.id for track in await catalog.heard_tracks(conn, user_id, fresh[: 2 * count])} if fresh else set()
    return [one for one in fresh if one in heard][:count]


def wanted_more(queue: Queue) -> bool:
    """Whether the radio is on and the end comes near; a queue that is repeated has none."""
    if not queue.head.radio or queue.head.repeat != "off" or queue.head.current is None:
        return False
    order = [entry.id for entry in queue.order]
    return len(order) - order.index(queue.head.current) <= NEAR_END
