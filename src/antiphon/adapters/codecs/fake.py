"""Codecs without audio, for tests of the domain: a tiny JSON text stands for a recording."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from antiphon.domains.media.errors import MediaRejected
from antiphon.domains.media.ports import (
    AudioFacts,
    EncodedFile,
    Grown,
    Loudness,
    Picture,
    PictureFile,
    Progress,
    Rendition,
    Segment,
    SourceAnalysis,
    Tags,
    Transcode,
    Transcoded,
)

__all__ = ["FakeCodecs", "fake_audio", "fake_picture"]

_MAGIC = b"RIFF\0\0\0\0WAVEfake audio\n"
_SCALED = b"RIFF\4\0\0\0WEBP"
_FAKE_PICTURE = b"fake picture "
_LEAST_PICTURE = 64  # bytes of a real signature's file that pass
_AAC_DELAY, _AAC_FRAME, _MP3_DELAY, _MP3_FRAME = 1024, 1024, 1105, 1152


def fake_audio(
    *, seconds: float = 200.0, sample_rate: int = 44_100, channels: int = 2, bit_depth: int | None = 16,
    kbps: int = 256, lufs: float | None = -14.0, tags: dict[str, Any] | None = None, cover: bool = False,
    refuse: str | None = None, refuse_at: str = "probe",
) -> bytes:  # fmt: skip
    """A file that `FakeCodecs` reads. `bit_depth=None` is a lossy source of `kbps`; `refuse` names a reason of
    `MediaRejected` given by the operation `refuse_at` (probe, analyse, encode)."""
    said = {
        "seconds": seconds, "sample_rate": sample_rate, "channels": channels, "bit_depth": bit_depth, "kbps": kbps,
        "lufs": lufs, "tags": tags or {}, "cover": cover, "refuse": refuse, "refuse_at": refuse_at,
    }  # fmt: skip
    return _MAGIC + json.dumps(said, sort_keys=True).encode()


def fake_picture(width: int = 1000, height: int = 1000) -> bytes:
    return _FAKE_PICTURE + f"{width}x{height}".encode()


class FakeCodecs:
    """Deterministic answers from what the file says of itself; encoded files are a few hundred bytes."""

    def __init__(self) -> None:
        self.calls: list[str] = []  # operations in order, for tests that count work
        self.pace = asyncio.Event()  # while it is not set, transcodes stand still after their first piece
        self.pace.set()
        self.begun = asyncio.Event()  # set by the first piece of a transcode

    async def close(self) -> None:
        """Nothing to end."""

    async def probe(self, source: Path) -> AudioFacts:
        said = self._open(source, "probe")
        lossless = said["bit_depth"] is not None
        return AudioFacts(
            container="wav" if lossless else "mp3",
            codec=f"pcm_s{said['bit_depth']}le" if lossless else "mp3",
            sample_rate=said["sample_rate"],
            channels=said["channels"],
            bit_depth=said["bit_depth"],
            bitrate_kbps=1411 if lossless else said["kbps"],
            duration_ms=round(said["seconds"] * 1000),
            lossless=lossless,
            float_samples=False,
            tags=msgspec.convert(said["tags"], Tags),
            picture=Picture("image/png", fake_picture()) if said["cover"] else None,
        )

    async def analyse(self, source: Path, progress: Progress | None = None) -> SourceAnalysis:
        said = self._open(source, "analyse")
        total = round(said["seconds"] * said["sample_rate"])
        if progress is not None:
            await progress(0.5)
        blocks = max(0, int(said["seconds"] * 10) - 3)
        lufs = said["lufs"]
        energy = 10 ** ((lufs + 0.691) / 10) if lufs is not None else 1e-12
        buckets = max(1, min(1600, int(said["seconds"] * 200)))
        peaks = tuple(128 + round(100 * math.sin(bucket / 9)) for bucket in range(buckets))
        return SourceAnalysis(
            total_samples=total,
            sample_rate=said["sample_rate"],
            duration_ms=round(said["seconds"] * 1000),
            loudness=Loudness(
                integrated_lufs=lufs,
                true_peak_dbtp=None if lufs is None else -1.0,
                range_lu=None if lufs is None else 6.0,
                blocks=struct.pack("<f", energy) * blocks,
            ),
            peaks=peaks,
            rms=tuple(peak // 2 for peak in peaks),
        )

    async def encode(
        self, source: Path, rendition: Rendition, target: Path, progress: Progress | None = None
    ) -> EncodedFile:
        (encoded,) = await self._encode(source, (rendition,), (target,), progress)
        return encoded

    async def encode_many(
        self, source: Path, renditions: Sequence[Rendition], folder: Path, progress: Progress | None = None
    ) -> tuple[EncodedFile, ...]:
        endings = {"mp3": "mp3"}
        targets = [folder / f"{one.quality}.{endings.get(one.codec, 'mp4')}" for one in renditions]
        return await self._encode(source, renditions, targets, progress)

    async def transcode(self, source: Path, wanted: Transcode, target: Path, grown: Grown) -> Transcoded:
        """As long as the bit rate says, in pieces."""
        said = self._open(source, "transcode")
        end = said["seconds"] if wanted.end_ms is None else min(said["seconds"], wanted.end_ms / 1000)
        seconds = end - wanted.start_ms / 1000
        if seconds <= 0:
            raise MediaRejected("no_samples")
        total = round(seconds * (wanted.bitrate_kbps or 700) * 125)
        with target.open("wb", buffering=0) as file:
            while file.tell() < total:
                piece = hashlib.sha256(f"{wanted}{file.tell()}".encode()).digest() * 256
                file.write(piece[: total - file.tell()])
                grown(file.tell(), file.tell() / total)
                self.begun.set()
                await asyncio.sleep(0)
                await self.pace.wait()
        return Transcoded(total, round(seconds * 1000))

    async def segment(self, source: Path, wanted: Segment, target: Path) -> None:
        """As many bytes as the bit rate says, others for every segment."""
        self._open(source, "segment")
        self.begun.set()
        await self.pace.wait()
        size = wanted.frames * wanted.frame * (wanted.bitrate_kbps or 700) * 125 // wanted.sample_rate
        with target.open("wb") as file:
            file.write((hashlib.sha256(f"{wanted}".encode()).digest() * (size // 32 + 1))[:size])

    async def picture(self, data: bytes, size: int, form: Literal["webp", "jpeg"]) -> bytes:
        self.calls.append("picture")
        width, height = _picture_size(data)
        factor = min(1.0, size / max(width, height))
        return _SCALED + f"{form} {round(width * factor)}x{round(height * factor)}".encode()

    async def pictures(self, data: bytes, sizes: Sequence[int]) -> tuple[str, tuple[PictureFile, ...]]:
        """Fake pictures have the size they say; JPEG and PNG signatures with some bytes behind count as 1000 x 1000, as
        does what was scaled here."""
        self.calls.append("pictures")
        width, height = _picture_size(data)
        wanted = [size for size in sorted(set(sizes)) if size <= max(width, height)] or [min(sizes)]
        colour = f"#{hashlib.sha256(data).hexdigest()[:6]}"
        files = []
        for size in wanted:
            factor = min(1.0, size / max(width, height))
            files.append(PictureFile(size, round(width * factor), round(height * factor), _SCALED))
        return colour, tuple(files)

    def _open(self, source: Path, operation: str) -> dict[str, Any]:
        self.calls.append(operation)
        data = source.read_bytes()
        if not data:
            raise MediaRejected("no_samples")
        if not data.startswith(_MAGIC):
            raise MediaRejected("not_audio")
        said: dict[str, Any] = json.loads(data[len(_MAGIC) :])
        if said["refuse"] and said["refuse_at"] == operation:
            raise MediaRejected(said["refuse"])
        return said

    async def _encode(
        self, source: Path, renditions: Sequence[Rendition], targets: Sequence[Path], progress: Progress | None
    ) -> tuple[EncodedFile, ...]:
        said = self._open(source, "encode")
        if progress is not None:
            await progress(0.5)
        return tuple(_encoded(said, one, target) for one, target in zip(renditions, targets, strict=True))


def _picture_size(data: bytes) -> tuple[int, int]:
    if data.startswith(_FAKE_PICTURE):
        width, _, height = data[len(_FAKE_PICTURE) :].decode().partition("x")
        return int(width), int(height)
    if data.startswith(_SCALED) or (data.startswith((b"\x89PNG", b"\xff\xd8")) and len(data) >= _LEAST_PICTURE):
        return 1000, 1000
    raise MediaRejected("bad_picture")


def _encoded(said: dict[str, Any], rendition: Rendition, target: Path) -> EncodedFile:
    start = rendition.start_ms / 1000
    seconds = said["seconds"] - (start if start < said["seconds"] else 0.0)
    if rendition.length_ms is not None:
        seconds = min(seconds, rendition.length_ms / 1000)
    rate = rendition.sample_rate
    total = max(1, round(seconds * rate))
    delay, unit = {"aac": (_AAC_DELAY, _AAC_FRAME), "mp3": (_MP3_DELAY, _MP3_FRAME)}.get(rendition.codec, (0, 1))
    padding = -(delay + total) % unit
    fragmented = rendition.codec != "mp3"
    segments = _segments(total, 4 * rate) if fragmented else ()
    body = b"".join(hashlib.sha256(f"{rendition}{number}".encode()).digest() for number in range(max(1, len(segments))))
    data = (b"head" * 8 + b"sidx" * 8 + body) if fragmented else body
    target.write_bytes(data)
    return EncodedFile(
        path=target,
        container="mp4" if fragmented else "mp3",
        mime={"aac": 'audio/mp4; codecs="mp4a.40.2"', "flac": 'audio/mp4; codecs="flac"'}.get(
            rendition.codec, "audio/mpeg"
        ),
        bytes=len(data),
        bitrate_kbps=rendition.bitrate_kbps or 700,
        sample_rate=rate,
        channels=rendition.channels,
        delay_samples=delay,
        padding_samples=padding,
        total_samples=total,
        duration_ms=round(total * 1000 / rate),
        init_range=(0, 31) if fragmented else None,
        index_range=(32, 63) if fragmented else None,
        segments=segments,
    )


def _segments(total: int, each: int) -> tuple[tuple[int, int], ...]:
    return tuple((32, min(each, total - start)) for start in range(0, total, each))
