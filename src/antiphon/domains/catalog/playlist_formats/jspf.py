"""JSPF: XSPF as JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from antiphon.domains.catalog.playlist_formats.files import PlaylistFile, PlaylistItem, said, whole_number
from antiphon.domains.catalog.playlist_formats.xspf import ISRC, from_uri, to_uri
from antiphon.domains.catalog.text_files import BadFile

__all__ = ["read", "write"]


def read(text: str) -> PlaylistFile:
    """Raises BadFile."""
    try:
        found = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadFile("This JSON is broken.") from error
    playlist = found.get("playlist") if isinstance(found, dict) else None
    if not isinstance(playlist, dict):
        raise BadFile("This JSON is no playlist.")
    tracks = playlist.get("track")
    items = [_item(track) for track in tracks if isinstance(track, dict)] if isinstance(tracks, list) else []
    return PlaylistFile(title=_first(playlist, "title"), items=items)


def _all(given: dict[str, Any], name: str) -> list[str]:
    """Some write a list of one, some the one."""
    value = given.get(name)
    values = value if isinstance(value, list) else [value]
    return [said(one) for one in values if isinstance(one, str)]


def _first(given: dict[str, Any], name: str) -> str:
    return next(iter(_all(given, name)), "")


def _item(given: dict[str, Any]) -> PlaylistItem:
    names = _all(given, "identifier")
    duration = given.get("duration")
    return PlaylistItem(
        location=said(from_uri(_first(given, "location"))),
        title=_first(given, "title"),
        artist=_first(given, "creator"),
        album=_first(given, "album"),
        duration_ms=whole_number(str(duration)) if isinstance(duration, int | float | str) else None,
        isrc=next((name[len(ISRC) :].upper() for name in names if name.lower().startswith(ISRC)), ""),
    )


def write(playlist: PlaylistFile) -> str:
    tracks = []
    for item in playlist.items:
        said_of = {
            "location": [to_uri(item.location)] if item.location else None,
            "identifier": [f"{ISRC}{item.isrc}"] if item.isrc else None,
            "title": item.title,
            "creator": item.artist,
            "album": item.album,
            "duration": item.duration_ms,
        }
        tracks.append({name: value for name, value in said_of.items() if value})
    written = {"playlist": {"title": playlist.title, "track": tracks}}
    return msgspec.json.format(msgspec.json.encode(written), indent=2).decode()
