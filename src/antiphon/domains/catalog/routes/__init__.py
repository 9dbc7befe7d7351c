"""HTTP of the catalogue, a module for each part of it."""

from __future__ import annotations

from antiphon.domains.catalog.routes import (
    albums,
    alike,
    announcements,
    approvals,
    artists,
    content,
    editing,
    genres,
    libraries,
    lyrics,
    managers,
    merging,
    playlist_files,
    playlist_states,
    playlists,
    related,
    releases,
    tracks,
)

__all__ = ["handlers"]

handlers = [
    *artists.handlers,
    *managers.handlers,
    *albums.handlers,
    *tracks.handlers,
    *announcements.handlers,
    *content.handlers,
    *alike.handlers,
    *approvals.handlers,
    *libraries.handlers,
    *playlists.handlers,
    *playlist_files.handlers,
    *playlist_states.handlers,
    *lyrics.handlers,
    *editing.handlers,
    *genres.handlers,
    *merging.handlers,
    *related.handlers,
    *releases.handlers,
]
