"""The only door of integrations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.integrations import model, store
from antiphon.domains.integrations.errors import ScrobblerRefused, ScrobblerUnavailable, ScrobblerUnknown
from antiphon.domains.integrations.ports import MOST_AT_ONCE, HeardTrack, Scrobbler
from antiphon.domains.playback import api as playback
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.personal import Contribution, Holding, PersonalData
from antiphon.kit.sealed import SealedColumn
from antiphon.kit.vault import Vault

__all__ = [
    "SEALED",
    "ForwardTools",
    "ScrobblerToken",
    "ScrobblerView",
    "connect",
    "disconnect",
    "due",
    "forward",
    "personal_data",
    "scrobblers",
]

PURPOSE = "integrations.scrobbler"
SEALED = (SealedColumn("integrations.scrobblers", "sealed", "id", PURPOSE),)
SETTLED = timedelta(seconds=5)  # what was counted so long ago is committed, and nothing earlier comes


@dataclass(frozen=True, slots=True)
class ForwardTools:
    """`scrobblers` by their ids: those that can be connected here. `back`: where people come back to."""

    vault: Vault
    scrobblers: Mapping[str, Scrobbler]
    back: str


class ScrobblerToken(msgspec.Struct, frozen=True):
    """Made at the service, or brought back from there."""

    token: Annotated[str, Meta(min_length=1, max_length=500)]


class ScrobblerView(msgspec.Struct, frozen=True, kw_only=True):
    """A service and one's connection to it. `state`: `off`; `on`; `waiting` while the service is away; `refused` where
    one has to connect again. `authorize_url`: where to allow it; null where one brings a token."""

    id: str
    name: str
    state: str
    account: str | None = None
    connected_at: datetime | None = None
    told_at: datetime | None = None
    authorize_url: str | None = None


async def scrobblers(conn: AsyncConnection, tools: ForwardTools, user_id: UUID) -> list[ScrobblerView]:
    known = {row.service: row for row in await store.of(conn, user_id)}
    found = []
    for one in tools.scrobblers.values():
        row = known.get(one.id)
        view = ScrobblerView(
            id=one.id, name=one.name, state="off", authorize_url=one.authorize_url(f"{tools.back}?service={one.id}")
        )
        if row is not None:
            state = "refused" if row.refused else "waiting" if row.failures else "on"
            view = msgspec.structs.replace(
                view, state=state, account=row.account, connected_at=row.connected_at, told_at=row.told_at
            )
        found.append(view)
    return found


async def connect(db: Database, tools: ForwardTools, user_id: UUID, service: str, given: ScrobblerToken) -> None:
    """Tell it of what is heard from now on. Raises ScrobblerUnknown, ScrobblerRefused, ScrobblerUnavailable."""
    account = await _known(tools, service).connect(given.token.strip())
    async with db.unit(user_id) as uow:
        sealed = tools.vault.seal(PURPOSE, account.secret.encode())
        await store.connect(uow.conn, user_id, service, account.name, sealed, uow.clock.now())


async def disconnect(uow: UnitOfWork, user_id: UUID, service: str) -> None:
    """No error where there is none."""
    await store.disconnect(uow.conn, user_id, service)


def _known(tools: ForwardTools, service: str) -> Scrobbler:
    found = tools.scrobblers.get(service)
    if found is None:
        raise ScrobblerUnknown()
    return found


async def due(uow: UnitOfWork) -> list[UUID]:
    return await store.due(uow.conn, uow.clock.now())


async def forward(db: Database, tools: ForwardTools, connection_id: UUID) -> None:
    """Tell a service what was heard since it was told last. One at a time for a connection: whoever runs it sees to
    that, since no transaction waits for the service."""
    while (telling := await _next(db, tools, connection_id)) is not None:
        try:
            await telling.scrobbler.submit(telling.secret, telling.heard)
        except ScrobblerRefused:
            async with db.system() as uow:
                await store.refused(uow.conn, connection_id)
            return
        except ScrobblerUnavailable:
            async with db.system() as uow:
                again = uow.clock.now() + model.wait(telling.failures + 1)
                await store.failed(uow.conn, connection_id, again)
            return
        async with db.system() as uow:
            await store.sent(uow.conn, connection_id, *telling.until, uow.clock.now())


@dataclass(frozen=True, slots=True)
class _Telling:
    scrobbler: Scrobbler
    secret: str
    heard: list[HeardTrack]
    until: tuple[datetime, UUID]
    failures: int


async def _next(db: Database, tools: ForwardTools, connection_id: UUID) -> _Telling | None:
    """What is to be told now, the oldest first."""
    async with db.system() as uow:
        row = await store.get(uow.conn, connection_id)
        scrobbler = tools.scrobblers.get(row.service) if row is not None else None
        if row is None or scrobbler is None:
            return None
        after, until = (row.told_until, row.told_id), uow.clock.now() - SETTLED
        plays = await playback.counted_plays(uow.conn, row.user_id, after, until, MOST_AT_ONCE)
        if not plays:
            return None
        secret = tools.vault.open(PURPOSE, bytes(row.sealed)).decode()
        heard = await _heard(uow.conn, row.user_id, plays)
        return _Telling(scrobbler, secret, heard, (plays[-1].counted_at, plays[-1].id), row.failures)


async def _heard(conn: AsyncConnection, user_id: UUID, plays: list[playback.CountedPlay]) -> list[HeardTrack]:
    """Tracks that are gone have no names any more, and are passed over."""
    works = await catalog.works_by_id(conn, user_id, tracks={play.track_id for play in plays})
    known = [(play, works.tracks[play.track_id]) for play in plays if play.track_id in works.tracks]
    return [
        HeardTrack(
            title=track.title,
            artist=track.artist.name,
            album=track.album.title if track.album else "",
            duration_ms=track.duration_ms,
            started_at=play.started_at,
        )
        for play, track in sorted(known, key=lambda pair: pair[0].started_at)
    ]


class ScrobblerRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A connection; its secret is not among the data."""

    service: str
    account: str
    connected_at: datetime
    told_at: datetime | None


async def _records(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[ScrobblerRecord]:
    for row in await store.of(conn, user_id):
        yield ScrobblerRecord(
            service=row.service, account=row.account, connected_at=row.connected_at, told_at=row.told_at
        )


async def _erase(uow: UnitOfWork, user_id: UUID) -> None:
    await store.forget(uow.conn, user_id)


def personal_data() -> PersonalData:
    return PersonalData(
        domain="integrations",
        holdings=(
            Holding(
                "integrations.scrobblers",
                "Which services are told what one hears: the account there, its secret (sealed), what was told last",
                "To tell them",
                "Until it is disconnected, or the account is erased",
                "Deleted",
                exported=("scrobblers",),
            ),
        ),
        contributions=(Contribution("scrobblers", "Services that are told what you hear.", ScrobblerRecord, _records),),
        erase=_erase,
    )
