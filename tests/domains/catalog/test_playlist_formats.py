"""Playlist files of every kind: what is written is read again, and nothing that anybody sends breaks the reader."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.domains.catalog.matching import Candidate, match, title_keys
from antiphon.domains.catalog.playlist_formats import PlaylistFile, PlaylistFormat, PlaylistItem
from antiphon.domains.catalog.playlist_formats.formats import read_playlist, write_playlist
from antiphon.domains.catalog.text_files import BadFile, for_xml
from antiphon.kit.text import clean
from tests.support.samples import samples_folder

SAMPLES = samples_folder()
names = st.text(max_size=20).map(lambda text: clean(for_xml(text)).replace(" - ", " "))
paths = st.text(min_size=1, max_size=20).map(
    lambda text: "a/" + clean(for_xml(text)).replace("\\", "/").strip() + ".mp3"
)
seconds = st.none() | st.integers(1, 100_000)


@st.composite
def lists(draw: st.DrawFn, whole: bool = True) -> PlaylistFile:
    """`whole`: with everything that XSPF can say; else what M3U can."""
    items = draw(
        st.lists(
            st.builds(
                PlaylistItem,
                location=paths.filter(lambda path: "://" not in path),
                title=names.filter(bool).map(lambda name: name.strip("- ") or "x"),
                artist=names.map(lambda name: name.strip("- ")),
                album=names,
                duration_ms=seconds.map(lambda s: None if s is None else s * 1000),
                isrc=st.just("NLA320012345") if whole else st.just(""),
            ),
            min_size=1,
            max_size=6,
        )
    )
    return PlaylistFile(title=draw(names), items=items)


@given(lists(), st.sampled_from(["xspf", "jspf"]))
def test_xspf_and_jspf_say_everything(playlist: PlaylistFile, kind: PlaylistFormat) -> None:
    assert read_playlist(write_playlist(playlist, kind).encode()) == (kind, playlist)


@given(lists(whole=False))
def test_m3u_comes_back(playlist: PlaylistFile) -> None:
    assert read_playlist(write_playlist(playlist, "m3u8").encode()) == ("m3u8", playlist)


@given(lists(whole=False))
def test_pls_comes_back_without_albums(playlist: PlaylistFile) -> None:
    _, found = read_playlist(write_playlist(playlist, "pls").encode())
    assert found.title == playlist.title
    assert [(i.location, i.title, i.artist, i.duration_ms) for i in found.items] == [
        (i.location, i.title, i.artist, i.duration_ms) for i in playlist.items
    ]


@given(
    st.binary(max_size=300) | st.text(alphabet='#EXTINF:-1,.{}[]<>playlist"\n=/\\File12 ', max_size=200).map(str.encode)
)
def test_whatever_comes_is_a_playlist_or_refused(data: bytes) -> None:
    try:
        _, found = read_playlist(data)
    except BadFile:
        return
    for kind in ("m3u8", "pls", "xspf", "jspf"):
        write_playlist(found, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "trap",
    [
        b"",
        b"#EXTM3U\n",
        b'<!DOCTYPE playlist [<!ENTITY x SYSTEM "file:///etc/passwd">]><playlist><trackList><track/></trackList></playlist>',
        b"<html><body>no playlist</body></html>",
        b"{" * 100_000,
        b'{"playlist": {"track": "none"}}',
        b"[playlist]\nNumberOfEntries=0\n",
        b"a.mp3\n" * 5_001,
    ],
)
def test_traps_are_refused(trap: bytes) -> None:
    with pytest.raises(BadFile):
        read_playlist(trap)


def test_windows_paths_attributes_and_files_as_urls() -> None:
    text = (
        '\ufeff#EXTM3U\r\n#PLAYLIST:Road\r\n#EXTINF:123 tvg-id="x, y" group="z",Ada - Song, with comma\r\n'
        "C:\\Music\\Ada\\Song.mp3\r\n# note\r\nfile:///m/01%20Two.ogg\r\nhttp://example.org/a%20b.mp3\r\n"
    )
    _, found = read_playlist(text.encode())
    assert found.title == "Road"
    assert found.items == [
        PlaylistItem(location="C:/Music/Ada/Song.mp3", title="Song, with comma", artist="Ada", duration_ms=123_000),
        PlaylistItem(location="/m/01 Two.ogg"),
        PlaylistItem(location="http://example.org/a%20b.mp3"),
    ]


@pytest.mark.skipif(SAMPLES is None, reason="no sample collection: set ANTIPHON_SAMPLES")
@pytest.mark.parametrize(
    ("name", "title", "locations"),
    [
        ("mopidy/tests__data__encoding-ext.m3u", "", ["æøå.mp3"]),
        ("mopidy/tests__data__two-ext.m3u", "", ["song1.mp3", "song2.mp3"]),
        ("navidrome/tests__fixtures__playlists__cr-ended.m3u", "", ["abc.mp3", "def.mp3"]),
        ("navidrome/tests__fixtures__playlists__bom-test-utf16.m3u", "UTF-16 Test Playlist", ["test.mp3"]),
        ("navidrome/tests__fixtures__playlists__bom-test.m3u", "Test Playlist", ["test.mp3"]),
        ("navidrome/tests__fixtures__playlists__pls-with-name.m3u", "playlist 1",
         ["tests/fixtures/test.mp3", "tests/fixtures/test.ogg", "/tests/fixtures/01 Invisible (RED) Edit Version.mp3"]),
    ],
)  # fmt: skip
def test_real_files(name: str, title: str, locations: list[str]) -> None:
    assert SAMPLES is not None
    _, found = read_playlist((SAMPLES / "formats" / name).read_bytes())
    assert (found.title, [item.location for item in found.items]) == (title, locations)


def _candidate(number: int, title: str, artist: str, path: str = "", ms: int | None = 200_000) -> Candidate:
    return Candidate(UUID(int=number), title, artist, ms, None, path)


def test_how_sure_a_match_is() -> None:
    ours = [
        _candidate(1, "paranoid", "black sabbath", "Black Sabbath/Paranoid/02 Paranoid.flac"),
        _candidate(2, "paranoid", "grand funk railroad", "Grand Funk/Grand Funk/05 Paranoid.flac", 470_000),
    ]
    by_name = PlaylistItem(title="Paranoid (2012 Remaster)", artist="Black Sabbath", duration_ms=201_000)
    by_path = PlaylistItem(location="D:/mp3/Black Sabbath/Paranoid/02 Paranoid.flac")
    encoded = PlaylistItem(location="../Black%20Sabbath/Paranoid/02%20Paranoid.flac")
    for item in (by_name, by_path, encoded):
        assert match(item, ours).candidates[0] == UUID(int=1), item
    assert (match(by_path, ours).sureness, match(encoded, ours).sureness) == ("sure", "sure")
    alone = PlaylistItem(title="Paranoid")
    assert match(alone, ours).sureness == "likely"
    assert match(PlaylistItem(title="Paranoid", artist="Somebody Else"), ours).sureness == "none"
    assert match(PlaylistItem(title="Iron Man"), ours).candidates == []


def test_titles_are_found_in_file_names() -> None:
    assert title_keys(PlaylistItem(location="x/03 - Björk - Jóga.mp3")) == ["joga"]
    assert title_keys(PlaylistItem(title="Song [Live]")) == ["song [live]", "song"]
