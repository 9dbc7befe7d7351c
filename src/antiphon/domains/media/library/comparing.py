"""Which files of a folder have to be read, which are gone, which are back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from antiphon.domains.media.library.kinds import PLAYLISTS, SHEETS
from antiphon.domains.media.library.spool import Slice
from antiphon.domains.media.library.walker import Entry, Folder, Known
from antiphon.domains.media.ports import SOUND_MIMES

__all__ = ["OUTSIDE", "Differences", "compare", "slices"]

OUTSIDE = "outside_library"  # the code of a link to where none may lead
TOGETHER = 100  # a folder of so many is read whole when anything in it is new: its files explain each other
MOST_IN_SLICE = 400


@dataclass(slots=True)
class Differences:
    """`gone` and `back` are names."""

    read: list[Entry] = field(default_factory=list)
    playlists: list[Entry] = field(default_factory=list)
    refused: list[Entry] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)


def compare(folder: Folder, known: Known | None, rows: Iterable[Any], *, whole: bool) -> Differences:
    """`rows` are what the database has of the folder; `whole` reads everything anew."""
    by_name = {row.name: row for row in rows}
    again = whole or (known is not None and known[1] != folder.beside)
    found = Differences()
    sounds = [entry for entry in folder.entries if entry.suffix in SOUND_MIMES and not entry.refused]
    for entry in folder.entries:
        row = by_name.pop(entry.name, None)
        same = row is not None and (row.size, row.mtime_ns, row.inode) == (entry.size, entry.mtime_ns, entry.inode)
        if row is not None and (row.error_code == OUTSIDE, row.beyond) != (entry.refused, entry.beyond):
            same = False
        if entry.refused:
            if not same:
                found.refused.append(entry)
            continue
        if entry.suffix in SOUND_MIMES:
            if again or not same:
                found.read.append(entry)
        elif entry.suffix in PLAYLISTS and not same:
            found.playlists.append(entry)
        if row is not None and row.gone_since is not None:
            found.back.append(entry.name)
    found.gone = [name for name, row in by_name.items() if row.gone_since is None or row.error_code == OUTSIDE]
    if found.read and len(sounds) <= TOGETHER:
        found.read = sounds
    return found


def slices(folder: Folder, read: list[Entry]) -> Iterator[Slice]:
    ours = [entry for entry in folder.entries if not entry.refused]
    sheets = [entry.name for entry in ours if entry.suffix in SHEETS]
    names = [entry.name for entry in ours if entry.suffix in SOUND_MIMES] if sheets else []
    for start in range(0, len(read), MOST_IN_SLICE):
        part = read[start : start + MOST_IN_SLICE]
        yield Slice(
            folder.path, folder.print, folder.beside, folder.cover, folder.sounds, part, sheets, names,
            start + MOST_IN_SLICE >= len(read),
        )  # fmt: skip
