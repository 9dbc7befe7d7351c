"""XSPF, the XML Shareable Playlist Format."""

from __future__ import annotations

from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from antiphon.domains.catalog.playlist_formats.files import PlaylistFile, PlaylistItem, path_of, said, whole_number
from antiphon.domains.catalog.text_files import BadFile, for_xml, read_xml

__all__ = ["ISRC", "from_uri", "read", "to_uri", "write"]

ISRC = "urn:isrc:"


def from_uri(location: str) -> str:
    """Locations are URIs; relative ones are paths under another name."""
    if location.lower().startswith("file:") or "://" not in location[:20]:
        return path_of(location if location.lower().startswith("file:") else unquote(location))
    return location


def to_uri(location: str) -> str:
    return location if "://" in location[:20] else quote(location)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element, name: str) -> str:
    return next((said(child.text) for child in element if _local(child) == name), "")


def read(data: bytes) -> PlaylistFile:
    """Raises BadFile."""
    root = read_xml(data)
    if _local(root) != "playlist":
        raise BadFile("This XML is no playlist.")
    tracks = next((child for child in root if _local(child) == "trackList"), ())
    return PlaylistFile(title=_text(root, "title"), items=[_item(t) for t in tracks if _local(t) == "track"])


def _item(element: Element) -> PlaylistItem:
    names = (said(child.text) for child in element if _local(child) == "identifier")
    isrc = next((name[len(ISRC) :].upper() for name in names if name.lower().startswith(ISRC)), "")
    return PlaylistItem(
        location=said(from_uri(_text(element, "location"))),
        title=_text(element, "title"),
        artist=_text(element, "creator"),
        album=_text(element, "album"),
        duration_ms=whole_number(_text(element, "duration")),
        isrc=isrc,
    )


def _written(name: str, text: str | int | None) -> str:
    return f"<{name}>{escape(for_xml(str(text)))}</{name}>" if text else ""


def write(playlist: PlaylistFile) -> str:
    tracks = "\n".join(
        "<track>"
        + _written("location", to_uri(item.location))
        + _written("identifier", f"{ISRC}{item.isrc}" if item.isrc else "")
        + _written("title", item.title)
        + _written("creator", item.artist)
        + _written("album", item.album)
        + _written("duration", item.duration_ms)
        + "</track>"
        for item in playlist.items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<playlist version="1" xmlns="http://xspf.org/ns/0/">\n'
        f"{_written('title', playlist.title)}<trackList>\n{tracks}\n</trackList>\n</playlist>\n"
    )
