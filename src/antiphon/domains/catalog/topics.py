"""`content:trk_…`: how the processing of a track comes along."""

from __future__ import annotations

from antiphon.domains.catalog.api import tracks
from antiphon.domains.identity.api import Actor, can
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.watching import TopicRule, Watch

__all__ = ["TOPICS"]


async def may_watch(db: Database, actor: Actor, track: str) -> Watch:
    """Whoever was let in without a look at drafts watches what everybody sees."""
    track_id = parse(Kind.TRACK, track)
    async with db.seen_by(None) as conn:
        if await tracks.may_watch(conn, track_id, None):
            return Watch.EVERYBODY
    if not can(actor, "content.edit").allowed:
        return Watch.NO
    async with db.seen_by(actor.user_id) as conn:
        return Watch.YES if await tracks.may_watch(conn, track_id, actor.user_id) else Watch.NO


TOPICS = [TopicRule("content:*", may_watch)]
