"""HLS (RFC 8216) and DASH (ISO/IEC 23009-1) over one fragmented MP4 a rendition, by byte range. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from xml.sax.saxutils import quoteattr

from antiphon.domains.media.api import MediaRendition, SegmentedFile

__all__ = ["dash_mpd", "dash_mpd_of", "hls_master", "hls_master_of", "hls_media", "hls_media_of", "streamable"]

_ISO_DURATION = "PT{:.3f}S"
_AAC = "mp4a.40.2"
_ABOVE_AVERAGE = 1.25  # what a segment may need above the average


def streamable(renditions: Sequence[MediaRendition]) -> list[MediaRendition]:
    return [rendition for rendition in renditions if rendition.container == "mp4" and rendition.index_range]


def _codec(rendition: MediaRendition) -> str:
    """As RFC 6381 writes it; for FLAC that is the sample entry, which browsers' media types write small."""
    codec = rendition.mime.partition('codecs="')[2].rstrip('"')
    return "fLaC" if codec == "flac" else codec


def _peak_bps(rendition: MediaRendition) -> int:
    """The largest segment's bit rate."""
    seconds = [samples / rendition.sample_rate for _, samples in rendition.segments]
    rates = [8 * size / s for (size, _), s in zip(rendition.segments, seconds, strict=True) if s > 0]
    return math.ceil(max(rates, default=rendition.bitrate_kbps * 1000))


def hls_master(renditions: Sequence[MediaRendition], url_of: dict[str, str]) -> str:
    """One variant a rendition; `url_of` gives each quality's media playlist."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for rendition in streamable(renditions):
        average = rendition.bitrate_kbps * 1000
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={max(_peak_bps(rendition), average)},AVERAGE-BANDWIDTH={average},"
            f'CODECS="{_codec(rendition)}"'
        )
        lines.append(url_of[rendition.quality])
    return "\n".join(lines) + "\n"


def hls_media(rendition: MediaRendition) -> str:
    """Every fragment as a byte range of the one file."""
    if rendition.init_range is None or rendition.index_range is None:
        raise ValueError(f"{rendition.quality} is not segmented")
    first, last = rendition.init_range
    durations = [samples / rendition.sample_rate for _, samples in rendition.segments]
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(1, math.ceil(max(durations, default=1)))}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-MEDIA-SEQUENCE:0",
        f'#EXT-X-MAP:URI="{rendition.url}",BYTERANGE="{last - first + 1}@{first}"',
    ]
    offset = rendition.index_range[1] + 1
    for (size, _), duration in zip(rendition.segments, durations, strict=True):
        lines += [f"#EXTINF:{duration:.6f},", f"#EXT-X-BYTERANGE:{size}@{offset}", rendition.url]
        offset += size
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def hls_master_of(files: Sequence[SegmentedFile], url_of: dict[str, str]) -> str:
    """Of segments that are made as they are asked for: their bit rates are what the encoder is told."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for file in files:
        average = file.bitrate_kbps * 1000
        codec = "fLaC" if file.codec == "flac" else _AAC
        most = round(average * _ABOVE_AVERAGE)
        lines.append(f'#EXT-X-STREAM-INF:BANDWIDTH={most},AVERAGE-BANDWIDTH={average},CODECS="{codec}"')
        lines.append(url_of[file.quality])
    return "\n".join(lines) + "\n"


def hls_media_of(file: SegmentedFile) -> str:
    """Known from the duration alone; each segment lasts a whole number of the codec's frames."""
    whole = file.segment_samples / file.sample_rate
    sounding = file.delay_samples + file.total_samples - (file.segments - 1) * file.segment_samples
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{max(1, math.ceil(whole))}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-MEDIA-SEQUENCE:0",
        f'#EXT-X-MAP:URI="{file.init_url}"',
    ]
    for number in range(file.segments):
        seconds = whole if number < file.segments - 1 else sounding / file.sample_rate
        lines += [f"#EXTINF:{seconds:.6f},", file.segment_url.replace("{n}", str(number))]
    return "\n".join([*lines, "#EXT-X-ENDLIST"]) + "\n"


def dash_mpd(renditions: Sequence[MediaRendition], duration_ms: int) -> str:
    """Static, on demand: one adaptation set a codec, each representation with its own index."""
    by_codec: dict[str, list[MediaRendition]] = {}
    for rendition in streamable(renditions):
        by_codec.setdefault(_codec(rendition), []).append(rendition)
    duration = _ISO_DURATION.format(timedelta(milliseconds=duration_ms).total_seconds())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"'
        f' type="static" minBufferTime="PT4S" mediaPresentationDuration="{duration}">',
        f'  <Period id="0" duration="{duration}">',
    ]
    for number, (codec, group) in enumerate(by_codec.items()):
        lines.append(
            f'    <AdaptationSet id="{number}" contentType="audio" mimeType="audio/mp4" codecs="{codec}"'
            ' subsegmentAlignment="true" subsegmentStartsWithSAP="1">'
        )
        lines += [_representation(rendition) for rendition in group]
        lines.append("    </AdaptationSet>")
    return "\n".join([*lines, "  </Period>", "</MPD>"]) + "\n"


def _representation(rendition: MediaRendition) -> str:
    init, index = rendition.init_range or (0, 0), rendition.index_range or (0, 0)
    scheme = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"
    return f"""\
      <Representation id="{rendition.quality}" bandwidth="{max(_peak_bps(rendition), rendition.bitrate_kbps * 1000)}" \
audioSamplingRate="{rendition.sample_rate}">
        <AudioChannelConfiguration schemeIdUri="{scheme}" value="{rendition.channels}"/>
        <BaseURL>{quoteattr(rendition.url)[1:-1]}</BaseURL>
        <SegmentBase indexRange="{index[0]}-{index[1]}" timescale="{rendition.sample_rate}">
          <Initialization range="{init[0]}-{init[1]}"/>
        </SegmentBase>
      </Representation>"""


def dash_mpd_of(files: Sequence[SegmentedFile], duration_ms: int) -> str:
    """Segments by number: one adaptation set a codec."""
    duration = _ISO_DURATION.format(timedelta(milliseconds=duration_ms).total_seconds())
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011"'
        f' type="static" minBufferTime="PT4S" mediaPresentationDuration="{duration}">',
        f'  <Period id="0" duration="{duration}">',
    ]
    by_codec: dict[str, list[SegmentedFile]] = {}
    for file in files:
        by_codec.setdefault("fLaC" if file.codec == "flac" else _AAC, []).append(file)
    for number, (codec, group) in enumerate(by_codec.items()):
        lines.append(
            f'    <AdaptationSet id="{number}" contentType="audio" mimeType="audio/mp4" codecs="{codec}"'
            ' segmentAlignment="true" startWithSAP="1">'
        )
        lines += [_numbered(file) for file in group]
        lines.append("    </AdaptationSet>")
    return "\n".join([*lines, "  </Period>", "</MPD>"]) + "\n"


def _numbered(file: SegmentedFile) -> str:
    scheme = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"
    segments = quoteattr(file.segment_url.replace("{n}", "$Number$"))
    return f"""\
      <Representation id="{file.quality}" bandwidth="{round(file.bitrate_kbps * 1000 * _ABOVE_AVERAGE)}" \
audioSamplingRate="{file.sample_rate}">
        <AudioChannelConfiguration schemeIdUri="{scheme}" value="{file.channels}"/>
        <SegmentTemplate timescale="{file.sample_rate}" duration="{file.segment_samples}" startNumber="0"
          initialization={quoteattr(file.init_url)} media={segments}/>
      </Representation>"""
