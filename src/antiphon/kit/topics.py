"""What is said on topics, kept for a while in the order of the commits: who was away hears the rest, nothing twice.

A topic's positions are counted in the transaction that says something, on a row of the topic that stays locked until
its commit. So within a topic positions have no gaps, and a higher one was committed later.
"""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

__all__ = [
    "KEPT_FOR",
    "RIGHTS",
    "RIGHTS_TOPIC",
    "TOPIC_FORM",
    "TOPIC_KEPT_FOR",
    "Cursor",
    "History",
    "Said",
    "cursor_of",
    "forget_said",
    "histories",
    "keep",
    "moved_since",
]

KEPT_FOR: Final = timedelta(minutes=15)
TOPIC_KEPT_FOR: Final = timedelta(days=1)  # also how long a cursor of a topic on which nothing was said is good for
KEPT_OF_EACH: Final = 256
TOPIC_FORM: Final = re.compile(r"[a-z][a-z-]{0,30}(:[A-Za-z0-9_.-]{1,64}){0,2}")
RIGHTS: Final = "!rights"
"""The event by which a topic hears that who may watch it changed. No client sees it."""
RIGHTS_TOPIC: Final = "rights"
"""Between processes: who may watch changed for many topics at once; `form` says which, as `content:*`."""

_KEEP = text(
    """
    WITH given AS (
        SELECT topic, event, data, row_number() OVER (PARTITION BY topic ORDER BY n) AS step
        FROM unnest(CAST(:topics AS text[]), CAST(:events AS text[]), CAST(:datas AS text[]))
             WITH ORDINALITY AS g(topic, event, data, n)
    ), moved AS (
        INSERT INTO kit.topics AS t (topic, epoch, position, said_at)
        SELECT topic, :epoch, count(*), :now FROM given GROUP BY topic ORDER BY topic
        ON CONFLICT (topic) DO UPDATE SET position = t.position + excluded.position, said_at = excluded.said_at
        RETURNING topic, epoch, position
    ), counted AS (
        SELECT topic, count(*) AS steps FROM given GROUP BY topic
    )
    INSERT INTO kit.said (topic, epoch, position, event, data, said_at)
    SELECT g.topic, m.epoch, m.position - c.steps + g.step, g.event, g.data, :now
    FROM given g JOIN moved m USING (topic) JOIN counted c USING (topic)
    RETURNING topic, epoch, position
    """
)
_HISTORIES = text(
    """
    SELECT h.topic, h.epoch, h.position AS head, s.position, s.event, s.data
    FROM kit.topics h LEFT JOIN LATERAL (
        SELECT position, event, data FROM kit.said
        WHERE topic = h.topic AND epoch = h.epoch ORDER BY position DESC LIMIT :most
    ) s ON true
    WHERE h.topic = ANY (CAST(:topics AS text[])) ORDER BY h.topic, s.position
    """
)
_MOVED = text("SELECT topic, max(position) AS position FROM kit.said WHERE said_at > :since GROUP BY topic")
_HEAD = text("SELECT epoch, position FROM kit.topics WHERE topic = :topic")


class Cursor(msgspec.Struct, frozen=True):
    """A place in a topic: everything up to `position` was heard. The epoch is drawn when the topic begins to be kept,
    and 0 before that; then the position is the time in seconds, since such a cursor is good for a while only.
    """

    epoch: int
    position: int

    def __str__(self) -> str:
        return f"{self.epoch:x}.{self.position}"

    @staticmethod
    def nowhere(now: datetime) -> Cursor:
        return Cursor(0, int(now.timestamp()))

    @staticmethod
    def parse(shown: str) -> Cursor | None:
        """None for what was never a cursor of ours."""
        found = re.fullmatch(r"([0-9a-f]{1,12})\.([0-9]{1,15})", shown, re.ASCII)
        return Cursor(int(found[1], 16), int(found[2])) if found else None


class Said(msgspec.Struct, frozen=True, array_like=True):
    """One event of a topic. Its data are a JSON object, or null where they were too big to be carried: then they are to
    be read where they are kept.
    """

    topic: str
    epoch: int
    position: int
    event: str
    data: msgspec.Raw

    @property
    def is_whole(self) -> bool:
        return bytes(self.data) != b"null"


class History(msgspec.Struct, frozen=True):
    """The newest of a topic without gaps, up to its `head`; nothing may be left of it."""

    head: Cursor
    said: Sequence[Said] = ()


async def keep(conn: AsyncConnection, events: Sequence[tuple[str, str, bytes]], now: datetime) -> list[Said]:
    """Write down (topic, event, data as JSON); from here to the commit their topics are ours alone.

    So it is the last that a transaction does, and once only: two of them would wait for each other.
    """
    answer = await conn.execute(
        _KEEP,
        {
            "topics": [topic for topic, _, _ in events],
            "events": [event for _, event, _ in events],
            "datas": [data.decode() for _, _, data in events],
            "epoch": 1 + secrets.randbelow(2**40),
            "now": now,
        },
    )
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for topic, epoch, position in answer:
        places[topic].append((position, epoch))
    for found in places.values():
        found.sort(reverse=True)
    said = []
    for topic, event, data in events:
        position, epoch = places[topic].pop()
        said.append(Said(topic, epoch, position, event, msgspec.Raw(data)))
    return said


async def histories(conn: AsyncConnection, topics: Iterable[str]) -> Mapping[str, History]:
    """Of those topics on which something was said, all as they were at one moment."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in await conn.execute(_HISTORIES, {"topics": list(topics), "most": KEPT_OF_EACH}):
        found[row.topic].append(row)
    return {topic: _history(rows) for topic, rows in found.items()}


def _history(rows: Sequence[Any]) -> History:
    first = rows[0]
    said: list[Said] = []
    wanted = first.head
    for row in reversed(rows):
        if row.position != wanted:
            break
        said.append(Said(row.topic, row.epoch, row.position, row.event, msgspec.Raw(row.data.encode())))
        wanted -= 1
    return History(Cursor(first.epoch, first.head), said[::-1])


async def moved_since(conn: AsyncConnection, since: datetime) -> Mapping[str, int]:
    """Where topics stand on which something was said lately."""
    return {row.topic: row.position for row in await conn.execute(_MOVED, {"since": since})}


async def cursor_of(conn: AsyncConnection, topic: str, now: datetime) -> str:
    """Where a topic stands in this transaction; what is read in the same snapshot has heard everything up to there.

    For an answer that a client goes on from by events: `{…, "cursor": …}`.
    """
    row = (await conn.execute(_HEAD, {"topic": topic})).one_or_none()
    return str(Cursor.nowhere(now) if row is None else Cursor(row.epoch, row.position))


async def forget_said(conn: AsyncConnection, now: datetime) -> None:
    """What was said longer ago than anybody may be away, and topics on which nothing was said for a day."""
    await conn.execute(text("DELETE FROM kit.said WHERE said_at < :old"), {"old": now - KEPT_FOR})
    await conn.execute(text("DELETE FROM kit.topics WHERE said_at < :old"), {"old": now - 2 * TOPIC_KEPT_FOR})
