"""Search in its three ages. Nothing asked for is everything, page by page: apps read whole libraries that way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api import walking
from antiphon.domains.discovery.api import Filters, Kind, Page, Results, fondness, order_on_page
from antiphon.entry.subsonic import views
from antiphon.entry.subsonic.call import Call
from antiphon.entry.subsonic.endpoints_browsing import shelves_of
from antiphon.entry.subsonic.marks import mark_of
from antiphon.entry.subsonic.registry import Answer, endpoint

AT_MOST = 500
DEPTH = 1_000  # nobody looks further into what was found
_QUOTES = "\"'“”"


def _words(text: str | None) -> str:
    """Apps send two quotes for nothing, and a star where every word is looked for by its beginning anyway."""
    return (text or "").strip().strip(_QUOTES).rstrip("*").strip().strip(_QUOTES)


def _page(call: Call, name: str) -> Page:
    return Page(call.params.number(f"{name}Count", 20, most=AT_MOST), call.params.number(f"{name}Offset", 0))


async def _search(call: Call) -> views.Shown:
    words = _words(call.params.text("query"))
    pages: dict[Kind, Page] = {
        "artist": _page(call, "artist"),
        "album": _page(call, "album"),
        "track": _page(call, "song"),
    }
    found = await _matching(call, words, pages) if words else None
    async with call.reading() as conn:
        if found is None:
            return await views.all_by_id(call, conn, *await _everything(call, conn, pages))
        ids = found.ids("artist"), found.ids("album"), found.ids("track")
        return await views.all_by_id(call, conn, *ids, ordered=_OwnFirst(found, pages))


@dataclass(frozen=True, slots=True)
class _OwnFirst:
    """What the person likes and plays often is ahead of what fits as well, on its page: the marks that are looked up
    with the list say so, and nothing is asked for it."""

    found: Results
    pages: Mapping[Kind, Page]

    def __call__(self, kind: views.Listed, listed: list[views.L]) -> list[views.L]:
        fond: dict[UUID, float] = {}
        for one in listed:
            mark = mark_of(one.beside)
            if mark.starred is not None or mark.plays:
                fond[one.id] = fondness(liked=mark.starred is not None, plays=mark.plays)
        if not fond:
            return listed
        by_id = {one.id: one for one in listed}
        order = order_on_page(self.found, kind, self.pages[kind].offset, fond)
        return [by_id[one] for one in order if one in by_id]


Ids = tuple[list[UUID], list[UUID], list[UUID]]


async def _everything(call: Call, conn: AsyncConnection, pages: dict[Kind, Page]) -> Ids:
    narrowed = walking.Narrowed(await shelves_of(call, conn))
    artist, album, song = pages["artist"], pages["album"], pages["track"]
    places, who = call.places, call.user_id
    return (
        await walking.artist_ids(conn, places, who, narrowed, artist.offset, artist.limit),
        await walking.album_ids(conn, places, who, "title", narrowed, album.offset, album.limit),
        await walking.song_ids(conn, places, who, narrowed, song.offset, song.limit),
    )


async def _matching(call: Call, words: str, pages: dict[Kind, Page]) -> Results:
    wanted = {kind: page for kind, page in pages.items() if page.limit and page.offset < DEPTH}
    numbers = call.params.numbers("musicFolderId")
    filters = Filters(libraries=tuple(numbers) if numbers else None)
    return await call.house.finder.search(call.user_id, words, wanted, filters)


@endpoint("search3", cost="search")
async def search3(call: Call) -> Answer:
    found = await _search(call)
    return {"searchResult3": {"artist": found.artists, "album": found.albums, "song": found.songs}}


@endpoint("search2", cost="search")
async def search2(call: Call) -> Answer:
    found = await _search(call)
    albums = [views.folder_album_of(album) for album in found.albums]
    return {"searchResult2": {"artist": views.folder_artists_of(found.artists), "album": albums, "song": found.songs}}


@endpoint("search", cost="search")
async def search(call: Call) -> Answer:
    """The oldest: words for artist, album and title apart, or for anything."""
    words = " ".join(filter(None, (call.params.text(name) for name in ("any", "artist", "album", "title"))))
    page = Page(call.params.number("count", 20, most=AT_MOST), call.params.number("offset", 0))
    since = call.params.moment("newerThan")
    ids = (await _matching(call, _words(words), {"track": page})).ids("track") if _words(words) else []
    async with call.reading() as conn:
        songs = await views.songs_by_id(call, conn, ids)
    match = [song for song in songs if since is None or song.created >= since]
    return {"searchResult": {"offset": page.offset, "totalHits": page.offset + len(match), "match": match}}
