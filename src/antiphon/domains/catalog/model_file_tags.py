"""What a work says of itself, as the tags of a sound file say it: by the names of Vorbis comments. No I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

__all__ = ["NamedArtist", "file_tags"]

Tags = dict[str, list[str]]
State = Mapping[str, Any]
_LENGTHS = {"year": 4, "month": 7, "day": 10}
_KINDS = {"spoken": "spokenword", "mixtape": "mixtape/street", "single": "single"}

_OF_TRACKS = {
    "title": "title", "sort_title": "titlesort", "isrc": "isrc", "bpm": "bpm", "musical_key": "key",
    "language": "language", "moods": "mood", "work": "work", "movement": "movementname", "comment": "comment",
    "copyright": "copyright", "mbid": "musicbrainztrackid", "genres": "genre", "track_number": "tracknumber",
    "disc_number": "discnumber", "disc_title": "discsubtitle",
}  # fmt: skip
_OF_ALBUMS = {
    "title": "album", "sort_title": "albumsort", "edition": "edition", "label": "label",
    "catalog_number": "catalognumber", "upc": "barcode", "mbid": "musicbrainzalbumid",
    "release_group_mbid": "musicbrainzreleasegroupid",
}  # fmt: skip


class NamedArtist(NamedTuple):
    name: str
    sort_name: str | None
    mbid: str | None


def file_tags(
    kind: Literal["artist", "album", "track", "genre"], fields: Collection[str], track: State, album: State | None,
    artists: Mapping[str, NamedArtist],
) -> Tags:  # fmt: skip
    """Those tags of the track's file that `fields` of a work of this kind have to do with; empty where there is nothing
    to say. States are as people write them, artists by their public ids."""
    tags: Tags = {}
    if kind == "artist":
        tags |= _performers(track["artists"], artists, "artist")
        tags |= _performers(album["artists"], artists, "albumartist") if album else {}
        return tags
    if kind == "genre":
        return {"genre": _said(track["genres"])} if "name" in fields else {}
    if kind == "track":
        tags |= {tag: _said(track[field]) for field, tag in _OF_TRACKS.items() if field in fields}
        if "artists" in fields:
            tags |= _performers(track["artists"], artists, "artist")
        if "credits" in fields:
            tags |= _credits(track["credits"])
        if "explicit" in fields:
            tags["itunesadvisory"] = ["1"] if track["explicit"] else []
        if "year" in fields and not (album and album["release_date"]):
            tags["date"] = _said(track["year"])
    if kind == "album" or "album_id" in fields:
        tags |= _of_album(None if kind == "track" else fields, track, album, artists)
    return tags


def _of_album(
    fields: Collection[str] | None, track: State, album: State | None, artists: Mapping[str, NamedArtist]
) -> Tags:
    """None for `fields` is for all of them."""

    def asked(*names: str) -> bool:
        return fields is None or not {*names}.isdisjoint(fields)

    state: State = album or {}
    tags: Tags = {tag: _said(state.get(field)) for field, tag in _OF_ALBUMS.items() if asked(field)}
    if asked("artists"):
        tags |= _performers(state.get("artists", ()), artists, "albumartist")
    if asked("release_date", "release_precision"):
        tags["date"] = _date(state, "release") or _said(track["year"])
    if asked("original_date", "original_precision"):
        tags["originaldate"] = _date(state, "original")
    if asked("compilation"):
        tags["compilation"] = ["1"] if state.get("compilation") else []
    if asked("album_kind"):
        kind = state.get("album_kind")
        tags["releasetype"] = _said(_KINDS.get(str(kind), kind))
    titles = state.get("disc_titles") or {}
    if asked("disc_titles") and (title := titles.get(str(track["disc_number"] or 1))):
        tags["discsubtitle"] = [title]
    return tags


def _said(value: Any) -> list[str]:
    values: Iterable[Any] = value if isinstance(value, list) else [value]
    return [f"{one:g}" if isinstance(one, float) else str(one) for one in values if one not in (None, "")]


def _date(state: State, which: str) -> list[str]:
    said = state.get(f"{which}_date")
    return [said[: _LENGTHS[state.get(f"{which}_precision") or "day"]]] if said else []


def _performers(credited: Sequence[State], artists: Mapping[str, NamedArtist], tag: str) -> Tags:
    """As they stand there, each by themselves, and how they are sorted."""
    known = [artists[one["artist_id"]] for one in credited]
    names = [one["credited_as"] or artist.name for one, artist in zip(credited, known, strict=True)]
    joined = [one["joined_by"] or ", " for one in credited[:-1]] + [""] * bool(credited)
    line = "".join(name + between for name, between in zip(names, joined, strict=True))
    mbids = [artist.mbid for artist in known if artist.mbid]
    return {
        tag: [line] if line else [],
        f"{tag}s": names if len(names) > 1 else [],
        f"{tag}sort": [artist.sort_name or artist.name for artist in known[:1] if len(known) == 1 and artist.sort_name],
        f"musicbrainz{tag}id": mbids if len(mbids) == len(known) else [],
    }


def _credits(credits: Sequence[State]) -> Tags:
    """Roles without anybody go too: what stood there was taken away."""
    roles = (
        "composer", "lyricist", "conductor", "remixer", "producer", "arranger", "engineer", "mixer", "djmixer",
        "director", "performer",
    )  # fmt: skip
    return {role: [one["name"] for one in credits if one["role"] == role] for role in roles}
