"""Lyrics through HTTP: written, taken from files, given out, and seen with their track."""

from __future__ import annotations

from typing import Any

import httpx
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.answers import pointers, refused, unchanged
from tests.support.people import Maker, good

API = "/api/v1"
WORDS: dict[str, Any] = {
    "lines": [
        {
            "text": "",
            "start_ms": 1000,
            "words": [{"text": "So ", "start_ms": 1000}, {"text": "far", "start_ms": 1500, "end_ms": 1900}],
            "agent": "v1",
        },
        {"text": " away\u0000 ", "start_ms": 2000},
    ],
    "agents": [{"id": "v1", "role": "main", "name": "Ada"}],
}


async def test_lyrics_are_written_language_by_language(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada = await make.person()
    track = await make.track(ada, await make.artist(ada))
    path = f"/tracks/{track['id']}/lyrics"
    assert good(await ada.get(path)) == []
    made = await ada.put(f"{path}/EN", json=WORDS)
    assert (made.json()["language"], made.json()["synced"], made.headers["etag"]) == ("en", True, '"v1"')
    assert [line["text"] for line in made.json()["lines"]] == ["So far", "away"]
    plain = {"lines": [{"text": "Loin"}, {"text": ""}, {"text": "d'ici"}]}
    good(await ada.put(f"{path}/fr", params={"text_kind": "translation"}, json=plain))
    found = (await http.get(API + path)).json()
    assert [(one["language"], one["text_kind"], one["synced"], one["editable"]) for one in found] == [
        ("en", "main", True, False), ("fr", "translation", False, False)
    ]  # fmt: skip
    changed = await ada.put(f"{path}/en", json={"lines": [{"text": "New"}]}, headers={"If-Match": '"v1"'})
    assert (changed.json()["version"], changed.json()["synced"]) == (2, False)
    async with unchanged(house.db):
        late = await ada.put(f"{path}/en", json={"lines": [{"text": "Late"}]}, headers={"If-Match": '"v1"'})
        assert refused(late) == (412, "version_conflict")
        nothing = await ada.put(f"{path}/de", json={"lines": [{"text": "x"}]}, headers={"If-Match": '"v1"'})
        assert refused(nothing) == (412, "version_conflict")
        for language, body, at in (
            ("english", WORDS, {"/language"}),
            ("en", {"lines": [{"text": "b", "start_ms": 5}, {"text": "a", "start_ms": 1}]}, {"/lines/1/start_ms"}),
            ("en", {"lines": [{"text": " "}]}, {"/lines"}),
            ("en", {"lines": [{"text": "a", "agent": "v9"}]}, {"/lines/0/agent"}),
            ("en", {"lines": [{"text": "a", "words": [{"text": "a", "start_ms": 1}]}]}, {"/lines/0/words"}),
            ("en", {"lines": [{"text": "a", "start_ms": -1}]}, {"/lines/0/start_ms"}),
        ):
            assert pointers(await ada.put(f"{path}/{language}", json=body)) == at
    assert (await ada.delete(f"{path}/fr", params={"text_kind": "translation"})).status_code == 204
    assert refused(await ada.delete(f"{path}/fr")) == (404, "lyrics_not_found")


async def test_files_come_in_and_go_out(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    track = await make.track(ada, await make.artist(ada))
    path = f"/tracks/{track['id']}/lyrics"
    ttml = (
        b'<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><body><div><p begin="1s">One</p></div>'
        b'<div xml:lang="de"><p begin="1s">Eins</p></div></body></tt>'
    )
    taken = good(await ada.post(f"{path}/file", content=ttml))  # type: ignore[var-annotated]
    assert [(one["language"], one["source"]) for one in taken] == [("en", "ttml"), ("de", "ttml")]
    latin = "[00:01.00]\u00e9t\u00e9".encode("latin-1")
    good(await ada.post(f"{path}/file", params={"language": "fr"}, content=latin))
    assert (await http.get(f"{API}{path}/file", params={"language": "fr"})).text == "[lang:fr]\n[00:01.00]été\n"
    as_srt = await http.get(f"{API}{path}/file", params={"language": "de", "format": "srt"})
    assert as_srt.text == "1\n00:00:01,000 --> 00:00:06,000\nEins\n"
    assert as_srt.headers["content-disposition"].endswith('.srt"')
    assert refused(await http.get(f"{API}{path}/file", params={"language": "ja"})) == (404, "lyrics_not_found")
    assert refused(await ada.post(f"{path}/file", content=b"")) == (422, "bad_lyrics")
    trap = b'<!DOCTYPE tt [<!ENTITY a "b">]><tt/>'
    assert refused(await ada.post(f"{path}/file", content=trap)) == (422, "bad_lyrics")
    assert (await ada.post(f"{path}/file", content=b"x" * (1 << 20) + b"xx")).status_code == 413


async def test_lyrics_are_seen_and_changed_with_their_track(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    track = await make.track(ada, await make.artist(ada), published=False)
    path = f"/tracks/{track['id']}/lyrics"
    good(await ada.put(f"{path}/en", json={"lines": [{"text": "Secret"}]}))
    for who in (eve.get(path), http.get(API + path), eve.put(f"{path}/en", json=WORDS), eve.delete(f"{path}/en")):
        assert refused(await who) == (404, "content_not_found")
    async with house.db.unit(parse(Kind.USER, eve.id)) as uow:
        assert (await uow.conn.execute(text("SELECT count(*) FROM catalog.lyrics"))).scalar_one() == 0
    good(await ada.post(f"/content/{track['id']}/publish"))
    async with unchanged(house.db):
        assert refused(await eve.put(f"{path}/en", json=WORDS)) == (403, "not_manager")
        assert refused(await eve.post(f"{path}/file", content=b"x")) == (403, "not_manager")
        assert refused(await eve.delete(f"{path}/en")) == (403, "not_manager")
    async with house.db.system() as uow:
        told = await uow.conn.execute(text("SELECT count(*) FROM catalog.changes WHERE kind = 'lyrics'"))
        assert told.scalar_one() == 1
    await ada.delete(f"/content/{track['id']}")
    async with house.db.system() as uow:
        assert (await uow.conn.execute(text("SELECT count(*) FROM catalog.lyrics"))).scalar_one() == 0
