"""HTTP of merging artists, albums and tracks, and of splitting artists and albums."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from antiphon.domains.catalog import api
from antiphon.domains.catalog.model import Album, FullArtist, FullTrack, Title
from antiphon.domains.identity.api import Actor
from antiphon.kit.access import needs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.versions import etag

__all__ = ["handlers"]

Ids = Annotated[list[str], Meta(max_length=500)]


class Merge(msgspec.Struct, frozen=True):
    """`into` stays; what it is called with goes."""

    into: str


class AlbumSplit(msgspec.Struct, frozen=True):
    """Which tracks make an album of their own, and how it is called."""

    track_ids: Annotated[list[str], Meta(min_length=1, max_length=500)]
    title: Title


class ArtistSplit(msgspec.Struct, frozen=True):
    """Which works get an artist of their own, and how it is called. Albums bring the artist's tracks on them."""

    name: Title
    album_ids: Ids = []
    track_ids: Ids = []


@post(
    "/artists/{artist_id:str}/merge",
    summary="Make two artists one",
    tags=["artists"],
    status_code=200,
    opt=needs("artist.share"),
)
async def merge_artist(
    artist_id: FromPath[str], data: JSONBody[Merge], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[FullArtist]:
    """Everything that points at it points at the other from now on, and its id leads there. For owners of both."""
    async with db.unit(signed_in.user_id) as uow:
        gone, into = parse(Kind.ARTIST, artist_id), parse(Kind.ARTIST, data.into)
        merged = await api.merge_artist(uow, signed_in.user_id, gone, into)
    return Response(merged, headers=etag(merged.version))


@post(
    "/artists/{artist_id:str}/split",
    summary="Make one artist two",
    tags=["artists"],
    opt=needs("artist.share"),
)
async def split_artist(
    artist_id: FromPath[str],
    data: JSONBody[ArtistSplit],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    catalog: NamedDependency[api.CatalogTools],
) -> Response[FullArtist]:
    """Answers the new artist. The works are edited in one batch, which can be undone."""
    async with db.unit(signed_in.user_id) as uow:
        made = await api.split_artist(
            uow,
            signed_in.user_id,
            parse(Kind.ARTIST, artist_id),
            data.name,
            [parse(Kind.ALBUM, album_id) for album_id in data.album_ids],
            [parse(Kind.TRACK, track_id) for track_id in data.track_ids],
            rule=catalog.artist_approval,
        )
    return Response(made, headers=etag(made.version))


@post(
    "/albums/{album_id:str}/merge",
    summary="Make two albums one",
    tags=["albums"],
    status_code=200,
    opt=needs("content.edit"),
)
async def merge_album(
    album_id: FromPath[str], data: JSONBody[Merge], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[Album]:
    """Its tracks go over with their numbers, and its id leads to the other."""
    async with db.unit(signed_in.user_id) as uow:
        gone, into = parse(Kind.ALBUM, album_id), parse(Kind.ALBUM, data.into)
        merged = await api.merge_album(uow, signed_in.user_id, gone, into)
    return Response(merged, headers=etag(merged.version))


@post("/albums/{album_id:str}/split", summary="Make one album two", tags=["albums"], opt=needs("content.edit"))
async def split_album(
    album_id: FromPath[str],
    data: JSONBody[AlbumSplit],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
) -> Response[Album]:
    """Answers the new album. The tracks are moved in one batch, which can be undone."""
    tracks = [parse(Kind.TRACK, track_id) for track_id in data.track_ids]
    async with db.unit(signed_in.user_id) as uow:
        made = await api.split_album(uow, signed_in.user_id, parse(Kind.ALBUM, album_id), tracks, data.title)
    return Response(made, headers=etag(made.version))


@post(
    "/tracks/{track_id:str}/merge",
    summary="Make two tracks one",
    tags=["tracks"],
    status_code=200,
    opt=needs("content.edit"),
)
async def merge_track(
    track_id: FromPath[str], data: JSONBody[Merge], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> Response[FullTrack]:
    """Likes, ratings, plays, places in playlists and queues, bookmarks and lyrics go over; its id leads to the other.

    Its files stay with it, out of sight, so that this can be undone. Who manages both may do it.
    """
    async with db.unit(signed_in.user_id) as uow:
        gone, into = parse(Kind.TRACK, track_id), parse(Kind.TRACK, data.into)
        merged = await api.merge_track(uow, signed_in.user_id, gone, into)
    return Response(merged, headers=etag(merged.version))


handlers = [merge_track, merge_artist, split_artist, merge_album, split_album]
