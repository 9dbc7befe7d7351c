"""Bytes: songs and pictures."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity import api as identity
from antiphon.domains.live import api as live
from antiphon.domains.media import api as media
from antiphon.domains.playback import api as playback
from antiphon.entry.http.asgi_types import ASGIApp, Receive, Scope, Send
from antiphon.entry.http.bytes import send_file
from antiphon.entry.http.conditions import http_date
from antiphon.entry.http.sounds import send_sound
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.failures import DENIED, NOT_FOUND, Failed
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, kind_of, out, parse

_CACHE = "private, max-age=86400"
_LEND_S = 3600
_CONDITIONS = frozenset(
    [b"range", b"if-range", b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since"]
)


@endpoint("stream", cost="media")
async def stream(call: Call) -> Answer:
    """Not a play: those are scrobbled. What was made of the song already comes before what would have to be made."""
    begins_ms = call.params.number("timeOffset", 0) * 1000
    format_ = (call.params.text("format") or "").lower()
    limit = None if format_ == "raw" else call.params.number("maxBitRate", 0) or None
    device = playback.wanting(format_, begins_later=begins_ms > 0 and format_ != "raw")
    original, renditions = await ways(call, call.params.id(Kind.TRACK))
    if original is None:
        return await _best(call, renditions)
    made = _made(original, device, limit, begins_ms)
    ready = next((one for one in reversed(renditions) if made is not None and _is_that(one, made)), None)
    if ready is not None and not begins_ms:
        return await _rendition(call, ready)
    return await heard(call, original, made)


@endpoint("download", cost="media")
async def download(call: Call) -> Answer:
    """Never another format than it has; a song out of a longer file is cut out of it."""
    original, renditions = await ways(call, call.params.id(Kind.TRACK))
    if original is None:
        return await _best(call, renditions)
    made = _made(original, playback.wanting("raw"), None, 0)
    return await heard(call, original, made, filename=original.name if original.whole else None)


def _made(
    original: media.Original, device: playback.Device, max_kbps: int | None, begins_ms: int
) -> media.Transcode | None:
    """None for the original itself."""
    network = playback.Network(max_kbps)
    choice = playback.choose(device, playback.source_of(original), network, playback.Entitlements())
    if choice.kind == "refuse":  # FLAC of a lossy file, or within few bits: apps would rather hear something
        choice = playback.choose(
            playback.wanting(None, begins_later=True), playback.source_of(original), network, playback.Entitlements()
        )
    return playback.transcode_of(original, choice, begins_ms)


async def ways(call: Call, track_id: UUID) -> tuple[media.Original | None, list[media.MediaRendition]]:
    """The file as it was given, and what was made of it, by bit rate. Raises ContentNotFound."""
    known = call.ways.get((call.user_id, track_id))
    if known is not None:
        return known
    turn = call.ways.turn
    async with call.reading() as conn:
        track = await _must_hear(call, conn, track_id)
        original = await media.original_of(conn, track_id)
        if original is None or original.root is None:
            return original, list((await media.media_result(conn, call.house.media, track_id, None)).renditions)
    if track.everywhere:
        call.ways.keep((call.user_id, track_id), (original, []), turn)
    return original, []


def _is_that(rendition: media.MediaRendition, made: media.Transcode) -> bool:
    """Whether it does for what would be made: the same format, at most that bit rate, and not much below."""
    wanted = made.bitrate_kbps or 0
    return rendition.container == made.format and 0.8 * wanted <= rendition.bitrate_kbps <= wanted + 1


async def heard(
    call: Call, original: media.Original, made: media.Transcode | None, filename: str | None = None
) -> ASGIApp:
    """The bytes are there, or the first of them made, before anything is answered: until then failures have words."""
    head = call.scope["method"] == "HEAD"
    who = call.house.media.links.listener_of(call.user_id)
    sound = await call.house.media.transcoder.open(original, made, who, head=head)
    estimate = call.params.flag("estimateContentLength", False)

    async def send_it(scope: Scope, receive: Receive, send: Send) -> None:
        await send_sound(scope, receive, send, sound, cache_control=_CACHE, filename=filename, estimate=estimate)

    return send_it


async def _best(call: Call, renditions: list[media.MediaRendition]) -> ASGIApp:
    """Raises Failed (70)."""
    if not renditions:
        raise Failed(NOT_FOUND, "This song cannot be played yet.")
    return await _rendition(call, renditions[-1])


async def _rendition(call: Call, rendition: media.MediaRendition) -> ASGIApp:
    sha256 = rendition.url.partition("v=")[2].partition("&")[0]
    key = media.blob_key(sha256)
    path = call.house.media.objects.path(key)
    if path is not None:
        return _file(path, sha256, rendition.mime)
    url = await call.house.media.objects.redirect_url(key, _LEND_S)
    if url is None:
        raise Failed(NOT_FOUND, "This song lies in a store that an app cannot be sent to.")
    lent = media.Elsewhere(url)

    async def send_it(scope: Scope, receive: Receive, send: Send) -> None:
        await send_sound(scope, receive, send, lent, cache_control=_CACHE)

    return send_it


def _file(path: Path, etag: str, mime: str, cache: str = _CACHE, modified: float | None = None) -> ASGIApp:
    async def send_it(scope: Scope, receive: Receive, send: Send) -> None:
        await send_file(
            scope,
            send,
            path=path,
            etag=etag,
            content_type=mime,
            cache_control=cache,
            last_modified=modified,
            receive=receive,
        )

    if not path.is_file():
        raise Failed(NOT_FOUND, "These bytes are gone.")
    return send_it


@endpoint("getCoverArt", cost="media")
async def get_cover_art(call: Call) -> Answer:
    """What has no picture gets a plain one, as does whatever was not named."""
    kind, text = _pictured(call.params.text("id") or "")
    found = None
    if kind is Kind.RADIO:
        found = await _station_picture(call, text)
    elif kind is not None:
        with suppress(NotFound):
            size, form, subject = _size(call), _form(call), parse(kind, text)
            small = call.house.media.coverer.at_hand(call.user_id, subject, size, form)
            if small is not None and _CONDITIONS.isdisjoint(name for name, _ in call.scope["headers"]):
                return _small(small)
            found = await media.cover(call.house.db, call.house.media, call.user_id, kind, subject, size, form)
    return _picture(call, found)


async def _station_picture(call: Call, text: str) -> media.WholeFile | None:
    async with call.reading() as conn:
        cover = await live.station_cover(conn, parse(Kind.RADIO, text))
    return await media.picture(call.house.media, cover.sizes, _size(call), _form(call)) if cover else None


def _small(picture: media.SmallPicture) -> ASGIApp:
    """What `send_file` would say to a plain request, without a look at the disk."""
    file = picture.file
    headers = _described(file.etag, file.mime, file.modified or 0, len(picture.body))

    async def send_it(scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else picture.body})

    return send_it


@lru_cache(4096)
def _described(etag: str, mime: str, modified: float, length: int) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"etag", f'"{etag}"'.encode()),
        (b"cache-control", _CACHE.encode()),
        (b"last-modified", http_date(modified).encode()),
        (b"content-type", mime.encode()),
        (b"content-length", b"%d" % length),
        (b"accept-ranges", b"bytes"),
    )


def _pictured(text: str) -> tuple[Kind | None, str]:
    """The id as it is, or without what apps and servers put behind it so that caches forget."""
    for one in (text, text.rpartition("_")[0]):
        kind = kind_of(one)
        if kind in media.COVERED or kind is Kind.RADIO:
            return kind, one
    return None, text


@endpoint("getAvatar", cost="media")
async def get_avatar(call: Call) -> Answer:
    async with call.reading() as conn:
        person = await identity.user_by_handle(conn, call.params.needed("username"))
        if person is None:
            raise Failed(NOT_FOUND, "There is no such account.")
        found = await identity.user_by_id(conn, person, call.actor)
    sizes = found.avatar.sizes if found.avatar else {}
    return _picture(call, await media.picture(call.house.media, sizes, _size(call), _form(call)))


def _size(call: Call) -> int | None:
    return call.params.number("size", 0) or None


def _form(call: Call) -> Literal["webp", "jpeg"]:
    """JPEG is what every app knows; WebP is for those that say so."""
    said = next((value for name, value in call.scope["headers"] if name == b"accept"), b"")
    return "webp" if b"image/webp" in said else "jpeg"


def _picture(call: Call, found: media.WholeFile | None) -> ASGIApp:
    shown = found if found is not None else media.plain_cover(call.house.media)
    return _file(shown.path, shown.etag, shown.mime, modified=shown.modified)


def _bytes(body: bytes, kind: bytes) -> ASGIApp:
    """A small body with a strong name."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'.encode()

    async def send_it(scope: Scope, _receive: Receive, send: Send) -> None:
        known = any(name == b"if-none-match" and value == etag for name, value in scope["headers"])
        headers = [(b"etag", etag), (b"cache-control", _CACHE.encode())]
        if not known:
            headers += [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 304 if known else 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if known or scope["method"] == "HEAD" else body})

    return send_it


async def _playlist(call: Call) -> Answer:
    """`bitRate` is the most that the song may have, in kbit/s; behind an `@` would be the size of a film."""
    track_id = call.params.id(Kind.TRACK)
    limits = [
        int(text.partition("@")[0]) for text in call.params.texts("bitRate") if text.partition("@")[0].isdecimal()
    ]
    async with call.reading() as conn:
        await _must_hear(call, conn, track_id)
        kind, text = await playback.playlist(
            conn, call.house.media, out(Kind.TRACK, track_id), max(limits, default=0) or None, call.user_id
        )
    return _bytes(text.encode(), kind.encode())


for _name in ("hls.m3u8", "hls"):  # a widely used library leaves the ending out
    endpoint(_name, cost="media")(_playlist)


async def _must_hear(call: Call, conn: AsyncConnection, track_id: UUID) -> catalog.PlayableTrack:
    """Raises ContentNotFound, also for drafts; Failed (50) where it is for other countries, or for later, or explicit
    and the person does not want that."""
    track = await catalog.playable_track(conn, track_id, call.user_id)
    if not track.published:
        raise catalog.ContentNotFound
    if track.because is not None:
        raise Failed(DENIED, "This may not be heard from where you are, or not yet.")
    if track.explicit and not await identity.hears_explicit(conn, call.user_id):
        raise Failed(DENIED, "You chose to leave out what is marked explicit.")
    return track
