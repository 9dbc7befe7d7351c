"""HTTP of discovery: the front page's lists, and the search box."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, get_args
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from antiphon.domains.catalog import api as catalog
from antiphon.domains.catalog.api import AlbumHit, ArtistHit, Playlist, SungLine, TrackHit
from antiphon.domains.discovery.api import Filters, Finder, Kind, Page, Results
from antiphon.domains.discovery.ports import FACETS, Reach
from antiphon.domains.identity import api as identity
from antiphon.domains.identity.api import Actor, FoundPerson
from antiphon.kit.access import needs
from antiphon.kit.coalesce import Coalesced
from antiphon.kit.cost import costs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind as IdKind
from antiphon.kit.ids import out

__all__ = ["handlers"]

OFFSET_MAX = 10_000
ShownKind = Literal["artist", "album", "track", "playlist", "person", "lyrics"]
NamedKind = Literal["artist", "album", "track", "playlist", "person"]
SHOWN: tuple[ShownKind, ...] = get_args(ShownKind)
NAMED: tuple[NamedKind, ...] = get_args(NamedKind)
_PREFIX = {
    "artist": IdKind.ARTIST,
    "album": IdKind.ALBUM,
    "track": IdKind.TRACK,
    "playlist": IdKind.PLAYLIST,
    "person": IdKind.USER,
}


class FacetValue(msgspec.Struct, frozen=True):
    value: str
    count: int


class Suggestion(msgspec.Struct, frozen=True):
    """A name that begins like what was typed, and what has it. `detail` tells it from others of the same name: whose
    work it is, who made the playlist, or the person's handle."""

    text: str
    kind: NamedKind
    id: str
    detail: str = ""


class SearchResult(msgspec.Struct, frozen=True):
    """`reach` tells how things fit: `words` as they were typed, `near` with wrong letters or inside of longer words,
    `some` with one of several words missing. Where facets are asked for, `totals` count by kind all that fits, and the
    facets are over all tracks that do; tempo is counted in tens of beats and length in minutes, each told by its
    least, in beats and in seconds."""

    artists: list[ArtistHit]
    albums: list[AlbumHit]
    tracks: list[TrackHit]
    playlists: list[Playlist]
    people: list[FoundPerson]
    lyrics: list[SungLine]
    totals: dict[str, int] | None
    reach: Reach
    did_you_mean: str | None
    facets: dict[str, list[FacetValue]] | None


Words = Annotated[str, QueryParameter(description="Words of a title or a name", max_length=500)]
Kinds = Annotated[
    list[ShownKind] | None,
    QueryParameter(name="type", description="Only these kinds; all of them without", max_items=6),
]
Limit = Annotated[int, QueryParameter(ge=1, le=50, description="Of each kind")]
Offset = Annotated[int, QueryParameter(ge=0, le=OFFSET_MAX, description="Leave out so many of each kind")]
Value = Annotated[str | None, QueryParameter(max_length=100)]
Least = Annotated[int | None, QueryParameter(ge=0, le=100_000)]
Most = Annotated[int | None, QueryParameter(ge=0, le=100_000)]


@get("/content/discover", summary="Fresh and popular", tags=["discovery"], opt=needs("public"))
async def discover(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    front_pages: NamedDependency[Coalesced[catalog.Discovery]],
) -> Response[catalog.Discovery]:
    viewer = actor.user_id if actor else None

    async def make() -> catalog.Discovery:
        async with db.read() as conn:
            return await catalog.discover(conn, viewer)

    found = await front_pages.get(viewer, make)
    return Response(found, headers={"Cache-Control": "private, no-cache"})


@get(
    "/search",
    summary="Search names, titles and what belongs to them",
    tags=["discovery"],
    opt=needs("public") | costs("search"),
)
async def search(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    finder: NamedDependency[Finder],
    q: Words = "",
    kinds: Kinds = None,
    limit: Limit = 10,
    offset: Offset = 0,
    facets: Annotated[bool, QueryParameter(description="Count all that fits, and the values of each facet")] = False,
    genre: Value = None,
    mood: Value = None,
    key: Value = None,
    format: Value = None,  # noqa: A002 — the name of the parameter
    year_from: Least = None,
    year_to: Most = None,
    bpm_from: Least = None,
    bpm_to: Most = None,
    seconds_from: Least = None,
    seconds_to: Most = None,
) -> SearchResult:
    """Case, accents, punctuation and the order of words do not matter; the last word may be begun. Where hardly
    anything fits, wrong letters are forgiven. Of what fits as well, what one likes and plays often is ahead. Of people
    only those are found who show their profile."""
    filters = Filters(
        genre=genre,
        mood=mood,
        key=key,
        format=format,
        year=_range(year_from, year_to),
        bpm=_range(bpm_from, bpm_to),
        duration_s=_range(seconds_from, seconds_to),
    )
    viewer = actor.user_id if actor else None
    pages: dict[Kind, Page] = {kind: Page(limit, offset) for kind in kinds or SHOWN}
    results = await finder.search(viewer, q, pages, filters, counted=facets, own_first=True)
    counted = await _counted(finder, results) if facets else None
    shown = await _read(db, viewer, results)
    return SearchResult(
        artists=shown.works.artists,
        albums=shown.works.albums,
        tracks=shown.works.tracks,
        playlists=shown.playlists,
        people=shown.people,
        lyrics=shown.lyrics,
        totals={kind: found.total for kind, found in results.found.items()} if facets else None,
        reach=results.reach,
        did_you_mean=_meant(results, shown) if results.reach == "near" else None,
        facets=counted,
    )


@get(
    "/search/suggest",
    summary="Names that begin like what was typed",
    tags=["discovery"],
    opt=needs("public") | costs("search"),
)
async def suggest(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor | None],
    finder: NamedDependency[Finder],
    q: Words = "",
    limit: Annotated[int, QueryParameter(ge=1, le=20)] = 8,
) -> list[Suggestion]:
    """The best of every kind; what is called the same and is by the same once."""
    viewer = actor.user_id if actor else None
    results = await finder.search(viewer, q, {kind: Page(limit) for kind in NAMED}, own_first=True)
    return _by_score(results, await _read(db, viewer, results))[:limit]


class _Shown(NamedTuple):
    works: catalog.Hits
    playlists: list[Playlist]
    people: list[FoundPerson]
    lyrics: list[SungLine]


async def _read(db: Database, viewer: UUID | None, results: Results) -> _Shown:
    """What was found, as far as the viewer may see it now."""
    sung = results.found["lyrics"].hits if "lyrics" in results.found else ()
    if not any(found.hits for found in results.found.values()):
        return _Shown(catalog.Hits([], [], []), [], [], [])
    async with db.glance(viewer) as conn:
        works = await catalog.hits(
            conn, artists=results.ids("artist"), albums=results.ids("album"), tracks=results.ids("track")
        )
        playlists = await catalog.listed_playlists(conn, results.ids("playlist"), viewer)
        people = await identity.found_people(conn, results.ids("person"), db.clock.now())
        lyrics = await catalog.sung_lines(conn, [(hit.id, hit.part) for hit in sung])
    return _Shown(works, playlists, people, lyrics)


def _by_score(results: Results, found: _Shown) -> list[Suggestion]:
    scores = {
        out(_PREFIX[kind], hit.id): hit.score
        for kind in NAMED
        if kind in results.found
        for hit in results.found[kind].hits
    }
    works, playlists, people = found.works, found.playlists, found.people
    shown = [Suggestion(artist.name, "artist", artist.id) for artist in works.artists]
    shown += [Suggestion(album.title, "album", album.id, album.artist.name) for album in works.albums]
    shown += [Suggestion(track.title, "track", track.id, track.artist.name) for track in works.tracks]
    shown += [
        Suggestion(one.name, "playlist", one.id, one.owner.display_name if one.owner else "") for one in playlists
    ]
    shown += [Suggestion(person.display_name, "person", person.id, f"@{person.handle}") for person in people]
    shown.sort(key=lambda suggestion: -scores[suggestion.id])
    unlike = {(one.kind, one.text.casefold(), one.detail.casefold()): one for one in reversed(shown)}
    return list(unlike.values())[::-1]


def _meant(results: Results, found: _Shown) -> str | None:
    """The name of the nearest of all."""
    best = _by_score(results, found)
    return best[0].text if best else None


async def _counted(finder: Finder, results: Results) -> dict[str, list[FacetValue]]:
    counted = await finder.facets(results, "track", FACETS)
    return {name: [FacetValue(value, count) for value, count in values] for name, values in counted.items()}


def _range(least: int | None, most: int | None) -> tuple[int | None, int | None] | None:
    return None if least is None and most is None else (least, most)


handlers = [discover, search, suggest]
