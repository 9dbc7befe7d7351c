"""The short way answers as the long one does, to the letter."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from antiphon.adapters.codecs.fake import fake_audio
from antiphon.domains.playback import api as playback
from antiphon.entry.bootstrap import House
from antiphon.entry.http import short
from antiphon.entry.http.app import create_api
from antiphon.kit.cost import is_asked_often
from antiphon.kit.ids import Kind, new_uuid, out
from tests.support.people import Maker

PLAIN, LONG = "application/json", "application/json; charset=utf-8"  # only what is asked plainly goes the short way
OWN = {"x-request-id", "date"}


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The routes that were answered by the short way."""
    taken: list[str] = []
    answer = short._Way.answer

    async def counted(way: Any, *args: Any) -> None:
        taken.append(way.path)
        await answer(way, *args)

    monkeypatch.setattr(short._Way, "answer", counted)
    return taken


async def asked(http: httpx.AsyncClient, kind: str, method: str, path: str, body: str, **headers: str) -> Any:
    answer = await http.request(
        method, f"/api/v1/stream/{path}", content=body, headers={"Content-Type": kind, **headers}
    )
    fields = sorted((name, value) for name, value in answer.headers.items() if name not in OWN)
    return answer.status_code, fields, answer.text


async def test_both_ways_answer_the_same(make: Maker, http: httpx.AsyncClient, ways: list[str]) -> None:
    artist, fan = await make.person(), await make.person()
    track = await make.track(artist, await make.artist(artist), audio=fake_audio(seconds=60.0))
    event = new_uuid()
    play = f'{{"content_id": "{track["id"]}", "event_id": "{event}"}}'
    begun = await asked(http, PLAIN, "POST", "play", play)
    assert begun[0] == 201
    session = httpx.Response(200, text=begun[2]).json()["session_id"]
    beat = f'{{"session_id": "{session}", "event_id": "{event}", "position_ms": 1, "played_ms": 1}}'
    gone = beat.replace(session, out(Kind.PLAY_SESSION, new_uuid()))
    bearer = fan.headers["Authorization"]
    cases: list[tuple[str, str, str, dict[str, str], int, bool]] = [
        ("POST", "play", play, {}, 201, True),
        ("POST", "play", play, {"Authorization": bearer}, 409, True),
        ("POST", "play", play.replace(track["id"], "trk_none"), {}, 404, True),
        ("PUT", "progress", beat, {}, 200, True),
        ("PUT", "progress", beat, {"Authorization": bearer}, 404, True),
        ("PUT", "progress", gone, {"Authorization": bearer}, 404, True),
        ("PUT", "progress", gone, {"Authorization": "Bearer nothing"}, 401, True),
        ("PUT", "progress", gone, {"X-API-Key": "ak_nothing"}, 401, True),
        ("PUT", "progress", gone, {"Cookie": "__Host-antiphon_access=nothing"}, 401, True),
        ("PUT", "progress", gone, {"Cookie": f"__Host-antiphon_access={bearer[7:]}"}, 403, True),
        ("PUT", "progress", beat, {"Antiphon-Session": "cookie", "Origin": "https://elsewhere.test"}, 403, True),
        ("PUT", "progress", beat.replace("1}", "-1}"), {}, 422, False),
        ("PUT", "progress", beat.replace("1}", '"1"}'), {}, 200, False),
        ("PUT", "progress", "{", {}, 400, False),
        ("PUT", "progress", "[]", {}, 422, False),
        ("PUT", "progress", "", {}, 422, False),
        ("PUT", "progress", beat + " " * 70_000, {}, 200, False),
        ("PUT", "progress", beat + " " * 2_000_000, {}, 413, False),
        ("POST", "progress", beat, {}, 405, False),
        ("PUT", "progress/", beat, {}, 200, False),
    ]
    for method, path, body, headers, status, is_short in cases:
        ways.clear()
        by_short = await asked(http, PLAIN, method, path, body, **headers)
        assert bool(ways) is is_short, (method, path, body[:200], headers)
        by_long = await asked(http, LONG, method, path, body, **headers)
        assert len(ways) is int(is_short)
        assert by_short == by_long
        assert by_short[0] == status, (by_short, method, path, body[:200], headers)


async def test_a_failure_is_told_and_logged_as_everywhere(
    http: httpx.AsyncClient, house: House, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(playback.ListenWriter, "advance", fails)
    session = out(Kind.PLAY_SESSION, new_uuid())
    beat = f'{{"session_id": "{session}", "event_id": "{new_uuid()}", "position_ms": 1, "played_ms": 1}}'
    by_short, by_long = [await asked(http, kind, "PUT", "progress", beat) for kind in (PLAIN, LONG)]
    assert by_short == by_long
    assert by_short[0] == 500
    assert ways == ["/api/v1/stream/progress"]


async def test_a_request_in_pieces_is_read_whole() -> None:
    pieces = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.request", "body": b"}"}]

    async def receive() -> Any:
        return pieces.pop(0)

    assert await short._read(receive) == b"{}"
    pieces = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    assert await short._read(receive) is None


def test_routes_that_are_asked_often_have_no_guard_but_the_doorkeeper() -> None:
    often = [
        handler
        for route in create_api().routes
        for handler in getattr(route, "route_handlers", ())
        if is_asked_often(handler.opt)
    ]
    assert {handler.fn.__name__ for handler in often} == {"put_progress", "post_play"}
    assert {tuple(handler.resolve_guards()) for handler in often} == {()}
    assert {handler.resolve_before_request().__name__ for handler in often} == {"_admit"}
