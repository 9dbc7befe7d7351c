"""Lists of what was listed lately: what a thing says of itself is not read again while it says the same.

Apps ask for the same lists again and again. Which things a person may see, and what is kept beside those for them, is
asked each time; the things themselves are at hand until a transaction that touched any of them can be seen.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api import listing
from antiphon.domains.catalog.api.listing import AlbumListing, ArtistListing, SongListing
from antiphon.domains.catalog.store import seen as store
from antiphon.domains.catalog.store.listed import (
    ALBUMS,
    ARTISTS,
    ENTRIES,
    OF_ALBUM,
    OF_PLAYLIST,
    SONGS,
    SONGS_ALONE,
    Listed,
    What,
)
from antiphon.domains.catalog.store.listing import one_listed
from antiphon.domains.catalog.store.seen import Choice, Rights, Seen, SeenNew, SeenOne
from antiphon.kit.beside import Look
from antiphon.kit.clock import Clock
from antiphon.kit.db import UnitOfWork

__all__ = ["Lately", "forget_stirs"]

AT_MOST = 50_000_000  # bytes, nearly
OF_SONG, OF_OTHERS = 2_000, 1_200  # with what it takes to find it
PEOPLE_AT_MOST = 1_000
FOR = timedelta(hours=1)
STIRS_KEPT = timedelta(days=1)  # far longer than anything that asks for them is kept
_READ: dict[str, Any] = {
    ARTISTS.id: listing.artists_by_id,
    ALBUMS.id: listing.albums_by_id,
    SONGS.id: listing.songs_by_id,
}
_SHOWN: dict[str, Callable[[Listed], list[Any]]] = {ALBUMS.id: listing.shown_albums, SONGS.id: listing.shown_songs}


@dataclass(slots=True)
class _Turn:
    """What was read since nothing was stirred. What somebody sees of a thing depends on their rights. Where there is no
    room left, what was asked for least lately goes: first of those rights that were."""

    snapshot: str
    until: float
    kept: OrderedDict[Rights, OrderedDict[UUID, Any]] = field(default_factory=OrderedDict)
    size: int = 0
    had: dict[UUID, Rights] = field(default_factory=dict)  # by who looked

    def expected(self, viewer: UUID) -> Mapping[UUID, Any]:
        """What is at hand for them if they still have the rights that they had, or for a stranger if they have those
        that somebody just had. Whether they do is seen with the things."""
        rights = self.had.get(viewer)
        if rights is None and self.kept:
            rights = next(reversed(self.kept))
        return {} if rights is None else self.kept.get(rights, {})

    def has(self, viewer: UUID, rights: Rights) -> None:
        if len(self.had) >= PEOPLE_AT_MOST:
            self.had.clear()
        self.had[viewer] = rights

    def found(self, rights: Rights, ids: Sequence[UUID]) -> dict[UUID, Any]:
        things = self.kept.get(rights)
        if things is None:
            return {}
        self.kept.move_to_end(rights)
        found = {one: things[one] for one in ids if one in things}
        for one in found:
            things.move_to_end(one)
        return found

    def keep(self, rights: Rights, new: dict[UUID, Any]) -> None:
        things = self.kept.setdefault(rights, OrderedDict())
        self.kept.move_to_end(rights)
        self.size += sum([_size(thing) for one, thing in new.items() if one not in things])
        things.update(new)
        while self.size > AT_MOST:
            rights, things = next(iter(self.kept.items()))
            while things and self.size > AT_MOST:
                self.size -= _size(things.popitem(last=False)[1])
            if not things:
                del self.kept[rights]


def _size(thing: Any) -> int:
    return OF_SONG if type(thing) is SongListing else OF_OTHERS


class Lately:
    """Of one process. Every function wants a connection of `db.glance(viewer)`, and the one who looks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turn = _Turn("", 0.0)

    async def songs_by_id(self, conn: AsyncConnection, ids: Sequence[UUID], look: Look) -> list[SongListing]:
        """Those that the person may hear, in the order of the ids; an id that is there twice is answered twice."""
        if len(ids) < 2:
            return await self._song(conn, ids[0], look) if ids else []
        return await self._by_id(conn, SONGS, ids, look)

    async def songs_of_album(self, conn: AsyncConnection, album_id: UUID, look: Look) -> list[SongListing]:
        (songs,) = await self._listed(conn, look.viewer, [Choice(SONGS, look.beside, album_id, OF_ALBUM)])
        return songs

    async def album(
        self, conn: AsyncConnection, album_id: UUID, look: Look, songs: Look
    ) -> tuple[AlbumListing | None, list[SongListing]]:
        """With its songs; None where the person sees no such album."""
        choices = [Choice(ALBUMS, look.beside, [album_id]), Choice(SONGS, songs.beside, album_id, OF_ALBUM)]
        albums, listed = await self._listed(conn, look.viewer, choices)
        return (albums[0] if albums else None), listed

    async def songs_of_playlist(self, conn: AsyncConnection, playlist_id: UUID, look: Look) -> list[SongListing]:
        """In their order, repeats too."""
        (songs,) = await self._listed(conn, look.viewer, [Choice(ENTRIES, look.beside, playlist_id, OF_PLAYLIST)])
        return songs

    async def albums_by_id(self, conn: AsyncConnection, ids: Sequence[UUID], look: Look) -> list[AlbumListing]:
        if len(ids) < 2:
            return await listing.albums_by_id(conn, ids, look)
        return await self._by_id(conn, ALBUMS, ids, look)

    async def all_by_id(
        self,
        conn: AsyncConnection,
        artists: tuple[Sequence[UUID], Look],
        albums: tuple[Sequence[UUID], Look],
        songs: tuple[Sequence[UUID], Look],
    ) -> tuple[list[ArtistListing], list[AlbumListing], list[SongListing]]:
        """Of each kind as `songs_by_id`, all at once."""
        asked = ((ARTISTS, *artists), (ALBUMS, *albums), (SONGS, *songs))
        choices = [Choice(what, look.beside, list(ids)) for what, ids, look in asked if ids]
        listed = await self._listed(conn, songs[1].viewer, choices) if choices else []
        found = [listed.pop(0) if ids else [] for _, ids, _ in asked]
        return found[0], found[1], found[2]

    async def _song(self, conn: AsyncConnection, song_id: UUID, look: Look) -> list[SongListing]:
        """A single one takes a single statement: a short one where it is at hand and nothing was touched since."""
        turn, now = self._turn, self._clock.now().timestamp()
        since = turn.snapshot if now < turn.until else None
        if since is not None and any(song_id in kept for kept in turn.kept.values()):
            seen = await store.seen_one(conn, since, SONGS_ALONE, song_id, look)
            if seen is None:
                return []
            song = None if seen.stirred else turn.found(seen.rights, [song_id]).get(song_id)
            if song is not None:
                beside = one_listed(SONGS_ALONE, seen.row, look.beside).beside
                return [_beside(song, beside.get(song_id))]
        seen = await store.seen_one(conn, since, SONGS, song_id, look)
        if seen is None:
            return []
        listed = one_listed(SONGS, seen.row, look.beside)
        (song,) = listing.shown_songs(listed._replace(beside={}))
        self._turned(turn, seen, now).keep(seen.rights, {song_id: song})
        return [_beside(song, listed.beside.get(song_id))]

    async def _by_id(self, conn: AsyncConnection, what: What, ids: Sequence[UUID], look: Look) -> list[Any]:
        """Those that are not at hand are read in the statement that asks which of the others may be seen."""
        turn, now = self._turn, self._clock.now().timestamp()
        since = turn.snapshot if now < turn.until else None
        expected = turn.expected(look.viewer) if since is not None else {}
        each = dict.fromkeys(ids)
        new = [one for one in each if one not in expected]
        if not new:
            (listed,) = await self._listed(conn, look.viewer, [Choice(what, look.beside, list(ids))])
            return listed
        held = [one for one in each if one in expected]
        seen = await store.seen_new(conn, since, what, held, new, look)
        turn = self._turned(turn, seen, now)
        turn.has(look.viewer, seen.rights)
        things = {one.id: one for one in _SHOWN[what.id](seen.listed)}
        turn.keep(seen.rights, things)
        things |= await _things(conn, turn, seen.rights, what, seen.ids)
        shown = [things[one] for one in ids if one in things]
        return [_beside(one, seen.beside.get(one.id)) for one in shown] if seen.beside else shown

    def _turned(self, before: _Turn, seen: Seen | SeenNew | SeenOne, now: float) -> _Turn:
        """The turn to which belongs what was seen."""
        if not seen.stirred:
            return before
        turn = _Turn(seen.snapshot, now + FOR.total_seconds())
        if self._turn is before:
            self._turn = turn
        return turn

    async def _listed(self, conn: AsyncConnection, viewer: UUID, choices: list[Choice]) -> list[list[Any]]:
        turn, now = self._turn, self._clock.now().timestamp()
        seen = await store.seen(conn, turn.snapshot if now < turn.until else None, viewer, choices)
        turn = self._turned(turn, seen, now)
        turn.has(viewer, seen.rights)
        listed = []
        for choice, ids, beside in zip(choices, seen.ids, seen.beside, strict=True):
            things = await _things(conn, turn, seen.rights, choice.what, ids)
            shown = [things[one] for one in ids if one in things]
            listed.append([_beside(one, beside.get(one.id)) for one in shown] if beside else shown)
        return listed


async def _things(
    conn: AsyncConnection, turn: _Turn, rights: Rights, what: What, ids: Sequence[UUID]
) -> dict[UUID, Any]:
    """What is read now is at least as new as the turn: kept there, it is forgotten with it, whatever came between."""
    found = turn.found(rights, ids)
    missing = [one for one in dict.fromkeys(ids) if one not in found]
    if missing:
        new = {one.id: one for one in await _READ[what.id](conn, missing)}
        turn.keep(rights, new)
        found |= new
    return found


def _beside(thing: Any, kept: list[Any] | None) -> Any:
    return thing if kept is None else msgspec.structs.replace(thing, beside=kept)


async def forget_stirs(uow: UnitOfWork) -> None:
    """Those that nothing asks for any more."""
    await store.forget_stirs(uow.conn, uow.clock.now() - STIRS_KEPT)
