"""Sign-ins elsewhere that lead into an account: added, shown, taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.api import audit
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.api.ways_in import require_another_way_in, tell_owner
from antiphon.domains.identity.errors import LinkedElsewhere, ProviderUnavailable
from antiphon.domains.identity.ports import IdentityProvider
from antiphon.domains.identity.store import linked as store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, out

__all__ = ["PROVIDER_TOKEN", "ForeignIdentity", "LinkedSignIn", "add", "add_to_account", "own", "remove", "sealed"]

PROVIDER_TOKEN = "provider_token"  # noqa: S105 — a purpose


class ForeignIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as a provider knows them. `sealed_token` is there only where the operator keeps tokens."""

    provider: str
    issuer: str
    subject: str
    email: str | None = None
    sealed_token: bytes | None = None

    def without_token(self) -> ForeignIdentity:
        """For while it leads nowhere yet; the token comes again with the first sign-in that does."""
        return msgspec.structs.replace(self, sealed_token=None)


class LinkedSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in elsewhere that leads into the account. `email` is what the provider said when it was linked.

    `works` is false where the operator has taken the provider away since.
    """

    id: str
    provider: str
    name: str
    icon: str
    email: str | None
    works: bool
    created_at: datetime
    last_used_at: datetime | None


def sealed(tools: IdentityTools, refresh_token: str | None) -> bytes | None:
    return None if refresh_token is None else tools.vault.seal(PROVIDER_TOKEN, refresh_token.encode())


async def add(uow: UnitOfWork, user_id: UUID, identity: ForeignIdentity, client: Client) -> bool:
    """From now on it leads into the account; False where it did before. Raises LinkedElsewhere."""
    values = msgspec.structs.asdict(identity)
    if await store.add(uow.conn, user_id, **values, now=uow.clock.now()) is None:
        found = await store.find(uow.conn, identity.issuer, identity.subject)
        if found is None or found.user_id != user_id:
            raise LinkedElsewhere
        return False
    data = {"provider": identity.provider}
    await audit.record(uow, "linked_sign_in.added", actor=user_id, subject=user_id, client=client, data=data)
    return True


async def add_to_account(uow: UnitOfWork, user_id: UUID, identity: ForeignIdentity, client: Client) -> None:
    """As `add`, for an account that is there already: its owner hears of it. Raises LinkedElsewhere."""
    if await add(uow, user_id, identity, client):
        await tell_owner(uow, user_id, "linked_sign_in.added", client)


async def own(conn: AsyncConnection, providers: Mapping[str, IdentityProvider], user_id: UUID) -> list[LinkedSignIn]:
    """The oldest first."""
    return [_view(row, providers.get(row.provider)) for row in await store.of_user(conn, user_id)]


async def remove(db: Database, tools: IdentityTools, actor: Actor, linked_id: UUID, client: Client) -> None:
    """It leads here no more, and a token that was kept is given back to the provider where that can be done.

    Raises StepUpNeeded, NotFound, LastWayIn.
    """
    require_fresh(actor, db.clock)
    async with db.unit(actor.user_id) as uow:
        removed = await store.remove(uow.conn, actor.user_id, linked_id)
        if removed is None:
            raise NotFound("There is no linked sign-in with this id.")
        await require_another_way_in(uow, actor.user_id)
        data = {"provider": removed.provider}
        await audit.record(
            uow, "linked_sign_in.removed", actor=actor.user_id, subject=actor.user_id, client=client, data=data
        )
        await tell_owner(uow, actor.user_id, "linked_sign_in.removed", client)
    provider = tools.providers.get(removed.provider)
    if provider is not None and removed.sealed_token is not None:
        await _give_back(tools, provider, removed.sealed_token)


async def _give_back(tools: IdentityTools, provider: IdentityProvider, token: bytes) -> None:
    """A courtesy: what we forgot is of no use to us, so a provider that does not answer stops nobody."""
    try:
        await provider.forget(tools.vault.open(PROVIDER_TOKEN, token).decode())
    except ProviderUnavailable:
        return


def _view(row: Any, provider: IdentityProvider | None) -> LinkedSignIn:
    return LinkedSignIn(
        id=out(Kind.LINKED, row.id),
        provider=row.provider,
        name=provider.name if provider else row.provider,
        icon=provider.icon if provider else "key",
        email=row.email,
        works=provider is not None,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
