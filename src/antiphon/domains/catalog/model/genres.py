"""Genres, as people see them. No I/O."""

from __future__ import annotations

import msgspec

__all__ = ["Genre", "GenreNode"]


class Genre(msgspec.Struct, frozen=True):
    """`tracks` and `albums` count what may be heard; `parent_id` is the wider genre. None of them inside of a track."""

    id: str
    name: str
    tracks: int | None = None
    parent_id: str | None = None
    albums: int | None = None


class GenreNode(msgspec.Struct, frozen=True):
    """A genre in the tree. `tracks` and `albums` are its own; `aliases` are other names, which are written as it."""

    id: str
    name: str
    aliases: list[str]
    tracks: int
    albums: int
    children: list[GenreNode]
