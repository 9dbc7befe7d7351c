"""Who may do what in the catalogue, and that a refusal leaves no trace."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from antiphon.adapters.codecs.fake import fake_picture
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, out
from tests.support.answers import refused, unchanged
from tests.support.people import Maker, Person

API = "/api/v1"


async def _works(make: Maker, ada: Person, *, published: bool) -> dict[str, str]:
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    track = await make.track(ada, artist, published=False, album_id=album["id"])
    if published:
        assert (await ada.post(f"/albums/{album['id']}/publish")).status_code == 200
    return {"artist": artist["id"], "album": album["id"], "track": track["id"]}


def _writes(ids: dict[str, str]) -> list[tuple[str, str, str, dict[str, Any]]]:
    """(what it is about, method, path, request)."""
    named, picture = {"json": {"title": "Stolen"}}, {"content": fake_picture()}
    artist, album, track = ids["artist"], ids["album"], ids["track"]
    return [
        ("artist", "PUT", f"/artists/{artist}", {"json": {"name": "Stolen"}}),
        ("artist", "PUT", f"/artists/{artist}/image", picture),
        ("artist", "DELETE", f"/artists/{artist}", {}),
        ("artist", "POST", "/albums", {"json": {"artist_id": artist, "title": "Planted"}}),
        ("album", "PUT", f"/albums/{album}", named),
        ("album", "PUT", f"/content/{album}", named),
        ("album", "PUT", f"/albums/{album}/cover", picture),
        ("album", "PUT", f"/content/{album}/cover", picture),
        ("album", "POST", f"/albums/{album}/publish", {}),
        ("album", "POST", f"/content/{album}/publish", {}),
        ("album", "DELETE", f"/albums/{album}", {"params": {"with_tracks": True}}),
        ("album", "DELETE", f"/content/{album}", {}),
        ("track", "PUT", f"/content/{track}", named),
        ("track", "PUT", f"/content/{track}/cover", picture),
        ("track", "POST", f"/content/{track}/publish", {}),
        ("track", "POST", f"/content/{track}/unpublish", {}),
        ("track", "DELETE", f"/content/{track}", {}),
    ]


@pytest.mark.parametrize("published", [False, True])
async def test_strangers_change_nothing(make: Maker, house: House, published: bool) -> None:
    ada, eve = await make.person(), await make.person()
    ids = await _works(make, ada, published=published)
    hidden = {"artist": (403, "not_manager"), "album": (404, "album_not_found"), "track": (404, "content_not_found")}
    for about, method, path, request in _writes(ids):
        expected = (403, "not_manager") if published else hidden[about]
        async with unchanged(house.db):
            assert refused(await eve.ask(method, path, **request)) == expected, (method, path)


async def test_guests_and_false_tokens_change_nothing(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ids = await _works(make, await make.person(), published=True)
    writes = [*_writes(ids), ("artist", "POST", "/artists", {"json": {"name": "Planted"}})]
    async with unchanged(house.db):
        for _, method, path, request in writes:
            answer = await http.request(method, API + path, **request)
            assert refused(answer) == (401, "unauthenticated"), (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
            for token in ("Bearer nonsense", "Bearer ", "Basic YTpi", "Bearer " + "e30." * 3):
                answer = await http.request(method, API + path, headers={"Authorization": token}, **request)
                assert refused(answer) == (401, "unauthenticated"), (method, path, token)


async def test_a_false_token_is_refused_where_none_is_needed(make: Maker, http: httpx.AsyncClient) -> None:
    ids = await _works(make, await make.person(), published=True)
    for path in ("/artists", "/albums", "/tracks", "/content/discover", "/search?q=a", f"/content/{ids['track']}"):
        answer = await http.get(API + path, headers={"Authorization": "Bearer nonsense"})
        assert refused(answer) == (401, "unauthenticated"), path
        assert "invalid_token" in answer.headers["www-authenticate"]
        assert (await http.get(API + path)).status_code == 200


async def test_drafts_are_seen_by_managers_alone(make: Maker, http: httpx.AsyncClient) -> None:
    ada, eve = await make.person(), await make.person()
    ids = await _works(make, ada, published=False)
    album, track = ids["album"], ids["track"]
    for path, code in (
        (f"/albums/{album}", "album_not_found"),
        (f"/content/{album}", "album_not_found"),
        (f"/tracks/{track}", "content_not_found"),
        (f"/content/{track}", "content_not_found"),
    ):
        assert (await ada.get(path)).json()["editable"]
        assert refused(await eve.get(path)) == (404, code)
        assert refused(await http.get(API + path)) == (404, code)
    for path in ("/albums", "/tracks", "/artists"):
        for who in (ada, eve):
            assert (await who.get(path)).json()["items"] == []
        assert (await eve.get(path, params={"mine": True})).json()["items"] == []
        assert (await http.get(API + path, params={"mine": True})).json()["items"] == []
        assert len((await ada.get(path, params={"mine": True})).json()["items"]) == 1


async def test_a_draft_album_does_not_show_through_its_published_track(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    ids = await _works(make, ada, published=False)
    assert (await ada.post(f"/content/{ids['track']}/publish")).status_code == 200
    assert (await http.get(f"{API}/content/{ids['track']}")).json()["album"] is None
    assert (await ada.get(f"/content/{ids['track']}")).json()["album"]["id"] == ids["album"]


async def test_unknown_ids_are_not_found(make: Maker, house: House) -> None:
    ada = await make.person()
    nobody = {kind: out(kind, new_uuid()) for kind in (Kind.ARTIST, Kind.ALBUM, Kind.TRACK)}
    unknown = {"artist": nobody[Kind.ARTIST], "album": nobody[Kind.ALBUM], "track": nobody[Kind.TRACK]}
    codes = {"artist": "artist_not_found", "album": "album_not_found", "track": "content_not_found"}
    async with unchanged(house.db):
        for about, method, path, request in _writes(unknown):
            assert refused(await ada.ask(method, path, **request)) == (404, codes[about]), (method, path)
        for path, code in (
            (f"/artists/{unknown['artist']}", "artist_not_found"),
            (f"/albums/{unknown['album']}", "album_not_found"),
            (f"/content/{unknown['album']}", "album_not_found"),
            (f"/tracks/{unknown['track']}", "content_not_found"),
            (f"/content/{unknown['track']}", "content_not_found"),
        ):
            assert refused(await ada.get(path)) == (404, code)


async def test_what_is_no_id_is_not_found(make: Maker, house: House) -> None:
    ada = await make.person()
    async with unchanged(house.db):
        for text in ("x", "trk_", "trk_" + "0" * 26, "trk_gé" + "0" * 24, "usr_x", "%00", "a b"):
            for _, method, path, request in _writes({"artist": text, "album": text, "track": text}):
                assert refused(await ada.ask(method, path, **request)) == (404, "not_found"), (method, path)
            for folder in ("artists", "albums", "tracks", "content"):
                assert refused(await ada.get(f"/{folder}/{text}")) == (404, "not_found")
            for name in ("artist_id", "genre_id"):
                assert refused(await ada.get("/tracks", params={name: text})) == (404, "not_found")
