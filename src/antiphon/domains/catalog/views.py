"""Rows of the store as the views that people get."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row

from antiphon.domains.catalog.model import (
    Album,
    AlbumCard,
    AlbumRef,
    Alias,
    AnnouncedTrack,
    Announcement,
    Applicant,
    Artist,
    ArtistCredit,
    ArtistRef,
    ArtistStats,
    Credit,
    FullArtist,
    FullTrack,
    Genre,
    Image,
    Link,
    Loudness,
    Membership,
    ProcessingError,
    Progress,
    TakenDown,
    TakenDownItem,
    Track,
    TrackStats,
    WaitingArtist,
)
from antiphon.domains.catalog.model.territories import Because, Rights, refusal
from antiphon.domains.catalog.model_hits import AlbumHit, ArtistHit, TrackHit
from antiphon.kit.clients import asking
from antiphon.kit.ids import Kind, out

__all__ = [
    "album_card_view",
    "album_hit",
    "album_view",
    "announcement_view",
    "artist_hit",
    "artist_view",
    "full_artist_view",
    "full_track_view",
    "rights_of",
    "taken_down_item",
    "track_hit",
    "track_view",
    "waiting_artist_view",
]

_SIZES = (160, 320, 640, 1280)
_UNSEEN = "#808080"  # nobody has looked at it yet
_image = msgspec.json.Decoder(Image | None)
_loudness = msgspec.json.Decoder(Loudness | None)
_genres = msgspec.json.Decoder(list[tuple[UUID, str]])
_performers = msgspec.json.Decoder(list[tuple[UUID, str, str]])
_embargoes = msgspec.json.Decoder(dict[str, datetime])
_links = msgspec.json.Decoder(list[Link])
_aliases = msgspec.json.Decoder(list[Alias])
_titles = msgspec.json.Decoder(dict[str, str])
_rights = msgspec.json.Decoder(list[Rights])
_credits = msgspec.json.Decoder(list[tuple[str, str, UUID | None]])


class _Known(msgspec.Struct):
    id: UUID
    name: str


_memberships = msgspec.json.Decoder(list[tuple[_Known, str, int | None, int | None]])


def artist_view(row: Row[Any]) -> Artist:
    return Artist(**_artist_fields(row))


def full_artist_view(row: Row[Any]) -> FullArtist:
    return FullArtist(
        **_artist_fields(row),
        sort_name=row.sort_name,
        artist_kind=row.kind,
        disambiguation=row.disambiguation,
        mbid=row.mbid,
        links=_links.decode(row.links),
        aliases=_aliases.decode(row.aliases) if row.aliases else [],
        members=_members(row.members),
        member_of=_members(row.member_of),
    )


def _members(found: str | None) -> list[Membership]:
    return [
        Membership(ArtistRef(out(Kind.ARTIST, known.id), known.name), role, since, until)
        for known, role, since, until in (_memberships.decode(found) if found else [])
    ]


def _credited(found: str | None) -> list[ArtistCredit]:
    return [
        ArtistCredit(out(Kind.ARTIST, artist_id), name, joined_by)
        for artist_id, name, joined_by in (_performers.decode(found) if found else [])
    ]


def _taken_down(row: Row[Any]) -> TakenDown | None:
    """Only its managers see it at all then, and so the reason."""
    return TakenDown(row.taken_down_at, row.taken_down_reason) if row.taken_down_at else None


def _artist_fields(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": out(Kind.ARTIST, row.id),
        "name": row.name,
        "bio": row.bio,
        "image": _image.decode(row.image) if row.image else None,
        "created_at": row.created_at,
        "version": row.version,
        "editable": row.editable,
        "stats": ArtistStats(albums=row.albums, tracks=row.tracks, plays=int(row.plays)),
        "approval": row.approval,
        "refused_for": row.refused_for if row.editable and row.approval == "refused" else None,
    }


def waiting_artist_view(row: Row[Any], made_by: Applicant | None) -> WaitingArtist:
    return WaitingArtist(
        id=out(Kind.ARTIST, row.id),
        name=row.name,
        bio=row.bio,
        image=_image.decode(row.image) if row.image else None,
        asked_at=row.approval_asked_at,
        tracks=row.tracks,
        refused_before=row.refused_for,
        made_by=made_by,
    )


def taken_down_item(row: Row[Any]) -> TakenDownItem:
    return TakenDownItem(
        id=out(Kind.ALBUM if row.kind == "album" else Kind.TRACK, row.id),
        kind=row.kind,
        title=row.title,
        artist=ArtistRef(out(Kind.ARTIST, row.artist_id), row.artist_name),
        cover=_image.decode(row.cover) if row.cover else None,
        taken_down=TakenDown(row.taken_down_at, row.taken_down_reason),
    )


def rights_of(row: Row[Any], *, with_album: bool = True) -> list[Rights]:
    own = Rights(row.territories, _embargoes.decode(row.embargoes))
    if not with_album or row.album_embargoes is None:
        return [own]
    return [own, Rights(row.album_territories, _embargoes.decode(row.album_embargoes))]


def _because(row: Row[Any]) -> Because | None:
    """Its managers hear what they prepare for other countries and times."""
    if row.status != "ready":
        waits: Because = row.status
        return waits
    return None if row.editable else refusal(rights_of(row), asking())


def track_view(row: Row[Any]) -> Track:
    return Track(**_track_fields(row))


def full_track_view(row: Row[Any]) -> FullTrack:
    return FullTrack(
        **_track_fields(row),
        sort_title=row.sort_title,
        disc_title=row.disc_title,
        bpm=row.bpm,
        musical_key=row.musical_key,
        language=row.language,
        moods=row.moods,
        tags=row.tags,
        work=row.work,
        movement=row.movement,
        comment=row.comment,
        copyright=row.copyright,
        territories=row.territories,
        embargoes=_embargoes.decode(row.embargoes),
        mbid=row.mbid,
        publish_at=row.publish_at if row.editable else None,
        taken_down=_taken_down(row),
    )


def _hit_because(row: Any) -> Because | None:
    return refusal(_rights.decode(row["rights"]), asking()) if row["rights"] else None


def artist_hit(row: Any) -> ArtistHit:
    image = row["cover"]
    return ArtistHit(out(Kind.ARTIST, row["id"]), row["title"], _image.decode(image) if image else None)


def album_hit(row: Any) -> AlbumHit:
    shown = out(Kind.ALBUM, row["id"])
    because = _hit_because(row)
    return AlbumHit(
        id=shown,
        title=row["title"],
        album_kind=row["more"],
        artist=ArtistRef(out(Kind.ARTIST, row["artist_id"]), row["artist_name"]),
        cover=_picture(row["cover"], row["library_id"], shown),
        release_date=row["released"],
        track_count=row["number"],
        explicit=row["explicit"],
        playable=because is None,
        because=because,
    )


def track_hit(row: Any) -> TrackHit:
    shown = out(Kind.TRACK, row["id"])
    album = AlbumRef(out(Kind.ALBUM, row["album_id"]), row["album_title"]) if row["album_id"] is not None else None
    because = _hit_because(row)
    return TrackHit(
        id=shown,
        title=row["title"],
        version_title=row["more"],
        artist=ArtistRef(out(Kind.ARTIST, row["artist_id"]), row["artist_name"]),
        album=album,
        cover=_picture(row["cover"], row["library_id"], album.id if album else shown),
        duration_ms=row["number"],
        year=row["year"],
        explicit=row["explicit"],
        playable=because is None,
        because=because,
    )


def _cover(row: Row[Any], shown: str) -> Image | None:
    return _picture(row.cover, row.library_id, shown)


def _picture(cover: str | None, library_id: UUID | None, shown: str) -> Image | None:
    """What lies in a library has its picture beside it or within; it is scaled when somebody looks."""
    if cover:
        chosen: Image | None = _image.decode(cover)
        return chosen
    if library_id is None:
        return None
    return Image(_UNSEEN, {str(size): f"/api/v1/media/covers/{shown}?drawn=false&size={size}" for size in _SIZES})


def _track_fields(row: Row[Any]) -> dict[str, Any]:
    genres = _genres.decode(row.genres) if row.genres else []
    credits = _credits.decode(row.credits) if row.credits else []
    because = _because(row)
    return {
        "id": out(Kind.TRACK, row.id),
        "title": row.title,
        "artist": ArtistRef(out(Kind.ARTIST, row.artist_id), row.artist_name),
        "album": AlbumRef(out(Kind.ALBUM, row.album_id), row.album_title) if row.album_title is not None else None,
        "disc_number": row.disc_number,
        "track_number": row.track_number,
        "cover": _cover(row, out(Kind.ALBUM, row.album_id) if row.album_title is not None else out(Kind.TRACK, row.id)),
        "duration_ms": row.duration_ms,
        "explicit": row.explicit,
        "isrc": row.isrc,
        "description": row.description,
        "year": row.year,
        "genres": [Genre(out(Kind.GENRE, genre_id), name) for genre_id, name in genres],
        "credits": [Credit(name, role, out(Kind.ARTIST, a) if a else None) for name, role, a in credits],
        "status": row.status,
        "published": row.published_at is not None,
        "published_at": row.published_at,
        "renditions_complete": row.renditions_complete,
        "progress": Progress(row.step or "accept", row.percent or 0),
        "error": ProcessingError(row.error_code, row.error_detail) if row.error_code else None,
        "stats": TrackStats(row.plays),
        "editable": row.editable,
        "version": row.version,
        "created_at": row.created_at,
        "artists": _credited(row.artists),
        "version_title": row.version_title,
        "playable": because is None,
        "because": because,
    }


def _album_fields(row: Row[Any]) -> dict[str, Any]:
    because = None if row.editable else refusal(rights_of(row, with_album=False), asking())
    return {
        "id": out(Kind.ALBUM, row.id),
        "title": row.title,
        "album_kind": row.kind,
        "artist": ArtistRef(out(Kind.ARTIST, row.artist_id), row.artist_name),
        "cover": _cover(row, out(Kind.ALBUM, row.id)),
        "release_date": row.release_date,
        "published": row.published_at is not None,
        "track_count": row.tracks,
        "duration_ms": int(row.duration_ms),
        "explicit": row.explicit,
        "version": row.version,
        "editable": row.editable,
        "playable": because is None,
        "because": because,
    }


def announcement_view(row: Row[Any], tracks: list[AnnouncedTrack]) -> Announcement:
    return Announcement(
        id=out(Kind.ALBUM, row.id),
        title=row.title,
        album_kind=row.kind,
        artist=ArtistRef(out(Kind.ARTIST, row.artist_id), row.artist_name),
        cover=_image.decode(row.cover) if row.cover else None,
        explicit=row.explicit,
        release_at=row.publish_at,
        track_count=len(tracks),
        tracks=tracks,
    )


def album_card_view(row: Row[Any]) -> AlbumCard:
    return AlbumCard(**_album_fields(row))


def album_view(row: Row[Any], tracks: list[Track]) -> Album:
    return Album(
        **_album_fields(row),
        description=row.description,
        label=row.label,
        upc=row.upc,
        tracks=tracks,
        loudness=_loudness.decode(row.loudness) if row.loudness else None,
        created_at=row.created_at,
        published_at=row.published_at,
        artists=_credited(row.artists),
        sort_title=row.sort_title,
        edition=row.edition,
        disc_titles=_titles.decode(row.disc_titles),
        release_precision=row.release_precision,
        original_date=row.original_date,
        original_precision=row.original_precision,
        catalog_number=row.catalog_number,
        compilation=row.compilation,
        territories=row.territories,
        moods=row.moods,
        tags=row.tags,
        mbid=row.mbid,
        release_group_mbid=row.release_group_mbid,
        embargoes=_embargoes.decode(row.embargoes),
        publish_at=row.publish_at if row.editable else None,
        announced=row.announced and row.editable,
        taken_down=_taken_down(row),
    )
