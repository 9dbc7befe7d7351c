"""What is written is what is read afterwards, in every dialect; all else of the file stays."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import mutagen
import pytest
from hypothesis import given
from hypothesis import strategies as st

from antiphon.adapters.tags.local import LocalTagReaders
from antiphon.adapters.tags.reading import _line, read_file
from antiphon.adapters.tags.writing import write_file
from tests.contracts.tags.test_dialects import DIALECTS, IDS
from tests.support.collection import sound_file

ASKED: dict[str, list[str]] = {
    "title": ["Ære & Жар"], "titlesort": ["Aere"], "artist": ["Ö feat. D"], "artists": ["Ö", "D"],
    "album": ["Days"], "albumartist": ["E"], "albumartists": ["E"], "genre": ["Folk", "Noise"], "mood": ["calm"],
    "tracknumber": ["7"], "discnumber": ["2"], "discsubtitle": ["Night"], "date": ["2003-04-05"],
    "originaldate": ["1998"], "isrc": ["USABC1234567"], "bpm": ["121"], "key": ["Am"], "language": ["deu"],
    "comment": ["said"], "copyright": ["us"], "label": ["Own"], "catalognumber": ["O-1"], "barcode": ["4006381333931"],
    "compilation": [], "composer": ["Bach", "Mozart"], "producer": ["P"], "work": ["W"], "movementname": ["M"],
    "musicbrainztrackid": [IDS[0]], "musicbrainzalbumid": [IDS[1]], "musicbrainzartistid": [],
    "releasetype": ["live"], "itunesadvisory": ["1"], "albumsort": ["Days, the"],
}  # fmt: skip


def _holds(path: Path, *, number: str | None) -> None:
    read = read_file(str(path))
    assert (read.title, read.sort_title, read.artist, read.artists) == ("Ære & Жар", "Aere", "Ö feat. D", ("Ö", "D"))
    assert (read.album, read.album_artists, read.genres, read.moods) == ("Days", ("E",), ("Folk", "Noise"), ("calm",))
    assert (read.track_number, read.disc_number, read.disc_title) == (7, 2, "Night")
    assert (read.date, read.original_date, read.isrc) == ("2003-04-05", "1998", "USABC1234567")
    assert (read.bpm, read.musical_key, read.language, read.comment) == (121.0, "Am", "deu", "said")
    assert (read.copyright, read.label, read.catalog_number, read.barcode) == ("us", "Own", "O-1", "4006381333931")
    assert (read.compilation, read.work, read.movement, read.explicit) == (False, "W", "M", True)
    assert set(read.credits) == {("composer", "Bach"), ("composer", "Mozart"), ("producer", "P")}
    assert (str(read.recording_mbid), str(read.release_mbid), read.artist_mbids) == (IDS[0], IDS[1], ())
    assert (read.kinds, read.sort_album) == (("live",), "Days, the")
    if number is not None:
        assert str(mutagen.File(path).tags[number]).startswith(("7/9", "[(7, 9)", "['7"))


@pytest.mark.parametrize("dialect", [*DIALECTS, "wav", "aiff"])
def test_every_dialect_is_written_and_read_back(dialect: str, tmp_path: Path) -> None:
    made = DIALECTS[dialect](tmp_path) if dialect in DIALECTS else sound_file(tmp_path / f"a.{dialect}")
    before = read_file(str(made))
    assert write_file(str(made), ASKED) is None
    _holds(made, number={"id3v2.3": "TRCK", "id3v2.4": "TRCK", "mp4": "trkn"}.get(dialect))
    assert write_file(str(made), ASKED) is None, "twice is once"
    _holds(made, number=None)
    after = read_file(str(made))
    assert (after.track_gain, after.duration_ms, after.codec) == (before.track_gain, before.duration_ms, before.codec)
    assert write_file(str(made), {name: [] for name in ASKED}) is None
    bare = read_file(str(made))
    assert (bare.title, bare.artists, bare.credits, bare.genres) == (None, (), (), ())
    assert bare.track_gain == before.track_gain, "what nobody asked about stays"
    assert [file.name for file in tmp_path.iterdir()] == [made.name]


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).map(str.strip).filter(bool)


@given(
    title=TEXT.filter(lambda text: not set(text) & set(";/\\")),
    number=st.integers(1, 99),
    suffix=st.sampled_from(["mp3", "flac", "m4a", "opus"]),
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, title: str, number: int, suffix: str
) -> None:
    path = sound_file(tmp_path_factory.getbasetemp() / f"property.{suffix}", genre="Kept")
    asked = {"title": [title], "tracknumber": [str(number)]}
    assert write_file(str(path), asked) is None
    read = read_file(str(path))
    assert (read.title, read.track_number, read.genres) == (_line(title) or None, number, ("Kept",))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(("name", "body"), [("a.mp3", b""), ("a.flac", b"fLaC" + bytes(9)), ("a.txt", b"words")])
def test_what_holds_no_tags_stays_as_it_is(tmp_path: Path, name: str, body: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    assert write_file(str(path), {"title": ["x"]}) in ("damaged", "not_audio")
    assert path.read_bytes() == body
    assert os.listdir(tmp_path) == [name]


def test_a_file_that_somebody_else_wrote_meanwhile_is_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sound_file(tmp_path / "a.flac", title="before")
    real = os.fsync

    def somebody_else(descriptor: int) -> None:
        real(descriptor)
        sound_file(path, title="theirs")

    monkeypatch.setattr(os, "fsync", somebody_else)
    assert write_file(str(path), {"title": ["mine"]}) == "changed"
    assert read_file(str(path)).title == "theirs"
    assert [file.name for file in tmp_path.iterdir()] == ["a.flac"]


def test_a_server_that_dies_while_it_writes_leaves_the_file_whole(tmp_path: Path) -> None:
    """Killed with the copy beside it half written; the next try takes that away."""
    path = sound_file(tmp_path / "a.flac", title="before")
    digest = _digest(path)
    program = (
        "import os, sys; from antiphon.adapters.tags import writing\n"
        "writing._write = lambda beside, wanted: (open(beside, 'wb').write(b'half'), os.kill(os.getpid(), 9))\n"
        "writing.write_file(sys.argv[1], {'title': ['after']})"
    )
    assert subprocess.run([sys.executable, "-c", program, str(path)], check=False).returncode == -9
    assert _digest(path) == digest
    assert len(list(tmp_path.iterdir())) == 2
    assert write_file(str(path), {"title": ["after"]}) is None
    assert read_file(str(path)).title == "after"
    assert [file.name for file in tmp_path.iterdir()] == ["a.flac"]


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_says_so(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "a.flac", title="before")
    tmp_path.chmod(0o500)
    try:
        assert write_file(str(path), {"title": ["after"]}) == "no_permission"
    finally:
        tmp_path.chmod(0o700)
    assert read_file(str(path)).title == "before"


async def test_children_write_and_read(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "a.ogg", title="before")
    readers: Any = LocalTagReaders(concurrency=1)
    try:
        assert await readers.write(str(path), {"title": ["after"], "genre": ["A", "B"]}) is None
        (read,) = await readers.read([str(path)])
        assert (read.title, read.genres) == ("after", ("A", "B"))
        assert await readers.write(str(tmp_path / "none.ogg"), {"title": ["x"]}) == "unreadable"
    finally:
        await readers.close()
