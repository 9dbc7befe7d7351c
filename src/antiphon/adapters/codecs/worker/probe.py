"""What a file is, from its headers, its tags and its first decoded frame."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import av
import mutagen

from antiphon.adapters.codecs.wire import Limits, Refusal
from antiphon.adapters.codecs.worker.bounds import Budget
from antiphon.adapters.codecs.worker.source import Source, open_container, open_source
from antiphon.adapters.codecs.worker.tags import picture_mime, read_tags
from antiphon.domains.media.ports import AudioFacts, Picture

__all__ = ["probe"]

_FLOAT = ("flt", "dbl")
_MOST_PICTURE_PACKETS = 64


def probe(path: str, limits: Limits, budget: Budget) -> AudioFacts:
    """Headers, tags and proof that sound comes out: the first frame is decoded. Raises `Refusal`."""
    source = open_source(path)
    seen = {**source.stream.metadata, **source.container.metadata}
    tags, picture = read_tags(path, seen, limits.tag_picture_bytes)
    seconds = source.claimed_seconds
    bit_rate = source.container.bit_rate
    codec = source.stream.codec_context.codec
    first = next(source.frames(budget), None)
    if first is None:
        raise Refusal("no_samples")
    if not bit_rate and seconds:
        bit_rate = round(Path(path).stat().st_size * 8 / seconds)
    lossless = codec.lossless and "dsd" not in codec.name
    is_float = first.format.name.startswith(_FLOAT)
    facts = AudioFacts(
        container=source.container.format.name,
        codec=_codec_name(codec.name),
        sample_rate=source.sample_rate,
        channels=source.channels,
        bit_depth=_depth(path, source, first.format.bits) if lossless else None,
        bitrate_kbps=round(bit_rate / 1000) or None,
        duration_ms=round(seconds * 1000) if seconds and seconds > 0 else None,
        lossless=lossless,
        float_samples=lossless and is_float,
        tags=tags,
        picture=picture or _attached(path, limits.tag_picture_bytes),
    )
    source.close()
    return facts


def _codec_name(name: str) -> str:
    return {"mp3float": "mp3", "mp2float": "mp2", "mp1float": "mp1"}.get(name, name)


def _depth(path: str, source: Source, decoded_bits: int) -> int:
    """Bits a sample of the source: decoders hand out 16 or 32 whatever was stored."""
    codec = source.stream.codec_context
    if named := re.fullmatch(r"pcm_[suf](\d+).*", codec.name):
        return int(named[1])
    extra: bytes = codec.extradata or b""
    if codec.name == "flac" and len(extra) >= 18:
        return (((extra[12] & 1) << 4) | (extra[13] >> 4)) + 1
    if codec.name == "alac" and len(extra) >= 24:
        return extra[17]
    try:
        info: Any = getattr(mutagen.File(path), "info", None)
        bits = int(getattr(info, "bits_per_sample", 0))
    except Exception:  # mutagen raises whatever its parser stumbles over
        bits = 0
    return bits or decoded_bits


def _attached(path: str, most_bytes: int) -> Picture | None:
    """A picture that FFmpeg presents as a one-frame film, for containers whose tags mutagen does not read."""
    with open_container(path) as file:
        for stream in file.streams.video:
            if not stream.disposition & av.stream.Disposition.attached_pic:
                continue
            for count, packet in enumerate(file.demux(stream)):
                data = bytes(packet) if 0 < packet.size <= most_bytes else b""
                if mime := picture_mime(data):
                    return Picture(mime=mime, data=data)
                if count > _MOST_PICTURE_PACKETS:
                    break
    return None
