"""Who may change what, in the words of the one policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.errors import ArtistNotFound, NotApproved, NotManager
from antiphon.domains.catalog.model import MANAGER_KINDS
from antiphon.domains.catalog.store import artists as store
from antiphon.domains.identity import api as identity
from antiphon.kit.db import act_for_the_house

__all__ = ["approves", "decide_over", "require_approved", "require_manager", "require_over_all"]


async def require_manager(
    conn: AsyncConnection, artist_id: UUID, user_id: UUID, permission: str = "content.edit"
) -> None:
    """Raises ArtistNotFound or NotManager."""
    found = await store.managers(conn, artist_id)
    if found is None:
        raise ArtistNotFound()
    await decide_over(conn, found, user_id, permission)


async def decide_over(conn: AsyncConnection, managers: Sequence[Any], user_id: UUID, permission: str) -> None:
    """The policy's word on an artist with these managers. Raises NotManager.

    Whoever may change works of anybody acts for the house: its rows do not belong to them.
    """
    by_kind = {kind: frozenset(row.user_id for row in managers if row.kind == kind) for kind in MANAGER_KINDS}
    resource = identity.Resource(owners=by_kind["owner"], managers=by_kind["manager"], labels=by_kind["label"])
    decision = await identity.decide(conn, user_id, permission, resource)
    if not decision.allowed:
        raise NotManager()
    if decision.reason == "any":
        await act_for_the_house(conn)


async def require_approved(conn: AsyncConnection, artist_id: UUID) -> None:
    """Raises NotApproved. What is approved stays so, so nothing has to be held."""
    if not await store.is_approved(conn, artist_id):
        raise NotApproved


async def approves(conn: AsyncConnection, user_id: UUID) -> bool:
    """Whether the person decides about new artists, and so needs nobody's word about their own."""
    own = identity.Resource(owners=frozenset({user_id}))
    return (await identity.decide(conn, user_id, "artist.approve", own)).allowed


async def require_over_all(conn: AsyncConnection, user_id: UUID) -> None:
    """For what belongs to nobody, such as genres. Raises NotManager."""
    if not (await identity.decide(conn, user_id, "content.edit_any", identity.Resource())).allowed:
        raise NotManager("Only somebody who may change works of anybody may do this.")
    await act_for_the_house(conn)
