"""What each command does to a queue. No I/O."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from antiphon.domains.playback import model_queue as model
from antiphon.domains.playback.model_line import Line
from antiphon.domains.playback.model_queue import Entry, Event, Head

__all__ = ["REMEMBERED", "Queue", "of_head_only"]

REMEMBERED: Final = 1_000  # entries that went and whose places are still known


def of_head_only(command: model.Command) -> bool:
    """Whether it asks of entries only if they are there."""
    return isinstance(command, model.Jump | model.Position | model.Repeat | model.Radio)


class Queue:
    """Changed in place. `entries` are all that are known, gone ones too; or, for commands of the head only, as many as
    these name. `dropped` are those that are not known any more."""

    def __init__(self, head: Head | None = None, revision: int = 0, entries: Iterable[Entry] = ()) -> None:
        self.head = head or Head()
        self.revision = revision
        self.entries = {one.id: one for one in entries}
        self.dropped: set[UUID] = set()
        self._written: set[UUID] = set()
        self._gone = sum(one.gone_at is not None for one in self.entries.values())
        self._plain = Line((one.id, one.rank) for one in self.entries.values())
        self._mixed: Line | None = None
        if self.head.shuffled:
            self._mixed = Line((one.id, one.rank if one.mixed is None else one.mixed) for one in self.entries.values())

    @property
    def order(self) -> list[Entry]:
        """As it is played."""
        return self._live(self._line)

    @property
    def original(self) -> list[Entry]:
        """As it was before it was shuffled."""
        return self._live(self._plain)

    @property
    def changed(self) -> list[Entry]:
        """Those to be written."""
        touched = self._written | self._plain.touched | (self._mixed.touched if self._mixed else set())
        found = [self.entries[one] for one in touched if one in self.entries]
        for entry in found:
            entry.rank = self._plain.ranks[entry.id]
            entry.mixed = self._mixed.ranks[entry.id] if self._mixed else None
        return found

    def do(self, command: model.Command) -> Event:
        """One revision more, whatever came of it. Raises NoRoom, and then nothing was done."""
        event = self._done(command)
        self.revision += 1
        self._forget()
        return replace(event, head=self.head)

    @property
    def _line(self) -> Line:
        return self._plain if self._mixed is None else self._mixed

    def _live(self, line: Line) -> list[Entry]:
        return [entry for one in line.ids if (entry := self.entries[one]).gone_at is None]

    def _is_live(self, one: UUID) -> bool:
        return one in self.entries and self.entries[one].gone_at is None

    def _done(self, command: model.Command) -> Event:
        event = Event(self.head)
        match command:
            case model.Add():
                event = self._add(command)
            case model.Remove():
                event = self._remove(command)
            case model.Move():
                event = self._move(command)
            case model.Clear():
                event = self._clear(command)
            case model.Replace():
                event = self._replace(command)
            case model.Shuffle():
                event = self._shuffle(command.seed)
            case model.Unshuffle():
                event = self._unshuffle()
            case model.Jump() | model.Position():
                self._go(command)
            case model.Repeat():
                self.head = replace(self.head, repeat=command.mode)
            case model.Radio():
                self.head = replace(self.head, radio=command.on)
        return event

    def _add(self, command: model.Add) -> Event:
        fresh = {one: track for one, track in command.entries if one not in self.entries}
        if len(self.entries) - self._gone + len(fresh) > model.QUEUE_MAX:
            raise model.NoRoom()
        if not fresh:
            return Event(self.head)
        run = list(fresh)
        for line in (self._plain, self._mixed):
            if line is not None:
                line.put(run, self._place(line, command.place, default=len(line.ids)))
        self.entries |= {one: Entry(one, track) for one, track in fresh.items()}
        return self._placed(run)

    def _remove(self, command: model.Remove) -> Event:
        gone = {one: None for one in command.entries if self._is_live(one)}
        if self.head.current in gone:
            self._go_on_without(gone.keys())
        for one in gone:
            self.entries[one].gone_at = self.revision + 1
        self._gone += len(gone)
        self._written |= gone.keys()
        return Event(self.head, removed=tuple(gone))

    def _go_on_without(self, gone: Iterable[UUID]) -> None:
        """With the next that stays, from its beginning; behind the last there is nothing but the last itself."""
        gone, order = set(gone), [one.id for one in self.order]
        at = order.index(self.head.current) if self.head.current in order else 0
        later = next((one for one in order[at:] if one not in gone), None)
        before = next((one for one in reversed(order[:at]) if one not in gone), None)
        self.head = replace(self.head, current=later or before, position_ms=0)

    def _move(self, command: model.Move) -> Event:
        run = list(dict.fromkeys(one for one in command.entries if self._is_live(one)))
        if command.place == "next":
            run = [one for one in run if one != self.head.current]
        line, moved = self._line, set(run)
        anchor = command.place
        if isinstance(anchor, UUID) and anchor in moved:  # behind itself means: where it is
            before = line.ids[: line.ids.index(anchor)]
            anchor = next((one for one in reversed(before) if one not in moved), "start")
        if not run or (isinstance(anchor, UUID) and anchor not in self.entries):
            return Event(self.head)
        line.take(moved)
        line.put(run, self._place(line, anchor, default=len(line.ids)))
        return self._placed(run)

    def _clear(self, command: model.Clear) -> Event:
        kept = [one for one in self.order if command.keep_current and one.id == self.head.current]
        self._begin_anew([(one.id, one.track_id) for one in kept])
        if not kept:
            self.head = replace(self.head, current=None, position_ms=0)
        return replace(self._placed([one.id for one in kept]), cleared=True)

    def _replace(self, command: model.Replace) -> Event:
        fresh = dict(command.entries)
        if len(fresh) > model.QUEUE_MAX:
            raise model.NoRoom()
        self._begin_anew(list(fresh.items()))
        current = command.current if command.current in fresh else None
        self.head = replace(
            self.head, current=current, position_ms=command.position_ms if current else 0, at=command.at
        )
        return replace(self._placed(list(fresh)), cleared=True)

    def _begin_anew(self, entries: Sequence[tuple[UUID, UUID]]) -> None:
        """It is not shuffled any more; whatever else there was is forgotten."""
        self.dropped |= self.entries.keys()
        self.entries = {one: Entry(one, track) for one, track in entries}
        self.dropped -= self.entries.keys()
        self._plain, self._mixed, self._gone = Line.of(list(self.entries)), None, 0
        self._written = set(self.entries)
        self.head = replace(self.head, shuffled=False, seed=None)

    def _go(self, command: model.Jump | model.Position) -> None:
        late = self.head.at is not None and command.at < self.head.at
        if late or not self._is_live(command.entry):
            return
        if isinstance(command, model.Jump) or command.entry == self.head.current:
            self.head = replace(self.head, current=command.entry, position_ms=command.position_ms, at=command.at)

    def _shuffle(self, seed: int) -> Event:
        def drawn(one: UUID) -> tuple[bool, bytes]:
            return one != self.head.current, hashlib.sha256(seed.to_bytes(8) + one.bytes).digest()

        self._mixed = Line.of(sorted(self.entries, key=drawn))
        self.head = replace(self.head, shuffled=True, seed=seed)
        return Event(self.head, reordered=True)

    def _unshuffle(self) -> Event:
        was = self._mixed is not None
        self._mixed = None
        self.head = replace(self.head, shuffled=False, seed=None)
        return Event(self.head, reordered=was)

    def _place(self, line: Line, place: model.Place, *, default: int) -> int:
        if place == "start" or (place == "next" and self.head.current is None):
            return 0
        if place == "end":
            return len(line.ids)
        found = line.after(self.head.current if place == "next" else place)
        return default if found is None else found

    def _placed(self, run: Sequence[UUID]) -> Event:
        """A run that stands together, as it is told to those who know nothing of entries that went."""
        if not run:
            return Event(self.head)
        ids = self._line.ids
        before = reversed(ids[: ids.index(run[0])])
        after = next((one for one in before if self._is_live(one)), None)
        return Event(self.head, placed=((after, tuple(run)),))

    def _forget(self) -> None:
        """The places of entries that went long ago."""
        if self._gone <= REMEMBERED:
            return
        gone = sorted(
            (one for one in self.entries.values() if one.gone_at is not None), key=lambda one: one.gone_at or 0
        )
        old = {one.id for one in gone[: self._gone - REMEMBERED]}
        for line in (self._plain, self._mixed):
            if line is not None:
                line.take(old)
        for one in old:
            del self.entries[one]
        self._gone = REMEMBERED
        self.dropped |= old
