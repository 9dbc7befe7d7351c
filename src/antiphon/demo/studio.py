"""Makes files of the demo's music: 16-bit stereo WAV at 44.1 kHz with tags, the same bytes each time."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from antiphon.demo.catalogue import LICENCE, DemoAlbum, DemoTrack, demo_albums
from antiphon.demo.render import suite
from antiphon.demo.synth import SAMPLE_RATE, Sound

Progress = Callable[[int, int, DemoTrack], None]


def render_track(track: DemoTrack) -> bytes:
    """One track as a WAV file. A part of a longer suite takes as long as the whole suite: see ``render_albums``."""
    album = next(album for album in demo_albums() if track in album.tracks)
    return _file(album, track, suite(track.suite)[track.part])


def render_albums(
    albums: Iterable[DemoAlbum] | None = None, progress: Progress | None = None
) -> Iterator[tuple[DemoAlbum, DemoTrack, bytes]]:
    """Every track of some albums (all of them by default) as a WAV file, one after the other.

    ``progress`` hears of each finished track: how many are done, of how many, and which one.
    """
    chosen = tuple(demo_albums() if albums is None else albums)
    total = sum(len(album.tracks) for album in chosen)
    done = 0
    for album in chosen:
        sounds: tuple[Sound, ...] = ()
        for track in album.tracks:
            if track.part == 0:
                sounds = ()  # lets go of the last suite before the next one needs the room
                sounds = suite(track.suite)
            file = _file(album, track, sounds[track.part])
            done += 1
            if progress is not None:
                progress(done, total, track)
            yield album, track, file


def wav(sound: Sound) -> bytes:
    """A stereo sound within ±1 as a 16-bit WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        for start in range(0, sound.shape[1], SAMPLE_RATE):
            part = sound[:, start : start + SAMPLE_RATE].T
            file.writeframesraw(np.rint(part * np.float32(32_767.0)).astype("<i2").tobytes())
    return out.getvalue()


def _file(album: DemoAlbum, track: DemoTrack, sound: Sound) -> bytes:
    tags = {
        "TIT2": track.title,
        "TPE1": album.artist.name,
        "TALB": album.title,
        "TRCK": f"{track.number}/{len(album.tracks)}",
        "TDRC": album.release_date.isoformat(),
        "TCON": "\0".join(track.genres),
        "TBPM": str(round(track.tempo_bpm)),
        "TCOP": LICENCE,
    }
    return _with_tags(wav(sound), tags)


def _with_tags(file: bytes, tags: dict[str, str]) -> bytes:
    """Appends text frames to a WAV file as an ``id3 `` chunk (ID3v2.4, UTF-8), the way taggers do."""
    frames = b""
    for name, text in tags.items():
        body = b"\x03" + text.encode()
        frames += name.encode() + _syncsafe(len(body)) + b"\0\0" + body
    tag = b"ID3\x04\0\0" + _syncsafe(len(frames)) + frames
    chunk = b"id3 " + struct.pack("<I", len(tag)) + tag + b"\0" * (len(tag) % 2)
    return file[:4] + struct.pack("<I", len(file) - 8 + len(chunk)) + file[8:] + chunk


def _syncsafe(size: int) -> bytes:
    return bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
