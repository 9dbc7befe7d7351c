"""M3U, simple and extended."""

from __future__ import annotations

import re

from antiphon.domains.catalog.playlist_formats.files import (
    PlaylistFile,
    PlaylistItem,
    path_of,
    said,
    split_names,
    whole_number,
)

__all__ = ["read", "write"]

# Seconds, perhaps attributes as IPTV lists have them, a comma, and the name.
_INFO = re.compile(r"^#EXTINF:\s*(-?[\d.]*)((?:\s+[\w-]+=\"[^\"]*\")*)[^,]*,?(.*)$", re.IGNORECASE)
_SAID = {"#PLAYLIST": "list", "#EXTART": "artist", "#EXTALB": "album"}


def read(text: str) -> PlaylistFile:
    title, items = "", []
    info: dict[str, str] = {}
    for raw in text.split("\n"):
        line = raw.strip()
        match = _INFO.match(line)
        if match:
            info |= {"seconds": match[1], "name": match[3]}
        elif line.startswith("#"):
            name, _, value = line.partition(":")
            what = _SAID.get(name.upper())
            if what == "list":
                title = said(value)
            elif what:
                info[what] = value
        elif line:
            items.append(_item(line, info))
            info = {}
    return PlaylistFile(title=title, items=items)


def _item(line: str, info: dict[str, str]) -> PlaylistItem:
    name, artist = said(info.get("name")), said(info.get("artist"))
    if artist:
        title = name.removeprefix(f"{artist} - ")
    else:
        artist, title = split_names(name)
    return PlaylistItem(
        location=said(path_of(line)),
        title=title,
        artist=artist,
        album=said(info.get("album")),
        duration_ms=whole_number(info.get("seconds", ""), 1000),
    )


def write(playlist: PlaylistFile) -> str:
    lines = ["#EXTM3U"]
    if playlist.title:
        lines.append(f"#PLAYLIST:{playlist.title}")
    for item in playlist.items:
        name = f"{item.artist} - {item.title}" if item.artist else item.title
        seconds = -1 if item.duration_ms is None else round(item.duration_ms / 1000)
        lines.append(f"#EXTINF:{seconds},{name}")
        lines += [f"#EXTART:{item.artist}"] if item.artist else []
        lines += [f"#EXTALB:{item.album}"] if item.album else []
        lines.append(f"./{item.location}" if item.location.startswith("#") else item.location)
    return "\n".join(lines) + "\n"
