"""PLS: numbered files, titles and lengths."""

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

_LINE = re.compile(r"^(file|title|length)(\d{1,6})\s*=(.*)$", re.IGNORECASE)
_NAME = re.compile(r"^x-gnome-title\s*=(.*)$", re.IGNORECASE)


def read(text: str) -> PlaylistFile:
    title, found = "", dict[int, dict[str, str]]()
    for raw in text.split("\n"):
        line = raw.strip()
        match, name = _LINE.match(line), _NAME.match(line)
        if match:
            found.setdefault(int(match[2]), {})[match[1].lower()] = match[3]
        elif name:
            title = said(name[1])
    items = []
    for _, given in sorted(found.items()):
        if given.get("file", "").strip():
            artist, name_of = split_names(said(given.get("title")))
            items.append(
                PlaylistItem(
                    location=said(path_of(given["file"].strip())),
                    title=name_of,
                    artist=artist,
                    duration_ms=whole_number(given.get("length", ""), 1000),
                )
            )
    return PlaylistFile(title=title, items=items)


def write(playlist: PlaylistFile) -> str:
    lines = ["[playlist]"]
    if playlist.title:
        lines.append(f"X-GNOME-Title={playlist.title}")
    for number, item in enumerate(playlist.items, start=1):
        name = f"{item.artist} - {item.title}" if item.artist else item.title
        seconds = -1 if item.duration_ms is None else round(item.duration_ms / 1000)
        lines += [f"File{number}={item.location}", f"Title{number}={name}", f"Length{number}={seconds}"]
    lines += [f"NumberOfEntries={len(playlist.items)}", "Version=2"]
    return "\n".join(lines) + "\n"
