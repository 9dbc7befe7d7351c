"""The room where everybody talks, as it is heard over `/ws`; and that somebody began a track."""

from __future__ import annotations

from antiphon.domains.playback import api as playback
from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app
from antiphon.kit.ids import Kind, parse
from tests.entry.test_realtime import LiveClient
from tests.support.people import Maker, Person


async def listening(house: House, person: Person, topic: str) -> LiveClient:
    client = await LiveClient(create_app(house)).open()
    await client.ask({"type": "auth", "token": person.tokens["access_token"]})
    assert (await client.ask({"type": "subscribe", "topic": topic}))["type"] == "subscribed"
    return client


async def test_what_is_said_and_taken_back_is_heard_by_the_others(house: House, make: Maker) -> None:
    ada, eve = await make.person(), await make.person()
    async with house.listening():
        client = await listening(house, eve, "chat")
        said = (await ada.post("/social/chat", json={"text": "Hello, everybody"})).json()
        heard = await client.hear()
        assert (heard["event"], heard["data"]) == ("said", said)
        await ada.delete(f"/social/chat/{said['id']}")
        heard = await client.hear()
        assert (heard["event"], heard["data"]) == ("taken_back", {"id": said["id"]})
        await client.hang_up()


async def test_that_somebody_began_a_track_is_told_and_a_private_session_is_not(house: House, make: Maker) -> None:
    ada, eve = await make.person(), await make.person()
    track = await make.track(ada, await make.artist(ada))
    user, track_id = parse(Kind.USER, ada.id), parse(Kind.TRACK, track["id"])
    async with house.listening():
        client = await listening(house, eve, "now-playing")
        async with house.db.unit(user) as uow:
            await playback.play_now(uow, user, track_id, "app", private=True)
        async with house.db.unit(user) as uow:
            await playback.play_now(uow, user, track_id, "app", private=False)
        heard = await client.hear()
        assert (heard["event"], heard["data"], heard["cursor"].split(".")[1]) == ("changed", {}, "1")
        await client.hang_up()
