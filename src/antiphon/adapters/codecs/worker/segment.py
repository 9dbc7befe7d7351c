"""One segment out of the middle of a recording: decoded from a little before, encoded from a little before.

An encoder that begins in the middle does not know what came before; what it makes first is thrown away, until it makes
what an encoder that had begun at the start would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

from antiphon.adapters.codecs.wire import Refusal
from antiphon.adapters.codecs.worker.bounds import Budget
from antiphon.adapters.codecs.worker.convert import Converter, frame_of, relabel, samples_of, standard_layout, trimmed
from antiphon.adapters.codecs.worker.source import Source, open_source
from antiphon.domains.media.ports import Segment
from antiphon.kit.fragments import fragment

__all__ = ["segment"]

_BEFORE = 8  # frames that are encoded and thrown away
_BEHIND = 3  # frames beyond the end that an encoder looks at
_MARGIN = 512  # samples that a change of rate needs to settle
_MOST_LEFT_S = 2.0  # of sound behind the end that was promised
_FLAC_24 = 1 << 23
_Samples = npt.NDArray[Any]


def segment(path: str, wanted: Segment, target: str, budget: Budget) -> None:
    """Raises `Refusal`; the target is the caller's to remove then."""
    begin = max(0, wanted.first - _BEFORE) if wanted.codec == "aac" else wanted.first
    first = begin * wanted.frame
    stop = (wanted.first + wanted.frames + (_BEHIND if wanted.codec == "aac" else 0)) * wanted.frame
    if wanted.last:
        stop += round(_MOST_LEFT_S * wanted.sample_rate)
    heard = _heard(path, wanted, first, stop, budget)
    budget.closing()
    if not wanted.last or not heard.shape[1]:
        heard = _filled(heard, 1 if wanted.last else stop - first)
    frames = _encoded(heard, wanted)[wanted.first - begin :]
    if not wanted.last:
        frames = frames[: wanted.frames]
    last_frame = wanted.frame
    if wanted.last:
        sounding = first + heard.shape[1] + wanted.delay - wanted.first * wanted.frame
        frames = frames[: max(1, -(-sounding // wanted.frame))]
        last_frame = min(wanted.frame, max(1, sounding - (len(frames) - 1) * wanted.frame))
    if not frames:
        raise Refusal("no_samples")
    data = fragment(
        number=wanted.number,
        starts=wanted.first * wanted.frame,
        frames=frames,
        frame=wanted.frame,
        last_frame=last_frame,
    )
    Path(target).write_bytes(data)


def _filled(samples: _Samples, length: int) -> _Samples:
    """With silence behind, where there are fewer."""
    missing = length - samples.shape[1]
    if missing <= 0:
        return samples[:, :length]
    return np.concatenate([samples, np.zeros((samples.shape[0], missing), samples.dtype)], axis=1)


@dataclass(frozen=True, slots=True)
class _Span:
    """Where the wanted samples lie in a source of another rate: from a place that is a sample of both."""

    begins: int  # in samples of the source
    ends: int
    before: int  # samples at the wanted rate between that place and the first that is wanted

    @classmethod
    def of(cls, wanted: Segment, rate: int, first: int, stop: int) -> _Span:
        step = gcd(rate, wanted.sample_rate)
        into, out_of = rate // step, wanted.sample_rate // step
        settled = 0 if rate == wanted.sample_rate else _MARGIN
        block = max(0, first - settled) // out_of
        base = round(wanted.start_ms * rate / 1000)
        ends = base + -(-(stop + settled) // out_of) * into
        if wanted.end_ms is not None:
            ends = min(ends, round(wanted.end_ms * rate / 1000))
        return cls(base + block * into, ends, first - block * out_of)


def _heard(path: str, wanted: Segment, first: int, stop: int, budget: Budget, rate: int = 0) -> _Samples:
    """The samples from `first` to before `stop`, fewer where there are no more; one row a channel."""
    source = open_source(path)
    rate = rate or source.stream.codec_context.sample_rate or wanted.sample_rate
    span = _Span.of(wanted, rate, first, stop)
    convert: Converter | None = None
    found: list[_Samples] = []
    for frame in _between(source, path, span, rate, budget):
        if frame.sample_rate != rate:  # the header spoke of the codec's core
            source.close()
            return _heard(path, wanted, first, stop, budget, frame.sample_rate)
        convert = convert or _converter(frame, wanted)
        shown = relabel(frame, standard_layout(wanted.channels)) if _same_channels(frame, wanted) else frame
        found += [samples_of(one) for one in convert(shown)]
    if convert is not None:
        found += [samples_of(one) for one in convert(None)]
    if not found:
        return np.zeros((wanted.channels, 0), np.int16 if wanted.codec == "flac" else np.float32)
    samples = np.concatenate(found, axis=1)[:, span.before :]
    return _whole_numbers(samples[:, : stop - first], wanted)


def _same_channels(frame: AudioFrame, wanted: Segment) -> bool:
    layout = standard_layout(wanted.channels)
    return wanted.codec == "flac" and frame.layout.nb_channels == wanted.channels and frame.layout.name != layout


def _converter(frame: AudioFrame, wanted: Segment) -> Converter:
    is_float = frame.format.name.startswith(("flt", "dbl"))
    whole = "s16" if (wanted.bit_depth or 16) <= 16 else "s32"
    sample_format = "fltp" if wanted.codec == "aac" else "dbl" if is_float else whole
    return Converter(sample_format=sample_format, rate=wanted.sample_rate, layout=standard_layout(wanted.channels))


def _whole_numbers(samples: _Samples, wanted: Segment) -> _Samples:
    """Float for FLAC to the nearest of 24 bits, in the upper part of 32: the encoder would cut, not round."""
    if wanted.codec != "flac" or samples.dtype.kind != "f":
        return samples
    whole = np.clip(np.rint(samples * _FLAC_24), -_FLAC_24, _FLAC_24 - 1).astype(np.int32) << 8
    shown: _Samples = (whole >> 16).astype(np.int16) if (wanted.bit_depth or 16) <= 16 else whole
    return shown


def _between(source: Source, path: str, span: _Span, rate: int, budget: Budget) -> Iterator[AudioFrame]:
    """Frames that begin and end at these samples exactly; none where the recording is over before."""
    source.go_to(span.begins / rate)
    frames = _known(source, budget)
    head = next(frames, None)
    if head is not None and round(source.begins_at * source.sample_rate) > span.begins:
        source.close()  # it leads beyond the place, whatever it said
        source = open_source(path)
        frames = _known(source, budget)
        head = next(frames, None)
    position = round(source.begins_at * source.sample_rate)
    while head is not None and position < span.ends:
        after = position + head.samples
        if after > span.begins:
            yield trimmed(head, max(0, span.begins - position), min(head.samples, span.ends - position))
        position = after
        head = next(frames, None) if position < span.ends else None
    source.close()


def _known(source: Source, budget: Budget) -> Iterator[AudioFrame]:
    """Nothing comes from beyond the end; from the beginning something must."""
    try:
        yield from source.frames(budget)
    except Refusal as refusal:
        if refusal.reason != "no_samples" or not source.skipped:
            raise


def _encoded(samples: _Samples, wanted: Segment) -> list[bytes]:
    """Every frame that the encoder makes."""
    encoder = _encoder(wanted)
    layout = standard_layout(wanted.channels)
    sample_format = "flt" if wanted.codec == "aac" else "s16" if samples.dtype.itemsize == 2 else "s32"
    packets: list[bytes] = []
    for position in range(0, samples.shape[1], wanted.frame):
        piece = samples[:, position : position + wanted.frame].astype("f4" if sample_format == "flt" else samples.dtype)
        frame = frame_of(piece, sample_format=sample_format, layout=layout, rate=wanted.sample_rate)
        frame.pts = position
        frame.time_base = Fraction(1, wanted.sample_rate)
        packets += [bytes(packet) for packet in encoder.encode(frame) if packet.size]
    packets += [bytes(packet) for packet in encoder.encode(None) if packet.size]
    return packets


def _encoder(wanted: Segment) -> AudioCodecContext:
    options = {"frame_size": str(wanted.frame)} if wanted.codec == "flac" else {}
    encoder = av.CodecContext.create(wanted.codec, "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.options = options
    encoder.sample_rate = wanted.sample_rate
    encoder.layout = standard_layout(wanted.channels)
    encoder.format = "fltp" if wanted.codec == "aac" else "s16" if (wanted.bit_depth or 16) <= 16 else "s32"
    encoder.time_base = Fraction(1, wanted.sample_rate)
    encoder.thread_count = 1
    if wanted.bitrate_kbps is not None:
        encoder.bit_rate = wanted.bitrate_kbps * 1000
    return encoder
