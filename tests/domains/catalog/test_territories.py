"""What is for some countries, or for later there, is found by all, and heard by those it is for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from antiphon.domains.catalog import api as catalog
from antiphon.domains.catalog.model.territories import Because, Rights, refusal
from antiphon.kit.clients import Asking, listen_from
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse
from antiphon.kit.proxies import TrustedProxies, territory_of
from antiphon.kit.settings import Settings
from tests.support.answers import pointers, refused
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good

NOW = datetime(2026, 11, 25, tzinfo=UTC)
SOON = NOW + timedelta(days=1)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, trusted_proxies="127.0.0.0/8", territory_header="cf-ipcountry")


@pytest.mark.parametrize(
    ("territories", "embargoes", "territory", "because"),
    [
        (None, {}, None, None),
        (["DE"], {}, "DE", None),
        (["DE"], {}, "AT", "not_in_territory"),
        (["DE"], {}, None, "territory_unknown"),
        ([], {}, "DE", "not_in_territory"),
        (None, {"DE": SOON}, "DE", "embargo"),
        (None, {"DE": SOON}, "AT", None),
        (None, {"DE": SOON}, None, "territory_unknown"),
        (None, {"DE": NOW}, "DE", None),
    ],
)
def test_who_hears_what_from_where(
    territories: list[str] | None, embargoes: dict[str, datetime], territory: str | None, because: Because | None
) -> None:
    rights = Rights(territories, embargoes)
    assert refusal([Rights(None, {}), rights], Asking(territory, NOW)) == because
    assert refusal([rights], None) is None


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        ("10.0.0.1", "de", "DE"),
        ("10.0.0.1", "XX", None),
        ("10.0.0.1", "", None),
        ("9.9.9.9", "DE", None),
        (None, "DE", None),
    ],
)
def test_only_a_trusted_proxy_says_where_somebody_is(peer: str | None, said: str, found: str | None) -> None:
    trusted = TrustedProxies.parse("10.0.0.0/8")
    assert territory_of(peer, [(b"cf-ipcountry", said.encode())], trusted, "CF-IPCountry") == found
    assert territory_of(peer, [(b"cf-ipcountry", said.encode())], trusted, None) is None


async def test_a_work_is_heard_where_and_when_it_may_be(make: Maker, clock: FrozenClock) -> None:
    ada, fan = await make.person(), await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    track = await make.track(ada, artist, album_id=album["id"])
    good(await ada.post(f"/albums/{album['id']}/publish"))
    soon = clock.now() + timedelta(minutes=5)
    good(await ada.put(f"/albums/{album['id']}", json={"territories": ["DE", "AT"]}))
    good(await ada.put(f"/content/{track['id']}", json={"embargoes": {"AT": soon.isoformat()}}))
    assert pointers(await ada.put(f"/content/{track['id']}", json={"embargoes": {"Austria": soon.isoformat()}}))

    made = {"name": "Later", "track_ids": [track["id"]]}
    playlist = good(await fan.post("/playlists", json=made))

    async def hears(country: str) -> tuple[bool, str | None]:
        asked = {"headers": {"CF-IPCountry": country}}
        shown = good(await fan.get(f"/tracks/{track['id']}", **asked))
        listed = good(await fan.get("/tracks", **asked))["items"][0]
        of_album = good(await fan.get(f"/albums/{album['id']}", **asked))["tracks"][0]
        in_playlist = good(await fan.get(f"/playlists/{playlist['id']}/entries", **asked))["items"][0]["track"]
        for one in (listed, of_album, in_playlist):
            assert one["playable"] == (one["because"] is None) == shown["playable"]
        streamed = await fan.get(f"/stream/{track['id']}", **asked)
        begun = await fan.post("/stream/play", json={"content_id": track["id"], "event_id": _event(country)}, **asked)
        for answer in (streamed, begun):
            if shown["playable"]:
                assert answer.status_code < 300
            else:
                assert (refused(answer), answer.json()["because"]) == ((451, "not_heard_here"), shown["because"])
        return shown["playable"], shown["because"]

    assert await hears("DE") == (True, None)
    assert await hears("AT") == (False, "embargo")
    assert await hears("FR") == (False, "not_in_territory")
    assert await hears("XX") == (False, "territory_unknown")
    clock.move(timedelta(minutes=6))
    assert await hears("at") == (True, None)
    mine = good(await ada.get(f"/tracks/{track['id']}"))
    assert (mine["playable"], mine["embargoes"]["AT"][:19]) == (True, soon.isoformat()[:19])
    history = good(await ada.get(f"/content/{track['id']}/history"))["items"]
    good(await ada.post(f"/edits/{history[0]['id']}/undo"))
    assert good(await ada.get(f"/tracks/{track['id']}"))["embargoes"] == {}


def _event(country: str) -> str:
    return f"00000000-0000-4000-8000-{country.encode().hex():0>12}"


async def test_cards_and_what_a_search_found_say_why_they_are_not_heard(
    make: Maker, db: Database, clock: FrozenClock
) -> None:
    ada, fan = await make.person(), await make.person()
    artist = await make.artist(ada)
    album = await make.album(ada, artist)
    track = await make.track(ada, artist, album_id=album["id"])
    good(await ada.post(f"/albums/{album['id']}/publish"))
    good(await ada.put(f"/content/{track['id']}", json={"territories": ["DE", "FR"]}))
    ids = {"albums": [parse(Kind.ALBUM, album["id"])], "tracks": [parse(Kind.TRACK, track["id"])]}

    async def shown(person: Person, country: str) -> list[str | None]:
        card = good(await person.get("/albums", headers={"CF-IPCountry": country}))["items"][0]
        listen_from(Asking(country, clock.now()))
        async with db.seen_by(parse(Kind.USER, person.id)) as conn:
            found = await catalog.hits(conn, **ids)
        assert (card["playable"], card["because"]) == (found.albums[0].playable, found.albums[0].because)
        assert found.tracks[0].playable is (found.tracks[0].because is None)
        return [card["because"], found.tracks[0].because]

    assert await shown(fan, "DE") == [None, None]
    assert await shown(fan, "AT") == [None, "not_in_territory"]
    soon = clock.now() + timedelta(minutes=5)
    good(await ada.put(f"/albums/{album['id']}", json={"embargoes": {"FR": soon.isoformat()}}))
    assert await shown(fan, "FR") == ["embargo", "embargo"]
    assert await shown(ada, "AT") == [None, None], "its managers hear it from everywhere"
