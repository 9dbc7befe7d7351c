"""Tags are read alike whoever reads them, and a file that breaks its reader is one answer."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import APIC, COMM, ID3, IPLS, TALB, TCON, TDRC, TIT2, TPE1, TPOS, TRCK, TXXX, UFID, USLT
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm

from antiphon.adapters.tags import local, reading
from antiphon.adapters.tags.local import LocalTagReaders
from antiphon.adapters.tags.quick_id3 import quick_mp3
from antiphon.adapters.tags.quick_mp4 import quick_mp4
from antiphon.domains.media.ports import ReadFile
from tests.support.collection import sound_file

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sound_file(tmp_path_factory.mktemp("bodies") / "a.mp3")


@pytest.fixture
async def readers() -> AsyncIterator[LocalTagReaders]:
    made = LocalTagReaders(concurrency=2)
    yield made
    await made.close()


def _by_mutagen(path: Path) -> ReadFile:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_QUICK", {})
        return reading.read_file(str(path))


@given(
    title=TEXT, artists=st.lists(TEXT, min_size=1, max_size=3), note=TEXT,
    version=st.sampled_from([3, 4]), encoding=st.sampled_from([1, 3]), picture=st.booleans(),
)  # fmt: skip
def test_the_quick_reader_reads_what_mutagen_reads(
    body: Path, title: str, artists: list[str], note: str, version: int, encoding: int, picture: bool
) -> None:
    path = body.with_name("tagged.mp3")
    shutil.copyfile(body, path)
    tags: Any = ID3()  # type: ignore[no-untyped-call]
    for frame, value in (
        (TIT2, title), (TPE1, artists), (TALB, note), (TCON, ["17", note]), (TDRC, "2001-02-03"), (TRCK, "3/9"),
        (TPOS, "1/2"),
    ):  # fmt: skip
        tags.add(frame(encoding=encoding, text=value))
    tags.add(TXXX(encoding=encoding, desc="REPLAYGAIN_TRACK_GAIN", text="-3.5 dB"))
    tags.add(COMM(encoding=encoding, lang="eng", desc="", text=note))
    tags.add(USLT(encoding=encoding, lang="eng", desc="", text=note))
    tags.add(UFID(owner="http://musicbrainz.org", data=b"00000000-0000-4000-8000-00000000000a"))
    tags.add(IPLS(encoding=encoding, people=[["producer", note]]))
    if picture:
        tags.add(APIC(encoding=encoding, mime="image/png", type=3, desc=note, data=b"\x89PNG"))
    if version == 3:
        tags.update_to_v23()
    tags.save(path, v2_version=version, v23_sep=None)
    assert quick_mp3(str(path)) is not None
    assert reading.read_file(str(path)) == _by_mutagen(path)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sound_file(tmp_path_factory.mktemp("boxes") / "a.m4a")


@settings(max_examples=25)
@given(title=TEXT, artists=st.lists(TEXT, min_size=1, max_size=3), number=st.integers(0, 99), picture=st.booleans())
def test_the_quick_reader_of_mp4_reads_what_mutagen_reads(
    box: Path, title: str, artists: list[str], number: int, picture: bool
) -> None:
    path = box.with_name("tagged.m4a")
    shutil.copyfile(box, path)
    file: Any = MP4(path)
    file.update({"\xa9nam": [title], "\xa9ART": artists, "trkn": [(number, 99)], "disk": [(1, 2)], "tmpo": [number]})
    file["cpil"] = picture
    file["----:com.apple.iTunes:MusicBrainz Track Id"] = [MP4FreeForm(b"00000000-0000-4000-8000-00000000000a")]
    file["----:com.apple.iTunes:ARTISTS"] = [MP4FreeForm(name.encode()) for name in artists]
    if picture:
        file["covr"] = [MP4Cover(b"\x89PNG", MP4Cover.FORMAT_PNG)]
    file.save()
    assert quick_mp4(str(path)) is not None
    read = reading.read_file(str(path))
    assert read == _by_mutagen(path)
    assert (read.codec, read.channels, read.has_picture) == ("aac", 2, picture)


@pytest.mark.parametrize("suffix", ["mp3", "m4a"])
@given(st.binary(max_size=400), st.integers(0, 400))
def test_bytes_of_any_kind_are_an_answer(body: Path, box: Path, suffix: str, junk: bytes, at: int) -> None:
    path = body.with_name(f"junk.{suffix}")
    data = bytearray((body if suffix == "mp3" else box).read_bytes())
    data[at : at + len(junk)] = junk
    path.write_bytes(bytes(data))
    assert isinstance(reading.read_file(str(path)), ReadFile)


async def test_a_reader_that_dies_costs_one_file(
    readers: LocalTagReaders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe without a writer is a file that hangs whoever opens it; only its own answer is an error."""
    monkeypatch.setattr(local, "SECONDS_A_BATCH", 0.5)
    monkeypatch.setattr(local, "SECONDS_ALONE", 8.0)  # a sound file has so long too, and its reader starts in it
    good = [sound_file(tmp_path / f"{number}.mp3", title=f"Song {number}") for number in range(3)]
    os.mkfifo(tmp_path / "hangs.mp3")
    answers = await readers.read([str(path) for path in (good[0], tmp_path / "hangs.mp3", *good[1:])])
    assert [answer.error for answer in answers] == [None, "codec_crashed", None, None]
    assert [answer.title for answer in answers] == ["Song 0", None, "Song 1", "Song 2"]


async def test_what_is_not_there_and_what_is_no_sound_is_said(readers: LocalTagReaders, tmp_path: Path) -> None:
    (tmp_path / "text.flac").write_text("no sound")
    answers = await readers.read([str(tmp_path / "nothing.flac"), str(tmp_path / "text.flac")])
    assert answers[0].error == "vanished"
    assert answers[1].error in ("damaged", "not_audio")


async def test_the_picture_within_a_file_is_given(readers: LocalTagReaders, tmp_path: Path) -> None:
    path = sound_file(tmp_path / "a.mp3")
    assert await readers.picture(str(path)) is None
    tags: Any = ID3(path)  # type: ignore[no-untyped-call]
    tags.add(APIC(encoding=3, mime="image/png", type=0, desc="back", data=b"back"))
    tags.add(APIC(encoding=3, mime="image/png", type=3, desc="front", data=b"front"))
    tags.save(path)
    assert await readers.picture(str(path)) == b"front"
