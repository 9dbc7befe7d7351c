"""`user:usr_…:queue` and `user:usr_…:devices`: one's queue on all devices, and what they tell each other.
`now-playing`: that somebody began a track. `jam:jam_…`: what plays in a room, for who is in it, and
for guests who have its link.
"""

from __future__ import annotations

from antiphon.domains.identity.api import Actor, can
from antiphon.domains.playback.api.jams import in_jam, leads_into_jam
from antiphon.domains.playback.api.places import NOW_PLAYING
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, out
from antiphon.kit.watching import TopicRule, Watch

__all__ = ["TOPICS"]


async def may_watch(_db: Database, actor: Actor, user: str) -> Watch:
    """Apps and keys that may listen, too."""
    own = user == out(Kind.USER, actor.user_id)
    return Watch.YES if own and can(actor, "content.listen").allowed else Watch.NO


async def may_listen(_db: Database, actor: Actor, _name: str) -> Watch:
    return Watch.YES if can(actor, "content.listen").allowed else Watch.NO


async def may_hear(db: Database, actor: Actor, jam: str) -> Watch:
    allowed = can(actor, "content.listen").allowed and await in_jam(db, actor.user_id, jam)
    return Watch.YES if allowed else Watch.NO


TOPICS = [
    TopicRule("user:*:queue", may_watch),
    TopicRule("user:*:devices", may_watch, presence=True),
    TopicRule("jam:*", may_hear, presence=True, guests=leads_into_jam),
    TopicRule(NOW_PLAYING, may_listen),
]
