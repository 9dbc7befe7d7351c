"""Refused: a page for a browser, a coded problem for everybody else, and nothing changed for both."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from tests.support.answers import refused
from tests.support.clock import FrozenClock
from tests.support.elsewhere import (
    CALLBACK,
    START,
    back,
    gone,
    linked_rows,
    opened,
    people,
    place,
    problem_of,
    there_and_back,
)
from tests.support.provider import StubProvider, as_json
from tests.support.tab import Tab


async def test_a_state_works_once_and_in_its_browser(
    tab: Tab, house: House, stub: StubProvider, clock: FrozenClock
) -> None:
    answer = stub.approve(await gone(tab))
    async with opened(house) as other:
        assert problem_of(place(await back(other, answer))) == "sign_in_flow_ended"
        await gone(other)
        assert problem_of(place(await back(other, answer))) == "sign_in_flow_ended"
        assert other.cookie("access") is None
    assert problem_of(place(await back(tab, answer, "stranger"))) == "sign_in_flow_ended"
    assert stub.count("/token") == 0
    assert place(await back(tab, answer)) == "/"
    assert problem_of(place(await back(tab, answer))) == "sign_in_flow_ended"
    late = stub.approve(await gone(tab))
    clock.move(timedelta(minutes=10))
    assert problem_of(place(await back(tab, late))) == "sign_in_flow_ended"
    for state in ("", "unknown", "x" * 4000):
        assert problem_of(place(await back(tab, {"state": state, "code": "c"}))) == "sign_in_flow_ended"


async def test_a_code_of_another_browser_in_ones_own_state(tab: Tab, house: House, stub: StubProvider) -> None:
    async with opened(house) as attacker:
        stolen = stub.approve(await gone(attacker))
    own = stub.approve(await gone(tab))
    answer = await back(tab, {"state": own["state"], "code": stolen["code"]})
    assert problem_of(place(answer)) == "provider_refused"
    assert (await people(house), tab.cookie("access")) == (0, None)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"aud": "somebody-else"}, "audience"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"nonce": "another"}, "nonce"),
        ({"exp": 1}, "expired"),
    ],
)
async def test_a_token_that_does_not_hold(
    tab: Tab, house: House, stub: StubProvider, change: dict[str, Any], reason: str
) -> None:
    stub.change = lambda claims: claims | change
    answer = stub.approve(await gone(tab))
    refusal = await tab.visit(f"{CALLBACK}?{urlencode(answer)}", headers={"Accept": "application/json"})
    assert refused(refusal) == (401, "provider_refused")
    assert refusal.json()["reason"] == reason
    assert (await people(house), await linked_rows(house), tab.cookie("access")) == (0, [], None)


async def test_no_at_the_provider(tab: Tab, stub: StubProvider) -> None:
    state = stub.approve(await gone(tab, next="/library"))["state"]
    location = place(await back(tab, {"error": "access_denied", "error_description": "<b>no</b>", "state": state}))
    assert location == "/sign-in?problem=provider_denied&next=%2Flibrary"


async def test_a_provider_that_is_away(tab: Tab, house: House, stub: StubProvider) -> None:
    stub.answers["/.well-known/openid-configuration"] = lambda _: as_json({}, 500)
    assert problem_of(place(await tab.visit(START))) == "provider_unavailable"
    plain = await tab.http.get(START)
    assert refused(plain) == (503, "provider_unavailable")
    assert plain.headers["retry-after"] == "10"


async def test_a_provider_that_nobody_set_up(tab: Tab) -> None:
    for path in ("/api/v1/auth/oidc/google/start", "/api/v1/auth/oidc/google/callback?state=x"):
        assert problem_of(place(await tab.visit(path))) in {"provider_unknown", "sign_in_flow_ended"}
    assert refused(await tab.http.get("/api/v1/auth/oidc/google/start")) == (404, "provider_unknown")


async def test_who_is_suspended_stays_out(tab: Tab, house: House, stub: StubProvider, clock: FrozenClock) -> None:
    await there_and_back(tab, stub)
    async with house.db.system() as uow:
        await uow.conn.execute(
            text("UPDATE identity.users SET suspended_at = :now, suspended_for = 'spam'"), {"now": clock.now()}
        )
    async with opened(house) as other:
        assert problem_of(place(await there_and_back(other, stub))) == "account_suspended"
        assert other.cookie("access") is None


async def test_an_answer_that_is_posted(tab: Tab, stub: StubProvider) -> None:
    answer = stub.approve(await gone(tab)) | {"user": '{"name":{"firstName":"Ada"}}'}
    posted = await tab.visit(CALLBACK, method="POST", sent_by_another_site=True, data=answer)
    location = place(posted)
    assert urlsplit(location).path == CALLBACK
    assert dict(parse_qsl(urlsplit(location).query)) == answer
    assert posted.headers.get_list("set-cookie") == []
    assert place(await tab.visit(location, sent_by_another_site=True)) == "/"


async def test_a_posted_answer_of_somebody_else_is_cut_to_what_is_known(tab: Tab) -> None:
    said = {"state": "s", "id_token": "x", "next": "https://evil.example", "code": "c"}
    location = place(await tab.visit(CALLBACK, method="POST", sent_by_another_site=True, data=said))
    assert location == f"{CALLBACK}?state=s&code=c" or set(dict(parse_qsl(urlsplit(location).query))) == {
        "state",
        "code",
    }
    large = await tab.visit(CALLBACK, method="POST", sent_by_another_site=True, data={"state": "s" * 5000})
    assert refused(large) == (422, "invalid_input")


async def test_who_is_leaving_is_shown_the_way_back(
    tab: Tab, house: House, stub: StubProvider, clock: FrozenClock
) -> None:
    await there_and_back(tab, stub)
    async with house.db.system() as uow:
        closing = {"at": clock.now() + timedelta(days=14)}
        await uow.conn.execute(text("UPDATE identity.users SET closes_at = :at"), closing)
    async with opened(house) as other:
        where, _, ticket = place(await there_and_back(other, stub)).partition("#cancel_deletion=")
        assert where == "/deletion/cancel"
        back_again = await other.call("POST", "/auth/deletion/cancel", json={"token": ticket})
        assert back_again.status_code == 204, back_again.text
        assert place(await there_and_back(other, stub)) == "/"
