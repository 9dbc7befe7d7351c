"""Trusted devices: known by their own key, they need no second factor for thirty days."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.api import audit
from antiphon.domains.identity.api.ways_in import tell_owner
from antiphon.domains.identity.errors import DeviceNeeded
from antiphon.domains.identity.model import clean_user_agent
from antiphon.domains.identity.model_factors import TRUST_LIFE
from antiphon.domains.identity.store import trust as store
from antiphon.domains.identity.tokens import Actor
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, out

__all__ = ["TrustedDevice", "distrust", "distrust_all", "factor_changed", "trust", "trusted_devices"]


class TrustedDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device that signs in without a second factor until `expires_at`. `current`: it is the one that asks."""

    id: str
    user_agent: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    current: bool


async def trust(uow: UnitOfWork, user_id: UUID, client: Client) -> None:
    """Raises DeviceNeeded where the client has no key by which it could be known again."""
    if client.device is None:
        raise DeviceNeeded
    now, agent = uow.clock.now(), clean_user_agent(client.user_agent)
    await store.trust(uow.conn, user_id, client.device, user_agent=agent, now=now, until=now + TRUST_LIFE)
    await audit.record(uow, "device.trusted", actor=user_id, subject=user_id, client=client)


async def trusted_devices(conn: AsyncConnection, actor: Actor, client: Client, now: datetime) -> list[TrustedDevice]:
    """The one used last first."""
    return [
        TrustedDevice(
            id=out(Kind.TRUSTED_DEVICE, row.id),
            user_agent=row.user_agent,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            current=client.device is not None and bytes(row.device) == client.device,
        )
        for row in await store.trusted_devices(conn, actor.user_id, now)
    ]


async def distrust(uow: UnitOfWork, actor: Actor, trust_id: UUID, client: Client) -> None:
    """The device is asked for a second factor again; its session goes on. Raises NotFound."""
    if not await store.distrust(uow.conn, actor.user_id, trust_id):
        raise NotFound("There is no trusted device with this id.")
    await audit.record(uow, "device.distrusted", actor=actor.user_id, subject=actor.user_id, client=client)


async def distrust_all(uow: UnitOfWork, user_id: UUID, client: Client | None = None) -> None:
    """After a change of password or factors: what was trusted before may be in other hands."""
    count = await store.distrust_all(uow.conn, user_id)
    if count:
        data = {"count": count}
        await audit.record(uow, "device.distrusted", actor=user_id, subject=user_id, client=client, data=data)


async def factor_changed(uow: UnitOfWork, user_id: UUID, action: str, client: Client) -> None:
    """Every change of factors is written down, told to the person, and ends the trust in devices."""
    await audit.record(uow, action, actor=user_id, subject=user_id, client=client)
    await distrust_all(uow, user_id, client)
    await tell_owner(uow, user_id, action, client)
