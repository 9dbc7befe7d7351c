"""Players that submit to ListenBrainz submit here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from antiphon.entry.bootstrap import House
from tests.support.answers import unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good, plain_song

Json = dict[str, Any]


class Player:
    """Asks as clients of ListenBrainz do."""

    def __init__(self, person: Person, token: str) -> None:
        self.person, self.headers = person, {"Authorization": f"Token {token}"}

    async def validate(self) -> tuple[int, Json]:
        answer = await self.person.http.get("/1/validate-token", headers=self.headers)
        return answer.status_code, answer.json()

    async def submit(self, kind: str, *payload: Json, **more: Any) -> tuple[int, Json]:
        told = {"listen_type": kind, "payload": list(payload)} | more
        answer = await self.person.http.post("/1/submit-listens", json=told, headers=self.headers)
        return answer.status_code, answer.json()


def listen(title: str, artist: str, at: int | None = None, **more: Any) -> Json:
    said: Json = {"artist_name": artist, "track_name": title, "release_name": "?", "additional_info": more}
    return {"track_metadata": said} | ({} if at is None else {"listened_at": at})


@pytest.fixture
async def player(make: Maker) -> Player:
    bob = await make.person()
    key = good(await bob.post("/users/me/api-keys", json={"name": "Scrobbler", "scopes": ["listen"]}))
    return Player(bob, key["key"])


OK = (200, {"status": "ok"})


async def test_a_token_is_an_api_key(player: Player) -> None:
    said = {"code": 200, "message": "Token valid.", "valid": True, "user_name": player.person.handle}
    assert await player.validate() == (200, said)
    player.headers["Authorization"] = "Token nonsense"
    assert await player.validate() == (200, {"code": 200, "message": "Token invalid.", "valid": False})
    assert (await player.submit("single", listen("One", "Ada", 1)))[0] == 401
    del player.headers["Authorization"]
    assert (await player.validate())[0] == 400
    assert (await player.submit("single", listen("One", "Ada", 1)))[0] == 401
    unknown = await player.person.http.get("/1/user/bob/listens")
    assert (unknown.status_code, unknown.json()["code"]) == (404, 404)


async def test_a_listen_counts_once_by_whatever_way_it_is_told(
    player: Player, make: Maker, house: House, clock: FrozenClock
) -> None:
    ada = await make.person()
    artist = await make.artist(ada, "Ada Lovelace")
    audio = plain_song()
    one, two = [await make.track(ada, artist, audio=audio, title=title) for title in ("One", "Two")]
    begun = int(clock.now().timestamp())
    playing = listen("one", "ada lovelace", media_player="Strawberry")
    assert await player.submit("playing_now", playing) == OK
    shown = good(await ada.get("/stream/now-playing"))
    assert [(now["player"], now["track"]["id"]) for now in shown] == [("Strawberry", one["id"])]
    clock.move(timedelta(minutes=6))
    first = listen("ONE (Remastered 2011)", "Ada Lovelace", begun, duration=100)
    for _ in range(2):
        assert await player.submit("single", first) == OK
    told = {"listens": [{"content_id": one["id"], "at": clock.now().isoformat()}], "client": "Phone"}
    clock.move(timedelta(minutes=6))
    assert good(await player.person.post("/stream/listens", json=told))["new"] == 1
    many = [listen("Two", "Ada Lovelace", begun + 200 + n * 100, duration_ms=100_000) for n in range(3)]
    assert await player.submit("import", first, *many, listen("Unknown", "Nobody", begun)) == OK
    history = good(await player.person.get("/stream/history"))["items"]
    assert sorted(heard["content_id"] for heard in history) == sorted([one["id"]] * 2 + [two["id"]] * 3)
    assert await player.submit("single", listen("Two", "Somebody else", begun)) == OK
    assert len(good(await player.person.get("/stream/history"))["items"]) == 5


async def test_what_is_no_submission_is_refused(player: Player, make: Maker, house: House) -> None:
    ada = await make.person()
    await make.track(ada, await make.artist(ada, "Ada"), title="One")
    one = listen("One", "Ada", 1_700_000_000)
    async with unchanged(house.db):
        for kind, payload in (
            ("single", [one, one]),
            ("single", [listen("One", "Ada")]),
            ("playing_now", [one]),
            ("import", []),
            ("import", [listen("", "Ada", 1)]),
            ("podcast", [one]),
        ):
            status, said = await player.submit(kind, *payload)
            assert (status, said["code"]) == (400, 400), (kind, payload)
        broken = await player.person.http.post("/1/submit-listens", content=b"{", headers=player.headers)
        assert broken.status_code == 400
    reading = good(await player.person.post("/users/me/api-keys", json={"name": "Reader", "scopes": ["upload"]}))
    player.headers["Authorization"] = f"Token {reading['key']}"
    assert (await player.submit("single", one))[0] == 403
