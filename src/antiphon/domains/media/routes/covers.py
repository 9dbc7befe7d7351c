"""HTTP of covers at any size."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated, Any, Literal

from litestar import Request, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from antiphon.domains.identity.api import Actor
from antiphon.domains.media import api
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import kind_of, parse
from antiphon.kit.settings import Settings

__all__ = ["handlers"]

Size = Annotated[
    int | None, QueryParameter(ge=1, le=4096, description="The longer edge has at most so many pixels; else all it has")
]
Drawn = Annotated[
    bool, QueryParameter(description="`false`: 204 where there is no picture, for those who draw one of their own")
]
_CACHED = "private, max-age=86400"
_SOON = "private, max-age=600"
_VARY = "Accept, Cookie, Authorization"


@route(
    "/media/covers/{subject:str}",
    http_method=["GET", "HEAD"],
    summary="The picture of an artist, an album, a track or a folder",
    tags=["content"],
    opt=needs("public"),
)
async def get_cover(
    subject: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    media: NamedDependency[api.MediaTools],
    settings: NamedDependency[Settings],
    actor: NamedDependency[Actor | None],
    size: Size = None,
    drawn: Drawn = True,
) -> Response[bytes]:
    kind = kind_of(subject)
    if kind is None or kind not in api.COVERED:
        raise NotFound("There is nothing with this id that has a picture.")
    viewer = actor.user_id if actor else None
    form: Literal["webp", "jpeg"] = "webp" if "image/webp" in request.headers.get("accept", "") else "jpeg"
    found = await api.cover(db, media, viewer, kind, parse(kind, subject), size, form)
    if found is None and not drawn:
        return Response(b"", status_code=204, headers={"Cache-Control": _SOON, "Vary": _VARY})
    if found is None and settings.missing_covers == "plain":
        found = api.plain_cover(media)
    if found is None:
        raise NotFound("There is no picture.")
    return _answer(request, found)


def _answer(request: Request[Any, Any, Any], found: api.WholeFile) -> Response[bytes]:
    headers = {"ETag": f'"{found.etag}"', "Cache-Control": _CACHED, "Vary": _VARY}
    modified = datetime.fromtimestamp(int(found.modified or 0), UTC)
    headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    if _known(request, found.etag, modified):
        return Response(b"", status_code=304, headers=headers, media_type=found.mime)
    return Response(found.path.read_bytes(), headers=headers, media_type=found.mime)


def _known(request: Request[Any, Any, Any], etag: str, modified: datetime) -> bool:
    """RFC 9110: the tag decides where one was sent, the time only where none was."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in {"*", f'"{etag}"'} for tag in tags.split(","))
    try:
        return modified <= parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except (TypeError, ValueError):
        return False


handlers = [get_cover]
