"""A room as one person finds it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.playback import model_jam as model
from antiphon.domains.playback.api import jam_words as words
from antiphon.domains.playback.model_jam_room import Room
from antiphon.domains.playback.store.jams import Kept, Link
from antiphon.kit.ids import Kind, out

__all__ = ["shown"]

SHOWN = 100  # of those that come
NOT_OPEN = "not_open_to_you"


async def shown(
    conn: AsyncConnection,
    viewer: UUID | None,
    kept: Kept,
    room: Room,
    revision: int,
    link: Link | None,
    site_url: str,
    now: datetime,
) -> words.Jam:
    present = [one for one in room.members.values() if not one.removed]
    me = next((one for one in present if one.user_id == viewer), None)
    coming = room.coming[:SHOWN]
    entries = await _entries(conn, viewer, room, [*coming, *([room.current] if room.current else [])])
    return words.Jam(
        id=out(Kind.JAM, kept.id),
        revision=revision,
        now=now,
        head=words.head_words(room.head),
        current=entries.get(room.head.current) if room.head.current else None,
        coming=[entries[one.id] for one in coming],
        members=await _members(conn, room, present, now),
        skips_needed=model.skip_needed(present, now),
        options=words.JamOptions(
            everybody_adds=room.options.everybody_adds,
            everybody_controls=room.options.everybody_controls,
            by_votes=room.options.by_votes,
            locked=room.options.locked,
        ),
        link=_link(link, site_url, now) if me else None,
        role=me.role if me else None,
    )


def _link(link: Link | None, site_url: str, now: datetime) -> words.JamLink | None:
    if link is None or link.expires_at <= now:
        return None
    return words.JamLink(url=f"{site_url.rstrip('/')}/jam/{link.code}", code=link.code, expires_at=link.expires_at)


async def _entries(
    conn: AsyncConnection, viewer: UUID | None, room: Room, entries: Iterable[model.Entry]
) -> dict[UUID, words.JamEntry]:
    found = list(entries)
    works = await catalog.works_by_id(conn, viewer, tracks={one.track_id for one in found})
    silent = {room.current.id: await _because(conn, viewer, room.current.track_id)} if room.current else {}
    scores = dict.fromkeys((one.id for one in found), 0)
    mine: dict[UUID, int] = {}
    for (entry, person), value in room.votes.items():
        scores[entry] = scores.get(entry, 0) + value
        if person == viewer:
            mine[entry] = value
    return {
        one.id: words.JamEntry(
            id=one.id,
            content_id=out(Kind.TRACK, one.track_id),
            duration_ms=one.duration_ms,
            track=works.tracks.get(one.track_id),
            silent_because=silent.get(one.id) if one.track_id in works.tracks else NOT_OPEN,
            added_by=out(Kind.USER, one.added_by) if one.added_by else None,
            score=scores[one.id],
            my_vote=mine.get(one.id, 0),
        )
        for one in found
    }


async def _because(conn: AsyncConnection, viewer: UUID | None, track_id: UUID) -> str | None:
    """Why the viewer may not hear it, if they may not."""
    try:
        return (await catalog.playable_track(conn, track_id, viewer)).because
    except catalog.ContentNotFound:
        return NOT_OPEN


async def _members(
    conn: AsyncConnection, room: Room, present: Iterable[model.Member], now: datetime
) -> list[words.JamMember]:
    """The host first, then by how long they are there."""
    found = sorted(present, key=lambda one: (one.role != "host", one.role != "co_host", one.joined_at, one.user_id))
    names = await identity.names_of(conn, [one.user_id for one in found])
    skipping = set(room.skipping(now))
    return [
        words.JamMember(
            user_id=out(Kind.USER, one.user_id),
            handle=names[one.user_id].handle,
            display_name=names[one.user_id].display_name,
            role=one.role,
            here=one.until > now,
            until=one.until,
            skips=one.user_id in skipping,
        )
        for one in found
        if one.user_id in names
    ]
