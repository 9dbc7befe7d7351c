"""The rules of rooms, over whatever people do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.playback import model_jam as model
from antiphon.domains.playback.model_jam import Entry, Head, Options
from antiphon.domains.playback.model_jam_room import Room

BEGAN = datetime(2026, 11, 1, 20, tzinfo=UTC)
ADA, BOB, EVE = (UUID(int=number) for number in (1, 2, 3))
_lengths = st.lists(st.integers(1, 5_000), max_size=8)
_ms = st.integers(0, 40_000)


def moment(ms: int) -> datetime:
    return BEGAN + timedelta(milliseconds=ms)


def room(lengths: list[int], **options: bool) -> Room:
    entries = {UUID(int=100 + n): Entry(UUID(int=100 + n), UUID(int=n), length, n) for n, length in enumerate(lengths)}
    made = Room(Head(None, False, 0, BEGAN), Options(**options), {}, entries, {})
    for person in (ADA, BOB, EVE):
        made.come(person, BEGAN)
    return made


@given(_lengths, st.lists(_ms, min_size=1, max_size=8))
def test_it_does_not_matter_how_often_somebody_looks(lengths: list[int], looks: list[int]) -> None:
    often, once = room(lengths), room(lengths)
    for one in (often, once):
        one.play(BEGAN)
    for look in sorted(looks):
        often.settle(moment(look))
    once.settle(moment(max(looks)))
    assert often.head == once.head
    assert [one.id for one in often.coming] == [one.id for one in once.coming]
    # Position follows from what was there at the start and the time alone.
    left = max(0, max(looks) - model.LEAD // timedelta(milliseconds=1))
    for length in lengths:
        if left < length:
            assert model.position_at(often.head, moment(max(looks))) == left
            break
        left -= length
    else:
        assert often.head.current is None


_ACTS = st.one_of(
    st.tuples(st.just("vote"), st.sampled_from([ADA, BOB, EVE]), st.integers(0, 7), st.integers(-1, 1)),
    st.tuples(st.just("move"), st.integers(0, 7), st.none() | st.integers(0, 7)),
    st.tuples(st.just("remove"), st.integers(0, 7)),
    st.tuples(st.just("jump"), st.integers(0, 7)),
    st.tuples(st.just("next"), st.integers(0, 7)),
    st.tuples(st.just("seek"), st.integers(0, 7), _ms),
    st.tuples(st.just("play")),
    st.tuples(st.just("pause")),
)


def entry(number: int) -> UUID:
    return UUID(int=100 + number)


def act(on: Room, what: tuple[object, ...], now: datetime) -> None:
    match what:
        case ("vote", UUID() as person, int() as number, int() as value):
            on.vote(person, entry(number), value)
        case ("move", int() as number, after):
            on.move(entry(number), None if after is None else entry(int(str(after))))
        case ("remove", int() as number):
            on.remove(entry(number), now)
        case ("jump", int() as number):
            on.jump(entry(number), now)
        case ("next", int() as number):
            on.go_on_from(entry(number), now)
        case ("seek", int() as number, int() as position):
            on.seek(entry(number), position, now)
        case ("play",):
            on.play(now)
        case ("pause",):
            on.pause(now)


@given(_lengths, st.lists(st.tuples(st.integers(0, 900), _ACTS), max_size=20), st.booleans())
def test_whatever_is_done_the_room_makes_sense(
    lengths: list[int], acts: list[tuple[int, tuple[object, ...]]], by_votes: bool
) -> None:
    on, now = room(lengths, by_votes=by_votes), BEGAN
    for passed, what in acts:
        now += timedelta(milliseconds=passed)
        on.settle(now)
        before = on.current
        act(on, what, now)
        current = on.current
        assert (current is None) == (on.head.current is None)
        assert current is None or not current.played
        assert on.head.at <= now + model.LEAD
        assert current is None or 0 <= on.head.position_ms <= current.duration_ms
        assert all(value in (-1, 1) and key[0] in on.entries for key, value in on.votes.items())
        scores = {one.id: sum(v for key, v in on.votes.items() if key[0] == one.id) for one in on.coming}
        keys = [(-scores[one.id] if by_votes else 0, one.rank) for one in on.coming]
        assert keys == sorted(keys)
        assert len(set(keys)) == len(keys)
        if what[0] in ("vote", "move"):
            assert before == current


@given(st.lists(st.integers(-1, 1), min_size=6, max_size=6))
def test_ties_go_to_the_older(votes: list[int]) -> None:
    """The order of the votes is that of a stable sort by their sum."""
    on = room([10] * 6)
    for number, value in enumerate(votes):
        on.vote(ADA, entry(number), value)
    assert [one.id for one in on.coming] == [entry(n) for n in sorted(range(6), key=lambda n: -votes[n])]


def test_a_place_in_the_line_is_behind_what_is_named() -> None:
    on = room([10] * 5, by_votes=False)
    on.jump(entry(2), BEGAN)
    on.move(entry(4), entry(2))
    assert [one.id for one in on.coming] == [entry(n) for n in (4, 0, 1, 3)]
    on.move(entry(0), entry(3))
    assert [one.id for one in on.coming] == [entry(n) for n in (4, 1, 3, 0)]


def test_who_is_host_when_the_host_goes() -> None:
    on = room([])
    assert [on.members[one].role for one in (ADA, BOB, EVE)] == ["host", "listener", "listener"]
    on.members[EVE] = replace(on.members[EVE], role="co_host", joined_at=moment(5))
    on.leave(ADA, moment(10))
    assert on.members[EVE].role == "host"
    on.members[BOB] = replace(on.members[BOB], removed=True)
    assert model.heir(on.members.values(), moment(10)) is None
    assert model.skip_needed(on.members.values(), moment(10)) == 1
