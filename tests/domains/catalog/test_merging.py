"""Merging and splitting: nothing that points at a work is lost, and nothing points at what is gone."""

from __future__ import annotations

from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.archives import heard
from tests.support.audio import png
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good

# A column that may hold the id of an artist, an album or a track: by its foreign key, or by how it is called.
_POINTERS = """
    SELECT format('%s.%s.%s', n.nspname, c.relname, a.attname) AS name, format_type(a.atttypid, NULL) AS type
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'public')
      AND format_type(a.atttypid, NULL) IN ('uuid', 'uuid[]')
      AND (a.attname ~ '(^|_)(track|album|artist|work|content|item|subject|group|member|target)s?(_ids?)?$'
           OR a.attname = 'merged_into'
           OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'
               AND a.attnum = ANY (k.conkey) AND k.confrelid IN (
                   'catalog.artists'::regclass, 'catalog.albums'::regclass, 'catalog.tracks'::regclass)))
"""
# Who moves it when an artist, an album or a track becomes another.
_MOVED = {
    "catalog.store.merging": {
        "catalog.albums.artist_id", "catalog.tracks.artist_id", "catalog.tracks.album_id",
        "catalog.album_artists.artist_id", "catalog.track_artists.artist_id", "catalog.track_credits.artist_id",
        "catalog.artist_members.group_id", "catalog.artist_members.member_id", "catalog.artist_aliases.artist_id",
        "catalog.artist_managers.artist_id", "catalog.album_artists.album_id",
    },
    "catalog.store.redirects": {"catalog.redirects.target"},
    "triggers of the catalogue": {"catalog.artist_counts.artist_id", "catalog.album_genres.album_id"},
    "media.move_artist, media.move_album": {
        "media.pictures.merged_into", "media.uploads.artist_id", "media.uploads.album_id",
    },
    "catalog.store.merging.tracks": {"catalog.playlist_entries.track_id", "catalog.tracks.merged_into"},
    "playback.follow_merge": {"playback.heard_albums.album_id"},
    "playback.follow_track": {
        "playback.bookmarks.track_id", "playback.heard_tracks.track_id", "playback.jam_entries.track_id",
        "playback.now_playing.track_id",
        "playback.plays.track_id", "playback.queue_entries.track_id", "playback.scrobbles.track_id",
        "playback.sessions.track_id",
    },
    "social.move_artist, social.move_album, social.move_track": {
        "social.likes.work_id", "social.pre_saves.work_id", "social.ratings.work_id", "social.share_items.work_id",
    },
}  # fmt: skip
_ITS_OWN = "a track that became another keeps it, out of sight, until that goes or the merge is undone"
_EXEMPT = {
    **dict.fromkeys(
        (
            "catalog.track_artists.track_id", "catalog.track_credits.track_id", "catalog.track_files.track_id",
            "catalog.track_genres.track_id", "catalog.track_processing.track_id", "media.analyses.track_id",
            "media.library_files.track_id", "media.measures.track_id", "media.renditions.track_id",
            "media.sources.track_id", "media.uploads.track_id",
        ),
        _ITS_OWN,
    ),
    "catalog.track_stats.track_id": "counted anew from the plays; zeros stay",
    "catalog.lyrics.track_id": "moved where the other has none in the language, else kept out of sight",
    "media.pictures.subject": "kept for what it was, so that a merge can be undone",
    "social.work_stats.work_id": "counted by the triggers of likes and ratings; zeros stay of what is gone",
    "catalog.playlist_states.track_ids": "what was; going back to it follows the redirect",
    "catalog.edits.subject": "history is of what was; that of the other shows it through the redirect",
    "identity.audit_log.subject_id": "it names people",
    "identity.imported.target": "it says what came out of an archive, so that it comes but once",
    "kit.facts.subject": "what happened stays as it happened",
    "kit.deliveries.subject": "goes with the facts that are handled",
}  # fmt: skip


async def _pointers(db: Database) -> dict[str, str]:
    return {row.name: row.type for row in await rows(db, _POINTERS)}


async def test_whatever_points_at_a_work_is_moved_or_excused(db: Database) -> None:
    moved = set().union(*_MOVED.values())
    assert not moved & _EXEMPT.keys()
    assert set(await _pointers(db)) == moved | _EXEMPT.keys()


async def _left_behind(db: Database, old: str, kind: Kind) -> set[str]:
    """Columns that still hold the id, but for those that are excused."""
    found = set()
    for name, type_ in (await _pointers(db)).items():
        table, column = name.rsplit(".", 1)
        held = f":id = ANY ({column})" if type_ == "uuid[]" else f"{column} = :id"
        count = f"SELECT count(*) FROM {table} WHERE {held}"
        if name not in _EXEMPT and (await rows(db, count, id=parse(kind, old)))[0][0]:
            found.add(name)
    return found


async def _loved(make: Maker, by: Person, fan: Person, name: str, clock: FrozenClock, number: int) -> dict[str, Any]:
    """An artist with a picture, an album and a track, all liked, rated and heard."""
    artist = await make.artist(by, name)
    album = await make.album(by, artist, f"Of {name}")
    track = await make.track(by, artist, album_id=album["id"], title=f"By {name}")
    good(await by.post(f"/albums/{album['id']}/publish"))
    image = {"content": png(600, 600, (10, 120, 200)), "headers": {"Content-Type": "image/png"}}
    good(await by.put(f"/artists/{artist['id']}/image", **image))
    good(await by.put(f"/albums/{album['id']}/cover", **image))
    credits = [{"name": name, "role": "voice", "artist_id": artist["id"]}]
    good(await by.put(f"/content/{track['id']}", json={"credits": credits, "genres": [name]}))
    for thing in (artist, album, track):
        assert (await fan.put(f"/social/likes/{thing['id']}")).status_code < 300
        assert (await fan.put(f"/social/ratings/{thing['id']}", json={"rating": number + 2})).status_code < 300
    await heard(fan, track, clock, number)
    await make.settle()
    return {"artist": artist, "album": album, "track": track}


async def test_nothing_is_lost_when_two_become_one(
    make: Maker, http: httpx.AsyncClient, house: House, clock: FrozenClock
) -> None:
    ada, fan = await make.person(), await make.person()
    one, two = [await _loved(make, ada, fan, name, clock, n) for n, name in enumerate(("Choir", "The Choir"), 1)]
    guest = await make.artist(ada, "Guest")
    both = [{"artist_id": entry["artist"]["id"]} for entry in (two, one)] + [{"artist_id": guest["id"]}]
    good(await ada.put(f"/content/{two['track']['id']}", json={"artists": both}))
    members = [{"artist_id": guest["id"]}, {"artist_id": two["artist"]["id"]}]
    good(await ada.put(f"/artists/{one['artist']['id']}", json={"members": members, "aliases": [{"name": "Chor"}]}))
    old, new = one["artist"]["id"], two["artist"]["id"]
    merged = good(await ada.post(f"/artists/{old}/merge", json={"into": new}))
    await make.settle()
    assert (merged["stats"]["albums"], merged["stats"]["tracks"], merged["stats"]["plays"]) == (2, 2, 2)
    assert [alias["name"] for alias in merged["aliases"]] == ["Choir", "Chor"]
    assert [entry["artist"]["id"] for entry in merged["members"]] == [guest["id"]]
    assert await _left_behind(house.db, old, Kind.ARTIST) == set()
    for path in (f"/artists/{old}",):
        moved = await http.get(f"/api/v1{path}")
        assert refused(moved) == (308, "moved")
        assert moved.headers["location"] == f"/api/v1/artists/{new}"
    old, new = one["album"]["id"], two["album"]["id"]
    album = good(await ada.post(f"/albums/{old}/merge", json={"into": new}))
    await make.settle()
    assert {track["id"] for track in album["tracks"]} == {one["track"]["id"], two["track"]["id"]}
    assert await _left_behind(house.db, old, Kind.ALBUM) == set()
    assert (await http.get(f"/api/v1/content/{old}")).headers["location"] == f"/api/v1/content/{new}"
    likes = await rows(house.db, "SELECT kind, count(*) FROM social.likes GROUP BY kind ORDER BY kind")
    assert [tuple(row) for row in likes] == [("album", 1), ("artist", 1), ("track", 2)]
    ratings = await rows(house.db, "SELECT kind, rating FROM social.ratings ORDER BY kind, rating")
    assert [tuple(row) for row in ratings] == [("album", 4), ("artist", 4), ("track", 3), ("track", 4)]
    counted = await rows(house.db, "SELECT plays FROM playback.heard_albums")
    assert [tuple(row) for row in counted] == [(2,)]
    history = good(await ada.get(f"/content/{new}/history"))["items"]
    merge = next(edit for edit in history if edit["action"] == "merge")
    assert merge["before"]["merged"]["title"] == "Of Choir"
    undone = good(await ada.post(f"/edits/{merge['id']}/undo"))
    assert [edit["undoes"] for edit in undone] == [merge["id"]]
    assert refused(await ada.post(f"/edits/{merge['id']}/undo")) == (409, "edit_overtaken")
    assert refused(await ada.post(f"/edits/{undone[0]['id']}/undo")) == (409, "edit_final")


async def test_not_every_two_become_one(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    one, two, others = await make.artist(ada, "A"), await make.artist(ada, "B"), await make.artist(eve, "C")
    album, draft, foreign = (
        await make.album(ada, one), await make.album(ada, two, "Draft"), await make.album(eve, others)
    )  # fmt: skip
    await make.track(ada, one, album_id=album["id"])
    good(await ada.post(f"/albums/{album['id']}/publish"))
    async with house.db.system() as uow:
        waiting = "UPDATE catalog.artists SET approval = 'waiting', approval_asked_at = now() WHERE id = :id"
        await uow.conn.execute(text(waiting), {"id": parse(Kind.ARTIST, two["id"])})
    nobody = out(Kind.ARTIST, new_uuid())
    async with unchanged(house.db):
        for path, into, answer in (
            (f"/artists/{one['id']}/merge", one["id"], (409, "cannot_merge")),
            (f"/artists/{one['id']}/merge", nobody, (404, "artist_not_found")),
            (f"/artists/{one['id']}/merge", others["id"], (403, "not_manager")),
            (f"/artists/{others['id']}/merge", one["id"], (403, "not_manager")),
            (f"/artists/{one['id']}/merge", two["id"], (409, "artist_not_approved")),
            (f"/albums/{album['id']}/merge", album["id"], (409, "cannot_merge")),
            (f"/albums/{album['id']}/merge", draft["id"], (409, "cannot_merge")),
            (f"/albums/{album['id']}/merge", foreign["id"], (404, "album_not_found")),
        ):
            assert refused(await ada.post(path, json={"into": into})) == answer, (path, into)


async def test_one_becomes_two_and_one_again(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    tracks = [await make.track(ada, artist, album_id=album["id"], title=f"T{number}") for number in range(3)]
    good(await ada.post(f"/albums/{album['id']}/publish"))
    ids = [track["id"] for track in tracks]
    made = good(await ada.post(f"/albums/{album['id']}/split", json={"track_ids": ids[:2], "title": "Second"}))
    assert (made["title"], made["published"], {track["id"] for track in made["tracks"]}) == (
        "Second",
        True,
        set(ids[:2]),
    )
    assert [track["id"] for track in good(await ada.get(f"/albums/{album['id']}"))["tracks"]] == ids[2:]
    counts = await rows(house.db, "SELECT track_count FROM catalog.albums ORDER BY id")
    assert [row.track_count for row in counts] == [1, 2]
    async with unchanged(house.db):
        again = await ada.post(f"/albums/{album['id']}/split", json={"track_ids": ids[:1], "title": "Third"})
        assert pointers(again) == {"/track_ids/0"}
    edit = good(await ada.get(f"/content/{ids[0]}/history"))["items"][0]
    undone = await ada.post(f"/edits/{edit['id']}/undo", params={"whole_batch": True})
    assert len(undone.json()) == 2
    split = {"name": "Other Choir", "album_ids": [album["id"]]}
    other = good(await ada.post(f"/artists/{artist['id']}/split", json=split))
    assert (other["stats"]["albums"], other["stats"]["tracks"], other["editable"]) == (1, 3, True)
    async with unchanged(house.db):
        foreign = await ada.post(f"/artists/{artist['id']}/split", json=split)
        assert refused(foreign) == (404, "content_not_found")


_SUMS = """
    SELECT (SELECT coalesce(sum(plays), 0) FROM catalog.track_stats), (SELECT sum(track_count) FROM catalog.albums),
           (SELECT sum(duration_ms) FROM catalog.albums),
           (SELECT count(*) FROM catalog.albums b WHERE b.track_count <> (SELECT count(*) FROM catalog.tracks t
            WHERE t.album_id = b.id AND t.published_at IS NOT NULL)),
           (SELECT count(*) FROM catalog.artists a WHERE coalesce((SELECT sum(albums) FROM catalog.artist_counts c
            WHERE c.artist_id = a.id), 0) <> (SELECT count(*) FROM catalog.album_artists x JOIN catalog.albums b
            ON b.id = x.album_id WHERE x.artist_id = a.id AND b.published_at IS NOT NULL))
"""
_MAKE = (
    "INSERT INTO catalog.albums (artist_id, title, search_key, sort_key, published_at, created_at, updated_at) "
    "SELECT :artist, 't', 't', 't', CASE WHEN n > 1 THEN now() END, now(), now() FROM generate_series(1, 3) n",
    "INSERT INTO catalog.tracks (artist_id, album_id, title, search_key, duration_ms, status, published_at, "
    "created_at, updated_at) SELECT :artist, id, 't', 't', 1000, 'ready', published_at, now(), now() "
    "FROM catalog.albums WHERE artist_id = :artist",
    "INSERT INTO catalog.track_stats (track_id, plays) SELECT id, 3 FROM catalog.tracks WHERE artist_id = :artist",
    "INSERT INTO catalog.album_artists (album_id, position, artist_id) SELECT b.id, 1, a.id FROM catalog.albums b "
    "JOIN catalog.artists a ON a.id <> b.artist_id ON CONFLICT DO NOTHING",
)


@settings(max_examples=6, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(3)))
async def test_sums_stay_exact(make: Maker, house: House, order: list[int]) -> None:
    ada = await make.person()
    artists = [await make.artist(ada, f"N{number}") for number in range(3)]
    async with house.db.system() as uow:
        for artist in artists:
            for statement in _MAKE:
                used = {"artist": parse(Kind.ARTIST, artist["id"])} if ":artist" in statement else {}
                await uow.conn.execute(text(statement), used)
    before = (await rows(house.db, _SUMS))[0]
    assert tuple(before[3:]) == (0, 0)
    for gone in order[:2]:
        good(await ada.post(f"/artists/{artists[gone]['id']}/merge", json={"into": artists[order[2]]["id"]}))
        assert tuple((await rows(house.db, _SUMS))[0]) == tuple(before)


# Everything that a merge may touch, but for what counts edits, when they were made, and what was said of them.
_WORLD = {
    "catalog": "albums tracks artists album_artists track_artists track_credits track_genres album_genres "
    "artist_counts genre_counts artist_members artist_aliases artist_managers redirects lyrics "
    "playlist_entries playlists",
    "social": "likes ratings share_items",
    "playback": "plays sessions scrobbles bookmarks queues heard_tracks heard_albums",
    "media": "pictures",
}
_PASSING = {"version", "updated_at", "merged", "revision"}


async def _world(db: Database) -> dict[str, list[str]]:
    found = {}
    for schema, tables in _WORLD.items():
        for table in tables.split():
            dumped = await rows(
                db,
                f"SELECT to_jsonb(x) - CAST(:passing AS text[]) AS row FROM {schema}.{table} x",
                passing=sorted(_PASSING),
            )
            found[f"{schema}.{table}"] = sorted(str(row.row) for row in dumped)
    found["plays"] = [
        str(row)
        for row in await rows(db, "SELECT track_id, plays FROM catalog.track_stats WHERE plays > 0 ORDER BY track_id")
    ]
    found["opinions"] = [
        str(row)
        for row in await rows(
            db, "SELECT work_id, likes, rating_sum FROM social.work_stats WHERE likes + raters > 0 ORDER BY work_id"
        )
    ]
    return found


async def _entangled(make: Maker, clock: FrozenClock) -> tuple[Person, Person, list[dict[str, Any]]]:
    """Two artists whose works, names, members and listeners have to do with each other."""
    ada, fan = await make.person(), await make.person()
    made = [await _loved(make, ada, fan, name, clock, n) for n, name in enumerate(("Choir", "The Choir"), 1)]
    one, two = made
    guest = await make.artist(ada, "Guest")
    for own, other in ((one, two), (two, one)):
        lead = {"artist_id": own["artist"]["id"], "credited_as": "As it was", "joined_by": " & "}
        all_of_them = [lead, {"artist_id": other["artist"]["id"]}, {"artist_id": guest["id"]}]
        good(await ada.put(f"/content/{own['track']['id']}", json={"artists": all_of_them}))
        good(await ada.put(f"/content/{own['album']['id']}", json={"artists": all_of_them[::2]}))
    members = [{"artist_id": guest["id"]}, {"artist_id": two["artist"]["id"]}]
    good(await ada.put(f"/artists/{one['artist']['id']}", json={"members": members, "aliases": [{"name": "Chor"}]}))
    for track in (one["track"]["id"], two["track"]["id"]):
        marked = await fan.put(f"/stream/bookmarks/{track}", json={"position_ms": 7, "comment": track})
        assert marked.status_code < 300
    ids = [one["track"]["id"], two["track"]["id"], one["track"]["id"]]
    assert (await fan.put("/stream/queue", json={"content_ids": ids, "current": 2})).status_code < 300
    listed = good(await fan.post("/playlists", json={"name": "Both"}))
    good(await fan.post(f"/playlists/{listed['id']}/entries", json={"track_ids": ids}))
    good(await ada.put(f"/tracks/{one['track']['id']}/lyrics/en", json={"lines": [{"text": "La la"}]}))
    await make.settle()
    return ada, fan, made


async def _merge_edit(by: Person, content_id: str) -> str:
    edits = good(await by.get(f"/content/{content_id}/history"))["items"]
    return next(str(edit["id"]) for edit in edits if edit["action"] == "merge" and not edit["undone"])


async def test_what_was_merged_comes_apart_as_it_was(make: Maker, house: House, clock: FrozenClock) -> None:
    ada, _, (one, two) = await _entangled(make, clock)
    first = await _world(house.db)
    for order in (("artist", "album", "track"), ("track", "artist", "album"), ("album", "track", "artist")):
        before = [first]
        for kind in order:
            good(await ada.post(f"/{kind}s/{one[kind]['id']}/merge", json={"into": two[kind]["id"]}))
            await make.settle()
            before.append(await _world(house.db))
        for kind in reversed(order):
            assert before.pop() == await _world(house.db)
            good(await ada.post(f"/edits/{await _merge_edit(ada, two[kind]['id'])}/undo"))
            await make.settle()
        now = await _world(house.db)
        assert {name: (first[name], now[name]) for name in now if now[name] != first[name]} == {}


async def test_what_was_said_of_the_one_since_stays_said_of_it(make: Maker, house: House, clock: FrozenClock) -> None:
    ada, fan, (one, two) = await _entangled(make, clock)
    eve = await make.person()
    old, new = one["track"]["id"], two["track"]["id"]
    merged = good(await ada.post(f"/tracks/{old}/merge", json={"into": new}))
    await make.settle()
    assert await _left_behind(house.db, old, Kind.TRACK) == set()
    assert (merged["id"], merged["stats"]["plays"], merged["editable"]) == (new, 1, True)
    assert good(await ada.get(f"/tracks/{new}"))["stats"]["plays"] == 2
    for path in ("tracks", "content"):
        assert (await ada.get(f"/{path}/{old}")).headers["location"] == f"/api/v1/{path}/{new}"
    mine = good(await ada.get("/tracks", params={"mine": True}))["items"]
    assert old not in {track["id"] for track in mine}
    assert refused(await ada.post(f"/content/{old}/publish")) == (404, "content_not_found")
    assert (await eve.put(f"/social/likes/{new}")).status_code < 300
    assert (await fan.put(f"/social/ratings/{new}", json={"rating": 1})).status_code < 300
    await heard(eve, {"id": new}, clock, 9)
    assert (await fan.delete(f"/stream/bookmarks/{new}")).status_code == 204
    await make.settle()
    good(await ada.post(f"/edits/{await _merge_edit(ada, new)}/undo"))
    await make.settle()
    likes = await rows(
        house.db, "SELECT work_id, count(*) AS n FROM social.likes WHERE kind = 'track' GROUP BY work_id"
    )
    assert {out(Kind.TRACK, row.work_id): row.n for row in likes} == {old: 1, new: 2}
    rated = await rows(house.db, "SELECT work_id, rating FROM social.ratings WHERE kind = 'track'")
    assert {out(Kind.TRACK, row.work_id): row.rating for row in rated} == {old: 3, new: 1}
    assert await rows(house.db, "SELECT track_id FROM playback.bookmarks") == []
    plays = {track: good(await ada.get(f"/tracks/{track}"))["stats"]["plays"] for track in (old, new)}
    assert plays == {old: 1, new: 2}
    queue = good(await fan.get("/stream/queue"))["entries"]
    assert [entry["content_id"] for entry in queue] == [old, new, old]


async def test_a_merge_is_taken_back_after_what_came_later(make: Maker, house: House) -> None:
    ada = await make.person()
    a, b, c = [await make.artist(ada, name) for name in "ABC"]
    good(await ada.post(f"/artists/{a['id']}/merge", json={"into": b["id"]}))
    first = await _merge_edit(ada, b["id"])
    good(await ada.post(f"/artists/{b['id']}/merge", json={"into": c["id"]}))
    assert refused(await ada.post(f"/edits/{first}/undo")) == (409, "edit_overtaken")
    good(await ada.post(f"/edits/{await _merge_edit(ada, c['id'])}/undo"))
    assert (await ada.get(f"/artists/{a['id']}")).headers["location"].endswith(b["id"])
    good(await ada.post(f"/edits/{first}/undo"))
    assert good(await ada.get(f"/artists/{a['id']}"))["name"] == "A"
    tracks = [await make.track(ada, c, title=title) for title in ("one", "two", "three")]
    ids = [track["id"] for track in tracks]
    for gone in ids[:2]:
        good(await ada.post(f"/tracks/{gone}/merge", json={"into": ids[2]}))
    history = good(await ada.get(f"/content/{ids[2]}/history"))["items"]
    earlier = [edit["id"] for edit in history if edit["action"] == "merge"][-1]
    assert refused(await ada.post(f"/edits/{earlier}/undo")) == (409, "edit_overtaken")
    assert (await ada.delete(f"/content/{ids[2]}")).status_code == 204
    assert await rows(house.db, "SELECT id FROM catalog.tracks") == []
