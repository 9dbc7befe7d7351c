"""Devices of a person, and what one tells another to do."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from antiphon.domains.playback.api.devices import LEASE
from antiphon.domains.playback.store.devices import MOST
from antiphon.entry.bootstrap import House
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person, good


async def says(person: Person, device: str, name: str, **words: Any) -> dict[str, Any]:
    found: dict[str, Any] = good(await person.put(f"/stream/devices/{device}", json={"name": name, **words}))
    return found


async def said(house: House, person: Person) -> list[tuple[str, Any]]:
    found = await rows(house.db, "SELECT topic, event, data FROM kit.said ORDER BY said_at, position")
    assert {one.topic for one in found} == {f"user:{person.id}:devices"}
    return [(one.event, json.loads(one.data)) for one in found]


async def test_the_one_that_begins_to_play_is_active(make: Maker, house: House, clock: FrozenClock) -> None:
    bob, eve = await make.person(), await make.person()
    phone, car = str(uuid4()), str(uuid4())
    assert not (await says(bob, phone, "Phone", kind="phone"))["active"]
    assert (await says(bob, phone, "Phone", kind="phone", playing=True, volume=0.5))["active"]
    await says(bob, phone, "Phone", kind="phone", playing=True, volume=0.5)
    clock.move(timedelta(seconds=1))
    assert (await says(bob, car, "Car", playing=True))["active"]
    listed = good(await bob.get("/stream/devices"))
    assert [(one["id"], one["active"], one["here"]) for one in listed] == [(car, True, True), (phone, False, True)]
    assert [event for event, _ in await said(house, bob)] == ["changed"] * 3
    assert not (await says(bob, phone, "Phone", kind="phone", playing=True, volume=0.5))["active"]
    assert good(await eve.get("/stream/devices")) == []
    assert pointers(await bob.put(f"/stream/devices/{phone}", json={"name": "Phone", "volume": 2})) == {"/volume"}


async def test_a_device_is_told_what_to_do(make: Maker, house: House, clock: FrozenClock) -> None:
    bob, eve = await make.person(), await make.person()
    phone, car = str(uuid4()), str(uuid4())
    await says(bob, phone, "Phone", playing=True)
    await says(bob, car, "Car")
    by_phone = {"Antiphon-Player": phone}
    place, sent = {"entry": str(uuid4()), "position_ms": 61_000}, []
    for command in (
        {"kind": "prepare", **place},
        {"kind": "take_over", **place},
        {"kind": "seek", "position_ms": 9_000},
        {"kind": "volume", "level": 0.25},
    ):
        answer = await bob.post(f"/stream/devices/{car}/commands", json=command, headers=by_phone)
        assert answer.status_code == 202
        sent.append({"id": answer.json()["id"], "to": car, "from": phone, "command": command})
    bare = good(await bob.post(f"/stream/devices/{car}/commands", json={"kind": "take_over"}, headers=by_phone))
    told = [data for event, data in await said(house, bob) if event == "command"]
    assert told[:-1] == sent
    assert told[-1]["id"] == bare["id"]
    assert {one["id"]: one["active"] for one in good(await bob.get("/stream/devices"))} == {phone: False, car: True}
    async with unchanged(house.db):
        answer = await eve.post(f"/stream/devices/{car}/commands", json={"kind": "pause"})
        assert refused(answer) == (404, "device_not_found")
        nameless = await bob.put("/stream/devices/phone", json={"name": "Phone"})
        assert refused(nameless) == (404, "device_not_found")
        for wrong in ({"kind": "explode"}, {"kind": "prepare"}, {"kind": "take_over", "position_ms": -1}):
            assert (await bob.post(f"/stream/devices/{car}/commands", json=wrong)).status_code == 422
    clock.move(LEASE)
    async with unchanged(house.db):
        answer = await bob.post(f"/stream/devices/{car}/commands", json={"kind": "pause"})
        assert refused(answer) == (409, "device_away")
    assert not any(one["here"] or one["playing"] for one in good(await bob.get("/stream/devices")))


async def test_alike_devices_are_given_names(make: Maker, house: House) -> None:
    bob, eve = await make.person(), await make.person()
    one = str(uuid4())
    await says(bob, one, "Firefox on Linux")
    named = good(await bob.put(f"/stream/devices/{one}/name", json={"name": " Kitchen "}))
    assert named["name"] == "Kitchen"
    assert (await says(bob, one, "Firefox on Linux", playing=True))["name"] == "Kitchen"
    assert [data["device"]["name"] for _, data in await said(house, bob)] == ["Firefox on Linux", "Kitchen", "Kitchen"]
    async with unchanged(house.db):
        good(await bob.put(f"/stream/devices/{one}/name", json={"name": "Kitchen"}))
        assert refused(await eve.put(f"/stream/devices/{one}/name", json={"name": "Mine"})) == (404, "device_not_found")
        assert pointers(await bob.put(f"/stream/devices/{one}/name", json={"name": "x" * 101})) == {"/name"}
    assert good(await bob.put(f"/stream/devices/{one}/name", json={"name": None}))["name"] == "Firefox on Linux"


async def test_devices_come_and_go(make: Maker, house: House, clock: FrozenClock) -> None:
    bob = await make.person()
    first = str(uuid4())
    await says(bob, first, "First")
    clock.move(LEASE)
    await says(bob, first, "First")
    assert [event for event, _ in await said(house, bob)] == ["changed", "changed"]
    for _ in range(2):
        assert (await bob.delete(f"/stream/devices/{first}")).status_code == 204
    assert (await said(house, bob))[-1] == ("gone", {"id": first})
    for n in range(MOST + 2):
        clock.move(timedelta(seconds=1))
        await says(bob, str(uuid4()), f"Device {n}")
    names = [one["name"] for one in good(await bob.get("/stream/devices"))]
    assert (len(names), names[0], names[-1]) == (MOST, f"Device {MOST + 1}", "Device 2")
