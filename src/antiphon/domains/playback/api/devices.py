"""Devices of a person: which are here, which plays, and what one tells another to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.playback.api.queue_words import Position
from antiphon.domains.playback.errors import DeviceAway, DeviceNotFound
from antiphon.domains.playback.store import devices as store
from antiphon.kit.db import UnitOfWork
from antiphon.kit.ids import Kind, new_uuid, out
from antiphon.kit.text import clean

__all__ = [
    "LEASE",
    "DeviceWords",
    "PlayDevice",
    "PlayDeviceName",
    "RemoteCommand",
    "SentCommand",
    "control_device",
    "drop_device",
    "keep_device",
    "play_devices",
    "rename_device",
]

LEASE = timedelta(seconds=90)
DeviceKind: TypeAlias = Literal["browser", "phone", "computer", "speaker", "other"]
Volume = Annotated[float, Meta(ge=0, le=1)]


class DeviceWords(msgspec.Struct, frozen=True, kw_only=True):
    """What a device says of itself, whenever that changes, and every half minute. Which begins to play is active from
    then on; `volume` is null where nobody else can set it."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    kind: DeviceKind = "other"
    playing: bool = False
    volume: Volume | None = None


class PlayDeviceName(msgspec.Struct, frozen=True):
    """Null: as it calls itself."""

    name: Annotated[str, Meta(min_length=1, max_length=100)] | None


class PlayDevice(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is what its person calls it, or else what it calls itself. `here` until `until`, unless it says so again.
    The `active` one plays, or played last."""

    id: UUID
    name: str
    kind: DeviceKind
    here: bool
    active: bool
    playing: bool
    volume: float | None
    seen_at: datetime
    until: datetime


class TakeOverCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="take_over"):
    """The device becomes active and plays the queue from where it is; the one that was active stops. `entry` and
    `position_ms` say where that is, so that the device need not have heard of it before."""

    entry: UUID | None = None
    position_ms: Position | None = None


class PrepareCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="prepare"):
    """Somebody is about to choose where the music goes: the device may load this place, without a sound."""

    entry: UUID
    position_ms: Position


class PlayCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="play"):
    """Go on."""


class PauseCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="pause"):
    """Stop where it is."""


class NextCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="next"):
    """The next entry of the queue."""


class PreviousCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="previous"):
    """The one before."""


class SeekCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="seek"):
    """To a place in the current entry."""

    position_ms: Position


class VolumeCommand(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="volume"):
    """0 is silent."""

    level: Volume


RemoteCommand: TypeAlias = (
    TakeOverCommand
    | PrepareCommand
    | PlayCommand
    | PauseCommand
    | NextCommand
    | PreviousCommand
    | SeekCommand
    | VolumeCommand
)


class SentCommand(msgspec.Struct, frozen=True):
    """By its `id` whoever sent it knows it again."""

    id: UUID


async def play_devices(conn: AsyncConnection, user_id: UUID, now: datetime) -> list[PlayDevice]:
    """The one that was seen last first."""
    return [_shown(device, now) for device in await store.of(conn, user_id)]


async def keep_device(uow: UnitOfWork, user_id: UUID, device_id: UUID, words: DeviceWords) -> PlayDevice:
    """Others hear of it where something is new."""
    now = uow.clock.now()
    known = await store.one(uow.conn, user_id, device_id)
    was_active = bool(known and known.active)
    said = store.Kept(
        id=device_id,
        name=clean(words.name),
        given_name=known.given_name if known else None,
        kind=words.kind,
        playing=words.playing,
        volume=words.volume,
        seen_at=now,
        until=now + LEASE,
        active=was_active,
    )
    begins = words.playing and not (known is not None and known.playing)
    if begins and not was_active:
        await store.set_active(uow.conn, user_id, device_id)
        said = replace(said, active=True)
    await store.keep(uow.conn, user_id, said)
    same = known is not None and replace(known, seen_at=now, until=now + LEASE, active=was_active) == said
    if not same or known is None or known.until <= now:
        _say(uow, user_id, "changed", {"device": msgspec.to_builtins(_shown(said, now))})
    return _shown(said, now)


async def rename_device(uow: UnitOfWork, user_id: UUID, device_id: UUID, words: PlayDeviceName) -> PlayDevice:
    """The name stays when the device says something of itself. Raises DeviceNotFound."""
    found = await store.one(uow.conn, user_id, device_id)
    if found is None:
        raise DeviceNotFound()
    renamed = replace(found, given_name=clean(words.name or "") or None)
    if renamed != found:
        await store.rename(uow.conn, user_id, device_id, renamed.given_name)
        _say(uow, user_id, "changed", {"device": msgspec.to_builtins(_shown(renamed, uow.clock.now()))})
    return _shown(renamed, uow.clock.now())


async def drop_device(uow: UnitOfWork, user_id: UUID, device_id: UUID) -> None:
    """It may come back. No error where it is not known."""
    if await store.drop(uow.conn, user_id, device_id):
        _say(uow, user_id, "gone", {"id": str(device_id)})


async def control_device(
    uow: UnitOfWork, user_id: UUID, device_id: UUID, command: RemoteCommand, sender: UUID | None
) -> SentCommand:
    """Raises DeviceNotFound; DeviceAway where it has fallen silent."""
    found = await store.one(uow.conn, user_id, device_id)
    if found is None:
        raise DeviceNotFound()
    if found.until <= uow.clock.now():
        raise DeviceAway()
    if isinstance(command, TakeOverCommand):
        await store.set_active(uow.conn, user_id, device_id)
    sent = SentCommand(new_uuid())
    told = {
        "id": str(sent.id),
        "to": str(device_id),
        "from": str(sender) if sender else None,
        "command": msgspec.to_builtins(command),
    }
    _say(uow, user_id, "command", told)
    return sent


def _say(uow: UnitOfWork, user_id: UUID, event: str, data: dict[str, Any]) -> None:
    uow.say(f"user:{out(Kind.USER, user_id)}:devices", event, data)


def _shown(device: store.Kept, now: datetime) -> PlayDevice:
    return PlayDevice(
        id=device.id,
        name=device.given_name or device.name,
        kind=device.kind,  # type: ignore[arg-type]
        here=device.until > now,
        active=bool(device.active),
        playing=device.playing and device.until > now,
        volume=device.volume,
        seen_at=device.seen_at,
        until=device.until,
    )
