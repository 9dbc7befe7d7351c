"""Rooms in which people listen together."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from antiphon.domains.catalog import api as catalog
from antiphon.domains.playback import model_jam as model
from antiphon.domains.playback.api import jam_words as words
from antiphon.domains.playback.api.jam_view import shown
from antiphon.domains.playback.errors import (
    JamFull,
    JamLocked,
    JamNotAllowed,
    JamNotFound,
    JamsMany,
    NotPlayable,
)
from antiphon.domains.playback.model_jam import Entry, Options
from antiphon.domains.playback.model_jam_room import NoRoom, Room, truncated
from antiphon.domains.playback.model_queue_edits import Queue
from antiphon.domains.playback.store import jams as store
from antiphon.domains.playback.store import queue as queue_store
from antiphon.kit.db import Database, UnitOfWork, act_for_the_house
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, new_uuid, out, parse
from antiphon.kit.pictures import qr_code

__all__ = [
    "be_here",
    "do_in_jam",
    "end_jam",
    "end_jams",
    "in_jam",
    "jam",
    "jam_link_picture",
    "jams",
    "join_jam",
    "leads_into_jam",
    "leave_jams",
    "linked_jam",
    "make_jam",
    "make_jam_link",
    "set_jam_options",
    "set_jam_role",
    "show_out",
    "take_jam_link",
]

ROOMS_MAX = 10
LINK_LIFE = timedelta(hours=24)


async def make_jam(uow: UnitOfWork, user_id: UUID, new: words.NewJam) -> str:
    """Its id. With a link. Tracks that the person may not hear are left out. Raises JamsMany."""
    if await store.hosted(uow.conn, user_id) >= ROOMS_MAX:
        raise JamsMany()
    now = truncated(uow.clock.now())
    asked, current = await _from_queue(uow, user_id) if new.entries is None else (_asked(new.entries), 0)
    entries = await _heard(uow, user_id, asked[current : current + model.ENTRIES_MAX])
    room_id = new_uuid()
    await act_for_the_house(uow.conn)  # nobody is in the room yet
    await store.add(uow.conn, room_id, now)
    change = await _Change.begin(uow, user_id, room_id, coming=True)
    change.room.add(entries, now)
    if entries:
        change.room.jump(entries[0].id, now)
        change.room.pause(now)
        change.room.seek(entries[0].id, new.position_ms, now)
    if new.playing:
        change.room.play(now)
    change.link = _new_link(now, LINK_LIFE)
    await change.write()
    return out(Kind.JAM, room_id)


def _asked(entries: Sequence[words.JamEntryWords]) -> list[tuple[UUID, UUID]]:
    return [(one.id, parse(Kind.TRACK, one.content_id)) for one in entries]


async def _from_queue(uow: UnitOfWork, user_id: UUID) -> tuple[list[tuple[UUID, UUID]], int]:
    kept = await queue_store.kept(uow.conn, user_id)
    order = Queue(kept.head, kept.revision, await queue_store.entries(uow.conn, user_id)).order
    current = next((place for place, one in enumerate(order) if one.id == kept.head.current), 0)
    return [(new_uuid(), one.track_id) for one in order], current


async def _heard(uow: UnitOfWork, user_id: UUID, asked: Sequence[tuple[UUID, UUID]]) -> list[Entry]:
    """Those that the person may hear, and that have a length."""
    tracks = {track for _, track in asked}
    found = {one.id: one.duration_ms for one in await catalog.heard_tracks(uow.conn, user_id, tracks)}
    return [Entry(one, track, length, 0, user_id) for one, track in dict(asked).items() if (length := found.get(track))]


async def jam(uow: UnitOfWork, user_id: UUID, site_url: str, jam_id: str) -> words.Jam:
    """Raises JamNotFound, also for who is not in it."""
    change = await _Change.begin(uow, user_id, _parsed(jam_id))
    return await change.finish(site_url)


async def jams(uow: UnitOfWork, user_id: UUID, site_url: str) -> list[words.Jam]:
    """Those that the person is in, the one that they came into last first."""
    found = []
    for room_id in await store.of_person(uow.conn, user_id):
        try:
            found.append(await (await _Change.begin(uow, user_id, room_id)).finish(site_url))
        except JamNotFound:
            continue
    return found


async def linked_jam(db: Database, viewer: UUID | None, site_url: str, code: str) -> words.Jam:
    """What a link leads to, for whoever has it: somebody who is not in the room sees what plays. Raises JamNotFound."""
    async with db.system() as uow:
        now = truncated(uow.clock.now())
        room_id = await store.by_code(uow.conn, code, now)
        kept = await store.get(uow.conn, room_id) if room_id else None
        if kept is None or model.is_over(kept.members.values(), now):
            raise JamNotFound()
        room = _room(kept)
        room.settle(now)
    async with db.seen_by(viewer) as conn:
        return await shown(conn, viewer, kept, room, kept.revision, None, site_url, now)


async def join_jam(uow: UnitOfWork, user_id: UUID, code: str) -> str:
    """The room's id. In a unit of the house: nobody sees a room from outside. Who was shown out finds none.

    Raises JamNotFound, JamLocked, JamFull.
    """
    room_id = await store.by_code(uow.conn, code, uow.clock.now())
    if room_id is None:
        raise JamNotFound()
    change = await _Change.begin(uow, user_id, room_id, coming=True)
    change.come()
    await change.write()
    return out(Kind.JAM, room_id)


async def be_here(uow: UnitOfWork, user_id: UUID, site_url: str, jam_id: str) -> words.Jam:
    """Said every half minute, and when an entry is over. Raises JamNotFound."""
    change = await _Change.begin(uow, user_id, _parsed(jam_id))
    change.come()
    return await change.finish(site_url)


async def do_in_jam(uow: UnitOfWork, user_id: UUID, site_url: str, jam_id: str, told: words.JamCommands) -> words.Jam:
    """All of them, or nothing. Raises JamNotFound, JamNotAllowed, JamFull, ContentNotFound, NotPlayable."""
    change = await _Change.begin(uow, user_id, _parsed(jam_id))
    for command in told.commands:
        await change.do(command)
    return await change.finish(site_url)


async def set_jam_options(
    uow: UnitOfWork, user_id: UUID, site_url: str, jam_id: str, options: words.JamOptions
) -> words.Jam:
    """Raises JamNotFound, JamNotAllowed."""
    change = await _Change.begin(uow, user_id, _parsed(jam_id))
    change.require("manage")
    change.room.options = Options(options.everybody_adds, options.everybody_controls, options.by_votes, options.locked)
    return await change.finish(site_url)


async def make_jam_link(uow: UnitOfWork, user_id: UUID, site_url: str, jam_id: str, new: words.NewJamLink) -> words.Jam:
    """The one before leads nowhere any more. Raises JamNotFound, JamNotAllowed."""
    change = await _Change.begin(uow, user_id, _parsed(jam_id))
    change.require("manage")
    change.link = _new_link(change.now, timedelta(hours=new.hours))
    return await change.finish_for_guests(site_url)


async def take_jam_link(uow: UnitOfWork, user_id: UUID, site_url: str, jam_id: str) -> words.Jam:
    """Nobody comes in by it any more. Raises JamNotFound, JamNotAllowed."""
    change = await _Change.begin(uow, user_id, _parsed(jam_id))
    change.require("manage")
    change.link = None
    return await change.finish_for_guests(site_url)


async def jam_link_picture(uow: UnitOfWork, user_id: UUID, site_url: str, jam_id: str) -> words.JamLinkPicture:
    """Raises JamNotFound, also where no link leads into the room."""
    link = (await jam(uow, user_id, site_url, jam_id)).link
    if link is None:
        raise JamNotFound("No link leads into this room.")
    return words.JamLinkPicture(qr_code(link.url))


async def set_jam_role(
    uow: UnitOfWork, user_id: UUID, site_url: str, jam_id: str, other_id: str, role: model.Role
) -> words.Jam:
    """Raises JamNotFound, JamNotAllowed, also for oneself: whoever hands the room over is co-host."""
    change = await _Change.begin(uow, user_id, _parsed(jam_id))
    change.require("manage")
    other = change.other(other_id)
    if other == user_id:
        raise JamNotAllowed("A host who wants to be none names another one.")
    change.room.set_role(user_id, other, role)
    return await change.finish(site_url)


async def show_out(uow: UnitOfWork, user_id: UUID, jam_id: str, other_id: str) -> None:
    """Somebody else, or oneself: then it is leaving, and one may come back. Raises JamNotFound, JamNotAllowed."""
    change = await _Change.begin(uow, user_id, _parsed(jam_id))
    other = change.other(other_id)
    if other == user_id:
        change.room.leave(other, change.now)
    else:
        change.require("manage")
        change.room.show_out(other)
    await change.write()
    uow.rights_changed(change.topic)


async def leave_jams(uow: UnitOfWork, user_id: UUID) -> None:
    """All rooms, for who is no more."""
    for room_id in await store.of_person(uow.conn, user_id):
        kept = await store.get(uow.conn, room_id, hold=True)
        if kept is not None:
            change = _Change(uow, user_id, kept)
            change.room.leave(user_id, change.now)
            change.room.votes = {key: value for key, value in change.room.votes.items() if key[1] != user_id}
            await change.write()
    await store.forget(uow.conn, user_id)


async def end_jam(uow: UnitOfWork, user_id: UUID, jam_id: str) -> None:
    """Raises JamNotFound, JamNotAllowed."""
    change = await _Change.begin(uow, user_id, _parsed(jam_id))
    change.require("manage")
    await _end(uow, change.room_id)


async def end_jams(uow: UnitOfWork) -> int:
    """Those that nobody was in for long; how many."""
    found = await store.over(uow.conn, uow.clock.now())
    for room_id in found:
        await _end(uow, room_id)
    return len(found)


async def _end(uow: UnitOfWork, room_id: UUID) -> None:
    topic = words.topic(room_id)
    uow.say(topic, "ended", {})
    uow.rights_changed(topic)
    await store.drop(uow.conn, room_id)


async def in_jam(db: Database, user_id: UUID, jam_id: str) -> bool:
    async with db.seen_by(user_id) as conn:
        return await store.is_member(conn, _parsed(jam_id), user_id)


async def leads_into_jam(db: Database, jam_id: str, code: str) -> bool:
    """Whether the code is that of this room's link now."""
    async with db.system() as uow:
        return await store.by_code(uow.conn, code, uow.clock.now()) == _parsed(jam_id)


def _parsed(jam_id: str) -> UUID:
    try:
        return parse(Kind.JAM, jam_id)
    except NotFound as error:
        raise JamNotFound() from error


def _new_link(now: datetime, life: timedelta) -> store.Link:
    return store.Link(secrets.token_urlsafe(16), now + life)


def _room(kept: store.Kept) -> Room:
    return Room(kept.head, kept.options, dict(kept.members), dict(kept.entries), dict(kept.votes))


class _Change:
    """One room, held until the commit, as it is now."""

    def __init__(self, uow: UnitOfWork, user_id: UUID, kept: store.Kept) -> None:
        self.now = truncated(uow.clock.now())
        self.room_id = kept.id
        self.room = _room(kept)
        self.room.settle(self.now)
        self.link = kept.link
        self.topic = words.topic(kept.id)
        self._uow = uow
        self._user_id = user_id
        self._kept = kept

    @classmethod
    async def begin(cls, uow: UnitOfWork, user_id: UUID, room_id: UUID, *, coming: bool = False) -> _Change:
        """`coming`: somebody who need not be in the room yet. Raises JamNotFound."""
        kept = await store.get(uow.conn, room_id, hold=True)
        if kept is None:
            raise JamNotFound()
        known = kept.members.get(user_id)
        over = bool(kept.members) and model.is_over(kept.members.values(), uow.clock.now())
        if over or (known.removed if known else not coming):
            raise JamNotFound()
        change = cls(uow, user_id, kept)
        if coming and not kept.members:
            change.come()
        return change

    def require(self, act: model.Act) -> None:
        """Raises JamNotAllowed."""
        if not model.may(self.room.members[self._user_id].role, act, self.room.options):
            raise JamNotAllowed()

    def other(self, user_id: str) -> UUID:
        """Somebody in the room. Raises JamNotFound."""
        found = self.room.members.get(parse(Kind.USER, user_id))
        if found is None or found.removed:
            raise JamNotFound("Nobody in this room has this id.")
        return found.user_id

    def come(self) -> None:
        """Raises JamLocked, JamFull."""
        if self._user_id not in self.room.members and self.room.options.locked:
            raise JamLocked()
        try:
            self.room.come(self._user_id, self.now)
        except NoRoom as error:
            raise JamFull() from error

    async def do(self, command: words.JamCommand) -> None:
        room, now, me = self.room, self.now, self._user_id
        match command:
            case words.JamVote():
                room.vote(me, command.entry, command.value)
            case words.JamSkip():
                room.skip(me, command.entry, command.wanted, now)
            case words.JamAdd():
                self.require("add")
                await self._add(command)
            case words.JamRemove() | words.JamMove():
                self._arrange(command)
            case _:
                self.require("control")
                self._control(command)

    async def _add(self, command: words.JamAdd) -> None:
        asked = _asked(command.entries)
        found = await _heard(self._uow, self._user_id, asked)
        if len(found) < len(dict(asked)):
            raise catalog.ContentNotFound() if len(asked) == 1 else NotPlayable("One of them cannot be heard.")
        try:
            self.room.add(found, self.now)
        except NoRoom as error:
            raise JamFull() from error

    def _arrange(self, command: words.JamRemove | words.JamMove) -> None:
        entry = self.room.entries.get(command.entry)
        own = entry is not None and entry.added_by == self._user_id
        if not (own and isinstance(command, words.JamRemove) and command.entry != self.room.head.current):
            self.require("arrange")
        if isinstance(command, words.JamRemove):
            self.room.remove(command.entry, self.now)
        else:
            self.room.move(command.entry, command.after)

    def _control(self, command: words.JamCommand) -> None:
        room, now = self.room, self.now
        match command:
            case words.JamPlay():
                room.play(now)
            case words.JamPause():
                room.pause(now)
            case words.JamSeek():
                room.seek(command.entry, command.position_ms, now)
            case words.JamNext():
                room.go_on_from(command.entry, now)
            case words.JamJump():
                room.jump(command.entry, now)

    async def finish(self, site_url: str) -> words.Jam:
        revision = await self.write()
        return await shown(
            self._uow.conn, self._user_id, self._kept, self.room, revision, self.link, site_url, self.now
        )

    async def finish_for_guests(self, site_url: str) -> words.Jam:
        """Who came by the link before hears nothing more by it."""
        answer = await self.finish(site_url)
        self._uow.rights_changed(self.topic)
        return answer

    async def write(self) -> int:
        """What changed, told to who is there; the revision that it made. A lease that goes on is no news."""
        before, room = self._kept, self.room
        now = store.Kept(
            id=before.id,
            revision=before.revision,
            created_at=before.created_at,
            head=room.head,
            options=room.options,
            link=self.link,
            members=room.members,
            entries=room.entries,
            votes=room.votes,
        )
        if now == before:
            return before.revision
        same = _news(before, self.now) == _news(now, self.now)
        if not same or now.head != before.head:
            now = replace(now, revision=before.revision + 1)
            self._uow.say(*words.told(before.id, now.revision, now.head, more=not same))
        await store.write(self._uow.conn, before, now)
        return now.revision


def _news(kept: store.Kept, now: datetime) -> tuple[object, ...]:
    """What others have to fetch when it changes: not the head, which is told, and not that somebody is still here."""
    people = {
        key: (one.role, one.joined_at, one.skips, one.removed, one.until > now) for key, one in kept.members.items()
    }
    return kept.options, kept.link, kept.entries, kept.votes, people
