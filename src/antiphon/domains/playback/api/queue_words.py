"""What is said of a queue and to it, over REST and live."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from antiphon.domains.catalog import api as catalog
from antiphon.domains.playback import model_queue as model
from antiphon.domains.playback.store.queue import Told
from antiphon.kit.ids import Kind, new_uuid, out

__all__ = [
    "CommandWords",
    "EntryWords",
    "Position",
    "QueueAddition",
    "QueueChanges",
    "QueueCommands",
    "QueueEntry",
    "QueueEvent",
    "QueueHead",
    "QueueTracks",
    "QueueWords",
    "RefusedCommand",
    "SavedQueue",
    "event_words",
    "head_words",
    "live",
    "meant",
]
LIVE_BYTES: Final = 5_000  # what a live message may hold of events

Position = Annotated[int, Meta(ge=0, le=10**10)]
Ids = Annotated[list[str], Meta(max_length=model.QUEUE_MAX)]
EntryIds = Annotated[list[UUID], Meta(min_length=1, max_length=model.QUEUE_MAX)]
Device = Annotated[str, Meta(max_length=100)]
Moment = Annotated[datetime, Meta(tz=True)]


class QueueEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One place in the queue; a track may have several. `content_id` is null where the entry has gone since."""

    id: UUID
    content_id: str | None


class EntryWords(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is made by the client, so that it can speak of the entry before the server has heard of it."""

    content_id: str
    id: UUID | None = None


NewEntries = Annotated[list[EntryWords], Meta(min_length=1, max_length=model.QUEUE_MAX)]


class _Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """`id` makes a repeat harmless."""

    id: UUID


class AddCommand(_Command, frozen=True, kw_only=True, tag="add"):
    """At the end, right behind the current entry, before everything, or behind the entry `after`."""

    entries: NewEntries
    place: Literal["end", "next", "start"] = "end"
    after: UUID | None = None


class RemoveCommand(_Command, frozen=True, kw_only=True, tag="remove"):
    """Where the current entry goes, the next that stays is current."""

    entries: EntryIds


class MoveCommand(_Command, frozen=True, kw_only=True, tag="move"):
    """To a place as in `add`, in the order they are named."""

    entries: EntryIds
    place: Literal["end", "next", "start"] = "end"
    after: UUID | None = None


class ClearCommand(_Command, frozen=True, kw_only=True, tag="clear"):
    keep_current: bool = False


class ReplaceCommand(_Command, frozen=True, kw_only=True, tag="replace"):
    """Another queue, from its entry `current` on."""

    entries: NewEntries
    current: UUID | None = None
    position_ms: Position = 0
    at: Moment | None = None


class JumpCommand(_Command, frozen=True, kw_only=True, tag="jump"):
    """`at`: when, where it is told later. Of two, the one who was there later is right."""

    entry: UUID
    position_ms: Position = 0
    at: Moment | None = None


class PositionCommand(_Command, frozen=True, kw_only=True, tag="position"):
    """Where in the current entry one is; it changes nothing where another is current meanwhile."""

    entry: UUID
    position_ms: Position
    at: Moment | None = None


class ShuffleCommand(_Command, frozen=True, kw_only=True, tag="shuffle"):
    """The current entry first, the others in an order that follows from the seed; the original order is kept."""

    seed: Annotated[int, Meta(ge=0, le=2**53 - 1)] | None = None


class UnshuffleCommand(_Command, frozen=True, kw_only=True, tag="unshuffle"):
    """Back to the original order, with what was added and removed since."""


class RepeatCommand(_Command, frozen=True, kw_only=True, tag="repeat"):
    mode: model.RepeatMode


class RadioCommand(_Command, frozen=True, kw_only=True, tag="radio"):
    """Whether tracks of the same genres are added when the end comes near: with the command that brings it near."""

    on: bool


CommandWords: TypeAlias = (
    AddCommand
    | RemoveCommand
    | MoveCommand
    | ClearCommand
    | ReplaceCommand
    | JumpCommand
    | PositionCommand
    | ShuffleCommand
    | UnshuffleCommand
    | RepeatCommand
    | RadioCommand
)


class QueueCommands(msgspec.Struct, frozen=True, kw_only=True):
    """In the order they were made, on the queue as it was at `revision`. Whatever came meanwhile, they are done after
    it."""

    revision: Annotated[int, Meta(ge=0)]
    commands: Annotated[list[CommandWords], Meta(max_length=500)]
    changed_by: Device = ""


class QueueWords(msgspec.Struct, frozen=True, kw_only=True):
    """The whole queue. `current` is the place of the current track from 0, because a track may stand in it twice."""

    content_ids: Ids
    current: Annotated[int, Meta(ge=0)] | None = None
    position_ms: Position = 0
    changed_by: Device = ""


class QueueAddition(msgspec.Struct, frozen=True, kw_only=True):
    """At the end, or with `next` right behind the current track."""

    content_ids: Annotated[list[str], Meta(min_length=1, max_length=1_000)]
    next: bool = False
    changed_by: Device = ""


class QueueHead(msgspec.Struct, frozen=True, kw_only=True):
    """`current` is the id of an entry. Somebody was at `position_ms` of it at `position_at`."""

    current: UUID | None
    position_ms: int
    position_at: datetime | None
    repeat: model.RepeatMode
    shuffled: bool
    radio: bool


class SavedQueue(msgspec.Struct, frozen=True, kw_only=True):
    """What the person is about to hear, on whatever device. `revision` counts what was done to it; 0 is the one that
    nothing was done to.

    All `entries` in the order they are played, and the tracks of those around the current one; tracks that are not to
    be heard are not among them.
    """

    revision: int
    head: QueueHead
    changed_by: str
    changed_at: datetime | None
    entries: list[QueueEntry]
    tracks: list[catalog.Track]


class QueueTracks(msgspec.Struct, frozen=True, kw_only=True):
    """Of the entries from place `start` on, each once, as far as they are to be heard."""

    revision: int
    start: int
    tracks: list[catalog.Track]


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A run of entries behind the entry `after`, or before everything."""

    after: UUID | None
    entries: list[QueueEntry]


class QueueEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What one command did. Whoever knows the queue before it takes everything out if `cleared`, else what is in
    `removed` or `placed`, and then puts each run of `placed` behind its entry."""

    revision: int
    command_id: UUID
    changed_by: str
    at: datetime
    head: QueueHead
    cleared: bool
    removed: list[UUID]
    placed: list[Placed]
    reordered: bool


class RefusedCommand(msgspec.Struct, frozen=True):
    """`code`: `content_not_found` where nothing of it is to be heard, `queue_full`."""

    id: UUID
    code: str


class QueueChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What was done since a revision. `order` is there where an event reordered: it holds after all of them.

    With `reset` it was too long ago, and the queue has to be fetched. `tracks` are those of entries that were placed.
    """

    revision: int
    reset: bool
    events: list[QueueEvent]
    order: list[UUID] | None
    tracks: list[catalog.Track]
    refused: list[RefusedCommand] = []


def meant(told: CommandWords, tracks: Mapping[str, UUID], now: datetime) -> model.Command:  # noqa: PLR0911
    """With the entries of those `tracks` that are to be heard; nobody was anywhere later than now."""
    match told:
        case AddCommand():
            return model.Add(_entries(told.entries, tracks), told.after or told.place)
        case RemoveCommand():
            return model.Remove(tuple(told.entries))
        case MoveCommand():
            return model.Move(tuple(told.entries), told.after or told.place)
        case ClearCommand():
            return model.Clear(told.keep_current)
        case ReplaceCommand():
            entries = _entries(told.entries, tracks)
            return model.Replace(entries, _past(told.at, now), told.current, told.position_ms)
        case JumpCommand():
            return model.Jump(told.entry, told.position_ms, _past(told.at, now))
        case PositionCommand():
            return model.Position(told.entry, told.position_ms, _past(told.at, now))
        case ShuffleCommand():
            return model.Shuffle(secrets.randbits(53) if told.seed is None else told.seed)
        case UnshuffleCommand():
            return model.Unshuffle()
        case RepeatCommand():
            return model.Repeat(told.mode)
        case RadioCommand():
            return model.Radio(told.on)


def _entries(told: Sequence[EntryWords], tracks: Mapping[str, UUID]) -> tuple[tuple[UUID, UUID], ...]:
    known = (entry for entry in told if entry.content_id in tracks)
    return tuple((entry.id or new_uuid(), tracks[entry.content_id]) for entry in known)


def _past(at: datetime | None, now: datetime) -> datetime:
    return now if at is None else min(at, now)


def head_words(head: model.Head) -> QueueHead:
    return QueueHead(
        current=head.current,
        position_ms=head.position_ms,
        position_at=head.at,
        repeat=head.repeat,
        shuffled=head.shuffled,
        radio=head.radio,
    )


def event_words(told: Told, tracks: Mapping[UUID, UUID]) -> QueueEvent:
    """`tracks`: of the entries that are still known."""
    return QueueEvent(
        revision=told.revision,
        command_id=told.command_id,
        changed_by=told.by,
        at=told.at,
        head=head_words(told.event.head),
        cleared=told.event.cleared,
        removed=list(told.event.removed),
        placed=[Placed(after=after, entries=[_entry(one, tracks) for one in run]) for after, run in told.event.placed],
        reordered=told.event.reordered,
    )


def _entry(one: UUID, tracks: Mapping[UUID, UUID]) -> QueueEntry:
    return QueueEntry(id=one, content_id=out(Kind.TRACK, tracks[one]) if one in tracks else None)


def live(user_id: UUID, told: Sequence[Told], tracks: Mapping[UUID, UUID]) -> tuple[str, str, dict[str, Any]]:
    """(topic, event, data) for the person's devices. The events are in it where they are small, else they are asked
    for."""
    data: dict[str, Any] = {"revision": told[-1].revision, "changed_by": told[-1].by}
    if sum(len(run) for one in told for _, run in one.event.placed) < LIVE_BYTES // 100:
        events = [msgspec.to_builtins(event_words(one, tracks)) for one in told]
        if len(msgspec.json.encode(events)) <= LIVE_BYTES:
            data["events"] = events
    return f"user:{out(Kind.USER, user_id)}:queue", "changed", data
