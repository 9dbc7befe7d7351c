"""Listens of any number of people, counted in a few statements for all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.playback.model import GOES_ON, MOST_A_DAY, TOLD_AGAIN
from antiphon.kit.beside import Beside
from antiphon.kit.db import rows

__all__ = [
    "Known",
    "Play",
    "Scrobble",
    "Session",
    "Window",
    "add_listens",
    "forget_private",
    "hold_listeners",
    "known",
    "lock_sessions",
    "set_beats",
]


class Window(NamedTuple):
    """Between which moments something told of the track may be the same listen."""

    user_id: UUID
    track_id: UUID
    first: datetime
    last: datetime


class Known(NamedTuple):
    """A scrobble; or, where there is a `session_id`, a session that counted and that no scrobble belongs to; or, where
    there is no `track_id`, that the person listens in private until then."""

    user_id: UUID
    track_id: UUID | None
    at: datetime
    session_id: UUID | None


class Scrobble(NamedTuple):
    """`play_id`: the play that counts for it. `session_id`: the session that told the same. `private`: told in a
    private session, and forgotten when nobody can tell it again."""

    user_id: UUID
    track_id: UUID
    at: datetime
    play_id: UUID
    session_id: UUID | None
    client: str
    private: bool


class Play(NamedTuple):
    """Counted now; a guest's has no `user_id`. Of a private one it is kept that this person heard something then, to
    see what nobody can have heard, but not what. `least`: what must be heard of the track before it counts."""

    id: UUID
    track_id: UUID
    user_id: UUID | None
    at: datetime
    album_id: UUID | None
    private: bool
    least: timedelta


@dataclass(slots=True)
class Session:
    """As it lies in its table; what heartbeats change is changed here first."""

    id: UUID
    track_id: UUID
    user_id: UUID | None
    started_at: datetime
    threshold_ms: int | None
    private: bool
    position_ms: int
    played_ms: int
    counted_at: datetime | None


_HOLD = """
    SELECT pg_advisory_xact_lock(hashtextextended(u.id::text, 2))
    FROM (SELECT id FROM unnest($1::uuid[]) AS u(id) ORDER BY id OFFSET 0) u
"""
_KNOWN = """
    WITH w AS (
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[])
            AS w(person, track, first, last)
    )
    SELECT s.user_id, s.track_id, s.at, NULL::uuid FROM w JOIN playback.scrobbles s
        ON s.user_id = w.person AND s.track_id = w.track AND s.at BETWEEN w.first AND w.last
    UNION ALL
    SELECT s.user_id, s.track_id, s.started_at, s.id FROM w JOIN playback.sessions s
        ON s.user_id = w.person AND s.track_id = w.track AND s.started_at BETWEEN w.first AND w.last
    WHERE s.counted_at IS NOT NULL AND NOT EXISTS (SELECT FROM playback.scrobbles c WHERE c.session_id = s.id)
    UNION ALL
    SELECT p.id, NULL, p.until, NULL FROM ({private}) AS p(id, until)
"""
# What only writes is done from the last to the first: the counters of others come after all that is our own.
_ADD = """
    WITH counted AS (
        SELECT * FROM unnest($8::uuid[], $9::uuid[], $10::uuid[], $11::timestamptz[], $12::uuid[], $13::boolean[],
            $14::interval[])
            AS p(id, track, person, at, album, private, least)
    ), people AS ({people}), tracks AS ({tracks}), told AS (
        INSERT INTO playback.scrobbles (user_id, track_id, at, play_id, session_id, client, private, told_at)
        SELECT *, $15 FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::uuid[], $6::text[],
            $7::boolean[])
    ), near AS (
        SELECT *, lag(at) OVER (PARTITION BY person ORDER BY at, id) AS before, at - least AS first, at + least AS last
        FROM counted
    ), busy AS MATERIALIZED (
        SELECT person FROM (SELECT person, min(at) AS first, max(at) AS last FROM counted GROUP BY person) c
        WHERE (SELECT count(*) FROM (
            SELECT FROM playback.plays p WHERE p.user_id = person AND p.started_at > first - interval '1 day'
                AND p.started_at <= last AND p.counted_at > $15 - interval '31 days'
            UNION ALL SELECT FROM playback.private_times t WHERE t.user_id = person
                AND t.started_at > first - interval '1 day' AND t.started_at <= last LIMIT $16) d) >= $16
    ), unseen AS (
        INSERT INTO playback.private_times (user_id, started_at, counted_at)
        SELECT person, at, $15 FROM counted WHERE private AND person IS NOT NULL
    ), plays AS (
        INSERT INTO playback.plays (session_id, track_id, user_id, started_at, counted_at, private, set_apart)
        SELECT id, track, CASE WHEN private THEN NULL ELSE person END, at, $15, private, CASE
            WHEN person IS NULL THEN NULL
            WHEN before > first OR EXISTS (
                SELECT FROM playback.plays p WHERE p.user_id = person AND p.started_at > first AND p.started_at < last
                    AND p.counted_at > $15 - interval '31 days') OR EXISTS (
                SELECT FROM playback.private_times t WHERE t.user_id = person AND t.started_at > first
                    AND t.started_at < last) THEN 'overlap'
            WHEN person IN (SELECT person FROM busy) AND (SELECT count(*) FROM (
                SELECT FROM playback.plays p WHERE p.user_id = person AND p.started_at > at - interval '1 day'
                    AND p.started_at <= at AND p.counted_at > $15 - interval '31 days'
                UNION ALL SELECT FROM playback.private_times t WHERE t.user_id = person
                    AND t.started_at > at - interval '1 day' AND t.started_at <= at LIMIT $16) d) >= $16 THEN 'rate'
            END
        FROM near
    ), albums AS (
        INSERT INTO playback.heard_albums AS h (user_id, album_id, plays, last_played_at)
        SELECT person, album, count(*), max(at) FROM counted
        WHERE person IS NOT NULL AND album IS NOT NULL AND NOT private
        GROUP BY person, album ORDER BY person, album
        ON CONFLICT (user_id, album_id) DO UPDATE SET plays = h.plays + excluded.plays,
            last_played_at = greatest(h.last_played_at, excluded.last_played_at)
    )
    INSERT INTO playback.heard_tracks AS h (user_id, track_id, plays, last_played_at)
    SELECT person, track, count(*), max(at) FROM counted WHERE person IS NOT NULL AND NOT private
    GROUP BY person, track ORDER BY person, track
    ON CONFLICT (user_id, track_id) DO UPDATE SET plays = h.plays + excluded.plays,
        last_played_at = greatest(h.last_played_at, excluded.last_played_at)
"""
_TRACKS = "SELECT track, count(*) FROM counted GROUP BY track"
_PEOPLE = "SELECT person, count(*) FROM counted WHERE person IS NOT NULL AND NOT private GROUP BY person"
_LOCK_SESSIONS = """
    SELECT id, track_id, user_id, started_at, threshold_ms, private, position_ms, played_ms, counted_at
    FROM playback.sessions WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE
"""
_SET_BEATS = """
    UPDATE playback.sessions s SET position_ms = b.position, played_ms = b.played, counted_at = b.counted,
        updated_at = $5
    FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[]) AS b(id, position, played, counted)
    WHERE s.id = b.id
"""


async def hold_listeners(conn: AsyncConnection, user_ids: Collection[UUID]) -> None:
    """Whoever counts for one of them waits until the commit; all are held in one order."""
    await rows(conn, _HOLD, list(user_ids))


async def known(conn: AsyncConnection, windows: Iterable[Window], private: Beside) -> list[Known]:
    """`private`: until when each listens in private."""
    statement = _KNOWN.format(private=private.select.format(among="= ANY ($1::uuid[])"))
    return [Known(*row) for row in await rows(conn, statement, *_columns(windows, 4))]


@lru_cache
def _add(count_tracks: str, count_people: str) -> str:
    return _ADD.format(tracks=count_tracks.format(counted=_TRACKS), people=count_people.format(counted=_PEOPLE))


async def add_listens(
    conn: AsyncConnection,
    scrobbles: Sequence[Scrobble],
    plays: Sequence[Play],
    now: datetime,
    *,
    count_tracks: str,
    count_people: str,
) -> None:
    """What apps told, the plays that count, and what the listeners have heard with them, but for what is private; and
    the counters that other domains keep of tracks and people.

    A play that began while another of the same person cannot have been heard enough yet is set apart, and so is one
    that is more than anybody hears in a day."""
    await rows(conn, _add(count_tracks, count_people), *_columns(scrobbles, 7), *_columns(plays, 7), now, MOST_A_DAY)


async def lock_sessions(conn: AsyncConnection, session_ids: Collection[UUID]) -> Mapping[UUID, Session]:
    """Those that there are, until the commit."""
    return {row[0]: Session(*row) for row in await rows(conn, _LOCK_SESSIONS, list(session_ids))}


async def forget_private(conn: AsyncConnection, now: datetime) -> None:
    """Who was it that listened in private: sessions are somebody's as long as they may go on, and what apps told as
    long as it may be told again."""
    await rows(
        conn,
        "UPDATE playback.sessions SET user_id = NULL WHERE private AND user_id IS NOT NULL AND updated_at < $1",
        now - GOES_ON,
    )
    for statement in (
        "DELETE FROM playback.scrobbles WHERE private AND told_at < $1",
        "DELETE FROM playback.private_times WHERE counted_at < $1",
    ):
        await rows(conn, statement, now - TOLD_AGAIN)


async def set_beats(conn: AsyncConnection, sessions: Collection[Session], now: datetime) -> None:
    values = _columns(((one.id, one.position_ms, one.played_ms, one.counted_at) for one in sessions), 4)
    await rows(conn, _SET_BEATS, *values, now)


def _columns(tuples: Iterable[tuple[Any, ...]], count: int) -> list[list[Any]]:
    """What `unnest` wants."""
    return [list(column) for column in zip(*tuples, strict=True)] or [[] for _ in range(count)]
