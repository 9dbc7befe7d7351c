"""Several artists, genres and ids, a compilation, gains: every dialect says them its way, and all are read alike."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mutagen
import pytest
from mutagen.asf import ASF
from mutagen.id3 import ID3, TCMP, TCON, TDOR, TDRC, TPE1, TPE2, TPOS, TRCK, TXXX
from mutagen.mp4 import MP4, MP4FreeForm

from antiphon.adapters.tags.reading import read_file
from tests.support.collection import sound_file
from tests.support.samples import samples_folder

IDS = [f"00000000-0000-4000-8000-00000000000{letter}" for letter in "ab"]
Tagger = Callable[[Path], Path]


def _id3(version: int) -> Tagger:
    def write(folder: Path) -> Path:
        path = sound_file(folder / "a.mp3")
        tags: Any = ID3()  # type: ignore[no-untyped-call]
        for frame, value in (
            (TPE1, ["A", "B"]), (TPE2, ["C; D"]), (TCON, ["Rock", "Jazz"]), (TCMP, "1"), (TPOS, "2/3"), (TRCK, "4/9"),
            (TDRC, "2001"), (TDOR, "1999"),
        ):  # fmt: skip
            tags.add(frame(encoding=3, text=value))
        tags.add(TXXX(encoding=3, desc="replaygain_track_gain", text="-5.00 dB"))
        tags.add(TXXX(encoding=3, desc="MusicBrainz Artist Id", text=IDS))
        if version == 3:
            tags.update_to_v23()
        tags.save(path, v2_version=version, v23_sep="/")
        return path

    return write


def _vorbis(suffix: str) -> Tagger:
    def write(folder: Path) -> Path:
        gain = {"R128_TRACK_GAIN": "-2560"} if suffix == "opus" else {"REPLAYGAIN_TRACK_GAIN": "-5.0 dB"}
        return sound_file(
            folder / f"a.{suffix}", artist=["A", "B"], albumartist=["C", "D"], genre=["Rock", "Jazz"], compilation="1",
            discnumber="2", tracknumber="4", musicbrainz_artistid=IDS, date="2001", originaldate="1999", **gain,
        )  # fmt: skip

    return write


def _mp4(folder: Path) -> Path:
    path = sound_file(folder / "a.m4a")
    file: Any = MP4(path)
    file.update(
        {"\xa9ART": ["A", "B"], "aART": ["C", "D"], "\xa9gen": ["Rock", "Jazz"], "cpil": True, "\xa9day": "2001"}
    )
    file.update({"disk": [(2, 3)], "trkn": [(4, 9)]})
    for name, values in (
        ("MusicBrainz Artist Id", IDS),
        ("ORIGINALDATE", ["1999"]),
        ("replaygain_track_gain", ["-5 dB"]),
    ):
        file[f"----:com.apple.iTunes:{name}"] = [MP4FreeForm(value.encode()) for value in values]
    file.save()
    return path


def _sample(*names: str) -> Path:
    folder = samples_folder()
    if folder is None:
        pytest.skip("the sample collection is not here (ANTIPHON_SAMPLES)")
    return folder.joinpath(*names)


def _ape(folder: Path) -> Path:
    path = folder / "a.wv"
    shutil.copyfile(_sample("music", "free", "misc", "Teeworlds - menu music.wv"), path)
    file: Any = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    file["Artist"], file["Album Artist"], file["Genre"] = ["A", "B"], ["C", "D"], ["Rock", "Jazz"]
    file["Compilation"], file["Disc"], file["Track"], file["MUSICBRAINZ_ARTISTID"] = "1", "2/3", "4/9", IDS
    file["Year"], file["Originaldate"], file["replaygain_track_gain"] = "2001", "1999", "-5 dB"
    file.save()
    return path


def _asf(folder: Path) -> Path:
    path = folder / "a.wma"
    shutil.copyfile(_sample("music", "derived-formats", "12.wma"), path)
    file: Any = ASF(path)
    file.tags.clear()
    file["Author"], file["WM/AlbumArtist"], file["WM/Genre"] = ["A", "B"], ["C", "D"], ["Rock", "Jazz"]
    file["WM/IsCompilation"], file["WM/PartOfSet"], file["WM/TrackNumber"] = ["1"], ["2/3"], ["4"]
    file["MusicBrainz/Artist Id"], file["WM/Year"], file["WM/OriginalReleaseYear"] = IDS, ["2001"], ["1999"]
    file["replaygain_track_gain"] = ["-5 dB"]
    file.save()
    return path


DIALECTS: dict[str, Tagger] = {
    "id3v2.3": _id3(3), "id3v2.4": _id3(4), "flac": _vorbis("flac"), "ogg": _vorbis("ogg"), "opus": _vorbis("opus"),
    "mp4": _mp4, "ape": _ape, "asf": _asf,
}  # fmt: skip


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_says_the_same(dialect: str, tmp_path: Path) -> None:
    read = read_file(str(DIALECTS[dialect](tmp_path)))
    assert (read.artists, read.album_artists, read.genres) == (("A", "B"), ("C", "D"), ("Rock", "Jazz"))
    assert (read.artist_mbids, read.compilation, read.disc_number, read.track_number) == (tuple(IDS), True, 2, 4)
    assert (read.date, read.original_date, read.track_gain) == ("2001", "1999", -5.0)


def test_a_name_with_a_slash_is_one_name_unless_there_are_two_ids(tmp_path: Path) -> None:
    assert read_file(str(sound_file(tmp_path / "a.flac", artist="AC/DC"))).artists == ("AC/DC",)
    assert read_file(str(sound_file(tmp_path / "a.flac", artist="A/B", musicbrainz_artistid=IDS))).artists == ("A", "B")


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def test_wave_files_are_read_in_their_own_dialect(tmp_path: Path) -> None:
    path = sound_file(tmp_path / "a.wav")
    said = {b"INAM": "Öde".encode("cp1252"), b"IART": b"A; B", b"IPRD": b"Days", b"ICRD": b"2001-02-03", b"ITRK": b"4"}
    body = path.read_bytes() + _chunk(b"LIST", b"INFO" + b"".join(_chunk(k, v + b"\0") for k, v in said.items()))
    path.write_bytes(body[:4] + struct.pack("<I", len(body) - 8) + body[8:])
    read = read_file(str(path))
    assert (read.title, read.artists, read.album) == ("Öde", ("A", "B"), "Days")
    assert (read.date, read.track_number) == ("2001-02-03", 4)
