"""The only door of integrations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.integrations import model, store
from antiphon.domains.integrations.errors import (
    ScrobblerNotConnected,
    ScrobblerRefused,
    ScrobblerUnavailable,
    ScrobblerUnknown,
)
from antiphon.domains.integrations.ports import MOST_AT_ONCE, HeardTrack, NotTaken, PlaysRejected, Scrobbler
from antiphon.domains.playback import api as playback
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.personal import Contribution, Holding, PersonalData
from antiphon.kit.sealed import SealedColumn
from antiphon.kit.text import clean
from antiphon.kit.vault import Vault

__all__ = [
    "SEALED",
    "ForwardTools",
    "PlayNotTaken",
    "ScrobblerChange",
    "ScrobblerToken",
    "ScrobblerView",
    "connect",
    "disconnect",
    "due",
    "forget_not_taken",
    "forward",
    "not_taken",
    "personal_data",
    "scrobblers",
    "switch",
]

PURPOSE = "integrations.scrobbler"
SEALED = (SealedColumn("integrations.scrobblers", "sealed", "id", PURPOSE),)
MOST_COUNTED = 100  # of what waits
REASON_MAX = 300
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


class ScrobblerChange(msgspec.Struct, frozen=True):
    forwards: bool


class PlayNotTaken(msgspec.Struct, frozen=True):
    """What a service refused for good; `reason` is in its words, and may be empty."""

    title: str
    artist: str
    started_at: datetime
    reason: str
    put_aside_at: datetime


class ScrobblerView(msgspec.Struct, frozen=True, kw_only=True):
    """A service and one's connection to it. `state`: `off`; `on`; `paused`; `waiting` while the service is away;
    `refused` where one has to connect again. `offered`: whether this installation can tell it at all. `waiting`: plays
    that it was not told of yet, up to 100; `not_taken`: those that it refused for good. `failure`: code of the last
    error. `authorize_url`: where to allow it; null where one brings a token."""

    id: str
    name: str
    state: str
    offered: bool
    account: str | None = None
    connected_at: datetime | None = None
    told_at: datetime | None = None
    waiting: int = 0
    not_taken: int = 0
    failure: str | None = None
    failed_at: datetime | None = None
    next_try_at: datetime | None = None
    authorize_url: str | None = None


async def scrobblers(uow: UnitOfWork, tools: ForwardTools, user_id: UUID) -> list[ScrobblerView]:
    """All that are known, also those that are not offered here."""
    connected = {row.service: row for row in await store.of(uow.conn, user_id)}
    found = []
    for service, name in (model.KNOWN | {one.id: one.name for one in tools.scrobblers.values()}).items():
        one = tools.scrobblers.get(service)
        view = ScrobblerView(
            id=service,
            name=name,
            state="off",
            offered=one is not None,
            authorize_url=one.authorize_url(f"{tools.back}?service={service}") if one is not None else None,
        )
        if (row := connected.get(service)) is not None:
            view = await _with_connection(uow, user_id, view, row)
        found.append(view)
    return found


async def _with_connection(uow: UnitOfWork, user_id: UUID, view: ScrobblerView, row: Row[Any]) -> ScrobblerView:
    state = "refused" if row.refused else "paused" if not row.forwards else "waiting" if row.failures else "on"
    waiting = 0
    if row.forwards:
        after = (row.told_until, row.told_id)
        waiting = len(await playback.counted_plays(uow.conn, user_id, after, uow.clock.now(), MOST_COUNTED))
    return msgspec.structs.replace(
        view,
        state=state,
        account=row.account,
        connected_at=row.connected_at,
        told_at=row.told_at,
        waiting=waiting,
        not_taken=row.not_taken,
        failure=row.failure,
        failed_at=row.failed_at,
        next_try_at=row.next_try_at if state == "waiting" else None,
    )


async def connect(db: Database, tools: ForwardTools, user_id: UUID, service: str, given: ScrobblerToken) -> None:
    """Tell it of what is heard from now on. Raises ScrobblerUnknown, ScrobblerRefused, ScrobblerUnavailable."""
    account = await _known(tools, service).connect(given.token.strip())
    async with db.unit(user_id) as uow:
        sealed = tools.vault.seal(PURPOSE, account.secret.encode())
        await store.connect(uow.conn, user_id, service, account.name, sealed, uow.clock.now())


async def switch(uow: UnitOfWork, user_id: UUID, service: str, change: ScrobblerChange) -> None:
    """What is heard while it is off is never told. Raises ScrobblerNotConnected."""
    if not await store.forwards(uow.conn, user_id, service, change.forwards, uow.clock.now()):
        raise ScrobblerNotConnected()


async def disconnect(uow: UnitOfWork, user_id: UUID, service: str) -> None:
    """No error where there is none."""
    await store.disconnect(uow.conn, user_id, service)


async def not_taken(uow: UnitOfWork, user_id: UUID, service: str) -> list[PlayNotTaken]:
    """The last put aside first, 200 at the most."""
    found = await store.not_taken(uow.conn, user_id, service)
    return [PlayNotTaken(row.title, row.artist, row.started_at, row.reason, row.put_aside_at) for row in found]


async def forget_not_taken(uow: UnitOfWork, user_id: UUID, service: str) -> None:
    """No error where there are none."""
    await store.forget_not_taken(uow.conn, user_id, service)


def _known(tools: ForwardTools, service: str) -> Scrobbler:
    found = tools.scrobblers.get(service)
    if found is None:
        raise ScrobblerUnknown()
    return found


async def due(uow: UnitOfWork) -> list[UUID]:
    return await store.due(uow.conn, uow.clock.now())


async def forward(db: Database, tools: ForwardTools, connection_id: UUID) -> None:
    """Tell a service what was heard since it was told last. One at a time for a connection: whoever runs it sees to
    that, since no transaction waits for the service.

    What it will not take for good is looked for by halves, put aside, and the rest goes on.
    """
    at_once, aside = MOST_AT_ONCE, 0
    while (telling := await _next(db, tools, connection_id, at_once)) is not None:
        try:
            passed_over = await telling.scrobbler.submit(telling.secret, telling.heard)
        except ScrobblerRefused as error:
            async with db.system() as uow:
                await store.refused(uow.conn, connection_id, error.code, uow.clock.now())
            return
        except ScrobblerUnavailable as error:
            await _wait(db, telling, error.code)
            return
        except PlaysRejected as error:
            if telling.plays > 1:
                at_once = telling.plays // 2
                continue
            if aside == model.MOST_ASIDE:  # it may be the service, or what we make of it
                await _wait(db, telling, ScrobblerUnavailable.code)
                return
            aside += 1
            async with db.system() as uow:
                await _put_aside(uow, telling, [NotTaken(one, error.reason) for one in telling.heard])
                await store.passed_over(uow.conn, connection_id, *telling.until)
            continue
        async with db.system() as uow:
            await _put_aside(uow, telling, passed_over)
            await store.sent(uow.conn, connection_id, *telling.until, uow.clock.now())
        at_once, aside = min(MOST_AT_ONCE, at_once * 2), 0


@dataclass(frozen=True, slots=True)
class _Telling:
    """`heard` are those of the `plays` that still have names."""

    connection_id: UUID
    user_id: UUID
    scrobbler: Scrobbler
    secret: str
    plays: int
    heard: list[HeardTrack]
    until: tuple[datetime, UUID]
    failures: int


async def _wait(db: Database, telling: _Telling, code: str) -> None:
    async with db.system() as uow:
        now = uow.clock.now()
        await store.failed(uow.conn, telling.connection_id, code, now, now + model.wait(telling.failures + 1))


async def _put_aside(uow: UnitOfWork, telling: _Telling, plays: Sequence[NotTaken]) -> None:
    rows = [
        {
            "title": one.heard.title,
            "artist": one.heard.artist,
            "started_at": one.heard.started_at,
            "reason": clean(one.reason)[:REASON_MAX],
        }
        for one in plays
    ]
    await store.put_aside(uow.conn, telling.connection_id, telling.user_id, rows, uow.clock.now())


async def _next(db: Database, tools: ForwardTools, connection_id: UUID, at_once: int) -> _Telling | None:
    """What is to be told now, the oldest first."""
    async with db.system() as uow:
        row = await store.get(uow.conn, connection_id)
        scrobbler = tools.scrobblers.get(row.service) if row is not None else None
        if row is None or scrobbler is None:
            return None
        after, until = (row.told_until, row.told_id), uow.clock.now() - SETTLED
        plays = await playback.counted_plays(uow.conn, row.user_id, after, until, at_once)
        if not plays:
            return None
        return _Telling(
            connection_id=row.id,
            user_id=row.user_id,
            scrobbler=scrobbler,
            secret=tools.vault.open(PURPOSE, bytes(row.sealed)).decode(),
            plays=len(plays),
            heard=await _heard(uow.conn, row.user_id, plays),
            until=(plays[-1].counted_at, plays[-1].id),
            failures=row.failures,
        )


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
            Holding(
                "integrations.not_taken",
                "Plays that a connected service refused for good: title, artist, when, and its reason",
                "To say so",
                "The last 200 of a connection, until they are put away or it is disconnected",
                "Deleted",
                not_exported="The plays themselves are exported.",
            ),
        ),
        contributions=(Contribution("scrobblers", "Services that are told what you hear.", ScrobblerRecord, _records),),
        erase=_erase,
    )
