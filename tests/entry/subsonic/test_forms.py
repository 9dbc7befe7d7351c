"""XML says what JSON says: attributes, elements and texts, for every answer that reads."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from antiphon.entry.subsonic.failures import Failed
from antiphon.entry.subsonic.render import Renderer
from tests.entry.subsonic.conftest import App
from tests.entry.subsonic.music import Library

NAMESPACE = "{http://subsonic.org/restapi}"
TEXT_ELEMENTS = {"artistInfo", "artistInfo2", "albumInfo"}
_READS: list[tuple[str, dict[str, Any]]] = [
    ("ping", {}),
    ("getLicense", {}),
    ("getOpenSubsonicExtensions", {}),
    ("tokenInfo", {}),
    ("getMusicFolders", {}),
    ("getIndexes", {}),
    ("getMusicDirectory", {"id": "folder"}),
    ("getGenres", {}),
    ("getArtists", {}),
    ("getArtist", {"id": "artist"}),
    ("getAlbum", {"id": "album"}),
    ("getSong", {"id": "song"}),
    ("getVideos", {}),
    ("getArtistInfo", {"id": "artist"}),
    ("getArtistInfo2", {"id": "artist"}),
    ("getAlbumInfo", {"id": "album"}),
    ("getAlbumInfo2", {"id": "album"}),
    ("getTopSongs", {"artist": "The Lanterns"}),
    ("getAlbumList", {"type": "newest"}),
    ("getAlbumList2", {"type": "alphabeticalByArtist"}),
    ("getSongsByGenre", {"genre": "Rock"}),
    ("search", {"any": "pier"}),
    ("search2", {"query": "harbour"}),
    ("search3", {"query": ""}),
    ("getLyrics", {"artist": "Nobody", "title": "Nothing"}),
    ("getLyricsBySongId", {"id": "song"}),
    ("getPodcasts", {}),
    ("getNewestPodcasts", {}),
    ("getUser", {"username": "me"}),
    ("getUsers", {}),
    ("getScanStatus", {}),
]


def _plain(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(NAMESPACE)


def differences(name: str, said: dict[str, Any], element: ElementTree.Element) -> list[str]:
    """Where an element does not say what an object of JSON says. Written from the reference, not from the renderer."""
    found: list[str] = []
    attributes = dict(element.attrib)
    children = [_plain(child) for child in element]
    for member, value in said.items():
        below = [child for child in element if _plain(child) == member]
        if isinstance(value, list):
            if len(below) != len(value):
                found.append(f"{name}.{member}: {len(below)} elements for {len(value)}")
            for one, child in zip(value, below, strict=False):
                found += differences(member, one, child) if isinstance(one, dict) else _text(member, one, child.text)
        elif isinstance(value, dict):
            found += differences(member, value, below[0]) if len(below) == 1 else [f"{name}.{member}: no element"]
        elif name in TEXT_ELEMENTS:
            found += _text(member, value, below[0].text)
        elif member == "value":
            found += _text(f"{name}.value", value, element.text)
        else:
            found += _text(f"{name}.{member}", value, attributes.pop(member, None))
    extra = [*attributes, *(set(children) - said.keys())]
    return found + [f"{name}: {one} is only in XML" for one in extra]


def _text(name: str, value: Any, text: str | None) -> list[str]:
    wanted = str(value).lower() if isinstance(value, bool) else str(value)
    return [] if (text or "") == wanted else [f"{name}: {text!r} for {wanted!r}"]


@pytest.fixture
def things(app: App, music: Library) -> dict[str, str]:
    return {
        "folder": music.folders["The Lanterns/Harbour"],
        "artist": music.artists["The Lanterns"],
        "album": music.albums["Harbour"],
        "song": music.songs["Pier"],
        "me": app.person.handle,
    }


async def test_every_answer_is_the_same_in_xml(app: App, things: dict[str, str]) -> None:
    """Quirks 4, 5 and 20; each answer in JSON is held against the document of OpenSubsonic as well."""
    for method, given in _READS:
        asked = {name: things.get(value, value) for name, value in given.items()}
        said = await app.whole(method, **asked)
        answer = await app.get(method, f="xml", **asked)
        assert answer.headers["content-type"].startswith("text/xml")
        root = ElementTree.fromstring(answer.text)
        assert root.tag == f"{NAMESPACE}subsonic-response"
        assert differences(method, said, root) == [], method


def test_what_xml_cannot_say_is_left_out_and_the_rest_escaped() -> None:
    renderer = Renderer("1.0.0")
    said = renderer.answer({"song": {"title": 'a<b & "c"\x00\x1f\n', "value": "x<y"}}, "xml")
    [song] = ElementTree.fromstring(said)
    assert (song.get("title"), song.text) == ('a<b & "c"\n', "x<y")
    failed = ElementTree.fromstring(renderer.failure(Failed(70, "Nothing."), "xml"))
    assert (failed.get("status"), failed[0].attrib) == ("failed", {"code": "70", "message": "Nothing."})


def test_a_single_entry_is_a_list_and_a_number_a_number() -> None:
    """Quirks 17 and 20."""
    said = Renderer("1.0.0").answer({"genres": {"genre": [{"value": "Rock", "songCount": 1}]}}, "json")
    assert said.endswith(b'"genres":{"genre":[{"value":"Rock","songCount":1}]}}}')
