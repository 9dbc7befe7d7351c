"""Which second factors a person has, and whether one is asked for."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.kit.clients import Client

__all__ = ["device_trusted", "second_factors_of"]


async def second_factors_of(conn: AsyncConnection, user_id: UUID) -> list[str]:
    """Methods that can end a sign-in of this person; empty where one factor is enough."""
    del conn, user_id
    return []


async def device_trusted(conn: AsyncConnection, user_id: UUID, client: Client) -> bool:
    """Whether this device showed a second factor lately and was asked to be remembered."""
    del conn, user_id, client
    return False
