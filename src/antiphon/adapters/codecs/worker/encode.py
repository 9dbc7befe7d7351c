"""Renditions: one decode feeds any number of encoders, each into a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from antiphon.adapters.codecs.wire import Limits, Refusal
from antiphon.adapters.codecs.worker import mp4
from antiphon.adapters.codecs.worker.bounds import Budget
from antiphon.adapters.codecs.worker.convert import Converter, frame_of, relabel, samples_of, standard_layout
from antiphon.adapters.codecs.worker.source import open_source
from antiphon.domains.media.ports import EncodedFile, Rendition

__all__ = ["encode"]

_FRAGMENT_MICROSECONDS = 4_000_000
_MOVFLAGS = "+empty_moov+delay_moov+default_base_moof+global_sidx+skip_trailer"
_FADE_IN, _FADE_OUT = 0.4, 1.5  # seconds, of an excerpt
_FLAC_24 = 1 << 23
_MIME = {"aac": 'audio/mp4; codecs="mp4a.40.2"', "flac": 'audio/mp4; codecs="flac"', "mp3": "audio/mpeg"}
_ENCODER = {"aac": "aac", "flac": "flac", "mp3": "libmp3lame"}
# LAME's -q: 5 costs less than its usual 3 and is hard to tell from it; at high bit rates so is 7. The wheel's LAME has
# no SIMD: every step counts.
_MP3_EFFORT, _MP3_EFFORT_AT_HIGH_RATE, _MP3_HIGH_RATE = "5", "7", 256


def encode(
    path: str,
    renditions: Sequence[Rendition],
    targets: Sequence[str],
    limits: Limits,
    budget: Budget,
    report: Callable[[float], None],
) -> tuple[EncodedFile, ...]:
    """Answers in the order asked. An excerpt that would begin past the end begins at the start: containers lie about
    their length. Raises `Refusal`; half-written targets are the caller's to remove.
    """
    sinks = [_Sink(rendition, Path(target)) for rendition, target in zip(renditions, targets, strict=True)]
    _feed(path, sinks, limits, budget, report)
    late = [sink for sink in sinks if not sink.samples and sink.rendition.start_ms]
    for sink in late:
        sink.rendition = replace(sink.rendition, start_ms=0)
    if late:
        _feed(path, late, limits, budget, report)
    budget.closing()
    return tuple(sink.close() for sink in sinks)


def _feed(path: str, sinks: Sequence[_Sink], limits: Limits, budget: Budget, report: Callable[[float], None]) -> None:
    source = open_source(path)
    claimed = source.claimed_seconds or limits.audio_seconds
    ends = [_end_ms(sink.rendition) for sink in sinks]
    last_ms = None if None in ends else max(end for end in ends if end is not None)
    groups: list[_Group] = []
    for frame in source.frames(budget):
        if not groups:
            groups = _grouped(sinks, frame)
        for group in groups:
            group.write(frame)
        seconds = source.samples / source.sample_rate
        report(min(seconds / claimed, 0.99))
        if last_ms is not None and seconds * 1000 > last_ms:
            break
    for group in groups:
        group.write(None)
    source.close()


def _end_ms(rendition: Rendition) -> int | None:
    return None if rendition.length_ms is None else rendition.start_ms + rendition.length_ms


@dataclass
class _Group:
    """Sinks that want the same samples share one conversion."""

    convert: Converter
    sinks: list[_Sink]
    layout: str  # what the samples are called on the way in: the names of channels differ, their order does not
    round_float: bool

    def write(self, frame: AudioFrame | None) -> None:
        if frame is not None and self.layout and frame.layout.name != self.layout:
            same = frame.layout.nb_channels == self.sinks[0].rendition.channels
            frame = relabel(frame, self.layout) if same else frame
        for converted in self.convert(frame):
            for sink in self.sinks:
                sink.write(_to_24_bit(converted) if self.round_float else converted)
        if frame is None:
            for sink in self.sinks:
                sink.flush()


def _grouped(sinks: Sequence[_Sink], first: AudioFrame) -> list[_Group]:
    groups: dict[Any, _Group] = {}
    is_float = first.format.name.startswith(("flt", "dbl"))
    for sink in sinks:
        rendition = sink.rendition
        flac = rendition.codec == "flac"
        layout = standard_layout(rendition.channels)
        whole = "s16" if rendition.bit_depth == 16 else "s32"
        sample_format = "dbl" if flac and is_float else whole if flac else "fltp"
        chain = _excerpt(rendition)
        key = (sample_format, rendition.sample_rate, layout, chain, flac)
        if key not in groups:
            convert = Converter(sample_format=sample_format, rate=rendition.sample_rate, layout=layout, chain=chain)
            groups[key] = _Group(convert, [], layout if flac else "", flac and is_float)
        groups[key].sinks.append(sink)
    return list(groups.values())


def _excerpt(rendition: Rendition) -> tuple[tuple[str, str], ...]:
    if rendition.length_ms is None:
        return ()
    start, length = rendition.start_ms / 1000, rendition.length_ms / 1000
    return (
        ("atrim", f"start={start}:duration={length}"),
        ("asetpts", "PTS-STARTPTS"),
        ("afade", f"type=in:duration={_FADE_IN}"),
        ("afade", f"type=out:start_time={max(0.0, length - _FADE_OUT)}:duration={_FADE_OUT}"),
    )


def _to_24_bit(frame: AudioFrame) -> AudioFrame:
    """Float to the nearest of 24 bits, in the upper part of 32: the encoder would cut, not round."""
    samples = samples_of(frame).astype(np.float64) * _FLAC_24
    whole = np.clip(np.rint(samples), -_FLAC_24, _FLAC_24 - 1).astype(np.int32) << 8
    return frame_of(whole, sample_format="s32", layout=frame.layout.name, rate=frame.sample_rate)


@dataclass
class _Sink:
    """One encoder and its file. Counts are in samples at the rendition's rate."""

    rendition: Rendition
    target: Path
    samples: int = 0
    packets: int = 0
    first_pts: int = 0
    _container: OutputContainer = field(init=False)
    _stream: AudioStream = field(init=False)

    def __post_init__(self) -> None:
        rendition = self.rendition
        options: dict[str, str] = {}
        if rendition.codec == "mp3":
            self._container = av.open(
                str(self.target), "w", format="mp3", options={"write_xing": "1", "id3v2_version": "0"}
            )
            high = (rendition.bitrate_kbps or 0) >= _MP3_HIGH_RATE
            options["compression_level"] = _MP3_EFFORT_AT_HIGH_RATE if high else _MP3_EFFORT
        else:
            muxer = {
                "movflags": _MOVFLAGS,
                "frag_duration": str(_FRAGMENT_MICROSECONDS),
                "movie_timescale": str(rendition.sample_rate),
            }
            self._container = av.open(str(self.target), "w", format="mp4", options=muxer)
            self._container.metadata["comment"] = mp4.PLACEHOLDER
        self._stream = cast(
            AudioStream,
            self._container.add_stream(_ENCODER[rendition.codec], rate=rendition.sample_rate, options=options),
        )
        self._stream.codec_context.thread_count = 1
        self._stream.layout = standard_layout(rendition.channels)
        if rendition.bitrate_kbps:
            self._stream.bit_rate = rendition.bitrate_kbps * 1000
        if rendition.codec == "flac":
            self._stream.format = "s16" if rendition.bit_depth == 16 else "s32"

    def write(self, frame: AudioFrame) -> None:
        frame.pts = self.samples
        frame.time_base = Fraction(1, self.rendition.sample_rate)
        self.samples += frame.samples
        self._mux(self._stream.encode(frame))

    def flush(self) -> None:
        if self.samples:
            self._mux(self._stream.encode(None))

    def close(self) -> EncodedFile:
        if not self.samples:
            raise Refusal("no_samples")
        frame_size = self._stream.codec_context.frame_size
        self._container.close()
        rendition, total = self.rendition, self.samples
        delay = -self.first_pts
        padding = max(0, self.packets * frame_size - delay - total) if rendition.codec != "flac" else 0
        layout = None
        if rendition.codec != "mp3":
            layout = mp4.finish(self.target, delay=delay, padding=padding, total=total)
        size = self.target.stat().st_size
        return EncodedFile(
            path=self.target,
            container="mp3" if layout is None else "mp4",
            mime=_MIME[rendition.codec],
            bytes=size,
            bitrate_kbps=max(1, round(size * 8 * rendition.sample_rate / total / 1000)),
            sample_rate=rendition.sample_rate,
            channels=rendition.channels,
            delay_samples=delay,
            padding_samples=padding,
            total_samples=total,
            duration_ms=round(total * 1000 / rendition.sample_rate),
            init_range=layout.init_range if layout else None,
            index_range=layout.index_range if layout else None,
            segments=layout.segments if layout else (),
        )

    def _mux(self, packets: Sequence[Packet[Any]]) -> None:
        for packet in self._worth(packets):
            self._container.mux_one(packet)

    def _worth(self, packets: Sequence[Packet[Any]]) -> Iterator[Packet[Any]]:
        """FLAC ends with an empty packet of nothing but its checksum, which MP4 refuses."""
        for packet in packets:
            if not packet.size:
                continue
            if not self.packets and packet.pts is not None and packet.time_base is not None:
                self.first_pts = round(packet.pts * packet.time_base * self.rendition.sample_rate)
            self.packets += 1
            yield packet
