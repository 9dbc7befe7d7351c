"""`chat`: what is said in the room where everybody talks."""

from __future__ import annotations

from antiphon.domains.identity.api import Actor, can
from antiphon.domains.social.api.chat import CHAT
from antiphon.kit.db import Database
from antiphon.kit.watching import TopicRule, Watch

__all__ = ["TOPICS"]


async def may_talk(_db: Database, actor: Actor, _name: str) -> Watch:
    return Watch.YES if can(actor, "social.talk").allowed else Watch.NO


TOPICS = [TopicRule(CHAT, may_talk)]
