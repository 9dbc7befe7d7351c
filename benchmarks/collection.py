"""A collection of valid, fully tagged files in four formats, made from a second of sound: what scans are timed on."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import av
import numpy as np
from av.audio.frame import AudioFrame
from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, ID3, TALB, TCON, TDRC, TIT2, TPE1, TPE2, TPOS, TRCK, TSRC, TXXX
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm
from mutagen.oggvorbis import OggVorbis

__all__ = ["ALBUM_TRACKS", "Song", "make_collection", "songs"]

ALBUM_TRACKS = 10
ALBUMS_OF_ARTIST = 3
COVER_BYTES = 24_000
_ENCODERS = {"flac": ("flac", "flac"), "mp3": ("libmp3lame", "mp3"), "ogg": ("vorbis", "ogg"), "m4a": ("aac", "ipod")}
_WORDS = (
    "Amber River Night Glass Winter Signal Harbour Paper Mountain Quiet Engine Garden Silver Northern Hollow Velvet",
    "Copper Distant Morning Island Thunder Circle Lantern Shadow Meadow Mirror Station Ocean Willow Crystal",
)
_NAMES = [word for line in _WORDS for word in line.split()]


@dataclass(frozen=True, slots=True)
class Song:
    """What is written into one file; the same numbers give the same song."""

    number: int
    artist: str
    album: str
    title: str
    track: int
    year: int
    genre: str
    suffix: str
    folder: str

    def id(self, what: int) -> str:
        return str(UUID(int=what << 96 | self.number + 1, version=4))


def songs(count: int) -> Iterator[Song]:
    for number in range(count):
        album = number // ALBUM_TRACKS
        artist = album // ALBUMS_OF_ARTIST
        draw = random.Random(number)
        artist_name = f"The {_word(artist)} {_word(artist * 7 + 3)} {artist}"
        album_title = f"{_word(album * 3 + 1)} {_word(album * 5 + 2)} {album}"
        yield Song(
            number=number,
            artist=artist_name,
            album=album_title,
            title=f"{_word(draw.randrange(900))} {_word(draw.randrange(900))} {number}",
            track=number % ALBUM_TRACKS + 1,
            year=1960 + album % 65,
            genre=("Rock", "Jazz", "Ambient", "Electronic", "Folk")[artist % 5],
            suffix=("flac", "mp3", "mp3", "ogg", "m4a")[album % 5],
            folder=f"{artist_name}/{album_title}",
        )


def _word(number: int) -> str:
    return _NAMES[number % len(_NAMES)]


def make_collection(folder: Path, count: int) -> None:
    """Writes `count` files below `folder`, ten an album; takes some two milliseconds a file."""
    folder.mkdir(parents=True, exist_ok=True)
    bodies = folder.parent / "bodies"
    bodies.mkdir(exist_ok=True)
    for suffix in _ENCODERS:
        _encode(bodies / f"body.{suffix}", suffix)
    cover = b"\xff\xd8\xff\xe0" + random.Random(1).randbytes(COVER_BYTES)
    for song in songs(count):
        place = folder / song.folder
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"{song.track:02d} {song.title}.{song.suffix}"
        shutil.copyfile(bodies / f"body.{song.suffix}", path)
        _TAGGERS[song.suffix](path, song, cover)


def _encode(path: Path, suffix: str) -> None:
    encoder, muxer = _ENCODERS[suffix]
    wave = (np.sin(np.arange(44_100) * 0.06) * 8000).astype(np.int16)
    with av.open(str(path), "w", format=muxer) as target:
        options = {"strict": "experimental"} if encoder == "vorbis" else {}
        stream: Any = target.add_stream(encoder, rate=44_100, options=options)
        stream.layout = "stereo"
        frame = AudioFrame.from_ndarray(np.repeat(wave, 2).reshape(1, -1), format="s16", layout="stereo")
        frame.sample_rate = 44_100
        resampler = av.AudioResampler(format=stream.codec_context.format or "s16", layout="stereo", rate=44_100)
        for part in resampler.resample(frame):
            target.mux(stream.encode(part))
        target.mux(stream.encode(None))


def _common(song: Song) -> dict[str, str]:
    return {
        "title": song.title,
        "artist": song.artist,
        "albumartist": song.artist,
        "album": song.album,
        "tracknumber": f"{song.track}/{ALBUM_TRACKS}",
        "discnumber": "1/1",
        "date": f"{song.year}-05-17",
        "genre": song.genre,
        "isrc": f"QZAAA{song.number % 10_000_000:07d}",
        "musicbrainz_trackid": song.id(1),
        "replaygain_track_gain": "-7.21 dB",
        "replaygain_track_peak": "0.988",
        "replaygain_album_gain": "-7.90 dB",
        "label": "Own Label",
        "comment": "Recorded at night, mixed by day.",
    }


def _tag_flac(path: Path, song: Song, cover: bytes) -> None:
    file = FLAC(path)
    file.update(_common(song))
    picture: Any = Picture()  # type: ignore[no-untyped-call]
    picture.type, picture.mime, picture.data = 3, "image/jpeg", cover
    file.add_picture(picture)
    file.save()


def _tag_mp3(path: Path, song: Song, cover: bytes) -> None:
    values = _common(song)
    tags = ID3()  # type: ignore[no-untyped-call]
    frames = {
        TIT2: "title", TPE1: "artist", TPE2: "albumartist", TALB: "album", TRCK: "tracknumber", TPOS: "discnumber",
        TDRC: "date", TCON: "genre", TSRC: "isrc",
    }  # fmt: skip
    for frame, name in frames.items():
        tags.add(frame(encoding=3, text=values[name]))
    for name in ("musicbrainz_trackid", "replaygain_track_gain", "replaygain_track_peak", "replaygain_album_gain"):
        tags.add(TXXX(encoding=3, desc=name.upper(), text=values[name]))
    tags.add(APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=cover))
    tags.save(path)


def _tag_ogg(path: Path, song: Song, _cover: bytes) -> None:
    file = OggVorbis(path)
    file.update(_common(song))
    file.save()


def _tag_m4a(path: Path, song: Song, cover: bytes) -> None:
    file, values = MP4(path), _common(song)
    names = {"\xa9nam": "title", "\xa9ART": "artist", "aART": "albumartist", "\xa9alb": "album", "\xa9day": "date"}
    for key, name in names.items():
        file[key] = values[name]
    file["\xa9gen"] = song.genre
    file["trkn"], file["disk"] = [(song.track, ALBUM_TRACKS)], [(1, 1)]
    file["----:com.apple.iTunes:MusicBrainz Track Id"] = MP4FreeForm(song.id(1).encode())
    file["----:com.apple.iTunes:replaygain_track_gain"] = MP4FreeForm(b"-7.21 dB")
    file["covr"] = [MP4Cover(cover, MP4Cover.FORMAT_JPEG)]
    file.save()


_TAGGERS = {"flac": _tag_flac, "mp3": _tag_mp3, "ogg": _tag_ogg, "m4a": _tag_m4a}
