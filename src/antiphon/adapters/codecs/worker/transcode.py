"""One file that is heard while it is made: written from front to back, in pieces small enough for a first sound."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from antiphon.adapters.codecs.wire import Limits, Refusal
from antiphon.adapters.codecs.worker.bounds import Budget
from antiphon.adapters.codecs.worker.convert import Converter, standard_layout
from antiphon.adapters.codecs.worker.source import Source, open_source
from antiphon.domains.media.ports import Transcode, Transcoded, TranscodeFormat

__all__ = ["transcode"]

_PIECE = 8 * 1024  # bytes that the muxer gathers before they are written
_AHEAD_SECONDS = 30.0  # with so much made, others who wait for their first sound go first
_BACKGROUND = 5
_OPUS_RATE = 48_000
_MPEG_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)

# format → (muxer, encoder, its sample format, options of the muxer, options of the encoder)
_MADE: dict[TranscodeFormat, tuple[str, str, str, dict[str, str], dict[str, str]]] = {
    "mp3": ("mp3", "libmp3lame", "fltp", {"write_xing": "0", "id3v2_version": "0"}, {"compression_level": "7"}),
    "opus": ("ogg", "libopus", "flt", {"page_duration": "500000"}, {"compression_level": "5"}),
    "aac": ("adts", "aac", "fltp", {}, {}),
    "flac": ("flac", "flac", "", {"flush_packets": "0"}, {"compression_level": "3"}),
}


class _Growing:
    """What a muxer writes into. It cannot seek: nothing that somebody may have read is written again."""

    def __init__(self, target: str, grown: Callable[[int, float], None]) -> None:
        self._fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        self._grown = grown
        self.size = 0
        self.fraction = 0.0

    def write(self, data: bytes) -> int:
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]
        self.size += len(data)
        self._grown(self.size, self.fraction)
        return len(data)

    def close(self) -> None:
        os.close(self._fd)


@dataclass
class _Encoder:
    """Counts in samples at its own rate."""

    wanted: Transcode
    rate: int
    channels: int
    sample_format: str
    file: _Growing
    samples: int = 0
    _container: OutputContainer = field(init=False)
    _stream: AudioStream = field(init=False)

    def __post_init__(self) -> None:
        muxer, encoder, _, container_options, options = _MADE[self.wanted.format]
        self._container = av.open(
            cast(Any, self.file), "w", format=muxer, buffer_size=_PIECE, container_options=container_options
        )
        self._stream = cast(AudioStream, self._container.add_stream(encoder, rate=self.rate, options=options))
        self._stream.codec_context.thread_count = 1
        self._stream.layout = standard_layout(self.channels)
        self._stream.format = self.sample_format
        if self.wanted.bitrate_kbps:
            self._stream.bit_rate = self.wanted.bitrate_kbps * 1000

    def write(self, frame: AudioFrame) -> None:
        frame.pts = self.samples
        frame.time_base = Fraction(1, self.rate)
        self.samples += frame.samples
        self._mux(self._stream.encode(frame))

    def close(self) -> None:
        self._mux(self._stream.encode(None))
        self._container.close()

    def _mux(self, packets: Sequence[Packet[Any]]) -> None:
        for packet in packets:
            if packet.size:  # FLAC ends with an empty one
                self._container.mux_one(packet)


def transcode(
    path: str, wanted: Transcode, target: str, limits: Limits, budget: Budget, grown: Callable[[int, float], None]
) -> Transcoded:
    """Raises `Refusal`; the target is the caller's to remove then."""
    source = open_source(path)
    source.skip_to(wanted.start_ms / 1000)
    file = _Growing(target, grown)
    encoder: _Encoder | None = None
    convert: Converter | None = None
    given_way = False
    last = wanted.end_ms / 1000 if wanted.end_ms is not None else None
    length = (last or source.claimed_seconds or limits.audio_seconds) - wanted.start_ms / 1000
    for frame in source.frames(budget):
        if encoder is None or convert is None:
            encoder = _encoder_for(source, frame, wanted, file)
            convert = _converter_for(source, encoder)
        for converted in convert(frame):
            encoder.write(converted)
        heard = encoder.samples / encoder.rate
        file.fraction = heard / length if length > 0 else 0.0
        if heard > _AHEAD_SECONDS and not given_way and hasattr(os, "nice"):
            given_way = True
            os.nice(_BACKGROUND)
        if last is not None and source.begins_at + source.samples / source.sample_rate > last:
            break
    if encoder is None or convert is None:
        raise Refusal("no_samples")
    for converted in convert(None):
        encoder.write(converted)
    if not encoder.samples:
        raise Refusal("no_samples", "There is no sound after this place.")
    encoder.close()
    source.close()
    file.close()
    return Transcoded(bytes=file.size, duration_ms=round(encoder.samples * 1000 / encoder.rate))


def _encoder_for(source: Source, first: AudioFrame, wanted: Transcode, file: _Growing) -> _Encoder:
    sample_format = _MADE[wanted.format][2] or _whole(first.format.name)
    rate = min(source.sample_rate, wanted.sample_rate or source.sample_rate)
    channels = min(source.channels, wanted.channels or source.channels)
    if wanted.format == "flac":
        return _Encoder(wanted, rate, min(channels, 8), sample_format, file)
    rate = _OPUS_RATE if wanted.format == "opus" else _mpeg_rate(rate)
    return _Encoder(wanted, rate, min(channels, 2), sample_format, file)


def _converter_for(source: Source, encoder: _Encoder) -> Converter:
    return Converter(
        sample_format=encoder.sample_format,
        rate=encoder.rate,
        layout=standard_layout(encoder.channels),
        chain=tuple(_cut(source, encoder.wanted)),
    )


def _cut(source: Source, wanted: Transcode) -> Iterator[tuple[str, str]]:
    """Times count from the first frame that was read."""
    start = max(0.0, wanted.start_ms / 1000 - source.begins_at)
    if wanted.end_ms is not None:
        yield "atrim", f"start={start:.6f}:end={wanted.end_ms / 1000 - source.begins_at:.6f}"
    elif start > 0:
        yield "atrim", f"start={start:.6f}"


def _whole(sample_format: str) -> str:
    return "s16" if sample_format.removesuffix("p") in ("s16", "u8") else "s32"


def _mpeg_rate(rate: int) -> int:
    """The source's rate, or what it divides to best, never above it and at most 48 kHz."""
    if rate > 48_000:
        return 44_100 if rate % 44_100 == 0 else 48_000
    return max((one for one in _MPEG_RATES if one <= rate), default=_MPEG_RATES[0])
