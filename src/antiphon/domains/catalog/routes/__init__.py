"""HTTP of the catalogue, a module for each part of it."""

from __future__ import annotations

from antiphon.domains.catalog.routes import (
    approvals,
    editing,
    genres,
    libraries,
    lyrics,
    merging,
    playlist_files,
    playlists,
    releases,
    works,
)

__all__ = ["handlers"]

handlers = [
    *works.handlers,
    *approvals.handlers,
    *libraries.handlers,
    *playlists.handlers,
    *playlist_files.handlers,
    *lyrics.handlers,
    *editing.handlers,
    *genres.handlers,
    *merging.handlers,
    *releases.handlers,
]
