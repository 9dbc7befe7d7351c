"""What becomes of somebody's works when their account closes, comes back, or becomes an artist's."""

from __future__ import annotations

from antiphon.domains.catalog import api
from antiphon.domains.identity import api as identity
from antiphon.facts.catalog import ArtistApproved
from antiphon.facts.identity import DeletionAsked, DeletionCancelled
from antiphon.kit.db import UnitOfWork
from antiphon.kit.relay import FactHandlers

__all__ = ["register"]


async def follow_account(uow: UnitOfWork, fact: DeletionAsked | DeletionCancelled) -> None:
    """Asks how things stand instead of believing the fact: the two are handled in no order."""
    await api.follow_account(uow, fact.subject, closing=await identity.is_closing(uow.conn, fact.subject))


async def publish_what_waited(uow: UnitOfWork, fact: ArtistApproved) -> None:
    await api.publish_what_waited(uow, fact.subject)


def register(handlers: FactHandlers) -> None:
    handlers.on(ArtistApproved, "catalog.publish_what_waited", publish_what_waited)
    handlers.on(DeletionAsked, "catalog.withhold_works", follow_account)
    handlers.on(DeletionCancelled, "catalog.show_works", follow_account)
