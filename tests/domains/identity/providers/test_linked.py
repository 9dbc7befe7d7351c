"""The linked sign-ins of an account: added, shown, taken away, and good for proving oneself again."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pyotp

from antiphon.entry.bootstrap import House
from tests.support.answers import refused, rows
from tests.support.clock import FrozenClock
from tests.support.elsewhere import (
    back,
    linked_in,
    linked_rows,
    opened,
    place,
    problem_of,
    registered,
    there_and_back,
    whoami,
)
from tests.support.provider import StubProvider, as_json
from tests.support.tab import Tab


async def test_linking_while_signed_in(tab: Tab, house: House, stub: StubProvider) -> None:
    ada = await registered(tab, email="other@example.org")
    assert place(await linked_in(tab, stub)) == "/settings/security"
    (one,) = (await tab.call("GET", "/users/me/linked-sign-ins")).json()
    assert (one["provider"], one["name"], one["email"], one["works"]) == ("house", "House", "Ada@example.org", True)
    assert one["last_used_at"] is None
    assert place(await linked_in(tab, stub)) == "/settings/security"  # once more is no error
    async with opened(house) as other:
        await there_and_back(other, stub)
        assert (await whoami(other))["id"] == ada["id"]
        await other.call("POST", "/auth/logout", json={})
        await registered(other, email="eve@example.org", handle="eve")
        assert problem_of(place(await linked_in(other, stub))) == "linked_elsewhere"
    (one,) = (await tab.call("GET", "/users/me/linked-sign-ins")).json()
    assert one["last_used_at"] is not None
    removed = await tab.call("DELETE", f"/users/me/linked-sign-ins/{one['id']}")
    assert removed.status_code == 204, removed.text
    assert (await tab.call("GET", "/users/me/linked-sign-ins")).json() == []
    assert await linked_rows(house) == []


async def test_linking_ends_with_the_session_that_asked_for_it(tab: Tab, house: House, stub: StubProvider) -> None:
    await registered(tab)
    asked = await tab.call("POST", "/users/me/linked-sign-ins", json={"provider": "house"})
    assert (await tab.call("POST", "/auth/logout", json={})).status_code == 204
    answer = await back(tab, stub.approve(asked.json()["location"]))
    assert place(answer) == "/settings/security?problem=sign_in_flow_ended"
    assert await linked_rows(house) == []


async def test_another_site_cannot_start_linking(tab: Tab, house: House) -> None:
    await registered(tab)
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    asked = await tab.call("POST", "/users/me/linked-sign-ins", json={"provider": "house"}, headers=foreign)
    assert refused(asked) == (403, "csrf_refused")
    unlinking = await tab.call("DELETE", "/users/me/linked-sign-ins/lnk_x", headers={"X-CSRF-Token": "no"})
    assert refused(unlinking) == (403, "csrf_refused")


async def test_others_cannot_unlink(tab: Tab, house: House, stub: StubProvider) -> None:
    await there_and_back(tab, stub)
    (one,) = (await tab.call("GET", "/users/me/linked-sign-ins")).json()
    async with opened(house) as eve:
        await registered(eve, email="eve@example.org", handle="eve")
        assert refused(await eve.call("DELETE", f"/users/me/linked-sign-ins/{one['id']}")) == (404, "not_found")
        assert (await eve.call("GET", "/users/me/linked-sign-ins")).json() == []
    assert len(await linked_rows(house)) == 1


async def test_a_kept_token_is_sealed_and_given_back(tab: Tab, house: House, stub: StubProvider) -> None:
    given_back: list[dict[str, str]] = []
    document = stub.document() | {"revocation_endpoint": f"{stub.url}/revoke"}
    stub.answers["/.well-known/openid-configuration"] = lambda _: as_json(document)
    stub.answers["/revoke"] = lambda asked: given_back.append(asked.form) or as_json({})  # type: ignore[func-returns-value]
    await registered(tab)
    await linked_in(tab, stub)
    ((*_, sealed),) = await linked_rows(house)
    assert b"kept" not in bytes(sealed)
    (one,) = (await tab.call("GET", "/users/me/linked-sign-ins")).json()
    await tab.call("DELETE", f"/users/me/linked-sign-ins/{one['id']}")
    assert [form["token"] for form in given_back] == ["kept"]


async def test_the_last_way_in_stays(tab: Tab, house: House, stub: StubProvider) -> None:
    await there_and_back(tab, stub)
    await whoami(tab)
    (one,) = (await tab.call("GET", "/users/me/linked-sign-ins")).json()
    removal = await tab.call("DELETE", f"/users/me/linked-sign-ins/{one['id']}")
    assert refused(removal) == (409, "last_way_in")
    assert len(await linked_rows(house)) == 1


async def test_the_owner_hears_of_a_link(tab: Tab, house: House, stub: StubProvider) -> None:
    await registered(tab)
    await linked_in(tab, stub)
    await linked_in(tab, stub)
    letters = await rows(house.db, "SELECT data FROM identity.letters WHERE purpose = 'factor_changed'")
    assert ["linked_sign_in.added" in data for (data,) in letters] == [True]


async def test_stepping_up_at_the_provider(tab: Tab, house: House, stub: StubProvider, clock: FrozenClock) -> None:
    await there_and_back(tab, stub)
    await whoami(tab)
    clock.move(timedelta(minutes=12))
    assert refused(await tab.call("POST", "/users/me/linked-sign-ins", json={"provider": "house"}))[0] == 403

    async def step_up(auth_time: int) -> str:
        asked = await tab.call("POST", "/auth/oidc/house/step-up", json={"next": "/settings/security?again=1"})
        query = dict(parse_qsl(urlsplit(asked.json()["location"]).query))
        assert (query["prompt"], query["max_age"]) == ("login", "0")
        stub.change = lambda claims: claims | {"auth_time": auth_time}
        return place(await back(tab, stub.approve(asked.json()["location"])))

    now = int(clock.now().timestamp())
    assert problem_of(await step_up(now - 3600)) == "provider_refused"
    assert await step_up(now) == "/settings/security?again=1"
    assert (await tab.call("POST", "/users/me/linked-sign-ins", json={"provider": "house"})).status_code == 200
    stub.person = {"sub": "somebody else"}
    assert problem_of(await step_up(now)) == "linked_elsewhere"


async def test_the_provider_alone_does_not_do_for_who_has_a_second_factor(
    tab: Tab, stub: StubProvider, clock: FrozenClock
) -> None:
    await there_and_back(tab, stub)
    await whoami(tab)
    asked = await tab.call("POST", "/auth/oidc/house/step-up", json={"next": "/settings/security"})
    made = (await tab.call("POST", "/auth/mfa/totp/enrol")).json()
    code = pyotp.TOTP(made["secret"]).at(clock.now())
    assert (await tab.call("POST", "/auth/mfa/totp/confirm", json={"code": code})).status_code == 200
    answer = await tab.call("POST", "/auth/oidc/house/step-up", json={"next": "/settings/security"})
    assert refused(answer) == (403, "second_factor_missing")
    now = int(clock.now().timestamp())
    stub.change = lambda claims: claims | {"auth_time": now}
    assert problem_of(place(await back(tab, stub.approve(asked.json()["location"])))) == "second_factor_missing"


async def test_the_providers_are_listed_without_their_secrets(tab: Tab) -> None:
    told = (await tab.call("GET", "/auth/methods")).json()["providers"]
    assert told == [
        {"id": "house", "name": "House", "icon": "key"},
        {"id": "stranger", "name": "Stranger", "icon": "key"},
    ]


async def test_an_api_client_is_refused_the_security_routes(tab: Tab) -> None:
    assert refused(await tab.http.get("/api/v1/users/me/linked-sign-ins")) == (401, "unauthenticated")
