"""Playlist files, read and written. Pure: bytes in, a list out, whatever the bytes are."""

from antiphon.domains.catalog.playlist_formats.files import PlaylistFile, PlaylistFormat, PlaylistItem
from antiphon.domains.catalog.playlist_formats.formats import MOST_ITEMS, read_playlist, write_playlist

__all__ = ["MOST_ITEMS", "PlaylistFile", "PlaylistFormat", "PlaylistItem", "read_playlist", "write_playlist"]
