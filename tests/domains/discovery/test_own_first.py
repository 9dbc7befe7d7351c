"""What somebody likes and plays often is ahead of what fits as well, for them alone."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from antiphon.domains.discovery.own import WINDOW, fondness, own_first, widened
from antiphon.domains.discovery.plan import Results
from antiphon.domains.discovery.ports import SCORES, Found, Hit, Page
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, new_uuid, parse
from tests.support.people import Maker, Person, good

API = "/api/v1"


async def titles(http: httpx.AsyncClient, q: str, by: Person | None = None, **params: int) -> list[str]:
    headers = by.headers if by else {}
    found = good(await http.get(f"{API}/search", params={"q": q, "type": "track", **params}, headers=headers))
    return [track["title"] for track in found["tracks"]]


async def played(house: House, person: Person, track: str, plays: int) -> None:
    """The counter that every play of theirs raises."""
    async with house.db.system() as uow:
        await uow.conn.execute(
            text(
                "INSERT INTO playback.heard_tracks (user_id, track_id, plays, last_played_at) "
                "VALUES (:u, :t, :n, now())"
            ),
            {"u": parse(Kind.USER, person.id), "t": parse(Kind.TRACK, track), "n": plays},
        )


async def test_what_one_likes_or_plays_is_ahead_of_its_equals(
    make: Maker, http: httpx.AsyncClient, house: House
) -> None:
    ada, bob = await make.person(), await make.person()
    artist = await make.artist(ada)
    named = ("Harbour", "Harbour one", "Harbour two and more", "Harbour three and more")
    tracks = {title: (await make.track(ada, artist, title=title))["id"] for title in named}
    await make.settle()
    before = await titles(http, "harbour", bob)
    assert before == await titles(http, "harbour")
    assert before[0] == "Harbour"
    last, next_to_last = before[-1], before[-2]
    await played(house, bob, tracks[last], 50)
    assert (await titles(http, "harbour", bob))[:2] == ["Harbour", last]  # never ahead of what is called just that
    assert (await bob.put(f"/social/likes/{tracks[next_to_last]}")).status_code == 204
    await played(house, bob, tracks[next_to_last], 50)
    own = await titles(http, "harbour", bob)
    assert own[:3] == ["Harbour", next_to_last, last]
    pages = [await titles(http, "harbour", bob, limit=2, offset=offset) for offset in (0, 2)]
    assert [*pages[0], *pages[1]] == own  # each is on one page
    assert before == await titles(http, "harbour", ada) == await titles(http, "harbour")
    good(await ada.post(f"/content/{tracks[next_to_last]}/unpublish"))
    assert next_to_last not in await titles(http, "harbour", bob)


def _results(*hits: Hit, reach: str = "words") -> Results:
    return Results({"track": Found(hits, len(hits), hits[0].score)}, reach, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("weight", [1.0, 1.1, 1.2])
def test_nothing_leaves_its_way_of_fitting(weight: float) -> None:
    better, worse = Hit(new_uuid(), SCORES.title), Hit(new_uuid(), SCORES.beside * weight)
    fond: dict[UUID, float] = {worse.id: fondness(liked=True, plays=1_000)}
    found = own_first(_results(better, worse), {"track": Page(10)}, fond).found["track"].hits
    assert [hit.id for hit in found] == [better.id, worse.id]
    assert SCORES.beside * weight <= found[1].score < SCORES.title


def test_only_the_window_moves_and_pages_stay_whole() -> None:
    hits = [Hit(new_uuid(), SCORES.title * (1.2 - place / 1_000)) for place in range(WINDOW + 5)]
    fond = {hits[WINDOW - 1].id: 1.0, hits[WINDOW].id: 1.0}
    pages = [Page(7, offset) for offset in range(0, WINDOW + 5, 7)]
    seen: list[UUID] = []
    for page in pages:
        wide = widened("track", page)
        window = hits[wide.offset : wide.offset + wide.limit]
        seen += [hit.id for hit in own_first(_results(*window), {"track": page}, fond).found["track"].hits]
    assert seen[0] == hits[WINDOW - 1].id
    assert seen[WINDOW:] == [hit.id for hit in hits[WINDOW:]]
    assert len(set(seen)) == len(hits)


def test_a_like_is_half_of_it() -> None:
    assert fondness(liked=False, plays=0) == 0
    assert fondness(liked=True, plays=0) == 0.5
    assert (
        0 < fondness(liked=False, plays=1) < fondness(liked=False, plays=20) == fondness(liked=False, plays=999) == 0.5
    )
