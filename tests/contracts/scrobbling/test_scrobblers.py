"""One contract for whoever is told what people hear: the fake, and the real ones before servers like theirs."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest

from antiphon.adapters.scrobbling import open_scrobblers
from antiphon.adapters.scrobbling.fake import FakeScrobbler
from antiphon.adapters.scrobbling.lastfm import LastFm, signature
from antiphon.adapters.scrobbling.listenbrainz import ListenBrainz
from antiphon.domains.integrations.errors import ScrobblerRefused, ScrobblerUnavailable
from antiphon.domains.integrations.ports import HeardTrack, PlaysRejected, Scrobbler

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HEARD = [
    HeardTrack("Ærø & Co", "Björk", "Øst", 61_500, NOON),
    HeardTrack("Two", "Ada", "", None, NOON.replace(minute=5)),
]
SECRET = "shared secret"


@dataclass
class Service:
    """What the service knows: `told` is (artist, title, album, seconds, when) of each listen."""

    scrobbler: Scrobbler
    told: list[tuple[str, str, str, int | None, int]] = field(default_factory=list)
    away: bool = False
    ignored: str = "0"  # Last.fm's code, "5" for enough today


class Loopback:
    """HTTP/1.1 as far as one request on a connection needs it."""

    def __init__(self, service: Service, answer: Any) -> None:
        self.service, self._answer = service, answer

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        line, *fields = head.split("\r\n")
        headers = {name.lower(): text for name, _, text in (one.partition(": ") for one in fields)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        method, path, _ = line.split(" ")
        status, said = (503, {}) if self.service.away else self._answer(self.service, method, path, headers, body)
        text = msgspec.json.encode(said)
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n".encode() + text)
        await writer.drain()
        writer.close()


def as_listenbrainz(
    service: Service, method: str, path: str, headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, Any]]:
    good = headers.get("authorization") == "Token good"
    if (method, path) == ("GET", "/1/validate-token"):
        return 200, {"code": 200, "valid": True, "user_name": "bob"} if good else {"code": 200, "valid": False}
    assert (method, path) == ("POST", "/1/submit-listens")
    if not good:
        return 401, {"code": 401, "error": "Invalid authorization token."}
    told = msgspec.json.decode(body)
    assert told["listen_type"] == "import"
    if any(one["track_metadata"]["track_name"] == "Wrong" for one in told["payload"]):
        return 400, {"code": 400, "error": "JSON document does not contain a valid listen."}
    for one in told["payload"]:
        track = one["track_metadata"]
        length = track["additional_info"].get("duration_ms")
        said = (track["artist_name"], track["track_name"], track.get("release_name", ""))
        service.told.append((*said, length and length // 1000, one["listened_at"]))
    return 200, {"status": "ok"}


def as_lastfm(
    service: Service, method: str, path: str, headers: dict[str, str], body: bytes
) -> tuple[int, dict[str, Any]]:
    given = dict(parse_qsl(body.decode(), keep_blank_values=True))
    signed = {name: text for name, text in given.items() if name not in ("api_sig", "format")}
    assert given["api_sig"] == signature(signed, SECRET)
    assert (given["api_key"], given["format"]) == ("key", "json")
    if given["method"] == "auth.getSession":
        if given["token"] != "good":
            return 403, {"error": 14, "message": "Unauthorized Token"}
        return 200, {"session": {"name": "bob", "key": "session-key", "subscriber": 0}}
    assert given["method"] == "track.scrobble"
    if given["sk"] != "session-key":
        return 403, {"error": 9, "message": "Invalid session key"}
    if "Wrong" in given.values():
        return 400, {"error": 6, "message": "Invalid parameters"}
    number = 0
    while f"track[{number}]" in given:
        length = given.get(f"duration[{number}]")
        said = (given[f"artist[{number}]"], given[f"track[{number}]"], given.get(f"album[{number}]", ""))
        service.told.append((*said, int(length) if length else None, int(given[f"timestamp[{number}]"])))
        number += 1
    one = {
        "track": {"#text": given["track[0]"]},
        "ignoredMessage": {
            "code": service.ignored,
            "#text": "Artist name failed filter" if service.ignored == "1" else "",
        },
    }
    scrobbles = [one] * number if number > 1 else one
    return 200, {"scrobbles": {"scrobble": scrobbles, "@attr": {"accepted": number, "ignored": 0}}}


@asynccontextmanager
async def listening(make: Any, answer: Any) -> AsyncIterator[Service]:
    service = Service(FakeScrobbler())
    server = await asyncio.start_server(Loopback(service, answer).serve, "127.0.0.1", 0)
    service.scrobbler = make(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    async with server:
        yield service


@pytest.fixture(params=["fake", "listenbrainz", "lastfm"])
async def service(request: pytest.FixtureRequest) -> AsyncIterator[Service]:
    if request.param == "listenbrainz":
        async with listening(ListenBrainz, as_listenbrainz) as found:
            yield found
    elif request.param == "lastfm":
        async with listening(lambda url: LastFm(url, "key", SECRET), as_lastfm) as found:
            yield found
    else:
        yield Service(FakeScrobbler())


def told(service: Service) -> list[tuple[str, str, str, int | None, int]]:
    if not isinstance(service.scrobbler, FakeScrobbler):
        return service.told
    return [
        (one.artist, one.title, one.album, one.duration_ms and one.duration_ms // 1000, int(one.started_at.timestamp()))
        for one in service.scrobbler.told
    ]


async def test_who_brings_a_good_token_is_told_for(service: Service) -> None:
    account = await service.scrobbler.connect("good")
    assert account.name == "bob"
    await service.scrobbler.submit(account.secret, HEARD)
    await service.scrobbler.submit(account.secret, [])
    noon = int(NOON.timestamp())
    assert told(service) == [("Björk", "Ærø & Co", "Øst", 61, noon), ("Ada", "Two", "", None, noon + 300)]


async def test_a_bad_token_is_refused(service: Service) -> None:
    with pytest.raises(ScrobblerRefused):
        await service.scrobbler.connect("bad")
    with pytest.raises(ScrobblerRefused):
        await service.scrobbler.submit("bad", HEARD)
    assert told(service) == []


async def test_who_is_away_refused_nobody(service: Service) -> None:
    if isinstance(service.scrobbler, FakeScrobbler):
        service.scrobbler.away = True
    service.away = True
    with pytest.raises(ScrobblerUnavailable):
        await service.scrobbler.connect("good")
    with pytest.raises(ScrobblerUnavailable):
        await service.scrobbler.submit("good", HEARD)


async def test_what_is_wrong_is_said_to_be_wrong_for_good(service: Service) -> None:
    wrong = HeardTrack("Wrong", "Nobody", "", None, NOON)
    if isinstance(service.scrobbler, FakeScrobbler):
        service.scrobbler.rejects = {"Wrong"}
    account = await service.scrobbler.connect("good")
    with pytest.raises(PlaysRejected) as rejected:
        await service.scrobbler.submit(account.secret, [*HEARD, wrong])
    assert rejected.value.reason
    assert told(service) == []
    assert list(await service.scrobbler.submit(account.secret, HEARD)) == []


async def test_what_lastfm_ignores_is_named() -> None:
    async with listening(lambda url: LastFm(url, "key", SECRET), as_lastfm) as service:
        service.ignored = "1"
        [first, second] = await service.scrobbler.submit("session-key", HEARD)
        assert (first.heard, first.reason, second.reason) == (HEARD[0], "Artist name failed filter", first.reason)


async def test_what_stands_before_a_service_refuses_in_html() -> None:
    def too_large(*_: Any) -> tuple[int, Any]:
        return 413, "<html>"

    async with listening(ListenBrainz, too_large) as service:
        with pytest.raises(PlaysRejected):
            await service.scrobbler.submit("good", HEARD)


async def test_what_lastfm_puts_aside_for_today_is_told_another_day() -> None:
    async with listening(lambda url: LastFm(url, "key", SECRET), as_lastfm) as service:
        service.ignored = "5"
        for heard in (HEARD, HEARD[:1]):
            with pytest.raises(ScrobblerUnavailable):
                await service.scrobbler.submit("session-key", heard)


async def test_nobody_listens_there() -> None:
    with pytest.raises(ScrobblerUnavailable):
        await ListenBrainz("http://127.0.0.1:9").connect("good")


def test_what_is_set_up_is_offered() -> None:
    assert open_scrobblers("", None, None) == []
    assert [one.id for one in open_scrobblers("http://lb", "key", None)] == ["listenbrainz"]
    both = open_scrobblers("http://lb", "key", "secret")
    back = "http://localhost:8420/settings/connections?service=lastfm"
    assert [one.authorize_url(back) for one in both] == [
        None,
        "https://www.last.fm/api/auth/?api_key=key&cb=http%3A%2F%2Flocalhost%3A8420%2Fsettings%2Fconnections"
        "%3Fservice%3Dlastfm",
    ]


def test_a_signature_is_as_the_protocol_says() -> None:
    """The example of Last.fm's own page: the names in their order, each with its value, then the secret."""
    asked = {"method": "auth.getSession", "api_key": "xxxxxxxx", "token": "yyyyyy"}
    text = "api_keyxxxxxxxxmethodauth.getSessiontokenyyyyyyilovecher"
    assert signature(asked, "ilovecher") == hashlib.md5(text.encode()).hexdigest()
