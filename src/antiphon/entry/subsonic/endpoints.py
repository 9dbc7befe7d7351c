"""All endpoints together: whoever imports this has every one of them in the registry."""

from antiphon.entry.subsonic import (
    endpoints_about,
    endpoints_absent,
    endpoints_annotation,
    endpoints_bookmarks,
    endpoints_browsing,
    endpoints_chat,
    endpoints_folders,
    endpoints_lists,
    endpoints_lyrics,
    endpoints_media,
    endpoints_playlists,
    endpoints_queue,
    endpoints_radio,
    endpoints_scanning,
    endpoints_search,
    endpoints_sharing,
    endpoints_system,
    endpoints_users,
)
from antiphon.entry.subsonic.registry import ENDPOINTS

__all__ = ["ENDPOINTS", "MODULES"]

MODULES = (
    endpoints_about,
    endpoints_absent,
    endpoints_annotation,
    endpoints_bookmarks,
    endpoints_browsing,
    endpoints_chat,
    endpoints_folders,
    endpoints_lists,
    endpoints_lyrics,
    endpoints_media,
    endpoints_playlists,
    endpoints_queue,
    endpoints_radio,
    endpoints_scanning,
    endpoints_search,
    endpoints_sharing,
    endpoints_system,
    endpoints_users,
)
