"""What a playlist file says. No I/O."""

from __future__ import annotations

from typing import Literal
from urllib.parse import unquote

import msgspec

from antiphon.kit.text import clean

__all__ = ["PlaylistFile", "PlaylistFormat", "PlaylistItem", "path_of", "said", "split_names", "whole_number"]

PlaylistFormat = Literal["m3u8", "pls", "xspf", "jspf"]
_LONGEST = 2_000
_MOST_MS = 86_400_000 * 7


class PlaylistItem(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the list. `location` is a path with slashes, or a URL; what the file does not say is empty."""

    location: str = ""
    title: str = ""
    artist: str = ""
    album: str = ""
    duration_ms: int | None = None
    isrc: str = ""


class PlaylistFile(msgspec.Struct, frozen=True, kw_only=True):
    title: str = ""
    items: list[PlaylistItem] = []


def said(text: str | None) -> str:
    return clean((text or "")[: _LONGEST * 2])[:_LONGEST].strip()


def split_names(text: str) -> tuple[str, str]:
    """Artist and title of `Artist - Title`; without the dash it is all title."""
    artist, dash, title = text.partition(" - ")
    return (artist.strip(), title.strip()) if dash and title.strip() else ("", text)


def whole_number(text: str, times: int = 1) -> int | None:
    """Seconds or milliseconds as milliseconds; None where nothing, or nothing believable, is said."""
    try:
        found = round(float(text.strip()[:20]) * times)
    except (ValueError, OverflowError):
        return None
    return found if 0 < found <= _MOST_MS else None


def path_of(location: str) -> str:
    """A `file:` URL as the path that it means; anything else as it is, with slashes."""
    if location.lower().startswith("file:"):
        bare = unquote(location[5:])
        host = bare.startswith("//") and not bare.startswith("///")
        return bare.lstrip("/").partition("/")[2] if host and "/" in bare[2:] else "/" + bare.lstrip("/")
    return location if "://" in location[:20] else location.replace("\\", "/")
