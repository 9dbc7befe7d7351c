"""Who gets in by a sign-in elsewhere, who has to show more, and that an address alone opens nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from antiphon.domains.identity import api
from antiphon.domains.identity.api.people import invite
from antiphon.entry.bootstrap import House
from antiphon.kit.clients import Client
from tests.support.answers import refused, rows
from tests.support.clock import FrozenClock
from tests.support.elsewhere import (
    CALLBACK,
    PASSWORD,
    START,
    back,
    gone,
    linked_rows,
    opened,
    people,
    place,
    problem_of,
    registered,
    there_and_back,
    whoami,
)
from tests.support.provider import StubProvider
from tests.support.tab import Tab


async def test_a_newcomer_gets_an_account_and_comes_back_to_it(tab: Tab, house: House, stub: StubProvider) -> None:
    answer = await there_and_back(tab, stub, next="/library?sort=new")
    assert place(answer) == "/library?sort=new"
    me = await whoami(tab)
    assert (me["email"], me["email_verified"]) == ("Ada@example.org", True)
    assert (me["handle"], me["display_name"]) == ("ada_lovelace", "Ada Lovelace")
    async with opened(house) as other:
        assert place(await there_and_back(other, stub)) == "/"
        assert (await whoami(other))["id"] == me["id"]
    assert await people(house) == 1
    methods = await rows(house.db, "SELECT method FROM identity.sessions ORDER BY created_at")
    assert [method for (method,) in methods] == ["oidc:house", "oidc:house"]
    acts = await rows(house.db, "SELECT action FROM identity.audit_log ORDER BY id")
    assert [action for (action,) in acts].count("linked_sign_in.added") == 1


async def test_the_device_is_known_again_though_its_cookie_stays_behind(
    tab: Tab, house: House, stub: StubProvider
) -> None:
    await there_and_back(tab, stub)
    await there_and_back(tab, stub)
    devices = await rows(house.db, "SELECT DISTINCT device FROM identity.sessions")
    assert len(devices) == 1
    assert devices[0][0] is not None
    letters = await rows(house.db, "SELECT count(*) FROM identity.letters WHERE purpose = 'new_device'")
    assert letters[0][0] == 0


async def test_the_cookie_of_the_way_is_guarded(tab: Tab) -> None:
    answer = await tab.visit(START)
    (line,) = answer.headers.get_list("set-cookie")
    assert line.startswith("__Host-antiphon_flow=")
    for said in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=600"):
        assert said in line


async def test_what_is_asked_of_the_provider(tab: Tab, stub: StubProvider) -> None:
    asked = dict(parse_qsl(urlsplit(await gone(tab)).query))
    assert asked["redirect_uri"] == f"http://localhost:8420{CALLBACK}"
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert {len(asked[name]) for name in ("state", "nonce", "code_challenge")} == {43}


async def test_two_tabs_of_one_browser_at_once(tab: Tab, stub: StubProvider) -> None:
    first, second = await gone(tab, next="/one"), await gone(tab, next="/two")
    assert place(await back(tab, stub.approve(second))) == "/two"
    assert place(await back(tab, stub.approve(first))) == "/one"


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "javascript:alert(1)",
        "/a\r\nb",
        "",
    ],
)
async def test_it_ends_on_a_page_of_ours(tab: Tab, stub: StubProvider, evil: str) -> None:
    assert place(await there_and_back(tab, stub, next=evil)) == "/"


@pytest.mark.commits
async def test_a_newcomer_in_several_browsers_at_once_is_one_person(tab: Tab, house: House, stub: StubProvider) -> None:
    async with opened(house) as second, opened(house) as third:
        tabs = (tab, second, third)
        answers = [stub.approve(await gone(one)) for one in tabs]
        arrived = await asyncio.gather(*(back(one, answer) for one, answer in zip(tabs, answers, strict=True)))
        assert [place(one) for one in arrived] == ["/", "/", "/"]
        assert len({(await whoami(one))["id"] for one in tabs}) == 1
    assert await people(house) == 1


async def test_an_address_that_has_an_account_opens_nothing(tab: Tab, house: House, stub: StubProvider) -> None:
    async with opened(house) as owner:
        ada = await registered(owner)
    location = place(await there_and_back(tab, stub))
    assert location.startswith("/sign-in/link-account#ticket=")
    ticket = location.partition("=")[2]
    assert tab.cookie("access") is None
    assert await linked_rows(house) == []
    told = (await tab.call("POST", "/auth/oidc/pending", json={"ticket": ticket})).json()
    assert told == {
        "provider": "house",
        "provider_name": "House",
        "email": "Ada@example.org",
        "next": "/",
    }
    login = {"email": "ada@example.org", "password": PASSWORD}
    assert (await tab.call("POST", "/auth/login", json=login)).status_code == 200
    linking = await tab.call("POST", "/users/me/linked-sign-ins/confirm", json={"ticket": ticket})
    assert linking.status_code == 204, linking.text
    again = await tab.call("POST", "/users/me/linked-sign-ins/confirm", json={"ticket": ticket})
    assert refused(again) == (410, "sign_in_flow_ended")
    async with opened(house) as elsewhere:
        await there_and_back(elsewhere, stub)
        assert (await whoami(elsewhere))["id"] == ada["id"]


async def test_a_ticket_is_worth_nothing_in_another_browser(tab: Tab, house: House, stub: StubProvider) -> None:
    """Else somebody could have a victim link the sign-in of the attacker, by a link to the page."""
    async with opened(house) as victim:
        await registered(victim)
        ticket = place(await there_and_back(tab, stub)).partition("=")[2]
        await gone(victim)  # they have a cookie of their own
        for path in ("/auth/oidc/pending", "/users/me/linked-sign-ins/confirm"):
            assert refused(await victim.call("POST", path, json={"ticket": ticket})) == (410, "sign_in_flow_ended")
    assert await linked_rows(house) == []


async def test_linking_needs_to_have_just_signed_in(
    tab: Tab, house: House, stub: StubProvider, clock: FrozenClock
) -> None:
    await registered(tab)
    clock.move(timedelta(minutes=11))
    ticket = place(await there_and_back(tab, stub)).partition("=")[2]
    linking = await tab.call("POST", "/users/me/linked-sign-ins/confirm", json={"ticket": ticket})
    assert refused(linking) == (403, "step_up_needed")
    asked = await tab.call("POST", "/users/me/linked-sign-ins", json={"provider": "house"})
    assert refused(asked) == (403, "step_up_needed")
    assert await linked_rows(house) == []


async def test_an_address_that_nobody_proved_is_taken_over_unproven(tab: Tab, house: House, stub: StubProvider) -> None:
    """There is no mail here, so it is worth as much as one that was typed."""
    await there_and_back(tab, stub, "stranger")
    assert (await whoami(tab))["email_verified"] is False


@pytest.mark.installation(mail_url="file:///letters")
async def test_where_letters_go_out_an_unproven_address_is_proven_first(
    tab: Tab, house: House, stub: StubProvider
) -> None:
    """A free address and a taken one look the same; a letter tells the difference."""
    await there_and_back(tab, stub)  # ada, proven by the trusted provider, has an account
    stub.person = {"sub": "mallory", "email": "ada@example.org", "email_verified": True}
    async with opened(house) as mallory:
        taken = place(await there_and_back(mallory, stub, "stranger"))
    stub.person = {"sub": "grace", "email": "grace@example.org"}
    async with opened(house) as grace:
        free = place(await there_and_back(grace, stub, "stranger"))
        assert taken == free == "/sign-up?state=check_mail"
        assert grace.cookie("access") is None
    assert await people(house) == 1
    letters = await rows(house.db, "SELECT address FROM identity.letters WHERE purpose = 'verify_email'")
    assert sorted(address for (address,) in letters) == ["ada@example.org", "grace@example.org"]


@pytest.mark.installation(mail_url="file:///letters")
async def test_the_letter_opens_the_account_and_links_it(tab: Tab, house: House, stub: StubProvider) -> None:
    stub.person = {"sub": "grace", "email": "grace@example.org", "name": "Grace"}
    await there_and_back(tab, stub, "stranger")
    ((letter_id,),) = await rows(house.db, "SELECT id FROM identity.letters")
    async with house.db.system() as uow:
        written = await api.letter(uow, letter_id, "http://localhost:8420")
    assert written is not None
    assert written.link is not None
    kind, _, token = urlsplit(written.link).fragment.partition("=")
    opened_it = await tab.call("POST", "/auth/email/verify", json={"token": token, "kind": kind})
    assert opened_it.status_code == 200, opened_it.text
    assert (await whoami(tab))["email_verified"] is True
    async with opened(house) as elsewhere:
        await there_and_back(elsewhere, stub, "stranger")
        assert (await whoami(elsewhere))["handle"] == "grace"


@pytest.mark.parametrize("email", [None, "", "not an address", 7])
async def test_a_provider_that_tells_no_address(tab: Tab, house: House, stub: StubProvider, email: object) -> None:
    stub.person = {"sub": "nobody", "name": "山田", "email": email, "email_verified": True}
    assert place(await there_and_back(tab, stub)) == "/"
    me = await whoami(tab)
    assert (me["email"], me["email_verified"], me["display_name"]) == (None, False, "山田")
    assert me["handle"].startswith("listener")


@pytest.mark.installation(registration="closed")
async def test_nobody_new_where_registration_is_closed(tab: Tab, house: House, stub: StubProvider) -> None:
    assert problem_of(place(await there_and_back(tab, stub))) == "registration_closed"
    stub.person = {"sub": "nobody"}
    assert problem_of(place(await there_and_back(tab, stub))) == "registration_closed"
    assert (await people(house), await linked_rows(house)) == (0, [])


@pytest.mark.installation(registration="invitation")
async def test_an_invitation_comes_along(tab: Tab, house: House, stub: StubProvider, clock: FrozenClock) -> None:
    assert problem_of(place(await there_and_back(tab, stub))) == "invitation_needed"
    assert problem_of(place(await there_and_back(tab, stub, invitation="wrong"))) == "invitation_needed"
    async with house.db.system() as uow:
        host = await api.create_user(uow, email="host@example.org", handle="host", display_name="Host")
        by = api.Actor(user_id=host, session_id=None, roles=frozenset({"admin"}))
        token = (await invite(uow, email=None, note="", by=by, client=Client(), mail=False)).token
    assert token is not None
    assert place(await there_and_back(tab, stub, invitation=token)) == "/"
    stub.person = {"sub": "second", "email": "second@example.org", "email_verified": True}
    assert problem_of(place(await there_and_back(tab, stub, invitation=token))) == "invitation_needed"
    assert await people(house) == 2
