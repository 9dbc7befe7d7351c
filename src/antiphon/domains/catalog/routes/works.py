"""HTTP of the catalogue: artists, albums, tracks, genres, and `/content/{id}` for whatever an id names."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from antiphon.domains.catalog import api
from antiphon.domains.catalog.api import managers
from antiphon.domains.catalog.model import (
    Album,
    AlbumCard,
    Artist,
    FullArtist,
    FullTrack,
    Genre,
    Manager,
    ManagerChoice,
    NewAlbum,
    NewArtist,
    Track,
)
from antiphon.domains.catalog.model_changes import ArtistChange, ContentChange
from antiphon.domains.catalog.routes.following import following
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.db import Database
from antiphon.kit.idempotency import once
from antiphon.kit.ids import Kind, kind_of, parse
from antiphon.kit.paging import Page, PageRequest
from antiphon.kit.text import search_key
from antiphon.kit.versions import etag, expected_version

__all__ = ["Cursor", "IdempotencyKey", "IfMatch", "Limit", "handlers"]

IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description='The ETag that was edited, such as "v3"')]
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", description="Makes a repeat of this request harmless")
]
Cursor = Annotated[str | None, QueryParameter(description="`next` of the page before")]
Limit = Annotated[int, QueryParameter(ge=1, le=100)]

Year = Annotated[int | None, QueryParameter(description="What came out in this year", ge=1, le=9998)]
Library = Annotated[str | None, QueryParameter(name="library_id", description="Of one library only")]
Starting = Annotated[
    str | None,
    QueryParameter(description="Begin with the first name that has these letters; lists by name only", max_length=100),
]


def _page_of(cursor: str | None, limit: int, starting: str | None) -> PageRequest:
    """From where the page before ended, or from where names with these letters stand."""
    if cursor is None and starting:
        return PageRequest(limit, (search_key(starting), str(UUID(int=0))))
    return PageRequest.of(cursor, limit)


def _viewer(actor: NamedDependency[Actor | None]) -> UUID | None:
    return actor.user_id if actor else None


@post("/artists", summary="Make an artist profile", tags=["artists"], opt=needs("content.make"))
async def create_artist(
    data: JSONBody[NewArtist],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    catalog: NamedDependency[api.CatalogTools],
    client: NamedDependency[Client],
    idempotency_key: IdempotencyKey = None,
) -> Response[FullArtist]:
    """Where the installation requires it, the artist waits to be approved: see `approval`."""
    user, rule = signed_in.user_id, catalog.artist_approval
    async with db.unit(user) as uow:
        made = await once(
            uow,
            user,
            idempotency_key,
            data,
            lambda: api.create_artist(uow, user, data, rule=rule, client=client),
            FullArtist,
        )
    return Response(made, headers=etag(made.version))


@get("/artists", summary="Artists by name", tags=["artists"], opt=needs("public"))
async def list_artists(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    mine: FromQuery[bool] = False,
    starting: Starting = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Artist]:
    async with db.seen_by(_viewer(actor)) as conn:
        return await api.artist_page(conn, _viewer(actor), mine, _page_of(cursor, limit, starting))


@get("/artists/{artist_id:str}", summary="One artist", tags=["artists"], opt=needs("public"))
async def get_artist(
    artist_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> Response[FullArtist]:
    async with db.seen_by(_viewer(actor)) as conn:
        artist = parse(Kind.ARTIST, artist_id)
        async with following(conn, Kind.ARTIST, artist, "artists"):
            found = await api.artist(conn, artist, _viewer(actor))
    return Response(found, headers=etag(found.version))


@put("/artists/{artist_id:str}", summary="Change an artist profile", tags=["artists"], opt=needs("content.edit"))
async def update_artist(
    artist_id: FromPath[str],
    data: JSONBody[ArtistChange],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[FullArtist]:
    version = expected_version(if_match)
    async with db.unit(signed_in.user_id) as uow:
        changed = await api.update_artist(uow, signed_in.user_id, parse(Kind.ARTIST, artist_id), data, version)
    return Response(changed, headers=etag(changed.version))


@delete(
    "/artists/{artist_id:str}", summary="Delete an empty artist profile", tags=["artists"], opt=needs("content.edit")
)
async def delete_artist(
    artist_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await api.delete_artist(uow, signed_in.user_id, parse(Kind.ARTIST, artist_id))


@get("/artists/{artist_id:str}/managers", summary="Who manages an artist", tags=["artists"], opt=needs("content.edit"))
async def list_managers(
    artist_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> list[Manager]:
    async with db.unit(signed_in.user_id) as uow:
        return await managers.managers(uow, signed_in.user_id, parse(Kind.ARTIST, artist_id))


@put(
    "/artists/{artist_id:str}/managers/{user_id:str}",
    summary="Let somebody manage an artist",
    tags=["artists"],
    opt=needs("artist.share"),
)
async def put_manager(
    artist_id: FromPath[str],
    user_id: FromPath[str],
    data: JSONBody[ManagerChoice],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> list[Manager]:
    artist, person = parse(Kind.ARTIST, artist_id), parse(Kind.USER, user_id)
    async with db.unit(signed_in.user_id) as uow:
        return await managers.set_manager(uow, signed_in.user_id, artist, person, data.kind)


@delete(
    "/artists/{artist_id:str}/managers/{user_id:str}",
    summary="End somebody's management of an artist",
    tags=["artists"],
    opt=needs("content.edit"),
)
async def delete_manager(
    artist_id: FromPath[str],
    user_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> None:
    artist, person = parse(Kind.ARTIST, artist_id), parse(Kind.USER, user_id)
    async with db.unit(signed_in.user_id) as uow:
        await managers.remove_manager(uow, signed_in.user_id, artist, person)


@post("/albums", summary="Make an album", tags=["albums"], opt=needs("content.edit"))
async def create_album(
    data: JSONBody[NewAlbum],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    idempotency_key: IdempotencyKey = None,
) -> Response[Album]:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        made = await once(uow, user, idempotency_key, data, lambda: api.create_album(uow, user, data), Album)
    return Response(made, headers=etag(made.version))


@get("/albums", summary="Albums", tags=["albums"], opt=needs("public"))
async def list_albums(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    artist_id: FromQuery[str | None] = None,
    genre_id: FromQuery[str | None] = None,
    year: Year = None,
    library: Library = None,
    mine: FromQuery[bool] = False,
    sort: FromQuery[Literal["newest", "title"]] = "newest",
    starting: Starting = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AlbumCard]:
    async with db.seen_by(_viewer(actor)) as conn:
        return await api.album_page(
            conn,
            _viewer(actor),
            _page_of(cursor, limit, starting if sort == "title" else None),
            artist=parse(Kind.ARTIST, artist_id) if artist_id else None,
            genre=parse(Kind.GENRE, genre_id) if genre_id else None,
            year=year,
            library=parse(Kind.LIBRARY, library) if library else None,
            mine=mine,
            sort=sort,
        )


@get("/albums/{album_id:str}", summary="One album with its tracks", tags=["albums"], opt=needs("public"))
async def get_album(
    album_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> Response[Album]:
    async with db.seen_by(_viewer(actor)) as conn:
        album = parse(Kind.ALBUM, album_id)
        async with following(conn, Kind.ALBUM, album, "albums"):
            found = await api.album(conn, album, _viewer(actor))
    return Response(found, headers=etag(found.version))


@put("/albums/{album_id:str}", summary="Change an album", tags=["albums"], opt=needs("content.edit"))
async def update_album(
    album_id: FromPath[str],
    data: JSONBody[ContentChange],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[Album]:
    version = expected_version(if_match)
    async with db.unit(signed_in.user_id) as uow:
        changed = await api.update_album(uow, signed_in.user_id, parse(Kind.ALBUM, album_id), data, version)
    return Response(changed, headers=etag(changed.version))


@delete("/albums/{album_id:str}", summary="Delete an album", tags=["albums"], opt=needs("content.edit"))
async def delete_album(
    album_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    with_tracks: FromQuery[bool] = False,
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        album = parse(Kind.ALBUM, album_id)
        await api.delete_album(uow, signed_in.user_id, album, with_tracks=with_tracks)


@post(
    "/albums/{album_id:str}/publish",
    summary="Publish an album and its tracks",
    tags=["albums"],
    status_code=200,
    opt=needs("content.publish"),
)
async def publish_album(
    album_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[Album]:
    async with db.unit(signed_in.user_id) as uow:
        published = await api.publish_album(uow, signed_in.user_id, parse(Kind.ALBUM, album_id))
    return Response(published, headers=etag(published.version))


@get("/tracks", summary="Tracks", tags=["tracks"], opt=needs("public"))
async def list_tracks(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    artist_id: FromQuery[str | None] = None,
    genre_id: FromQuery[str | None] = None,
    year: Year = None,
    library: Library = None,
    mine: FromQuery[bool] = False,
    status: FromQuery[Literal["processing", "ready", "failed"] | None] = None,
    sort: FromQuery[Literal["newest", "popular", "title"]] = "newest",
    starting: Starting = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[Track]:
    async with db.seen_by(_viewer(actor)) as conn:
        return await api.track_page(
            conn,
            _viewer(actor),
            _page_of(cursor, limit, starting if sort == "title" else None),
            mine=mine,
            artist=parse(Kind.ARTIST, artist_id) if artist_id else None,
            genre=parse(Kind.GENRE, genre_id) if genre_id else None,
            year=year,
            library=parse(Kind.LIBRARY, library) if library else None,
            status=status,
            sort=sort,
        )


@get("/tracks/{track_id:str}", summary="One track", tags=["tracks"], opt=needs("public"))
async def get_track(
    track_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> Response[FullTrack]:
    async with db.seen_by(_viewer(actor)) as conn:
        track = parse(Kind.TRACK, track_id)
        async with following(conn, Kind.TRACK, track, "tracks"):
            found = await api.track(conn, track, _viewer(actor))
    return Response(found, headers=etag(found.version))


@get("/genres", summary="Genres that have published tracks, the largest first", tags=["genres"], opt=needs("public"))
async def list_genres(db: NamedDependency[Database], actor: NamedDependency[Actor | None]) -> Page[Genre]:
    """Counted over what whoever asks may hear."""
    async with db.seen_by(_viewer(actor)) as conn:
        return Page(await api.genres(conn), None)


@get("/content/{content_id:str}", summary="Whatever the id names", tags=["content"], opt=needs("public"))
async def get_content(
    content_id: FromPath[str], db: NamedDependency[Database], actor: NamedDependency[Actor | None]
) -> Response[FullTrack | Album]:
    found: FullTrack | Album
    async with db.seen_by(_viewer(actor)) as conn:
        if kind_of(content_id) is Kind.ALBUM:
            album = parse(Kind.ALBUM, content_id)
            async with following(conn, Kind.ALBUM, album, "content"):
                found = await api.album(conn, album, _viewer(actor))
        else:
            track = parse(Kind.TRACK, content_id)
            async with following(conn, Kind.TRACK, track, "content"):
                found = await api.track(conn, track, _viewer(actor))
    return Response(found, headers=etag(found.version))


@put("/content/{content_id:str}", summary="Change a track or an album", tags=["content"], opt=needs("content.edit"))
async def update_content(
    content_id: FromPath[str],
    data: JSONBody[ContentChange],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    if_match: IfMatch = None,
) -> Response[FullTrack | Album]:
    version, user = expected_version(if_match), signed_in.user_id
    async with db.unit(user) as uow:
        changed: FullTrack | Album
        if kind_of(content_id) is Kind.ALBUM:
            changed = await api.update_album(uow, user, parse(Kind.ALBUM, content_id), data, version)
        else:
            changed = await api.update_track(uow, user, parse(Kind.TRACK, content_id), data, version)
    return Response(changed, headers=etag(changed.version))


@delete("/content/{content_id:str}", summary="Delete a track or an album", tags=["content"], opt=needs("content.edit"))
async def delete_content(
    content_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> None:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        if kind_of(content_id) is Kind.ALBUM:
            await api.delete_album(uow, user, parse(Kind.ALBUM, content_id), with_tracks=False)
        else:
            await api.delete_track(uow, user, parse(Kind.TRACK, content_id))


@post(
    "/content/{content_id:str}/publish",
    summary="Let everybody hear it",
    tags=["content"],
    status_code=200,
    opt=needs("content.publish"),
)
async def publish_content(
    content_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[FullTrack | Album]:
    user = signed_in.user_id
    async with db.unit(user) as uow:
        published: FullTrack | Album
        if kind_of(content_id) is Kind.ALBUM:
            published = await api.publish_album(uow, user, parse(Kind.ALBUM, content_id))
        else:
            published = await api.publish_track(uow, user, parse(Kind.TRACK, content_id))
    return Response(published, headers=etag(published.version))


@post(
    "/content/{content_id:str}/unpublish",
    summary="Make it a draft again",
    tags=["content"],
    status_code=200,
    opt=needs("content.publish"),
)
async def unpublish_content(
    content_id: FromPath[str], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[FullTrack]:
    async with db.unit(signed_in.user_id) as uow:
        changed = await api.unpublish_track(uow, signed_in.user_id, parse(Kind.TRACK, content_id))
    return Response(changed, headers=etag(changed.version))


handlers = [
    list_managers,
    put_manager,
    delete_manager,
    create_artist,
    list_artists,
    get_artist,
    update_artist,
    delete_artist,
    create_album,
    list_albums,
    get_album,
    update_album,
    delete_album,
    publish_album,
    list_tracks,
    get_track,
    list_genres,
    get_content,
    update_content,
    delete_content,
    publish_content,
    unpublish_content,
]
