"""`user:usr_…`: what concerns one's account, such as archives that were asked for."""

from __future__ import annotations

from antiphon.domains.identity.tokens import Actor
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, out
from antiphon.kit.watching import TopicRule, Watch

__all__ = ["TOPICS"]


async def may_watch(_db: Database, actor: Actor, user: str) -> Watch:
    """What is said there guards the account, and no scope reaches that."""
    own = user == out(Kind.USER, actor.user_id)
    return Watch.YES if own and actor.scopes is None else Watch.NO


TOPICS = [TopicRule("user:*", may_watch)]
