"""What the catalogue refuses."""

from __future__ import annotations

from antiphon.kit.errors import AppError, Conflict, NotFound

__all__ = [
    "AlbumEmpty",
    "AlbumNotFound",
    "ArtistHasWorks",
    "ArtistNotFound",
    "BadLyrics",
    "BadPlaylistFile",
    "BulkRefused",
    "CannotMerge",
    "ContentNotFound",
    "DecidedAlready",
    "EditFinal",
    "EditNotFound",
    "EditOvertaken",
    "FolderNotFound",
    "GenreNotFound",
    "ImportNotFound",
    "LastOwner",
    "LibraryNotFound",
    "LibraryOverlaps",
    "LyricsNotFound",
    "NoLabel",
    "NotAnnounced",
    "NotApproved",
    "NotManager",
    "NotPlanned",
    "NotReady",
    "NotRefused",
    "NotTakenDown",
    "NotYourPlaylist",
    "PlaylistFull",
    "PlaylistNotFound",
    "PlaylistStateNotFound",
    "PublishedAlready",
    "TakenDownWork",
]


class ArtistNotFound(NotFound):
    code = "artist_not_found"
    title = "There is no such artist"


class AlbumNotFound(NotFound):
    code = "album_not_found"
    title = "There is no such album"


class ContentNotFound(NotFound):
    code = "content_not_found"
    title = "There is no such content"


class NotManager(AppError):
    code = "not_manager"
    status = 403
    title = "Only somebody who manages this artist may do this"


class LastOwner(Conflict):
    code = "last_owner"
    title = "An artist needs an owner: make another one first"


class NoLabel(Conflict):
    code = "no_label"
    title = "Only somebody with the role label has a roster"


class NotReady(Conflict):
    code = "not_ready"
    title = "This cannot be played yet, so it cannot be published"


class NotApproved(Conflict):
    code = "artist_not_approved"
    title = "This artist publishes once a moderator has approved the profile; drafts can be prepared meanwhile"


class DecidedAlready(Conflict):
    code = "artist_decided"
    title = "This artist does not wait for a decision"


class NotRefused(Conflict):
    code = "artist_not_refused"
    title = "Only an artist that was refused can be asked for again"


class AlbumEmpty(Conflict):
    code = "album_empty"
    title = "An album without tracks cannot be published"


class ArtistHasWorks(Conflict):
    code = "artist_has_works"
    title = "Delete the artist's albums and tracks first"


class LibraryNotFound(NotFound):
    code = "library_not_found"
    title = "There is no such library"


class FolderNotFound(NotFound):
    code = "folder_not_found"
    title = "There is no such folder"


class LibraryOverlaps(Conflict):
    code = "library_overlaps"
    title = "This folder is a library already, lies in one, or holds one"


class PlaylistNotFound(NotFound):
    code = "playlist_not_found"
    title = "There is no such playlist"


class NotYourPlaylist(AppError):
    code = "not_your_playlist"
    status = 403
    title = "Only its owner may change a playlist"


class PlaylistFull(Conflict):
    code = "playlist_full"
    title = "A playlist has twenty thousand entries at the most"


class PlaylistStateNotFound(NotFound):
    code = "playlist_state_not_found"
    title = "This playlist was never so, or it is too long ago"


class ImportNotFound(NotFound):
    code = "playlist_import_not_found"
    title = "There is no such file under review; they are kept for a week"


class BadPlaylistFile(AppError):
    code = "bad_playlist_file"
    status = 422
    title = "This file is no playlist that can be read"


class LyricsNotFound(NotFound):
    code = "lyrics_not_found"
    title = "There are no such lyrics"


class BadLyrics(AppError):
    code = "bad_lyrics"
    status = 422
    title = "This file holds no lyrics that can be read"


class GenreNotFound(NotFound):
    code = "genre_not_found"
    title = "There is no such genre"


class EditNotFound(NotFound):
    code = "edit_not_found"
    title = "There is no such edit"


class EditOvertaken(Conflict):
    """`fields` are those that were changed again since then, or point at what is gone."""

    code = "edit_overtaken"
    title = "A later edit touched the same fields; undo that one first"


class EditFinal(Conflict):
    code = "edit_final"
    title = "This cannot be undone: split or merge again instead"


class BulkRefused(AppError):
    """`items` says of each id that was in the way what was wrong with it."""

    code = "bulk_refused"
    status = 422
    title = "The change does not fit all of these, so nothing was changed"


class CannotMerge(Conflict):
    """`reason` is one of `itself`, `out_of_sight`, `across_libraries`, `would_hide`."""

    code = "cannot_merge"
    title = "These two cannot become one"


class PublishedAlready(Conflict):
    code = "published_already"
    title = "This is public already"


class TakenDownWork(Conflict):
    code = "taken_down"
    title = "This was taken down; a moderator decides whether it comes back"


class NotPlanned(Conflict):
    code = "not_planned"
    title = "Only what has a time at which it becomes public can be announced"


class NotAnnounced(NotFound):
    code = "not_announced"
    title = "This is not announced: it was taken back, it is out already, or it never was planned"


class NotTakenDown(Conflict):
    code = "not_taken_down"
    title = "This was not taken down"


class NotHeardHere(AppError):
    """`because` is one of `not_in_territory`, `territory_unknown`, `embargo`."""

    code = "not_heard_here"
    status = 451
    title = "This may not be heard from where you are, or not yet"
