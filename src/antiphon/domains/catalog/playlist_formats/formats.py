"""Which format a file has, and who reads and writes it."""

from __future__ import annotations

from antiphon.domains.catalog.playlist_formats import jspf, m3u, pls, xspf
from antiphon.domains.catalog.playlist_formats.files import PlaylistFile, PlaylistFormat
from antiphon.domains.catalog.text_files import BadFile, decoded

__all__ = ["MOST_ITEMS", "read_playlist", "write_playlist"]

MOST_ITEMS = 5_000


def read_playlist(data: bytes) -> tuple[PlaylistFormat, PlaylistFile]:
    """The format is found by what is in the file, because names lie. Raises BadFile."""
    text = decoded(data)
    start = text.lstrip()[:2000]
    kind: PlaylistFormat
    if start.startswith("<"):
        kind, found = "xspf", xspf.read(data)
    elif start.startswith("{"):
        kind, found = "jspf", jspf.read(text)
    elif start.lower().startswith("[playlist]"):
        kind, found = "pls", pls.read(text)
    else:
        kind, found = "m3u8", m3u.read(text)
    if not found.items:
        raise BadFile("There is nothing in this playlist.")
    if len(found.items) > MOST_ITEMS:
        raise BadFile(f"Playlist files have {MOST_ITEMS} entries at the most.")
    return kind, found


def write_playlist(playlist: PlaylistFile, kind: PlaylistFormat) -> str:
    """M3U and PLS say whole seconds, and artist and title in one."""
    writers = {"m3u8": m3u.write, "pls": pls.write, "xspf": xspf.write, "jspf": jspf.write}
    return writers[kind](playlist)
