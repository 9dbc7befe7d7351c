"""Manifests of adaptive streaming: over what was made of a track beforehand, else over segments made on demand."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.media import api as media
from antiphon.domains.playback import manifests
from antiphon.domains.playback.errors import NotPlayable
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, parse

__all__ = ["STREAM_PATH", "manifest", "playlist"]

STREAM_PATH = "/api/v1/stream"
_HLS, _DASH = "application/vnd.apple.mpegurl", "application/dash+xml"
_MASTER = "master.m3u8"


async def manifest(
    conn: AsyncConnection, tools: media.MediaTools, content_id: str, name: str, listener: str = ""
) -> tuple[str, str]:
    """(media type, text) of `master.m3u8`, `<quality>.m3u8` or `manifest.mpd`.

    Whoever holds a valid link was entitled when it was made, so nobody is asked again here. `listener` is whom the link
    named. Raises NotFound.
    """
    track = await catalog.linked_track(conn, parse(Kind.TRACK, content_id))
    result = await media.media_result(conn, tools, track.id, track.owner_id)
    if not result.renditions:
        tools = tools.heard_as(listener)
        files = await _segmented(conn, tools, track.id)
        return _of_segments(tools, content_id, name, files, track.duration_ms or 0)
    if name == "manifest.mpd":
        return _DASH, manifests.dash_mpd(result.renditions, track.duration_ms or 0)
    if name == _MASTER:
        urls = _links(tools, content_id, [one.quality for one in result.renditions])
        return _HLS, manifests.hls_master(result.renditions, urls)
    quality = name.removesuffix(".m3u8")
    for rendition in manifests.streamable(result.renditions):
        if rendition.quality == quality:
            return _HLS, manifests.hls_media(rendition)
    raise NotFound("There is no such manifest.")


def _of_segments(
    tools: media.MediaTools, content_id: str, name: str, files: Sequence[media.SegmentedFile], duration_ms: int
) -> tuple[str, str]:
    if name == "manifest.mpd":
        return _DASH, manifests.dash_mpd_of(files, duration_ms)
    if name == _MASTER:
        return _HLS, manifests.hls_master_of(files, _links(tools, content_id, [one.quality for one in files]))
    quality = name.removesuffix(".m3u8")
    for file in files:
        if file.quality == quality:
            return _HLS, manifests.hls_media_of(file)
    raise NotFound("There is no such manifest.")


def _links(tools: media.MediaTools, content_id: str, qualities: Sequence[str]) -> dict[str, str]:
    return {one: tools.links.sign(f"{STREAM_PATH}/{content_id}/{one}.m3u8") for one in qualities}


async def _segmented(conn: AsyncConnection, tools: media.MediaTools, track_id: UUID) -> list[media.SegmentedFile]:
    """Raises NotFound where there is neither a file nor a duration."""
    original = await media.original_of(conn, track_id)
    files = [] if original is None else media.segmented(tools, original)
    if not files:
        raise NotFound("There is no such manifest.")
    return files


async def playlist(
    conn: AsyncConnection, tools: media.MediaTools, content_id: str, max_kbps: int | None, user_id: UUID
) -> tuple[str, str]:
    """(media type, text) of HLS for apps: all renditions, or within a bit rate those that keep to it.

    Whoever asks was let in before. Raises NotPlayable.
    """
    track = await catalog.linked_track(conn, parse(Kind.TRACK, content_id))
    result = await media.media_result(conn, tools, track.id, track.owner_id)
    if manifests.streamable(result.renditions):
        return await manifest(conn, tools, content_id, _MASTER)
    tools = tools.heard_by(user_id)
    try:
        files = await _segmented(conn, tools, track.id)
    except NotFound as error:
        raise NotPlayable() from error
    lossy = [one for one in files if one.codec != "flac"]  # apps that ask this way know nothing else
    kept = [one for one in lossy if max_kbps is None or one.bitrate_kbps <= max_kbps] or lossy[:1]
    return _of_segments(tools, content_id, _MASTER, kept, track.duration_ms or 0)
