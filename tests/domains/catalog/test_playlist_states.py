"""The history of a playlist: what was changed of it, and going back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from antiphon.domains.catalog.model_playlist_states import SITTING, changed_since
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out
from tests.support.answers import refused, rows, unchanged
from tests.support.archives import exported, opened, records
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good

Settle = Callable[[], Awaitable[None]]


async def _entries(by: Person, playlist: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = good(await by.get(f"/playlists/{playlist}/entries"))["items"]
    return items


async def _titles(by: Person, playlist: str) -> list[str]:
    return [entry["track"]["title"] for entry in await _entries(by, playlist)]


async def _history(by: Person, playlist: str, **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = good(await by.get(f"/playlists/{playlist}/history", params=asked))
    return found


async def test_a_playlist_goes_back_to_what_it_was(
    make: Maker, house: House, clock: FrozenClock, settle: Settle
) -> None:
    ada, bob = await make.person(), await make.person()
    artist = await make.artist(ada)
    tracks = [(await make.track(ada, artist, title=title))["id"] for title in ("A", "B", "C")]
    new = {"name": "Mine", "track_ids": tracks[:2], "visibility": "public"}
    playlist = good(await ada.post("/playlists", json=new))["id"]
    path = f"/playlists/{playlist}"
    assert (await _history(ada, playlist))["items"] == []
    first = await _entries(ada, playlist)
    good(await ada.post(f"{path}/entries", json={"track_ids": [tracks[2]]}))
    good(await ada.post(f"{path}/entries/remove", json={"entry_ids": [first[0]["id"]]}))  # the same sitting
    clock.move(SITTING + timedelta(seconds=1))
    b, c = await _entries(ada, playlist)
    good(await ada.post(f"{path}/entries/move", json={"entry_ids": [c["id"]], "before": b["id"]}))
    good(await ada.put(path, json={"name": "Ours", "comment": "New"}))
    page = await _history(ada, playlist, limit=1)
    [moved], [begun] = page["items"], (await _history(ada, playlist, cursor=page["next"]))["items"]
    assert [moved[name] for name in ("name", "track_count", "added", "removed", "moved", "renamed")] == [
        "Mine", 2, 0, 0, 1, True,
    ]  # fmt: skip
    assert [begun[name] for name in ("track_count", "added", "removed", "moved", "renamed")] == [2, 1, 1, 0, False]
    assert begun["changed_by"]["id"] == ada.id
    restore = f"{path}/history/{begun['id']}/restore"
    async with unchanged(house.db, "catalog"):
        for refusal in (await bob.get(f"{path}/history"), await bob.post(restore)):
            assert refused(refusal) == (403, "not_your_playlist")
        stale = await ada.post(restore, headers={"If-Match": '"v1"'})
        assert stale.status_code == 412
    assert good(await ada.post(restore))["name"] == "Mine"
    assert await _entries(ada, playlist) == first, "the very entries, with their times"
    [undone, *_] = (await _history(ada, playlist))["items"]
    assert (undone["name"], undone["added"], undone["removed"]) == ("Ours", 1, 1)
    good(await ada.post(f"{path}/history/{undone['id']}/restore"))
    assert await _titles(ada, playlist) == ["C", "B"]
    nothing = out(Kind.PLAYLIST_STATE, new_uuid())
    assert refused(await ada.post(f"{path}/history/{nothing}/restore"))[0] == 404
    assert (await ada.delete(f"/content/{tracks[2]}")).status_code == 204
    past = records(await opened(ada, await exported(ada, settle)), "playlist_states")
    assert {one["playlist_id"] for one in past} == {playlist}
    assert [one["name"] for one in past] == ["Mine", "Mine", "Ours", "Mine"][: len(past)]
    assert [track["title"] for track in past[0]["tracks"]] == ["A", "B"]
    assert [(track["title"], track["track_id"]) for track in past[1]["tracks"]] == [("B", tracks[1]), ("", tracks[2])]
    assert all(one["changed_by_you"] for one in past)


async def test_going_back_follows_merges_and_leaves_out_what_is_gone(
    make: Maker, house: House, clock: FrozenClock
) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    one, other, gone = [(await make.track(ada, artist, title=title))["id"] for title in ("A", "A too", "B")]
    playlist = good(await ada.post("/playlists", json={"name": "Mine", "track_ids": [one, gone]}))["id"]
    good(await ada.put(f"/playlists/{playlist}/entries", json={"track_ids": [other]}))
    good(await ada.post(f"/tracks/{one}/merge", json={"into": other}))
    assert (await ada.delete(f"/content/{gone}")).status_code == 204
    [state] = (await _history(ada, playlist))["items"]
    good(await ada.post(f"/playlists/{playlist}/history/{state['id']}/restore"))
    assert await _titles(ada, playlist) == ["A too"]
    async with house.db.system() as uow:
        columns = "playlist_id, owner_id, name, comment, entry_ids, track_ids, added_at, changed_at"
        more = f"INSERT INTO catalog.playlist_states ({columns}) SELECT {columns} FROM catalog.playlist_states"
        for _ in range(7):
            await uow.conn.execute(text(more))
    good(await ada.post(f"/playlists/{playlist}/history/{state['id']}/restore"))  # the oldest of them
    clock.move(SITTING + timedelta(seconds=1))
    good(await ada.put(f"/playlists/{playlist}", json={"comment": "New"}))
    assert (await rows(house.db, "SELECT count(*) FROM catalog.playlist_states"))[0][0] == 100


ids = st.lists(st.integers(0, 12).map(lambda n: UUID(int=n)), unique=True, max_size=12)


@given(ids, ids)
def test_what_changed_is_counted_alike_from_both_ends(before: list[UUID], after: list[UUID]) -> None:
    added, removed, moved = changed_since(before, after)
    assert (removed, added, moved) == changed_since(after, before)
    assert len(before) + added - removed == len(after)
    if not added and not removed and not moved:
        assert before == after
