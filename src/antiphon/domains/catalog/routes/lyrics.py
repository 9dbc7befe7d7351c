"""HTTP of lyrics."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from antiphon.domains.catalog.api import lyrics as api
from antiphon.domains.catalog.errors import BadLyrics
from antiphon.domains.catalog.model_lyrics import Lyrics, LyricsDocument, LyricsFormat, LyricsKind
from antiphon.domains.catalog.routes.asked import IfMatch
from antiphon.domains.catalog.routes.bodies import FileBody
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.versions import etag, expected_version

__all__ = ["handlers"]

LARGEST_FILE = 1 << 20  # bytes; the lyrics of an opera are a tenth of it
PUBLIC, EDIT, TAGS = needs("public"), needs("content.edit"), ["lyrics"]
_SUFFIXES = {"plain": "txt", "lrc": "lrc", "elrc": "lrc", "ttml": "ttml", "srt": "srt"}


def _viewer(actor: Actor | None) -> UUID | None:
    return actor.user_id if actor else None


@get("/tracks/{track_id:str}/lyrics", summary="Lyrics of a track in all languages", tags=TAGS, opt=PUBLIC)
async def get_lyrics(
    track_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> list[Lyrics]:
    async with db.seen_by(_viewer(actor)) as conn:
        return await api.lyrics_of_track(conn, parse(Kind.TRACK, track_id), _viewer(actor))


@put("/tracks/{track_id:str}/lyrics/{language:str}", summary="Write lyrics", tags=TAGS, opt=EDIT)
async def put_lyrics(
    track_id: FromPath[str],
    language: FromPath[str],
    data: JSONBody[LyricsDocument],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    text_kind: FromQuery[LyricsKind] = "main",
    if_match: IfMatch = None,
) -> Response[Lyrics]:
    """What there was in that language is replaced."""
    user, version, track = signed_in.user_id, expected_version(if_match), parse(Kind.TRACK, track_id)
    async with db.unit(user) as uow:
        written = await api.put_lyrics(uow, user, track, language, text_kind, data, version)
    return Response(written, headers=etag(written.version))


@delete("/tracks/{track_id:str}/lyrics/{language:str}", summary="Delete lyrics", tags=TAGS, opt=EDIT)
async def delete_lyrics(
    track_id: FromPath[str],
    language: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    text_kind: FromQuery[LyricsKind] = "main",
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.delete_lyrics(uow, signed_in.user_id, parse(Kind.TRACK, track_id), language, text_kind)


@post(
    "/tracks/{track_id:str}/lyrics/file",
    summary="Take lyrics from a file",
    tags=TAGS,
    status_code=200,
    opt=EDIT,
    operation_class=FileBody,
    request_max_body_size=LARGEST_FILE,
)
async def put_lyrics_file(
    track_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    language: FromQuery[str | None] = None,
    text_kind: FromQuery[LyricsKind | None] = None,
) -> list[Lyrics]:
    """The body is the file: LRC, enhanced LRC, TTML, SRT or plain text, in any code page. A file may hold several
    languages; `language` and `text_kind` say what its first text is, where the file does not."""
    track = parse(Kind.TRACK, track_id)
    data = await request.body()
    if not data:
        raise BadLyrics("The file is empty.")
    async with db.unit(signed_in.user_id) as uow:
        return await api.put_lyrics_file(uow, signed_in.user_id, track, data, language, text_kind)


@get("/tracks/{track_id:str}/lyrics/file", summary="Lyrics as a file", tags=TAGS, opt=PUBLIC)
async def get_lyrics_file(
    track_id: FromPath[str],
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    language: FromQuery[str | None] = None,
    text_kind: FromQuery[LyricsKind] = "main",
    format: FromQuery[LyricsFormat] = "lrc",  # noqa: A002
) -> Response[str]:
    async with db.seen_by(_viewer(actor)) as conn:
        text = await api.lyrics_file(conn, parse(Kind.TRACK, track_id), _viewer(actor), language, text_kind, format)
    name = f'attachment; filename="{track_id}.{_SUFFIXES[format]}"'
    media_type = "application/ttml+xml" if format == "ttml" else "text/plain; charset=utf-8"
    return Response(text, media_type=media_type, headers={"Content-Disposition": name})


handlers = [get_lyrics, put_lyrics_file, get_lyrics_file, put_lyrics, delete_lyrics]
