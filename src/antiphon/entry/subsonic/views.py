"""Songs, albums and artists as the protocol shows them.

Members that are always there are emitted also when they are empty, so that apps can tell that we know of them; what
is not known and may be absent is absent.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.listing import AlbumListing, ArtistListing, Named, SongListing, display_names
from antiphon.entry.subsonic import marks
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.marks import Mark, mark_of
from antiphon.kit.ids import Kind, out

__all__ = [
    "Child",
    "L",
    "Listed",
    "Ordering",
    "Shown",
    "album_of",
    "albums_by_id",
    "all_by_id",
    "artist_of",
    "as_given",
    "folder_album_of",
    "folder_artists_of",
    "seconds",
    "song_of",
    "songs_by_id",
]

Given = dict[str, Any]
Listed = Literal["artist", "album", "track"]
L = TypeVar("L", ArtistListing, AlbumListing, SongListing)
_TRACK, _ALBUM, _ARTIST = Kind.TRACK, Kind.ALBUM, Kind.ARTIST  # looked up once: in Python 3.11 that takes a call


class ReplayGain(msgspec.Struct, frozen=True, gc=False):
    track_gain: float | UnsetType = msgspec.field(name="trackGain", default=UNSET)
    album_gain: float | UnsetType = msgspec.field(name="albumGain", default=UNSET)
    track_peak: float | UnsetType = msgspec.field(name="trackPeak", default=UNSET)
    album_peak: float | UnsetType = msgspec.field(name="albumPeak", default=UNSET)


class Child(msgspec.Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """A song."""

    id: str
    parent: str | UnsetType
    is_dir: bool = False
    title: str
    album: str | UnsetType
    artist: str
    track: int | UnsetType
    year: int | UnsetType
    genre: str | UnsetType
    cover_art: str
    size: int | UnsetType
    content_type: str | UnsetType
    suffix: str | UnsetType
    duration: int
    bit_rate: int | UnsetType
    path: str
    is_video: bool = False
    user_rating: int | UnsetType
    average_rating: float | UnsetType
    play_count: int
    disc_number: int | UnsetType
    created: datetime
    starred: datetime | UnsetType
    album_id: str | UnsetType
    artist_id: str
    type: str = "music"
    bit_depth: int | UnsetType
    sampling_rate: int | UnsetType
    channel_count: int | UnsetType
    media_type: str = "song"
    played: datetime | UnsetType
    bookmark_position: int | UnsetType
    bpm: int
    comment: str
    sort_name: str
    music_brainz_id: str
    isrc: list[str]
    genres: list[Given]
    artists: list[Given]
    display_artist: str
    album_artists: list[Given]
    display_album_artist: str
    contributors: list[Given]
    display_composer: str
    moods: list[str]
    replay_gain: ReplayGain
    explicit_status: str
    works: list[Given]
    movements: list[Given]
    groupings: list[str] = []


def seconds(milliseconds: int | None) -> int:
    """Whole ones, the nearest."""
    return ((milliseconds or 0) + 500) // 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """Of each kind, in the order in which they were given."""

    artists: list[Given]
    albums: list[Given]
    songs: list[Child]


class Ordering(Protocol):
    """Puts what is listed of one kind in the order in which it is shown."""

    def __call__(self, kind: Listed, listed: list[L]) -> list[L]: ...


def as_given(kind: Listed, listed: list[L]) -> list[L]:
    return listed


async def all_by_id(
    call: Call,
    conn: AsyncConnection,
    artists: Sequence[UUID],
    albums: Sequence[UUID],
    songs: Sequence[UUID],
    *,
    ordered: Ordering = as_given,
) -> Shown:
    found_artists, found_albums, found_songs = await call.lately.all_by_id(
        conn, (artists, marks.of_artists(call)), (albums, marks.of_albums(call)), (songs, marks.of_songs(call))
    )
    return Shown(
        [artist_of(one) for one in ordered("artist", found_artists)],
        [album_of(one) for one in ordered("album", found_albums)],
        [song_of(one) for one in ordered("track", found_songs)],
    )


async def songs_by_id(call: Call, conn: AsyncConnection, ids: Sequence[UUID]) -> list[Child]:
    """Those that the person may hear, in their order, repeats too: for everything that lists songs."""
    return [song_of(song) for song in await call.lately.songs_by_id(conn, ids, marks.of_songs(call))]


async def albums_by_id(call: Call, conn: AsyncConnection, ids: Sequence[UUID]) -> list[Given]:
    return [album_of(album) for album in await call.lately.albums_by_id(conn, ids, marks.of_albums(call))]


# The songs that were shown lately, with what they were made of: apps ask for the same lists again and again, and to
# compare is a tenth of what making costs.
_made: OrderedDict[UUID, tuple[SongListing, str | None, Child]] = OrderedDict()
_REMEMBERED = 10_000  # some 20 MB


def song_of(song: SongListing, parent: str | None = None) -> Child:
    """`parent`: the folder in which it is shown, where that is not the album."""
    kept = _made.get(song.id)
    if kept is not None and kept[1] == parent and (kept[0] is song or kept[0] == song):
        made = kept[2]
    else:
        made = _song_of(song, parent)
    _made[song.id] = (song, parent, made)
    _made.move_to_end(song.id)
    if len(_made) > _REMEMBERED:
        _made.popitem(last=False)
    return made


def _song_of(song: SongListing, parent: str | None) -> Child:
    mark = mark_of(song.beside)
    album_id = out(_ALBUM, song.album_id) if song.album_id and song.album_title is not None else UNSET
    display = display_names(song.artists) if song.artists else song.artist_name
    artists = [_named(one) for one in song.artists]
    same = song.album_artists == song.artists
    credits = song.credits
    return Child(
        id=out(_TRACK, song.id),
        parent=parent or album_id,
        title=song.title,
        album=UNSET if song.album_title is None else song.album_title,
        artist=display,
        track=UNSET if song.track_number is None else song.track_number,
        year=UNSET if song.year is None else song.year,
        genre=song.genres[0] if song.genres else UNSET,
        cover_art=_cover(song, album_id),
        size=UNSET if song.bytes is None else song.bytes,
        content_type=song.mime or UNSET,
        suffix=song.suffix or UNSET,
        duration=seconds(song.duration_ms),
        bit_rate=UNSET if song.bitrate_kbps is None else song.bitrate_kbps,
        path=song.path or _made_path(song, display),
        user_rating=UNSET if mark.rating is None else mark.rating,
        average_rating=UNSET if mark.average is None else mark.average,
        play_count=mark.plays,
        disc_number=UNSET if song.disc_number is None else song.disc_number,
        created=song.published_at,
        starred=UNSET if mark.starred is None else mark.starred,
        album_id=album_id,
        artist_id=out(_ARTIST, song.artist_id),
        bit_depth=UNSET if song.bit_depth is None else song.bit_depth,
        sampling_rate=UNSET if song.sample_rate is None else song.sample_rate,
        channel_count=UNSET if song.channels is None else song.channels,
        played=UNSET if mark.played is None else mark.played,
        bookmark_position=UNSET if mark.bookmark_ms is None else mark.bookmark_ms,
        bpm=round(song.bpm or 0),
        comment=song.comment,
        sort_name=song.sort_title or song.title,
        music_brainz_id=str(song.mbid or ""),
        isrc=[song.isrc] if song.isrc else [],
        genres=[{"name": name} for name in song.genres],
        artists=artists,
        display_artist=display,
        album_artists=artists if same else [_named(one) for one in song.album_artists],
        display_album_artist=(display if same else display_names(song.album_artists)) if song.album_artists else "",
        contributors=[_contributor(one.role, one.name, one.artist_id) for one in credits] if credits else [],
        display_composer=", ".join([one.name for one in credits if one.role == "composer"]) if credits else "",
        moods=song.moods,
        replay_gain=_gain(song),
        explicit_status="explicit" if song.explicit else "",
        works=[{"name": song.work}] if song.work else [],
        movements=[{"name": song.movement}] if song.movement else [],
    )


def _named(one: Named) -> Given:
    return {"id": out(_ARTIST, one.id), "name": one.name}


def _contributor(role: str, name: str, artist_id: UUID | None) -> Given:
    return {"role": role, "artist": {"id": out(_ARTIST, artist_id) if artist_id else "", "name": name}}


def _cover(song: SongListing, album_id: str | UnsetType) -> str:
    """The id of what has the picture. Files of libraries have theirs inside, so an album always may have one."""
    if song.album_id is None or song.cover_of == song.id:
        return out(_TRACK, song.id)
    return album_id or out(_ALBUM, song.album_id)


def _gain(song: SongListing) -> ReplayGain:
    track, album, track_peak, album_peak = song.track_gain, song.album_gain, song.track_peak, song.album_peak
    return ReplayGain(
        UNSET if track is None else round(track, 6),
        UNSET if album is None else round(album, 6),
        UNSET if track_peak is None else round(track_peak, 6),
        UNSET if album_peak is None else round(album_peak, 6),
    )


def _made_path(song: SongListing, artist: str) -> str:
    """What was uploaded has no place that people know: apps that keep files get a good name for one."""
    number = f"{song.track_number:02} " if song.track_number else ""
    parts = [artist, song.album_title or "", f"{number}{song.title}"]
    path = "/".join(part.replace("/", "_") for part in parts if part)
    return f"{path}.{song.suffix}" if song.suffix else path


def album_of(album: AlbumListing) -> Given:
    mark = mark_of(album.beside)
    public_id, artist_id = out(_ALBUM, album.id), out(_ARTIST, album.artist_id)
    artists, genres = album.artists, album.genres
    display = display_names(artists) if artists else album.artist_name
    first = album.original_date or album.release_date
    shown: Given = {
        "id": public_id,
        "coverArt": public_id,
        "name": album.title,
        "version": album.edition,
        "artist": display,
        "artistId": artist_id,
        "songCount": album.track_count,
        "duration": seconds(album.duration_ms),
        "playCount": mark.plays,
        "created": album.published_at,
        "recordLabels": [{"name": album.label}] if album.label else [],
        "musicBrainzId": str(album.mbid or ""),
        "genres": [{"name": name} for name in genres],
        "artists": [
            {"id": artist_id if one.id == album.artist_id else out(_ARTIST, one.id), "name": one.name}
            for one in artists
        ],
        "displayArtist": display,
        "releaseTypes": ["EP" if album.kind == "ep" else album.kind.capitalize()],
        "moods": album.moods,
        "sortName": album.sort_title or album.title,
        "originalReleaseDate": _day(album.original_date, album.original_precision),
        "releaseDate": _day(album.release_date, album.release_precision),
        "isCompilation": album.compilation or album.kind == "compilation",
        "explicitStatus": "explicit" if album.explicit else "",
        "discTitles": [{"disc": int(disc), "title": title} for disc, title in album.disc_titles.items()],
    }
    if first is not None:
        shown["year"] = first.year
    if genres:
        shown["genre"] = genres[0]
    return shown | _marked(mark) if album.beside else shown


def _marked(mark: Mark) -> Given:
    named = {
        "starred": mark.starred,
        "userRating": mark.rating,
        "averageRating": mark.average,
        "played": mark.played,
    }
    return {name: value for name, value in named.items() if value is not None}


def _day(day: date | None, precision: str) -> Given:
    if day is None:
        return {}
    shown = {"year": day.year}
    if precision != "year":
        shown["month"] = day.month
    if precision == "day":
        shown["day"] = day.day
    return shown


def folder_album_of(album: Given) -> Given:
    """An album where folders are expected. Both sets of members, because typed clients read either."""
    own = {"parent": album["artistId"], "isDir": True, "title": album["name"], "album": album["name"]}
    return album | own | {"mediaType": "album", "isVideo": False}


def folder_artists_of(artists: Iterable[Given]) -> list[Given]:
    """Artists where folders are expected."""
    members = ("id", "name", "coverArt", "starred", "userRating")
    return [{name: artist[name] for name in members if name in artist} for artist in artists]


def artist_of(artist: ArtistListing) -> Given:
    public_id = out(_ARTIST, artist.id)
    shown: Given = {
        "id": public_id,
        "coverArt": public_id,
        "name": artist.name,
        "albumCount": artist.albums,
        "musicBrainzId": str(artist.mbid or ""),
        "sortName": artist.sort_name or artist.name,
        "disambiguation": artist.disambiguation,
        "roles": ["albumartist"] if artist.albums else ["artist"],
    }
    if artist.beside:
        marked = _marked(mark_of(artist.beside))
        shown |= {name: value for name, value in marked.items() if name in ("starred", "userRating")}
    return shown
