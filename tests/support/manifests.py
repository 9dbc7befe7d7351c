"""Small readers of HLS playlists (RFC 8216) and DASH manifests (ISO 23009-1), apart from the product's writers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

__all__ = ["DashFile", "MediaPlaylist", "Variant", "read_dash", "read_master", "read_media"]

_DASH = "{urn:mpeg:dash:schema:mpd:2011}"
Range = tuple[int, int]  # first and last byte


@dataclass
class Variant:
    url: str
    bandwidth: int
    average: int
    codecs: str


@dataclass
class MediaPlaylist:
    target_s: int
    init: Range
    init_url: str
    segments: list[tuple[str, Range, float]]  # url, bytes, seconds


@dataclass
class DashFile:
    id: str
    url: str
    bandwidth: int
    rate: int
    channels: int
    codecs: str
    init: Range
    index: Range


def _attributes(text: str) -> dict[str, str]:
    found = re.findall(r'([A-Z0-9-]+)=("[^"]*"|[^",]+)(?:,|$)', text)
    assert ",".join(f"{name}={value}" for name, value in found) == text, text
    return {name: value.strip('"') for name, value in found}


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    assert lines[0] == "#EXTM3U"
    assert lines[-1] == ""
    return lines[1:-1]


def read_master(text: str) -> list[Variant]:
    variants, said = [], None
    for line in _lines(text):
        if line.startswith("#EXT-X-STREAM-INF:"):
            said = _attributes(line.partition(":")[2])
        elif not line.startswith("#"):
            assert said is not None, "a URI without #EXT-X-STREAM-INF"
            variants.append(Variant(line, int(said["BANDWIDTH"]), int(said["AVERAGE-BANDWIDTH"]), said["CODECS"]))
            said = None
    return variants


def _bytes(text: str) -> Range:
    length, _, offset = text.partition("@")
    return int(offset), int(offset) + int(length) - 1


def read_media(text: str) -> MediaPlaylist:
    lines = _lines(text)
    tags = dict(line.partition(":")[::2] for line in lines if line.startswith("#"))
    assert lines[-1] == "#EXT-X-ENDLIST"
    assert tags["#EXT-X-PLAYLIST-TYPE"] == "VOD"
    assert int(tags["#EXT-X-VERSION"]) >= 6  # EXT-X-MAP outside of I-frame playlists
    said = _attributes(tags["#EXT-X-MAP"])
    segments, seconds, span = [], 0.0, (0, 0)
    for line in lines:
        if line.startswith("#EXTINF:"):
            seconds = float(line.removeprefix("#EXTINF:").rstrip(","))
        elif line.startswith("#EXT-X-BYTERANGE:"):
            span = _bytes(line.partition(":")[2])
        elif not line.startswith("#"):
            segments.append((line, span, seconds))
    return MediaPlaylist(int(tags["#EXT-X-TARGETDURATION"]), _bytes(said["BYTERANGE"]), said["URI"], segments)


def _span(text: str) -> Range:
    first, _, last = text.partition("-")
    return int(first), int(last)


def read_dash(text: str) -> tuple[float, list[DashFile]]:
    """Seconds and files of a static on-demand manifest with one period."""
    root = ET.fromstring(text)
    assert root.tag == f"{_DASH}MPD"
    assert (root.get("type"), root.get("minBufferTime")) == ("static", "PT4S")
    assert root.get("profiles") == "urn:mpeg:dash:profile:isoff-on-demand:2011"
    (period,) = root.findall(f"{_DASH}Period")
    files = []
    for group in period.findall(f"{_DASH}AdaptationSet"):
        assert (group.get("contentType"), group.get("mimeType")) == ("audio", "audio/mp4")
        for one in group.findall(f"{_DASH}Representation"):
            base, channels = one.find(f"{_DASH}BaseURL"), one.find(f"{_DASH}AudioChannelConfiguration")
            segment = one.find(f"{_DASH}SegmentBase")
            assert base is not None
            assert base.text
            assert channels is not None
            assert segment is not None
            init = segment.find(f"{_DASH}Initialization")
            assert init is not None
            files.append(
                DashFile(
                    id=one.attrib["id"],
                    url=base.text,
                    bandwidth=int(one.attrib["bandwidth"]),
                    rate=int(one.attrib["audioSamplingRate"]),
                    channels=int(channels.attrib["value"]),
                    codecs=group.attrib["codecs"],
                    init=_span(init.attrib["range"]),
                    index=_span(segment.attrib["indexRange"]),
                )
            )
    ids = [file.id for file in files]
    assert len(ids) == len(set(ids))
    duration = root.attrib["mediaPresentationDuration"]
    assert re.fullmatch(r"PT[0-9.]+S", duration)
    return float(duration[2:-1]), files
