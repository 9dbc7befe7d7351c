"""What is done in a room, and what becomes of it. Changed in place, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from antiphon.domains.playback import model_jam as model
from antiphon.domains.playback.model_jam import Entry, Head, Member, Options, Role

__all__ = ["NoRoom", "Room", "truncated"]


class NoRoom(Exception):
    """No more entries, or people, than there may be."""


class Room:
    """Settled before anything is done: what was over by then was heard."""

    def __init__(
        self,
        head: Head,
        options: Options,
        members: dict[UUID, Member],
        entries: dict[UUID, Entry],
        votes: dict[tuple[UUID, UUID], int],
    ) -> None:
        self.head = head
        self.options = options
        self.members = members
        self.entries = entries
        self.votes = votes

    @property
    def coming(self) -> list[Entry]:
        scores: dict[UUID, int] = {}
        for (entry, _), value in self.votes.items():
            scores[entry] = scores.get(entry, 0) + value
        return [
            one
            for one in model.ordered(self.entries.values(), scores, self.options.by_votes)
            if one.id != self.head.current
        ]

    @property
    def current(self) -> Entry | None:
        return self.entries.get(self.head.current) if self.head.current else None

    def settle(self, now: datetime) -> None:
        length = self.current.duration_ms if self.current else 0
        self.head, heard = model.settled(self.head, length, self.coming, now)
        for one in heard:
            self._played(one)
        self._keep_a_host(now)

    def play(self, now: datetime) -> None:
        if not self.head.playing:
            self.head = replace(self.head, playing=True, at=now + model.LEAD)
            if self.head.current is None:
                self._go_on(now + model.LEAD)

    def pause(self, now: datetime) -> None:
        if self.head.playing:
            self.head = replace(self.head, playing=False, position_ms=model.position_at(self.head, now), at=now)

    def seek(self, entry: UUID, position_ms: int, now: datetime) -> None:
        current = self.current
        if current is not None and current.id == entry:
            self._begin(current, now + model.LEAD if self.head.playing else now, min(position_ms, current.duration_ms))

    def go_on_from(self, entry: UUID, now: datetime) -> None:
        """Nothing where another one is current meanwhile."""
        if self.head.current == entry:
            self._go_on(now + model.LEAD if self.head.playing else now)

    def jump(self, entry: UUID, now: datetime) -> None:
        wanted = self.entries.get(entry)
        if wanted is not None and not wanted.played and entry != self.head.current:
            if self.head.current is not None:
                self._played(self.head.current)
            self.head = replace(self.head, playing=True)
            self._begin(wanted, now + model.LEAD)

    def add(self, fresh: Sequence[Entry], now: datetime) -> None:
        """Raises NoRoom, and then nothing was done."""
        new = [one for one in fresh if one.id not in self.entries]
        if len(self.coming) + len(new) > model.ENTRIES_MAX:
            raise NoRoom()
        last = max((one.rank for one in self.entries.values()), default=-1)
        self.entries |= {one.id: replace(one, rank=last + place) for place, one in enumerate(new, 1)}
        if self.head.current is None and self.head.playing:
            self._go_on(now + model.LEAD)

    def remove(self, entry: UUID, now: datetime) -> None:
        """The current one too: then the next begins."""
        if entry == self.head.current:
            self.go_on_from(entry, now)
        elif entry in self.entries and not self.entries[entry].played:
            self._forget(entry)

    def move(self, entry: UUID, after: UUID | None) -> None:
        """Behind the current one, or behind none: before all that come."""
        line = [one for one in model.ordered(self.entries.values(), {}, False) if one.id != self.head.current]
        behind = None if after == self.head.current else after
        self.entries |= {one.id: one for one in model.moved(line, entry, behind)}

    def vote(self, person: UUID, entry: UUID, value: int) -> None:
        if entry not in {one.id for one in self.coming}:
            return
        self.votes.pop((entry, person), None)
        if value:
            self.votes[entry, person] = value

    def skip(self, person: UUID, entry: UUID, wanted: bool, now: datetime) -> None:
        """The next one begins when more than half of those who are here want it."""
        if entry != self.head.current:
            return
        self.members[person] = replace(self.members[person], skips=entry if wanted else None)
        if len(self.skipping(now)) >= model.skip_needed(self.members.values(), now):
            self.go_on_from(entry, now)

    def skipping(self, now: datetime) -> list[UUID]:
        """Those who are here and would rather not hear the current one on."""
        if self.head.current is None:
            return []
        return [
            one.user_id
            for one in self.members.values()
            if one.skips == self.head.current and one.until > now and not one.removed
        ]

    def come(self, person: UUID, now: datetime) -> None:
        """Whoever was there before has the role that they had. Raises NoRoom."""
        known = self.members.get(person)
        if known is None:
            if sum(not one.removed for one in self.members.values()) >= model.MEMBERS_MAX:
                raise NoRoom()
            known = Member(person, "listener" if self._host() else "host", now, now)
        self.members[person] = replace(known, until=now + model.LEASE)

    def leave(self, person: UUID, now: datetime) -> None:
        gone = self.members.pop(person)
        if gone.role == "host":
            self._hand_over(now)

    def show_out(self, person: UUID) -> None:
        self.members[person] = replace(self.members[person], role="listener", removed=True, skips=None)

    def set_role(self, by: UUID, person: UUID, role: Role) -> None:
        if role == "host":
            self.members[by] = replace(self.members[by], role="co_host")
        self.members[person] = replace(self.members[person], role=role)

    def _host(self) -> Member | None:
        return next((one for one in self.members.values() if one.role == "host"), None)

    def _keep_a_host(self, now: datetime) -> None:
        """Somebody who is here, when the host was away for long."""
        host = self._host()
        if host is not None and host.until + model.HOST_AWAY <= now:
            heir = model.heir(self.members.values(), now)
            if heir is not None and heir.until > now:
                self.set_role(host.user_id, heir.user_id, "host")

    def _hand_over(self, now: datetime) -> None:
        heir = model.heir(self.members.values(), now)
        if heir is not None:
            self.members[heir.user_id] = replace(heir, role="host")

    def _go_on(self, at: datetime) -> None:
        if self.head.current is not None:
            self._played(self.head.current)
        coming = self.coming
        if coming:
            self._begin(coming[0], at)
        else:
            self.head = replace(self.head, current=None, position_ms=0, at=at)

    def _begin(self, entry: Entry, at: datetime, position_ms: int = 0) -> None:
        self.head = replace(self.head, current=entry.id, position_ms=position_ms, at=at)

    def _played(self, entry: UUID) -> None:
        """The last of them stay known, so that what is told late of them harms nothing."""
        last = max((one.rank for one in self.entries.values() if one.played), default=-1)
        self.entries[entry] = replace(self.entries[entry], played=True, rank=last + 1)
        heard = sorted((one for one in self.entries.values() if one.played), key=lambda one: one.rank)
        for old in heard[: -model.PLAYED_KEPT]:
            self._forget(old.id)

    def _forget(self, entry: UUID) -> None:
        del self.entries[entry]
        self.votes = {key: value for key, value in self.votes.items() if key[0] != entry}


def truncated(now: datetime) -> datetime:
    """To whole milliseconds, which every client has."""
    return now - timedelta(microseconds=now.microsecond % 1000)
