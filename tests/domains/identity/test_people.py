"""What administrators do, and that it holds at once: roles, suspensions, invitations, the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.domains.identity import api
from antiphon.domains.identity.tools import Registration
from antiphon.entry.bootstrap import House, build
from antiphon.entry.http.app import create_app
from antiphon.kit.ids import Kind, parse
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person

Administrator = Callable[[], Awaitable[Person]]


@pytest.fixture
def administrator(make: Maker, house: House) -> Administrator:
    async def made() -> Person:
        person = await make.person()
        async with house.db.system() as uow:
            await api.grant_role(uow, parse(Kind.USER, person.id), "admin")
        given = {"refresh_token": person.tokens["refresh_token"]}
        person.tokens = (await make.http.post("/api/v1/auth/refresh", json=given)).json()["tokens"]
        return person

    return made


async def actions(house: House, person: Person) -> list[str]:
    found = await rows(
        house.db,
        "SELECT action FROM identity.audit_log WHERE subject_id = :id ORDER BY id",
        id=parse(Kind.USER, person.id),
    )
    return [row.action for row in found]


async def test_accounts_are_found_by_half_a_name(make: Maker, administrator: Administrator) -> None:
    admin = await administrator()
    ada = await make.person(handle="ada_lovelace", email="countess@example.org", display_name="Ada")
    for words in ("lovel", "COUNTESS", "ada"):
        found = (await admin.get("/users", params={"q": words})).json()["items"]
        assert [one["id"] for one in found] == [ada.id], words
    assert found[0]["email"] == "countess@example.org"
    assert (await admin.get("/users", params={"q": "%"})).json()["items"] == []
    first = (await admin.get("/users", params={"limit": 1})).json()
    rest = (await admin.get("/users", params={"limit": 1, "cursor": first["next"]})).json()
    assert [first["items"][0]["id"], rest["items"][0]["id"]] == [ada.id, admin.id]


async def test_a_suspended_person_is_out_at_once_and_stays_out(
    make: Maker, house: House, administrator: Administrator, clock: FrozenClock
) -> None:
    admin, ada = await administrator(), await make.person()
    until = clock.now() + timedelta(days=3)
    asked = {"reason": "Spam", "until": until.isoformat()}
    answer = await admin.put(f"/users/{ada.id}/suspension", json=asked)
    assert answer.json()["suspended_for"] == "Spam"
    assert refused(await ada.get("/users/me")) == (401, "unauthenticated")
    given = {"refresh_token": ada.tokens["refresh_token"]}
    assert refused(await make.http.post("/api/v1/auth/refresh", json=given)) == (401, "invalid_refresh_token")
    credentials = {"email": ada.email, "password": ada.password}
    again = await make.http.post("/api/v1/auth/login", json=credentials)
    assert refused(again) == (403, "account_suspended")
    assert (again.json()["detail"], again.json()["until"]) == ("Spam", until.isoformat())
    assert [one["id"] for one in (await admin.get("/users?suspended=true")).json()["items"]] == [ada.id]
    clock.move(timedelta(days=3, seconds=1))
    assert (await make.http.post("/api/v1/auth/login", json=credentials)).status_code == 200
    assert "account.suspended" in await actions(house, ada)


async def test_a_lifted_suspension_lets_the_person_in(make: Maker, administrator: Administrator) -> None:
    admin, ada = await administrator(), await make.person()
    await admin.put(f"/users/{ada.id}/suspension", json={"reason": "Mistake"})
    lifted = await admin.delete(f"/users/{ada.id}/suspension")
    assert (lifted.status_code, lifted.json()["suspended_at"]) == (200, None)
    made = await make.http.post("/api/v1/auth/login", json={"email": ada.email, "password": ada.password})
    ada.tokens = made.json()["tokens"]
    assert (await ada.get("/users/me")).status_code == 200


async def test_a_suspension_reaches_other_processes(
    make: Maker, house: House, administrator: Administrator, clock: FrozenClock
) -> None:
    admin, ada = await administrator(), await make.person()
    other = build(house.settings, house.db_url, clock=clock, passwords=house.identity.passwords, pool_size=2)
    transport = httpx.ASGITransport(app=create_app(other), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as there:
        await other.start()
        heard = asyncio.Event()
        async with other.listening():
            assert other.hub.listening
            assert (await there.get("/api/v1/users/me", headers=ada.headers)).status_code == 200
            other.hub.watch("identity", lambda _message: heard.set())
            await admin.put(f"/users/{ada.id}/suspension", json={"reason": "Spam"})
            await asyncio.wait_for(heard.wait(), 10)
            assert refused(await there.get("/api/v1/users/me", headers=ada.headers)) == (401, "unauthenticated")
    await other.db.close()


async def test_a_process_that_hears_nothing_asks_the_database(
    make: Maker, house: House, administrator: Administrator, clock: FrozenClock
) -> None:
    admin, ada = await administrator(), await make.person()
    deaf = build(house.settings, house.db_url, clock=clock, passwords=house.identity.passwords, pool_size=2)
    await deaf.start()
    transport = httpx.ASGITransport(app=create_app(deaf), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as there:
        assert (await there.get("/api/v1/users/me", headers=ada.headers)).status_code == 200
        await admin.put(f"/users/{ada.id}/suspension", json={"reason": "Spam"})
        assert refused(await there.get("/api/v1/users/me", headers=ada.headers)) == (401, "unauthenticated")
        assert (await there.get("/api/v1/users/me", headers=admin.headers)).status_code == 200
    await deaf.db.close()


async def test_roles_are_given_and_taken(make: Maker, house: House, administrator: Administrator) -> None:
    admin, ada = await administrator(), await make.person()
    assert (await admin.put(f"/users/{ada.id}/roles/moderator")).status_code == 204
    assert (await admin.get(f"/users/{ada.id}/account")).json()["roles"] == ["fan", "moderator"]
    assert (await admin.delete(f"/users/{ada.id}/roles/moderator")).status_code == 204
    assert refused(await ada.get("/users/me")) == (401, "unauthenticated")
    assert [action for action in await actions(house, ada) if action.startswith("role.")] == [
        "role.granted",
        "role.revoked",
    ]


async def test_what_administrators_may_not_do(make: Maker, house: House, administrator: Administrator) -> None:
    admin, ada = await administrator(), await make.person()
    async with unchanged(house.db):
        assert refused(await admin.put(f"/users/{ada.id}/roles/emperor")) == (422, "unknown_role")
        assert refused(await admin.put("/users/usr_nobody/roles/fan")) == (404, "not_found")
        assert refused(await admin.delete(f"/users/{admin.id}/roles/admin")) == (409, "last_administrator")
        mine = await admin.put(f"/users/{admin.id}/suspension", json={"reason": "Tired"})
        assert refused(mine) == (409, "not_yourself")
        assert pointers(await admin.put(f"/users/{ada.id}/suspension", json={"reason": ""})) == {"/reason"}
        assert refused(await ada.get("/users")) == (403, "permission_missing")
        assert refused(await ada.put(f"/users/{ada.id}/roles/admin")) == (403, "permission_missing")


async def test_roles_ask_for_a_fresh_sign_in(
    make: Maker, house: House, administrator: Administrator, clock: FrozenClock
) -> None:
    admin, ada = await administrator(), await make.person()
    clock.move(timedelta(minutes=10, seconds=2))
    async with unchanged(house.db):
        assert refused(await admin.put(f"/users/{ada.id}/roles/admin")) == (403, "step_up_needed")
    wrong = await admin.post("/auth/step-up", json={"method": "password", "password": "wrong"})
    assert refused(wrong) == (401, "bad_credentials")
    fresh = await admin.post("/auth/step-up", json={"method": "password", "password": admin.password})
    assert fresh.status_code == 200, fresh.text
    admin.tokens = {**admin.tokens, "access_token": fresh.json()["access_token"]}
    assert (await admin.put(f"/users/{ada.id}/roles/admin")).status_code == 204


async def test_an_invitation_lets_one_person_in(make: Maker, administrator: Administrator, house: House) -> None:
    admin = await administrator()
    made = (await admin.post("/invitations", json={"note": "For the choir"})).json()
    assert made["token"]
    listed = (await admin.get("/invitations")).json()["items"]
    assert [(one["id"], one["token"], one["used_by"]) for one in listed] == [(made["id"], None, None)]
    closed = _with_registration(house, "invitation")
    async with closed as http:
        form = _form("guest")
        assert refused(await http.post("/api/v1/auth/register", json=form)) == (403, "invitation_needed")
        wrong = {**form, "invitation": "x" * 43}
        assert refused(await http.post("/api/v1/auth/register", json=wrong)) == (403, "invitation_needed")
        right = {**form, "invitation": made["token"]}
        guest = await http.post("/api/v1/auth/register", json=right)
        assert guest.status_code == 201, guest.text
        twice = {**_form("other"), "invitation": made["token"]}
        assert refused(await http.post("/api/v1/auth/register", json=twice)) == (403, "invitation_needed")
    used = (await admin.get("/invitations")).json()["items"][0]
    assert used["used_by"] == guest.json()["user"]["id"]
    assert refused(await admin.delete(f"/invitations/{made['id']}")) == (409, "conflict")


async def test_an_invitation_to_an_address_is_for_that_address(
    make: Maker, administrator: Administrator, house: House, clock: FrozenClock
) -> None:
    admin = await administrator()
    made = (await admin.post("/invitations", json={"email": "Guest@Example.org"})).json()
    revoked = (await admin.post("/invitations", json={})).json()
    assert (await admin.delete(f"/invitations/{revoked['id']}")).status_code == 204
    async with _with_registration(house, "invitation") as http:
        other = {**_form("other"), "invitation": made["token"]}
        assert refused(await http.post("/api/v1/auth/register", json=other)) == (403, "invitation_needed")
        gone = {**_form("other"), "invitation": revoked["token"]}
        assert refused(await http.post("/api/v1/auth/register", json=gone)) == (403, "invitation_needed")
        guest = {**_form("guest"), "email": "guest@example.org", "invitation": made["token"]}
        answer = await http.post("/api/v1/auth/register", json=guest)
        assert answer.status_code == 201
        me = await http.get(
            "/api/v1/users/me", headers={"Authorization": f"Bearer {answer.json()['tokens']['access_token']}"}
        )
        assert me.json()["email_verified"] is True


async def test_nobody_registers_where_that_is_closed(make: Maker, house: House) -> None:
    async with _with_registration(house, "closed") as http, unchanged(house.db):
        assert (await http.get("/api/v1/auth/methods")).json()["registration"] == "closed"
        answer = await http.post("/api/v1/auth/register", json=_form("guest"))
        assert refused(answer) == (403, "registration_closed")


async def test_the_audit_log_is_only_added_to(house: House, make: Maker, administrator: Administrator) -> None:
    admin, ada = await administrator(), await make.person()
    own = (await ada.get("/users/me/audit")).json()["items"]
    assert [entry["action"] for entry in own] == ["sign_in.succeeded", "account.registered"]
    assert own[0]["actor_id"] == ada.id
    all_of_it = (await admin.get("/audit", params={"user": ada.id})).json()["items"]
    assert all_of_it == own
    paged: list[Any] = []
    cursor: str | None = None
    while True:
        page = (await ada.get("/users/me/audit", params={"limit": 1, **({"cursor": cursor} if cursor else {})})).json()
        paged += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert paged == own
    for statement in ("UPDATE identity.audit_log SET address = 'x'", "DELETE FROM identity.audit_log"):
        with pytest.raises(Exception, match="permission denied"):
            await rows(house.db, statement)


def _form(name: str) -> dict[str, str]:
    return {
        "email": f"{name}@example.org",
        "password": "correct horse battery",
        "handle": name,
        "display_name": name.title(),
    }


def _with_registration(house: House, mode: Registration) -> httpx.AsyncClient:
    """The same house under another setting."""
    identity = replace(house.identity, config=replace(house.identity.config, registration=mode))
    app = create_app(replace(house, identity=identity))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:8420")
