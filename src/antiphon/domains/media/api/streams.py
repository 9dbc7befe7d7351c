"""Hearing a track by its original, or by a file made for whoever asks: what there is, and links to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media.errors import LinkRefused, OriginalMissing
from antiphon.domains.media.library.walker import inside
from antiphon.domains.media.ports import Transcode, TranscodeFormat
from antiphon.domains.media.store import library, sources
from antiphon.domains.media.tools import MediaTools
from antiphon.domains.media.transcodes.kinds import MADE_MIMES, family, kind_of_file, playable_mime
from antiphon.domains.media.transcodes.originals import Original
from antiphon.domains.media.transcodes.rungs import lossless, rung
from antiphon.domains.media.transcodes.transcoder import about_bytes
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, out, parse

__all__ = ["ORIGINAL", "Offer", "linked_file", "linked_original", "offers", "original_of", "sound_link"]

_OFFERED: Final[tuple[tuple[TranscodeFormat, int], ...]] = (("mp3", 128), ("mp3", 320), ("opus", 96))
_QUALITY = re.compile(r"^(mp3|opus|aac)_([1-9][0-9]{1,2})$|^(flac)$|^(original)$")
ORIGINAL = "original"
_RATES: Final = {"opus": 48_000}


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to hear the track. `bytes` is exact for the original; for others it is about that."""

    quality: str
    url: str
    codec: str
    container: str
    mime: str
    bytes: int
    bitrate_kbps: int
    sample_rate: int
    channels: int


async def original_of(conn: AsyncConnection, track_id: UUID) -> Original | None:
    """None where there is none yet, or the reader may not see the track."""
    place = await library.original(conn, track_id)
    if place is None:
        return await _uploaded(conn, track_id)
    file = await catalog.track_file(conn, track_id)
    if file is None or file.root is None:
        return None
    root = Path(file.root)
    beyond = tuple(await catalog.link_targets(conn, place.library_id)) if place.beyond else ()
    return Original(
        track_id=track_id,
        name=place.name,
        root=root,
        path=inside(root, place.folder, place.name),
        blob=None,
        suffix=file.suffix,
        mime=file.mime,
        codec=file.codec,
        bytes=place.size,
        bitrate_kbps=file.bitrate_kbps,
        sample_rate=file.sample_rate,
        channels=file.channels,
        duration_ms=file.duration_ms,
        start_ms=place.start_ms or 0,
        end_ms=place.end_ms,
        beyond=beyond,
        bit_depth=file.bit_depth,
    )


async def _uploaded(conn: AsyncConnection, track_id: UUID) -> Original | None:
    source = await sources.get(conn, track_id)
    if source is None or source.blob is None or source.staged is not None or source.facts is None:
        return None
    facts: dict[str, Any] = msgspec.json.decode(source.facts)
    suffix, mime = kind_of_file(facts["container"], facts["codec"], source.filename)
    return Original(
        track_id=track_id,
        name=source.filename,
        root=None,
        path=None,
        blob=source.blob,
        suffix=suffix,
        mime=mime,
        codec=facts["codec"],
        bytes=source.bytes,
        bitrate_kbps=facts["bitrate_kbps"],
        sample_rate=facts["sample_rate"],
        channels=facts["channels"],
        duration_ms=facts["duration_ms"],
        bit_depth=facts["bit_depth"],
    )


def sound_link(tools: MediaTools, original: Original, quality: str, suffix: str) -> str:
    """Signed; the same for everybody who may hear the track, but for whose encodes it counts."""
    path = f"/sounds/{out(Kind.TRACK, original.track_id)}/{quality}.{suffix}"
    return tools.links.sign(path, original.version)


def offers(tools: MediaTools, original: Original) -> list[Offer]:
    """From the lowest bit rate to the highest; never above a lossy original."""
    codec = family(original.codec)
    seconds = (original.duration_ms or 0) / 1000
    measured = round(original.bytes / 125 / seconds) if seconds and original.whole else 0
    kbps = original.bitrate_kbps or measured or 320
    made: list[Offer] = []
    for format_, wanted in _OFFERED:
        usual = rung(format_, min(wanted, kbps))
        if any(offer.codec == format_ and offer.bitrate_kbps == usual for offer in made):
            continue
        size = about_bytes(Transcode(format_, usual), original.duration_ms) or 0
        link = sound_link(tools, original, f"{format_}_{usual}", format_)
        rate = _RATES.get(format_, min(original.sample_rate or 44_100, 48_000))
        mime = playable_mime(MADE_MIMES[format_], format_)
        channels = min(original.channels or 2, 2)
        made.append(Offer(f"{format_}_{usual}", link, format_, format_, mime, size, usual, rate, channels))
    if original.whole:
        made.append(
            Offer(
                quality=ORIGINAL,
                url=sound_link(tools, original, ORIGINAL, original.suffix or "bin"),
                codec=codec,
                container=original.suffix,
                mime=playable_mime(original.mime, original.codec),
                bytes=original.bytes,
                bitrate_kbps=kbps,
                sample_rate=original.sample_rate or 44_100,
                channels=original.channels or 2,
            )
        )
    elif lossless(original.codec):
        link = sound_link(tools, original, "flac", "flac")
        rate, channels = original.sample_rate or 44_100, original.channels or 2
        made.append(Offer("flac", link, "flac", "flac", MADE_MIMES["flac"], 0, kbps, rate, channels))
    return sorted(made, key=lambda offer: offer.bitrate_kbps)


async def linked_original(
    conn: AsyncConnection, track: str, quality: str, version: str
) -> tuple[Original, Transcode | None]:
    """What a link leads to that was made for somebody who may; None for the original itself.

    Raises NotFound, OriginalMissing, and LinkRefused where the file has changed since.
    """
    original = await linked_file(conn, track, version)
    return original, _named(original, quality)


async def linked_file(conn: AsyncConnection, track: str, version: str) -> Original:
    """Raises NotFound, OriginalMissing, and LinkRefused where the file has changed since."""
    original = await original_of(conn, parse(Kind.TRACK, track))
    if original is None:
        raise OriginalMissing()
    if original.version != version:
        raise LinkRefused("The file has changed since; ask for the stream again.")
    return original


def _named(original: Original, quality: str) -> Transcode | None:
    """Raises NotFound, also for the original of a part, which would be more than the part."""
    match = _QUALITY.match(quality)
    if match is None or (match[4] and not original.whole):
        raise NotFound()
    if match[4]:
        return None
    if match[3]:
        return Transcode("flac", None, original.start_ms, original.end_ms)
    format_ = cast(TranscodeFormat, match[1])
    return Transcode(format_, rung(format_, int(match[2])), original.start_ms, original.end_ms)
