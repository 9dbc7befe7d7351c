"""What identity does when somebody wants to be an artist and the operator has to approve of it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from antiphon.domains.identity.api import audit, letters
from antiphon.domains.identity.api.people import grant_role
from antiphon.domains.identity.store import users as store
from antiphon.kit.clients import Client
from antiphon.kit.db import UnitOfWork

__all__ = ["ArtistDecision", "artist_approved", "artist_asked", "artist_refused"]


class ArtistDecision(msgspec.Struct, frozen=True, kw_only=True):
    """About which artist profile (its public id), called what, by whom (None: the house), and from where."""

    artist: str
    name: str
    by: UUID | None
    client: Client | None


async def artist_asked(uow: UnitOfWork, user_id: UUID, *, artist: str, client: Client | None) -> None:
    await audit.record(uow, "artist.asked", actor=user_id, subject=user_id, client=client, data={"artist": artist})


async def artist_approved(uow: UnitOfWork, owners: Sequence[UUID], about: ArtistDecision) -> None:
    """Each owner gets the artist role and a letter."""
    for owner in owners:
        await _record(uow, "artist.approved", owner, about)
        await grant_role(uow, owner, "artist", granted_by=about.by, client=about.client)
        await _write(uow, "artist_approved", owner, {"artist": about.name})


async def artist_refused(uow: UnitOfWork, owners: Sequence[UUID], about: ArtistDecision, reason: str) -> None:
    """Each owner gets a letter that says why."""
    for owner in owners:
        await _record(uow, "artist.refused", owner, about, reason=reason)
        await _write(uow, "artist_refused", owner, {"artist": about.name, "reason": reason})


async def _record(uow: UnitOfWork, action: str, owner: UUID, about: ArtistDecision, **more: str) -> None:
    data = {"artist": about.artist, "name": about.name, **more}
    await audit.record(uow, action, actor=about.by, subject=owner, client=about.client, data=data)


async def _write(uow: UnitOfWork, purpose: letters.Purpose, owner: UUID, data: dict[str, str]) -> None:
    person = await store.user(uow.conn, owner)
    if person is not None:
        await letters.ask(uow, purpose, user_id=owner, language=person.language, data=data)
