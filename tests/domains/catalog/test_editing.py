"""Every field of artists, albums and tracks; the history of edits, and taking them back, one or many."""

from __future__ import annotations

from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from antiphon.domains.catalog.model_changes import MOST_AT_ONCE
from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import facts, pointers, refused, rows, unchanged
from tests.support.people import Maker, Person, good
from tests.support.queries import queries

ID = "f27ec8db-af05-4f36-916e-3d57f91ecf5e"
TRACK: dict[str, Any] = {
    "title": "Song", "sort_title": "Song, The", "version_title": "live", "description": "d", "explicit": True,
    "moods": ["calm"], "tags": ["night", "b-side"], "mbid": ID, "disc_number": 2, "disc_title": "Night",
    "track_number": 7, "year": 1999, "isrc": "NLA320012345", "bpm": 120.5, "musical_key": "F# minor", "language": "en",
    "work": "Symphony", "movement": "Adagio", "comment": "c\nd", "copyright": "2020 Own",
}  # fmt: skip
ALBUM: dict[str, Any] = {
    "title": "First", "sort_title": "First, The", "description": "d", "explicit": True, "moods": ["calm"],
    "tags": ["night"], "mbid": ID, "album_kind": "soundtrack", "edition": "Deluxe", "disc_titles": {"1": "Day"},
    "release_date": "2024-05-01", "release_precision": "month", "original_date": "1999-01-01",
    "original_precision": "year", "label": "Own", "catalog_number": "OWN 1", "upc": "036000291452",
    "compilation": True, "territories": ["DE", "NL"], "release_group_mbid": ID,
}  # fmt: skip
ARTIST: dict[str, Any] = {
    "name": "The Choir", "bio": "b", "sort_name": "Choir", "artist_kind": "choir", "disambiguation": "of Delft",
    "mbid": ID, "links": [{"url": "https://choir.example/", "name": "Home"}],
    "aliases": [{"name": "Chor", "language": "de"}, {"name": "Koor", "language": None}],
}  # fmt: skip


async def _admin(make: Maker, house: House) -> Person:
    person = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "admin")
    refresh = {"refresh_token": person.tokens["refresh_token"]}
    person.tokens = good(await make.http.post("/api/v1/auth/refresh", json=refresh))["tokens"]
    return person


async def test_every_field_is_written_and_shown(make: Maker, house: House) -> None:
    ada = await make.person()
    artist, guest = await make.artist(ada), await make.artist(ada, "Guest")
    album = await make.album(ada, artist)
    track = await make.track(ada, artist, published=False)
    for path, change in (
        (f"/content/{track['id']}", TRACK),
        (f"/albums/{album['id']}", ALBUM),
        (f"/artists/{artist['id']}", ARTIST),
    ):
        changed = good(await ada.put(path, json=change))
        assert {name: changed[name] for name in change} == change
        shown = good(await ada.get(path))
        assert shown == changed
        edits = good(await ada.get(f"/content/{path.rsplit('/', 1)[1]}/history"))["items"]
        assert [edit["action"] for edit in edits] == ["edit"]
        assert edits[0]["edited_by"] == ada.id
    credited = [
        {"artist_id": artist["id"], "credited_as": "Choir", "joined_by": " feat. "},
        {"artist_id": guest["id"]},
    ]
    for path in (f"/content/{track['id']}", f"/albums/{album['id']}"):
        shown = good(await ada.put(path, json={"artists": credited}))
        assert shown["artists"] == [
            {"id": artist["id"], "name": "Choir", "joined_by": " feat. "},
            {"id": guest["id"], "name": "Guest", "joined_by": ""},
        ]
        swapped = good(await ada.put(path, json={"artists": list(reversed(credited))}))
        assert [entry["name"] for entry in swapped["artists"]] == ["Guest", "Choir"]
        assert swapped["artist"]["id"] == guest["id"]
    members = [{"artist_id": guest["id"], "role": "alto", "since_year": 1990, "until_year": None}]
    group = good(await ada.put(f"/artists/{artist['id']}", json={"members": members}))
    assert group["members"] == [
        {"artist": {"id": guest["id"], "name": "Guest"}, "role": "alto", "since_year": 1990, "until_year": None}
    ]
    assert good(await ada.get(f"/artists/{guest['id']}"))["member_of"][0]["artist"]["id"] == artist["id"]
    found = await rows(house.db, "SELECT title, sort_key FROM catalog.albums")
    assert [tuple(row) for row in found] == [("First", "first, the")]


async def test_what_does_not_fit_is_refused_where_it_stands(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    artist, others = await make.artist(ada), await make.artist(eve, "Other")
    track = await make.track(ada, artist, published=False)
    album = await make.album(ada, artist)
    nobody = out(Kind.ARTIST, new_uuid())
    own = {"artist_id": artist["id"]}
    async with unchanged(house.db):
        for path, change, at in (
            (f"/content/{track['id']}", {"bpm": 0}, "/bpm"),
            (f"/content/{track['id']}", {"language": "English"}, "/language"),
            (f"/content/{track['id']}", {"mbid": "x"}, "/mbid"),
            (f"/content/{track['id']}", {"artists": []}, "/artists"),
            (f"/content/{track['id']}", {"artists": [own, {"artist_id": nobody}]}, "/artists/1/artist_id"),
            (f"/content/{track['id']}", {"artists": [own, {"artist_id": "x"}]}, "/artists/1/artist_id"),
            (f"/content/{track['id']}", {"artists": [own, own]}, "/artists/1/artist_id"),
            (f"/content/{track['id']}", {"artists": [own | {"credited_as": " "}]}, "/artists/0/credited_as"),
            (f"/content/{track['id']}", {"territories": ["Germany"]}, "/territories/0"),
            (f"/albums/{album['id']}", {"territories": ["de"]}, "/territories/0"),
            (f"/albums/{album['id']}", {"release_precision": "week"}, "/release_precision"),
            (f"/albums/{album['id']}", {"bpm": 120}, "/bpm"),
            (f"/albums/{album['id']}", {"disc_titles": {"0": "x"}}, "/disc_titles"),
            (f"/artists/{artist['id']}", {"artist_kind": "duo"}, "/artist_kind"),
            (f"/artists/{artist['id']}", {"links": [{"url": "javascript:x"}]}, "/links/0/url"),
            (f"/artists/{artist['id']}", {"aliases": [{"name": "\u0000"}]}, "/aliases/0/name"),
            (f"/artists/{artist['id']}", {"members": [own]}, "/members/0/artist_id"),
        ):
            assert pointers(await ada.put(path, json=change)) == {at}, change
        for path in (f"/content/{track['id']}", f"/artists/{artist['id']}"):
            assert refused(await ada.put(path, json={"colour": "red"})) == (422, "invalid_input")
        foreign = {"artists": [{"artist_id": others["id"]}]}
        assert refused(await ada.put(f"/content/{track['id']}", json=foreign)) == (403, "not_manager")


async def test_an_edit_is_taken_back_unless_a_later_one_touched_the_same(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    track = await make.track(ada, artist, published=False)
    path = f"/content/{track['id']}"
    for change in ({"title": "A", "album_id": album["id"]}, {"title": "B"}, {"year": 2000, "genres": ["Jazz"]}):
        good(await ada.put(path, json=change))
    version = good(await ada.put(path, json={"year": 2000}))["version"]
    edits = good(await ada.get(f"{path}/history"))["items"]
    assert [sorted(edit["after"]) for edit in edits] == [["genres", "year"], ["title"], ["album_id", "title"]]
    assert edits[2]["before"] == {"album_id": None, "title": "Song"}
    async with unchanged(house.db):
        overtaken = await ada.post(f"/edits/{edits[2]['id']}/undo")
        assert refused(overtaken) == (409, "edit_overtaken")
        assert overtaken.json()["fields"] == ["title"]
        assert refused(await eve.post(f"/edits/{edits[1]['id']}/undo")) == (404, "edit_not_found")
        assert refused(await eve.get(f"{path}/history")) == (404, "content_not_found")
        assert refused(await ada.post(f"/edits/{out(Kind.EDIT, new_uuid())}/undo")) == (404, "edit_not_found")
    moved = await facts(house.db, "catalog.track_moved")
    for edit in edits[1:]:
        made = good(await ada.post(f"/edits/{edit['id']}/undo"))
        assert [entry["undoes"] for entry in made] == [edit["id"]]  # type: ignore[index]
    again = await ada.post(f"/edits/{edits[1]['id']}/undo")
    assert refused(again) == (409, "edit_overtaken")
    now = good(await ada.get(path))
    assert (now["title"], now["album"], now["year"], now["version"]) == ("Song", None, 2000, version + 2)
    assert await facts(house.db, "catalog.track_moved") == moved + 1
    listed = good(await ada.get(f"{path}/history", params={"limit": 2}))
    assert [edit["action"] for edit in listed["items"]] == ["undo", "undo"]
    rest = good(await ada.get(f"{path}/history", params={"cursor": listed["next"]}))["items"]
    assert [edit["undone"] for edit in rest] == [False, True, True]
    assert (await ada.delete(path)).status_code == 204
    assert await rows(house.db, "SELECT id FROM catalog.edits") == []


async def test_what_an_undo_would_bring_back_may_be_gone(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    track = await make.track(ada, artist, published=False, album_id=album["id"])
    good(await ada.put(f"/content/{track['id']}", json={"album_id": None}))
    assert (await ada.delete(f"/albums/{album['id']}")).status_code == 204
    edit = good(await ada.get(f"/content/{track['id']}/history"))["items"][0]
    async with unchanged(house.db):
        assert refused(await ada.post(f"/edits/{edit['id']}/undo")) == (409, "edit_overtaken")


async def test_many_are_changed_at_once_or_none(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    artist = await make.artist(ada)
    tracks = [await make.track(ada, artist, published=False, title=f"T{number}") for number in range(3)]
    foreign = await make.track(eve, await make.artist(eve, "Other"))
    ids = [track["id"] for track in tracks]
    change = {"genres": ["Jazz"], "year": 1970}
    async with unchanged(house.db):
        mixed = await ada.post("/tracks/bulk", json={"ids": [*ids, foreign["id"], "trk_x"], "change": change})
        assert refused(mixed) == (422, "bulk_refused")
        assert {(item["id"], item["code"]) for item in mixed.json()["items"]} == {
            (foreign["id"], "not_manager"),
            ("trk_x", "not_found"),
        }
        assert pointers(await ada.post("/tracks/bulk", json={"ids": ids, "change": {"label": "x"}})) == {"/label"}
        assert pointers(await ada.post("/tracks/bulk", json={"ids": [], "change": {}})) == {"/ids"}
        many = ["trk_x"] * (MOST_AT_ONCE + 1)
        assert pointers(await ada.post("/tracks/bulk", json={"ids": many, "change": {}})) == {"/ids"}
    done = good(await ada.post("/tracks/bulk", json={"ids": [*ids, ids[0]], "change": change}))
    assert sorted(done["changed"]) == sorted(ids)
    edit = good(await ada.get(f"/content/{ids[0]}/history"))["items"][0]
    assert edit["batch"] == done["batch"]
    undone = await ada.post(f"/edits/{edit['id']}/undo", params={"whole_batch": True})
    assert len(undone.json()) == 3
    for each in ids:
        shown = good(await ada.get(f"/tracks/{each}"))
        assert (shown["year"], shown["genres"], shown["version"]) == (None, [], 3)
    album = await make.album(ada, artist)
    bulk = {"ids": [album["id"]], "change": {"label": "Own"}}
    assert good(await ada.post("/albums/bulk", json=bulk))["changed"] == [album["id"]]
    assert good(await ada.post("/albums/bulk", json=bulk)) == {"batch": None, "changed": []}


async def test_many_get_words_and_lose_some_and_it_is_told_before(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    artist = await make.artist(ada)
    one = await make.track(ada, artist, published=False, title="One")
    two = await make.track(ada, artist, published=False, title="Two")
    for track, genres in ((one, ["Jazz", "Blues"]), (two, ["Folk"])):
        good(await ada.put(f"/content/{track['id']}", json={"genres": genres}))
    foreign = await make.track(eve, await make.artist(eve, "Other"))
    words: dict[str, Any] = {"change": {}, "add": {"genres": ["Folk"]}, "remove": {"genres": ["jazz"]}}
    asked = {"ids": [one["id"], two["id"]], **words}
    async with unchanged(house.db):
        told = good(await ada.post("/tracks/bulk/preview", json=asked))
        mixed = good(await ada.post("/tracks/bulk/preview", json={**asked, "ids": [one["id"], foreign["id"], "trk_x"]}))
        assert pointers(await ada.post("/albums/bulk/preview", json=asked | {"ids": ["alb_x"]})) == {"/genres"}
    expected = {"id": one["id"], "before": {"genres": ["Blues", "Jazz"]}, "after": {"genres": ["Blues", "Folk"]}}
    assert told == {"differences": [expected], "problems": []}
    assert [problem["code"] for problem in mixed["problems"]] == ["not_manager", "not_found"]
    assert good(await ada.post("/tracks/bulk", json=asked))["changed"] == [one["id"]]
    shown = [good(await ada.get(f"/tracks/{each['id']}"))["genres"] for each in (one, two)]
    assert [[genre["name"] for genre in genres] for genres in shown] == [["Blues", "Folk"], ["Folk"]]


_EDITS = st.lists(
    st.one_of(
        st.fixed_dictionaries({"title": st.sampled_from(["A", "B", "Ça"])}),
        st.fixed_dictionaries({"bpm": st.one_of(st.none(), st.floats(1, 999))}),
        st.fixed_dictionaries({"genres": st.lists(st.sampled_from(["Jazz", "Folk", "jazz"]), max_size=3)}),
        st.fixed_dictionaries(
            {"moods": st.lists(st.sampled_from(["calm", "Dark"]), max_size=3), "year": st.just(2001)}
        ),
        st.fixed_dictionaries(
            {"credits": st.lists(st.just({"name": "Ada", "role": "voice", "artist_id": None}), max_size=2)}
        ),
        st.just({"artists": "swap"}),
    ),
    max_size=6,
)


@settings(max_examples=10, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=_EDITS)
async def test_whatever_was_edited_comes_back(make: Maker, edits: list[dict[str, Any]]) -> None:
    ada = await make.person()
    artists = [await make.artist(ada), await make.artist(ada, "Second")]
    track = await make.track(ada, artists[0], published=False)
    path = f"/content/{track['id']}"
    start = good(await ada.get(path))
    for edit in edits:
        swaps = edit == {"artists": "swap"}
        if swaps:
            artists.reverse()
        credited = {"artists": [{"artist_id": artist["id"]} for artist in artists]}
        good(await ada.put(path, json=credited if swaps else edit))
    for entry in good(await ada.get(f"{path}/history"))["items"]:
        assert (await ada.post(f"/edits/{entry['id']}/undo")).status_code == 200, entry
    assert good(await ada.get(path)) | {"version": 0} == start | {"version": 0}


async def test_genres_are_a_tree_that_admins_keep(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, admin = await make.person(), await _admin(make, house)
    artist = await make.artist(ada)
    track = await make.track(ada, artist)
    good(await ada.put(f"/content/{track['id']}", json={"genres": ["Hip-Hop", "Boom Bap"]}))
    assert refused(await ada.post("/genres", json={"name": "X"})) == (403, "permission_missing")

    async def named() -> dict[str, Any]:
        found: dict[str, Any] = {}

        def walk(nodes: list[dict[str, Any]], above: str | None) -> None:
            for node in nodes:
                found[node["name"]] = node | {"above": above}
                walk(node["children"], node["name"])

        walk((await http.get("/api/v1/genres/tree")).json(), None)
        return found

    tree = await named()
    wide, narrow = tree["Hip-Hop"]["id"], tree["Boom Bap"]["id"]
    change = {"parent_id": wide, "aliases": ["BoomBap", "boombap"]}
    assert (await admin.put(f"/genres/{narrow}", json=change)).status_code == 200
    assert (await admin.put(f"/genres/{wide}", json={"name": "Hip Hop"})).status_code == 200
    tree = await named()
    assert (tree["Boom Bap"]["above"], tree["Boom Bap"]["aliases"]) == ("Hip Hop", ["BoomBap"])
    assert tree["Hip Hop"]["aliases"] == ["Hip-Hop"]
    async with unchanged(house.db):
        assert pointers(await admin.put(f"/genres/{wide}", json={"parent_id": narrow})) == {"/parent_id"}
        assert pointers(await admin.put(f"/genres/{wide}", json={"parent_id": wide})) == {"/parent_id"}
        assert pointers(await admin.put(f"/genres/{wide}", json={"name": "BOOMBAP"})) == {"/name"}
        assert pointers(await admin.post("/genres", json={"name": "hip-hop"})) == {"/name"}
        assert pointers(await admin.post(f"/genres/{wide}/merge", json={"into": narrow})) == {"/into"}
    good(await ada.put(f"/content/{track['id']}", json={"genres": ["boombap", "HIP-HOP"]}))
    shown = good(await ada.get(f"/tracks/{track['id']}"))
    assert sorted(genre["name"] for genre in shown["genres"]) == ["Boom Bap", "Hip Hop"]
    edits = good(await admin.get(f"/content/{wide}/history"))["items"]
    assert (await admin.post(f"/edits/{edits[0]['id']}/undo")).status_code == 200
    assert "Hip-Hop" in await named()
    merged = await admin.post(f"/genres/{narrow}/merge", json={"into": wide})
    assert [node["name"] for node in merged.json()] == ["Hip-Hop"]
    assert merged.json()[0]["aliases"] == ["Boom Bap", "BoomBap"]
    good(await ada.put(f"/content/{track['id']}", json={"genres": ["Boom Bap"]}))
    assert [genre["id"] for genre in good(await ada.get(f"/tracks/{track['id']}"))["genres"]] == [wide]


async def test_thousands_change_at_once_and_back_in_few_statements(make: Maker, house: House) -> None:
    ada = await make.person()
    artist = await make.artist(ada)
    async with house.db.system() as uow:
        made = await uow.conn.execute(
            text(
                "INSERT INTO catalog.tracks (artist_id, title, search_key, comment, status, published_at, created_at, "
                "updated_at) SELECT :artist, 'Song ' || n, 'song ' || n, CAST(n % 3 AS text), 'ready', now(), now(), "
                "now() FROM generate_series(1, :many) n RETURNING id"
            ),
            {"artist": parse(Kind.ARTIST, artist["id"]), "many": MOST_AT_ONCE},
        )
        ids = [out(Kind.TRACK, found) for found in made.scalars()]
    change = {"genres": ["Choral", "Early"], "moods": ["calm"], "comment": "1", "year": 1999}
    with queries(house.db, at_most=25):
        done = good(await ada.post("/tracks/bulk", json={"ids": ids, "change": change}))
    assert len(done["changed"]) == MOST_AT_ONCE
    assert [(genre["name"], genre["tracks"]) for genre in good(await ada.get("/genres"))["items"]] == [
        ("Choral", MOST_AT_ONCE),
        ("Early", MOST_AT_ONCE),
    ]
    again = good(await ada.post("/tracks/bulk", json={"ids": ids, "change": change}))
    assert again == {"batch": None, "changed": []}
    assert pointers(await ada.post("/tracks/bulk", json={"ids": ids, "change": {"title": "One"}})) == {"/ids"}
    edit = good(await ada.get(f"/content/{ids[0]}/history"))["items"][0]
    assert sorted(edit["after"]) == ["genres", "moods", "year"]  # its comment was "1" before
    with queries(house.db, at_most=25):
        undone = good(await ada.post(f"/edits/{edit['id']}/undo", params={"whole_batch": True}))
    assert len(undone) == MOST_AT_ONCE
    left = await rows(house.db, "SELECT DISTINCT comment, year, moods FROM catalog.tracks ORDER BY comment")
    assert [tuple(row) for row in left] == [("0", None, []), ("1", None, []), ("2", None, [])]
    assert good(await ada.get("/genres"))["items"] == []
    assert refused(await ada.post(f"/edits/{edit['id']}/undo", params={"whole_batch": True})) == (409, "edit_overtaken")
