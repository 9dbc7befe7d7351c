"""The queue, over whatever is done to it in whatever order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.playback import model_queue as model
from antiphon.domains.playback.model_line import STEP, Line
from antiphon.domains.playback.model_queue import Command, Event
from antiphon.domains.playback.model_queue_edits import REMEMBERED, Queue, of_head_only

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
IDS = [UUID(int=n) for n in range(1, 13)]
entries = st.sampled_from(IDS)
runs = st.lists(entries, max_size=5).map(tuple)
tracked = runs.map(lambda run: tuple((one, UUID(int=one.int % 3)) for one in run))
places = st.one_of(entries, st.sampled_from(["end", "next", "start"]))
times = st.integers(0, 50).map(lambda n: NOON + timedelta(seconds=n))
positions = st.integers(0, 9)
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(model.Add, tracked, places),
    st.builds(model.Remove, runs),
    st.builds(model.Move, runs, places),
    st.builds(model.Clear, st.booleans()),
    st.builds(model.Replace, tracked, times, entries, positions),
    st.builds(model.Jump, entries, positions, times),
    st.builds(model.Position, entries, positions, times),
    st.builds(model.Shuffle, st.integers(0, 2**53)),
    st.just(model.Unshuffle()),
    st.builds(model.Repeat, st.sampled_from(["off", "one", "all"])),
    st.builds(model.Radio, st.booleans()),
)
batches = st.lists(commands, max_size=12)


def ids(found: Iterable[model.Entry]) -> list[UUID]:
    return [one.id for one in found]


def read_again(queue: Queue) -> Queue:
    """As it would come from what was written of it."""
    _ = queue.changed
    return Queue(queue.head, queue.revision, [model.Entry(**_fields(one)) for one in queue.entries.values()])


def _fields(entry: model.Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("id", "track_id", "rank", "mixed", "gone_at")}


@dataclass
class Table:
    """Written with what a queue says has changed, as the database is."""

    rows: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    def write(self, queue: Queue) -> int:
        changed = queue.changed
        for one in queue.dropped:
            self.rows.pop(one, None)
        for entry in changed:
            self.rows[entry.id] = _fields(entry)
        return len(changed)

    def queue(self, like: Queue) -> Queue:
        return Queue(like.head, like.revision, [model.Entry(**row) for row in self.rows.values()])


@given(before=batches, after=batches)
def test_the_events_make_of_the_old_queue_the_one_that_is_fetched_anew(
    before: list[Command], after: list[Command]
) -> None:
    queue = Queue()
    for command in before:
        queue.do(command)
    known, revision = ids(queue.order), queue.revision
    events = [queue.do(command) for command in after]
    final = ids(queue.order) if any(event.reordered for event in events) else None
    assert model.replayed(known, events, final) == ids(queue.order)
    assert queue.revision == revision + len(after)
    assert not events or events[-1].head == queue.head
    assert queue.head.current is None or queue.head.current in ids(queue.order)
    assert sorted(ids(queue.order)) == sorted(ids(queue.original))


@given(pieces=st.lists(batches, max_size=4))
def test_what_is_written_is_enough_to_go_on(pieces: list[list[Command]]) -> None:
    """Each batch begins with what the one before wrote, as if the process had ended between them."""
    table, queue, whole = Table(), Queue(), Queue()
    for batch in pieces:
        queue = table.queue(queue)
        for command in batch:
            assert queue.do(command) == whole.do(command)
        table.write(queue)
    again = table.queue(queue)
    assert (ids(again.order), ids(again.original)) == (ids(whole.order), ids(whole.original))
    assert {one.id: one.track_id for one in again.order} == {one.id: one.track_id for one in whole.order}


@given(first=batches, mine=batches, theirs=batches)
def test_devices_that_come_in_either_order_know_the_same(
    first: list[Command], mine: list[Command], theirs: list[Command]
) -> None:
    """Each knew the queue of before, did things without network, and hears on coming back what was done."""
    for one, other in ((mine, theirs), (theirs, mine)):
        queue = Queue()
        for command in first:
            queue.do(command)
        known = ids(queue.order)
        events = [queue.do(command) for command in (*one, *other)]
        final = ids(queue.order) if any(event.reordered for event in events) else None
        devices = [model.replayed(known, events, final)] * 2
        assert devices == [ids(queue.order)] * 2


edits = st.one_of(
    st.builds(model.Remove, runs),
    st.builds(model.Jump, entries, positions, times),
    st.builds(model.Add, runs.map(lambda run: tuple((one, one) for one in run)), st.just("end")),
)


@given(mine=st.lists(edits, max_size=8), theirs=st.lists(edits, max_size=8), gap=st.integers(1, 6))
def test_nothing_is_lost_by_coming_second(mine: list[Command], theirs: list[Command], gap: int) -> None:
    """Removed stays removed, added is there once, and the later of two places is where one is, whoever came first."""
    found = []
    for one, other in ((mine, theirs), (theirs, mine)):
        queue = Queue()
        queue.do(model.Add(tuple((entry, entry) for entry in IDS[:gap])))
        for command in (*one, *other):
            queue.do(command)
        found.append(set(ids(queue.order)))
    added = {one for c in (*mine, *theirs) if isinstance(c, model.Add) for one, _ in c.entries} | set(IDS[:gap])
    removed = {one for c in (*mine, *theirs) if isinstance(c, model.Remove) for one in c.entries}
    assert found[0] | removed == found[1] | removed == added | removed


@given(
    tracks=st.sets(entries, min_size=1),
    seed=st.integers(0, 2**53),
    later=st.lists(commands.filter(lambda c: isinstance(c, model.Add | model.Remove)), max_size=8),
)
def test_shuffling_is_taken_back_with_what_was_edited_since(tracks: set[UUID], seed: int, later: list[Command]) -> None:
    mixed, plain = Queue(), Queue()
    for queue in (mixed, plain):
        queue.do(model.Add(tuple((one, one) for one in sorted(tracks))))
    was = ids(mixed.order)
    mixed.do(model.Jump(was[-1], 7, NOON))
    plain.do(model.Jump(was[-1], 7, NOON))
    mixed.do(model.Shuffle(seed))
    assert ids(mixed.order)[0] == was[-1]
    assert ids(mixed.original) == was
    assert sorted(ids(mixed.order)) == sorted(was)
    for command in later:
        if isinstance(command, model.Remove) and was[-1] in command.entries:
            continue  # what is played next is another one, and with it what stands behind it
        mixed.do(command)
        plain.do(command)
    mixed.do(model.Unshuffle())
    assert ids(mixed.order) == ids(plain.order)


def test_a_place_outlives_the_entry_that_stood_there() -> None:
    a, b, c, d = IDS[:4]
    queue = Queue()
    queue.do(model.Add(((a, a), (b, b), (c, c))))
    queue.do(model.Remove((b,)))
    assert queue.do(model.Add(((d, d),), b)).placed == ((a, (d,)),)
    assert ids(queue.order) == [a, d, c]
    queue.do(model.Replace(((c, c),), NOON))
    queue.do(model.Add(((a, a),), b))  # nobody knows any more where that was
    assert ids(queue.order) == [c, a]


def test_the_current_one_goes_and_the_next_is_current() -> None:
    a, b, c, d = IDS[:4]
    queue = Queue()
    queue.do(model.Replace(tuple((one, one) for one in (a, b, c, d)), NOON, b, 500))
    assert (queue.head.current, queue.head.position_ms) == (b, 500)
    assert queue.do(model.Remove((b, c))).head.current == d
    assert queue.do(model.Remove((d,))).head.current == a
    assert queue.do(model.Remove((a,))).head.current is None


def test_who_was_there_later_is_right() -> None:
    a, b = IDS[:2]
    queue = Queue()
    queue.do(model.Add(((a, a), (b, b))))
    queue.do(model.Jump(b, 5, NOON + timedelta(minutes=1)))
    assert queue.do(model.Jump(a, 9, NOON)).head.current == b
    assert queue.do(model.Position(a, 9, NOON + timedelta(minutes=2))).head.position_ms == 5
    assert queue.do(model.Position(b, 9, NOON + timedelta(minutes=2))).head.position_ms == 9


def test_ten_thousand_entries_and_what_a_change_writes() -> None:
    many = tuple((UUID(int=n), UUID(int=n)) for n in range(1, model.QUEUE_MAX + 1))
    table, queue = Table(), Queue()
    queue.do(model.Replace(many, NOON, UUID(int=1)))
    assert table.write(queue) == model.QUEUE_MAX
    written = []
    for n in range(40):
        queue = table.queue(queue)
        moved = UUID(int=9_000 - n)
        queue.do(model.Move((moved,), "next"))  # always into the same gap
        written.append(table.write(queue))
        assert ids(queue.order)[1] == moved
    assert sum(written) < 40 * 10
    assert max(written) < 200
    with pytest.raises(model.NoRoom):
        queue.do(model.Add(((UUID(int=0), UUID(int=0)),)))
    assert len(queue.order) == model.QUEUE_MAX


def test_places_of_long_ago_are_forgotten() -> None:
    many = tuple((UUID(int=n), UUID(int=n)) for n in range(1, REMEMBERED + 20))
    queue = Queue()
    queue.do(model.Add(many))
    queue.do(model.Remove(tuple(one for one, _ in many[:-1])))
    assert ids(queue.order) == [many[-1][0]]
    assert len(queue.entries) == REMEMBERED + 1
    assert len(queue.dropped) == 18


@given(steps=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 4)), max_size=60))
def test_a_line_is_in_the_order_of_its_ranks(steps: list[tuple[int, int]]) -> None:
    line, wanted, n = Line([]), list[UUID](), 0
    for at, count in steps:
        run = [UUID(int=n + i) for i in range(count)]
        n += count
        place = min(at, len(wanted))
        wanted[place:place] = run
        line.put(run, place)
    assert line.ids == wanted
    assert Line(line.ranks.items()).ids == wanted
    assert len(set(line.ranks.values())) == n
    assert all(abs(rank) < STEP * (n + 1) for rank in line.ranks.values())


@given(command=commands)
def test_commands_of_the_head_leave_the_list_alone(command: Command) -> None:
    queue = Queue()
    queue.do(model.Add(tuple((one, one) for one in IDS)))
    before, event = ids(queue.order), queue.do(command)
    if of_head_only(command):
        assert ids(queue.order) == before
        assert event == Event(queue.head)


TRACKS = st.lists(st.integers(0, 4).map(lambda n: UUID(int=n)), max_size=12)


@st.composite
def saved(draw: st.DrawFn) -> model.Saved:
    tracks = tuple(draw(TRACKS))
    current = draw(st.one_of(st.none(), st.integers(0, len(tracks) - 1))) if tracks else None
    return model.Saved(tracks, current, draw(st.integers(0, 1000)))


@given(queue=saved(), seen=st.frozensets(st.integers(0, 4).map(lambda n: UUID(int=n))))
def test_what_stays_of_a_queue_goes_on_where_it_was(queue: model.Saved, seen: frozenset[UUID]) -> None:
    left = model.seen_only(queue, seen)
    assert left.track_ids == tuple(track for track in queue.track_ids if track in seen)
    assert (left.current is None) == (queue.current is None or not left.track_ids)
    if left.current is not None and queue.current is not None:
        if queue.track_ids[queue.current] in seen:
            assert left.track_ids[: left.current] == tuple(t for t in queue.track_ids[: queue.current] if t in seen)
            assert left.track_ids[left.current] == queue.track_ids[queue.current]
            assert left.position_ms == queue.position_ms
        else:
            assert left.position_ms == 0
            later = [track for track in queue.track_ids[queue.current :] if track in seen]
            assert left.track_ids[left.current] == (later[0] if later else left.track_ids[-1])
    assert model.seen_only(left, seen) == left
