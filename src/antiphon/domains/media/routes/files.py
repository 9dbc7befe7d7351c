"""HTTP of media: whole uploads, tus 1.0, pictures, waveforms."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get, head, patch, post, put, route
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter

from antiphon.domains.catalog import api as catalog
from antiphon.domains.identity.api import Actor
from antiphon.domains.media import api
from antiphon.domains.media.errors import NotFromHere, UploadTooLarge
from antiphon.domains.media.multipart import read_form
from antiphon.domains.media.routes.bodies import MultipartUpload, PictureBody, TusCreate, TusPiece, read_picture
from antiphon.domains.media.staging import CHECKSUMS
from antiphon.kit.access import needs
from antiphon.kit.cost import costs
from antiphon.kit.db import Database
from antiphon.kit.errors import AppError, FieldProblem, Invalid
from antiphon.kit.ids import Kind, kind_of, parse
from antiphon.kit.paging import Page
from antiphon.kit.text import clean
from antiphon.kit.versions import etag

__all__ = ["handlers"]

TUS = {"Tus-Resumable": "1.0.0", "Cache-Control": "no-store"}
EXTENSIONS = "creation,creation-with-upload,expiration,termination,checksum"
PIECE = "application/offset+octet-stream"
TusVersion = Annotated[str | None, HeaderParameter(name="Tus-Resumable", description="1.0.0")]


class UnsupportedChecksum(AppError):
    code = "unsupported_checksum"
    status = 400
    title = f"Upload-Checksum is one of {', '.join(CHECKSUMS)}, a space, and base64"


class WrongPieceType(AppError):
    code = "wrong_content_type"
    status = 415
    title = f"Pieces of an upload are sent as {PIECE}"


@contextmanager
def _tus(version: str | None) -> Iterator[None]:
    """Answers of the protocol name its version, refusals too. Raises NotFromHere for another version."""
    try:
        if version not in {None, "1.0.0"}:
            raise NotFromHere(headers={"Tus-Version": "1.0.0"})
        yield
    except AppError as error:
        error.headers |= {"Tus-Resumable": "1.0.0"}
        raise


def _checksum(header: str | None) -> tuple[str, bytes] | None:
    if header is None:
        return None
    name, _, encoded = header.partition(" ")
    try:
        digest = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        digest = b""
    if name not in CHECKSUMS or not digest:
        raise UnsupportedChecksum()
    return name, digest


def _metadata(header: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in header.split(","))):
        key, _, encoded = part.partition(" ")
        try:
            pairs[key] = base64.b64decode(encoded, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            text = f"The value of {key} is not UTF-8 in base64."
            raise Invalid(FieldProblem("/Upload-Metadata", "invalid_metadata", text)) from error
    return pairs


def _destination(user_id: UUID, fields: dict[str, str], filename: str) -> api.Destination:
    if not fields.get("artist_id"):
        raise Invalid(FieldProblem("/artist_id", "required", "Say which artist this is by: artist_id."))
    return api.Destination(
        user_id=user_id,
        artist_id=parse(Kind.ARTIST, fields["artist_id"]),
        album_id=parse(Kind.ALBUM, fields["album_id"]) if fields.get("album_id") else None,
        title=clean(fields.get("title", ""))[:300] or None,
        filename=clean(filename)[:300] or "untitled",
    )


def _tus_headers(upload: api.Upload) -> dict[str, str]:
    headers = TUS | {
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.length),
        "Upload-Expires": upload.expires_at.strftime("%a, %d %b %Y %H:%M:%S GMT"),
    }
    said = {"filename": upload.filename, "artist_id": upload.artist_id, "album_id": upload.album_id}
    pairs = [(key, value) for key, value in (said | {"title": upload.title}).items() if value]
    headers["Upload-Metadata"] = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs)
    if upload.content_id:
        headers["Content-Location"] = f"/api/v1/content/{upload.content_id}"
    return headers


@post(
    "/content/upload",
    summary="Upload one sound file whole",
    tags=["upload"],
    status_code=202,
    request_max_body_size=None,
    operation_class=MultipartUpload,
    opt=needs("content.upload") | costs("upload"),
)
async def upload_content(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    media: NamedDependency[api.MediaTools],
    signed_in: NamedDependency[Actor],
) -> Response[catalog.Track]:
    declared = int(request.headers.get("content-length", "0") or 0)
    if declared > media.upload_max_bytes + 1024 * 1024:
        raise UploadTooLarge(limit_bytes=media.upload_max_bytes)
    form = await read_form(request.headers.get("content-type", ""), request.stream())
    user = signed_in.user_id

    def destination() -> api.Destination | None:
        return _destination(user, form.fields, form.filename) if form.fields.get("artist_id") else None

    track = await api.receive(db, media, user, destination, form.filename, form.file, declared)
    return Response(track, status_code=202, headers={"Location": f"/api/v1/content/{track.id}", **etag(track.version)})


@route(
    "/uploads",
    http_method="OPTIONS",
    summary="What this tus server can do",
    tags=["upload"],
    status_code=204,
    opt=needs("public"),
)
async def describe_tus(media: NamedDependency[api.MediaTools]) -> Response[None]:
    headers = {
        "Tus-Version": "1.0.0",
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(media.upload_max_bytes),
        "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
    }
    return Response(None, status_code=204, headers=TUS | headers)


@post(
    "/uploads",
    summary="Begin a resumable upload (tus 1.0)",
    tags=["upload"],
    status_code=201,
    request_max_body_size=None,
    operation_class=TusCreate,
    opt=needs("content.upload") | costs("upload"),
)
async def create_upload(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    media: NamedDependency[api.MediaTools],
    signed_in: NamedDependency[Actor],
    upload_length: Annotated[int | None, HeaderParameter(name="Upload-Length", ge=0)] = None,
    upload_metadata: Annotated[str, HeaderParameter(name="Upload-Metadata")] = "",
    upload_checksum: Annotated[str | None, HeaderParameter(name="Upload-Checksum")] = None,
    tus_resumable: TusVersion = None,
) -> Response[bytes]:
    with _tus(tus_resumable):
        if upload_length is None:
            raise Invalid(FieldProblem("/Upload-Length", "required", "Say how long the file is: Upload-Length."))
        fields = _metadata(upload_metadata)
        to = _destination(signed_in.user_id, fields, fields.get("filename", ""))
        async with db.unit(signed_in.user_id) as uow:
            upload = await api.start_upload(uow, media, to, upload_length)
        if request.headers.get("content-type") == PIECE:
            upload_id, checksum = parse(Kind.UPLOAD, upload.id), _checksum(upload_checksum)
            upload = await api.append(db, media, signed_in.user_id, upload_id, 0, request.stream(), checksum)
        headers = _tus_headers(upload) | {"Location": f"/api/v1/uploads/{upload.id}"}
        return Response(b"", status_code=201, headers=headers, media_type=PIECE)


@get("/uploads", summary="My uploads that are not finished", tags=["upload"], opt=needs("content.upload"))
async def list_uploads(
    db: NamedDependency[Database], media: NamedDependency[api.MediaTools], signed_in: NamedDependency[Actor]
) -> Page[api.Upload]:
    async with db.read() as conn:
        return Page(await api.open_uploads(conn, media, signed_in.user_id), None)


@get("/uploads/quota", summary="How much room there is", tags=["upload"], opt=needs("content.upload"))
async def get_quota(
    db: NamedDependency[Database], media: NamedDependency[api.MediaTools], signed_in: NamedDependency[Actor]
) -> api.Quota:
    async with db.read() as conn:
        return await api.quota(conn, media, signed_in.user_id)


@head("/uploads/{upload_id:str}", summary="How far an upload is", tags=["upload"], opt=needs("content.upload"))
async def head_upload(
    upload_id: FromPath[str],
    db: NamedDependency[Database],
    media: NamedDependency[api.MediaTools],
    signed_in: NamedDependency[Actor],
    tus_resumable: TusVersion = None,
) -> Response[None]:
    with _tus(tus_resumable):
        async with db.read() as conn:
            upload = await api.find_upload(conn, media, parse(Kind.UPLOAD, upload_id), signed_in.user_id)
        return Response(None, headers=_tus_headers(upload))


@patch(
    "/uploads/{upload_id:str}",
    summary="Send the next piece",
    tags=["upload"],
    status_code=204,
    request_max_body_size=None,
    operation_class=TusPiece,
    opt=needs("content.upload") | costs("upload"),
)
async def patch_upload(
    upload_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    media: NamedDependency[api.MediaTools],
    signed_in: NamedDependency[Actor],
    upload_offset: Annotated[int, HeaderParameter(name="Upload-Offset", ge=0)],
    upload_checksum: Annotated[str | None, HeaderParameter(name="Upload-Checksum")] = None,
    tus_resumable: TusVersion = None,
) -> Response[None]:
    with _tus(tus_resumable):
        if request.headers.get("content-type") != PIECE:
            raise WrongPieceType()
        checksum = _checksum(upload_checksum)
        key = parse(Kind.UPLOAD, upload_id)
        upload = await api.append(db, media, signed_in.user_id, key, upload_offset, request.stream(), checksum)
        return Response(None, status_code=204, headers=_tus_headers(upload))


@delete("/uploads/{upload_id:str}", summary="Give up an upload", tags=["upload"], opt=needs("content.upload"))
async def delete_upload(
    upload_id: FromPath[str],
    db: NamedDependency[Database],
    media: NamedDependency[api.MediaTools],
    signed_in: NamedDependency[Actor],
    tus_resumable: TusVersion = None,
) -> Response[None]:
    with _tus(tus_resumable):
        await api.terminate(db, media, signed_in.user_id, parse(Kind.UPLOAD, upload_id))
        return Response(None, status_code=204, headers=TUS)


@put(
    "/artists/{artist_id:str}/image",
    summary="Set an artist's picture",
    tags=["artists"],
    request_max_body_size=None,
    operation_class=PictureBody,
    opt=needs("content.upload") | costs("upload"),
)
async def put_artist_image(
    artist_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    media: NamedDependency[api.MediaTools],
    signed_in: NamedDependency[Actor],
) -> Response[catalog.Artist]:
    subject, user = parse(Kind.ARTIST, artist_id), signed_in.user_id
    async with db.unit(user) as uow:
        await catalog.require_manager(uow.conn, subject, user)
    picture = await api.scale_picture(db, media, user_id=user, kind="artist", data=await read_picture(request))
    async with db.unit(user) as uow:
        artist = await catalog.set_artist_image(uow, user, subject, picture.image)
        await api.hold_picture(uow, subject, picture)
    return Response(artist, headers=etag(artist.version))


@put(
    ["/albums/{content_id:str}/cover", "/content/{content_id:str}/cover"],
    summary="Set the cover of an album or a track",
    tags=["content"],
    request_max_body_size=None,
    operation_class=PictureBody,
    opt=needs("content.upload") | costs("upload"),
)
async def put_cover(
    content_id: FromPath[str],
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    media: NamedDependency[api.MediaTools],
    signed_in: NamedDependency[Actor],
) -> Response[catalog.Album | catalog.Track]:
    user = signed_in.user_id
    kind = Kind.ALBUM if kind_of(content_id) is Kind.ALBUM else Kind.TRACK
    subject = parse(kind, content_id)
    async with db.unit(user) as uow:
        await catalog.require_editable(uow, user, subject, album=kind is Kind.ALBUM)
    picture = await api.scale_picture(db, media, user_id=user, kind="cover", data=await read_picture(request))
    changed: catalog.Album | catalog.Track
    async with db.unit(user) as uow:
        if kind is Kind.ALBUM:
            changed = await catalog.set_album_cover(uow, user, subject, picture.image)
        else:
            changed = await catalog.set_track_cover(uow, user, subject, picture.image)
        await api.hold_picture(uow, subject, picture)
    return Response(changed, headers=etag(changed.version))


handlers = [
    upload_content,
    describe_tus,
    create_upload,
    list_uploads,
    get_quota,
    head_upload,
    patch_upload,
    delete_upload,
    put_artist_image,
    put_cover,
]
