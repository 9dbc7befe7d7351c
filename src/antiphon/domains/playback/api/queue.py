"""The queue of a person on all their devices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.playback import model_queue as model
from antiphon.domains.playback.api import queue_words as words
from antiphon.domains.playback.api.radio import AT_ONCE, Continuation, of_the_same_genres, wanted_more
from antiphon.domains.playback.errors import QueueFull
from antiphon.domains.playback.model_queue_edits import Queue, of_head_only
from antiphon.domains.playback.store import queue as store
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, VersionConflict
from antiphon.kit.ids import Kind, kind_of, new_uuid, out, parse
from antiphon.kit.text import clean

__all__ = [
    "KeptQueue",
    "add_to_queue",
    "do_in_queue",
    "keep_queue",
    "kept_queue",
    "queue_changes",
    "queue_tracks",
    "save_queue",
    "saved_queue",
]

BEFORE, AROUND = 20, 200  # tracks that are told with the entries
Request = tuple[UUID, model.Command]


@dataclass(frozen=True, slots=True)
class KeptQueue:
    """For other parts of the house, which show tracks their own way."""

    queue: model.Saved
    changed_by: str
    changed_at: datetime


async def kept_queue(conn: AsyncConnection, user_id: UUID) -> KeptQueue | None:
    """None where nothing was ever done to it. With tracks that are not to be heard any more."""
    kept = await store.kept(conn, user_id)
    if kept.changed_at is None:
        return None
    order = Queue(kept.head, kept.revision, await store.entries(conn, user_id)).order
    return KeptQueue(_saved_of(kept.head, order), kept.changed_by, kept.changed_at)


def _saved_of(head: model.Head, order: Sequence[model.Entry]) -> model.Saved:
    place = next((place for place, entry in enumerate(order) if entry.id == head.current), None)
    return model.Saved(tuple(entry.track_id for entry in order), place, head.position_ms if place is not None else 0)


async def keep_queue(uow: UnitOfWork, user_id: UUID, queue: model.Saved, changed_by: str) -> None:
    """Over whatever was there, for clients that know no revisions. Tracks that are not to be heard are left out.

    Where the tracks are those that are there in this order, only the place in them changes: some apps save all of it
    whenever a track begins.
    """
    if queue.track_ids:
        seen = await catalog.heard_tracks(uow.conn, user_id, set(queue.track_ids))
        queue = model.seen_only(queue, {track.id for track in seen})
    change = await _Change.begin(uow, user_id, changed_by)
    change.do(new_uuid(), _wanted(change.queue, queue, uow.clock.now()))
    await change.finish()


def _wanted(present: Queue, queue: model.Saved, now: datetime) -> model.Command:
    order = present.order
    if queue.current is not None and [entry.track_id for entry in order] == list(queue.track_ids):
        return model.Jump(order[queue.current].id, queue.position_ms, now)
    entries = tuple((new_uuid(), track) for track in queue.track_ids)
    current = None if queue.current is None else entries[queue.current][0]
    return model.Replace(entries, now, current, queue.position_ms)


async def saved_queue(conn: AsyncConnection, user_id: UUID) -> words.SavedQueue:
    kept = await store.kept(conn, user_id)
    queue = Queue(kept.head, kept.revision, await store.entries(conn, user_id))
    return await _saved(conn, user_id, kept, queue.order)


async def save_queue(uow: UnitOfWork, user_id: UUID, said: words.QueueWords, revision: int | None) -> words.SavedQueue:
    """Raises ContentNotFound where the person may not hear one of the tracks, Invalid for a place outside the queue,
    VersionConflict where `revision` is not the present one."""
    tracks = await _all_heard(uow.conn, user_id, said.content_ids)
    if said.current is not None and said.current >= len(tracks):
        raise Invalid(FieldProblem("/current", "outside", "This place is outside the queue."))
    change = await _Change.begin(uow, user_id, said.changed_by)
    if revision is not None and revision != change.queue.revision:
        raise VersionConflict()
    wanted = model.Saved(tuple(tracks), said.current, said.position_ms if said.current is not None else 0)
    change.do(new_uuid(), _wanted(change.queue, wanted, uow.clock.now()))
    return await _saved(uow.conn, user_id, await change.finish(), change.queue.order)


async def add_to_queue(uow: UnitOfWork, user_id: UUID, more: words.QueueAddition) -> words.SavedQueue:
    """Two at once both come in. Raises ContentNotFound, or QueueFull."""
    tracks = await _all_heard(uow.conn, user_id, more.content_ids)
    change = await _Change.begin(uow, user_id, more.changed_by)
    entries = tuple((new_uuid(), track) for track in tracks)
    try:
        change.do(new_uuid(), model.Add(entries, "next" if more.next else "end"))
    except model.NoRoom as error:
        raise QueueFull() from error
    return await _saved(uow.conn, user_id, await change.finish(), change.queue.order)


async def _all_heard(conn: AsyncConnection, user_id: UUID, content_ids: Sequence[str]) -> list[UUID]:
    tracks = [parse(Kind.TRACK, content_id) for content_id in content_ids]
    if not await _heard(conn, user_id, tracks) >= set(tracks):
        raise catalog.ContentNotFound()
    return tracks


async def _heard(conn: AsyncConnection, user_id: UUID, tracks: Iterable[UUID]) -> set[UUID]:
    asked = set(tracks)
    return {track.id for track in await catalog.heard_tracks(conn, user_id, asked)} if asked else set()


async def do_in_queue(
    uow: UnitOfWork, user_id: UUID, told: words.QueueCommands, go_on: Continuation = of_the_same_genres
) -> words.QueueChanges:
    """What a device did, after whatever came since the revision it knew; answers all that came since. What was done
    already is not done again, what cannot be done is told and keeps nothing back."""
    commands, unheard = await _commands(uow, user_id, told.commands)
    named = {command.entry for _, command in commands if isinstance(command, model.Jump | model.Position)}
    radio = (await store.kept(uow.conn, user_id)).head.radio
    light = not radio and all(of_head_only(command) for _, command in commands)
    change = await _Change.begin(uow, user_id, told.changed_by, named if light else None)
    known = change.queue.revision
    done = await store.done_already(uow.conn, user_id, [one for one, _ in commands])
    refused = [words.RefusedCommand(one, catalog.ContentNotFound.code) for one in unheard if one not in done]
    for one, command in commands:
        try:
            if one not in done:
                change.do(one, command)
        except model.NoRoom:
            refused.append(words.RefusedCommand(one, QueueFull.code))
    if change.told and not light and wanted_more(change.queue):
        await _continue(uow, user_id, change, go_on)
    await change.finish()
    if told.revision != known:
        return await queue_changes(uow.conn, user_id, told.revision, refused)
    order = None if light else change.queue.order
    return await _changes(uow.conn, user_id, change.queue.revision, change.told, order, refused)


async def _continue(uow: UnitOfWork, user_id: UUID, change: _Change, go_on: Continuation) -> None:
    """As far as the queue holds."""
    order = change.queue.order
    known = {entry.track_id for entry in order}
    count = min(AT_ONCE, model.QUEUE_MAX - len(order))
    tracks = await go_on(uow.conn, user_id, order[-1].track_id, known, count)
    if tracks:
        change.do(new_uuid(), model.Add(tuple((new_uuid(), track) for track in tracks)))


async def _commands(
    uow: UnitOfWork, user_id: UUID, told: Sequence[words.CommandWords]
) -> tuple[list[Request], list[UUID]]:
    """And those of which nothing is to be heard."""
    adding = [one for one in told if isinstance(one, words.AddCommand | words.ReplaceCommand)]
    named = {entry.content_id for one in adding for entry in one.entries}
    tracks = {text: parse(Kind.TRACK, text) for text in named if kind_of(text) == Kind.TRACK}
    heard = await _heard(uow.conn, user_id, tracks.values())
    known = {text: track for text, track in tracks.items() if track in heard}
    found: dict[UUID, model.Command] = {}
    unheard = []
    for one in told:
        if isinstance(one, words.AddCommand | words.ReplaceCommand) and not any(
            entry.content_id in known for entry in one.entries
        ):
            unheard.append(one.id)
        else:
            found.setdefault(one.id, words.meant(one, known, uow.clock.now()))
    return list(found.items()), unheard


async def queue_changes(
    conn: AsyncConnection, user_id: UUID, since: int, refused: Sequence[words.RefusedCommand] = ()
) -> words.QueueChanges:
    """Everything that was done after the revision `since`."""
    kept = await store.kept(conn, user_id)
    events = await store.events(conn, user_id, since) if since < kept.revision else []
    if since != kept.revision and (not events or events[0].revision != since + 1):
        return words.QueueChanges(
            revision=kept.revision, reset=True, events=[], order=None, tracks=[], refused=list(refused)
        )
    order = None
    if any(told.event.reordered for told in events):
        order = Queue(kept.head, kept.revision, await store.entries(conn, user_id)).order
    return await _changes(conn, user_id, kept.revision, events, order, refused)


async def _changes(
    conn: AsyncConnection,
    user_id: UUID,
    revision: int,
    events: Sequence[store.Told],
    order: Sequence[model.Entry] | None,
    refused: Sequence[words.RefusedCommand],
) -> words.QueueChanges:
    placed = [one for told in events for _, run in told.event.placed for one in run]
    tracks = await store.tracks_of(conn, user_id, set(placed))
    shown = list(dict.fromkeys(tracks[one] for one in placed if one in tracks))[:AROUND]
    works = await catalog.works_by_id(conn, user_id, tracks=shown)
    reordered = any(told.event.reordered for told in events)
    return words.QueueChanges(
        revision=revision,
        reset=False,
        events=[words.event_words(told, tracks) for told in events],
        order=[entry.id for entry in order] if reordered and order is not None else None,
        tracks=[works.tracks[track] for track in shown if track in works.tracks],
        refused=list(refused),
    )


async def queue_tracks(conn: AsyncConnection, user_id: UUID, start: int, limit: int) -> words.QueueTracks:
    """For a list that is looked through."""
    kept = await store.kept(conn, user_id)
    order = Queue(kept.head, kept.revision, await store.entries(conn, user_id)).order
    tracks = await _shown(conn, user_id, order[start : start + limit])
    return words.QueueTracks(revision=kept.revision, start=start, tracks=tracks)


async def _shown(conn: AsyncConnection, user_id: UUID, entries: Sequence[model.Entry]) -> list[catalog.Track]:
    tracks = list(dict.fromkeys(entry.track_id for entry in entries))
    works = await catalog.works_by_id(conn, user_id, tracks=tracks)
    return [works.tracks[track] for track in tracks if track in works.tracks]


async def _saved(
    conn: AsyncConnection, user_id: UUID, kept: store.Kept, order: Sequence[model.Entry]
) -> words.SavedQueue:
    at = next((place for place, entry in enumerate(order) if entry.id == kept.head.current), 0)
    start = max(0, at - BEFORE)
    return words.SavedQueue(
        revision=kept.revision,
        head=words.head_words(kept.head),
        changed_by=kept.changed_by,
        changed_at=kept.changed_at,
        entries=[words.QueueEntry(id=one.id, content_id=out(Kind.TRACK, one.track_id)) for one in order],
        tracks=await _shown(conn, user_id, order[start : start + AROUND]),
    )


class _Change:
    """One person's queue, held until the commit."""

    def __init__(self, uow: UnitOfWork, user_id: UUID, kept: store.Kept, queue: Queue, changed_by: str) -> None:
        self.queue = queue
        self.told: list[store.Told] = []
        self._uow = uow
        self._user_id = user_id
        self._kept = kept
        self._by = clean(changed_by)[:100]

    @classmethod
    async def begin(
        cls, uow: UnitOfWork, user_id: UUID, changed_by: str, named: Collection[UUID] | None = None
    ) -> _Change:
        """With all entries, or the `named` ones alone for commands of the head only."""
        kept = await store.hold(uow.conn, user_id)
        queue = Queue(kept.head, kept.revision, await store.entries(uow.conn, user_id, named))
        return cls(uow, user_id, kept, queue, changed_by)

    def do(self, command_id: UUID, command: model.Command) -> None:
        """Raises NoRoom."""
        event = self.queue.do(command)
        self.told.append(store.Told(self.queue.revision, command_id, self._by, self._uow.clock.now(), event))

    async def finish(self) -> store.Kept:
        if not self.told:
            return self._kept
        conn, queue, now = self._uow.conn, self.queue, self._uow.clock.now()
        kept = store.Kept(queue.head, queue.revision, self._by, now)
        await store.write(conn, self._user_id, kept, queue.changed, queue.dropped)
        await store.add_events(conn, self._user_id, self.told)
        self._uow.say(*words.live(self._user_id, self.told, {one.id: one.track_id for one in queue.entries.values()}))
        return kept
