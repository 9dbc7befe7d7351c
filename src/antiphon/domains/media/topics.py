"""`library:lib_…`: how a scan comes along."""

from __future__ import annotations

from antiphon.domains.identity.api import Actor, can
from antiphon.kit.db import Database
from antiphon.kit.watching import TopicRule, Watch

__all__ = ["TOPICS"]


async def may_watch(_db: Database, actor: Actor, _library: str) -> Watch:
    return Watch.YES if can(actor, "libraries.manage").allowed else Watch.NO


TOPICS = [TopicRule("library:*", may_watch)]
