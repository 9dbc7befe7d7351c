"""Playlists of apps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api import playlists
from antiphon.domains.catalog.api.listing import SongListing
from antiphon.domains.catalog.model_playlists import NewPlaylist, Playlist, PlaylistChange
from antiphon.domains.identity import api as identity
from antiphon.entry.subsonic import marks, views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.failures import DENIED, NOT_FOUND, Failed, missing
from antiphon.entry.subsonic.registry import Answer, endpoint
from antiphon.kit.ids import Kind, out

__all__: list[str] = []
_PICTURED = 16  # the picture is one of the first songs, here as in every list


def _shown(playlist: Playlist) -> dict[str, Any]:
    """Every member always, but for what cannot be said: strict apps want `public` and `changed`."""
    shown: dict[str, Any] = {
        "id": playlist.id,
        "name": playlist.name,
        "comment": playlist.comment,
        "public": playlist.visibility == "public",
        "songCount": playlist.track_count,
        "duration": views.seconds(playlist.duration_ms),
        "created": playlist.created_at,
        "changed": playlist.updated_at,
        "readonly": not playlist.editable,
    }
    if playlist.owner is not None:
        shown["owner"] = playlist.owner.handle
    if playlist.cover_of is not None:
        shown["coverArt"] = playlist.cover_of
    return shown


def _whole(playlist: Playlist, songs: Sequence[SongListing]) -> Answer:
    shown = _shown(playlist) | {"songCount": len(songs), "entry": [views.song_of(song) for song in songs]}
    pictured = next((song for song in songs[:_PICTURED] if song.cover_of is not None), None)
    return {"playlist": shown | ({"coverArt": out(Kind.TRACK, pictured.id)} if pictured else {})}


@endpoint("getPlaylists")
async def get_playlists(call: Call) -> Answer:
    handle = call.params.text("username")
    if handle and not await _is_own(call, handle):
        if not identity.can(call.actor, "users.manage").allowed:
            raise Failed(DENIED, "Only administrators see the playlists of others by name.")
        async with call.house.db.system() as uow:
            person = await identity.user_by_handle(uow.conn, handle)
            if person is None:
                raise Failed(NOT_FOUND, "There is nobody of this name.")
            found = await playlists.playlists_of(uow.conn, person, call.user_id)
    else:
        async with call.reading() as conn:
            found = await playlists.playlists_for_apps(conn, call.user_id)
    return {"playlists": {"playlist": [_shown(one) for one in found]}}


async def _is_own(call: Call, handle: str) -> bool:
    async with call.reading() as conn:
        named = await identity.names_shown(conn, [call.user_id], call.user_id)
    return named[call.user_id].handle.lower() == handle.lower()


@endpoint("getPlaylist")
async def get_playlist(call: Call) -> Answer:
    playlist_id = call.params.id(Kind.PLAYLIST)
    async with call.reading() as conn:
        found = await playlists.playlist_of_app(conn, playlist_id, call.user_id)
        songs = await call.lately.songs_of_playlist(conn, playlist_id, marks.of_songs(call))
    return _whole(found, songs)


@endpoint("createPlaylist", permission="playlist.edit", cost="write")
async def create_playlist(call: Call) -> Answer:
    """With `playlistId` the whole list is replaced."""
    tracks = call.params.ids(Kind.TRACK, "songId")
    name = call.params.text("name")
    made: Playlist | None = None
    async with call.changing() as uow:
        if call.params.text("playlistId"):
            playlist_id = call.params.id(Kind.PLAYLIST, "playlistId")
            await playlists.replace_tracks(uow, call.user_id, playlist_id, tracks)
            if name:
                await playlists.update_playlist(uow, call.user_id, playlist_id, PlaylistChange(name=name[:300]), None)
        elif name is None:
            raise missing("name")
        else:
            made = await playlists.make_playlist(uow, call.user_id, NewPlaylist(name[:300]), tracks)
    async with call.reading() as conn:  # where statements are planned already
        if made is None:
            made = await playlists.playlist_of_app(conn, playlist_id, call.user_id)
        songs = await call.lately.songs_by_id(conn, tracks, marks.of_songs(call))  # cheaper than by its entries
    return _whole(made, songs)


@endpoint("updatePlaylist", permission="playlist.edit", cost="write")
async def update_playlist(call: Call) -> Answer:
    """Places of songs to be taken out are those before anything changes. What is said empty is cleared."""
    playlist_id = call.params.id(Kind.PLAYLIST, "playlistId")
    tracks = call.params.ids(Kind.TRACK, "songIdToAdd")
    places = {place for place in call.params.numbers("songIndexToRemove") if place >= 0}
    async with call.changing() as uow:
        await playlists.edit_playlist(uow, call.user_id, playlist_id)
        entries = await playlists.playlist_track_ids(uow.conn, playlist_id) if places else []
        gone = [entry for place, (entry, _) in enumerate(entries) if place in places]
        await playlists.drop_entries(uow, playlist_id, gone)
        if tracks:
            await playlists.append_tracks(uow, call.user_id, playlist_id, tracks, lenient=True)
        change = await _change(call, uow.conn, playlist_id)
        if change is not None:
            await playlists.update_playlist(uow, call.user_id, playlist_id, change, None)
    return {}


async def _change(call: Call, conn: AsyncConnection, playlist_id: UUID) -> PlaylistChange | None:
    values: dict[str, Any] = {}
    if name := call.params.text("name"):
        values["name"] = name[:300]
    comment = call.params.words("comment")
    if comment is not None:
        values["comment"] = comment[:5000]
    if call.params.text("public") is not None:
        now = (await playlists.playlist(conn, playlist_id, call.user_id)).visibility
        hidden = "private" if now == "public" else now
        values["visibility"] = "public" if call.params.flag("public", now == "public") else hidden
    return PlaylistChange(**values) if values else None


@endpoint("deletePlaylist", permission="playlist.edit", cost="write")
async def delete_playlist(call: Call) -> Answer:
    playlist_id = call.params.id(Kind.PLAYLIST)
    async with call.changing() as uow:
        await playlists.delete_playlist(uow, call.user_id, playlist_id)
    return {}
