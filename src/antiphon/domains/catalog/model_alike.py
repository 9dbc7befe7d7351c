"""Works that may be the same one, and tracks that are versions of one work. No I/O."""

from __future__ import annotations

from typing import Literal

import msgspec

from antiphon.domains.catalog.model import AlbumCard, Artist, Track
from antiphon.kit.text import search_key

__all__ = ["AlikeAlbums", "AlikeArtists", "AlikeTracks", "Alikeness", "TrackVersion", "VersionKind", "version_kind"]

Alikeness = Literal["isrc", "upc", "mbid", "name", "alias", "alike"]
VersionKind = Literal[
    "original",
    "radio_edit",
    "extended",
    "live",
    "remix",
    "acoustic",
    "instrumental",
    "demo",
    "remaster",
    "cover",
    "other",
]
# The first that stands in the words says what it is: a live remix is one that was played.
_WORDS: tuple[tuple[VersionKind, tuple[str, ...]], ...] = (
    ("live", ("live", "concert", "session", "unplugged")),
    ("remix", ("remix", "mix", "rework", "bootleg", "dub", "mashup")),
    ("radio_edit", ("radio", "edit", "single")),
    ("extended", ("extended", "club", "long", "12")),
    ("acoustic", ("acoustic",)),
    ("instrumental", ("instrumental", "karaoke")),
    ("demo", ("demo", "sketch", "rough")),
    ("remaster", ("remaster", "remastered")),
    ("cover", ("cover", "tribute")),
)


def version_kind(version_title: str) -> VersionKind:
    words = set(search_key(version_title).replace("-", " ").split())
    if not words:
        return "original"
    return next((kind for kind, known in _WORDS if words & set(known)), "other")


class TrackVersion(msgspec.Struct, frozen=True):
    """One recording of a work. `version` is what its title of the version says, where it says something known."""

    version: VersionKind
    track: Track


class AlikeTrack(msgspec.Struct, frozen=True):
    because: list[Alikeness]
    track: Track


class AlikeAlbum(msgspec.Struct, frozen=True):
    because: list[Alikeness]
    album: AlbumCard


class AlikeArtist(msgspec.Struct, frozen=True):
    because: list[Alikeness]
    artist: Artist


class AlikeTracks(msgspec.Struct, frozen=True):
    """A track and others that may be the same. `alike`: the same artist and title, and two seconds at most between."""

    track: Track
    others: list[AlikeTrack]


class AlikeAlbums(msgspec.Struct, frozen=True):
    """An album and others that may be the same. `alike`: the same artist, title and edition."""

    album: AlbumCard
    others: list[AlikeAlbum]


class AlikeArtists(msgspec.Struct, frozen=True):
    """An artist and others that may be the same. `alias`: the name of one is another name of the other."""

    artist: Artist
    others: list[AlikeArtist]
