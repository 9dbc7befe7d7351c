"""API keys and app passwords through the front door."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from antiphon.domains.identity import api
from antiphon.domains.identity.api import people
from antiphon.domains.identity.errors import BadAppCredentials
from antiphon.domains.identity.keys import KeyRing
from antiphon.domains.identity.model_keys import new_api_key
from antiphon.entry.bootstrap import House
from antiphon.kit.clients import Client
from antiphon.kit.ids import Kind, parse
from antiphon.kit.live import LiveHub
from tests.support.answers import refused, rows
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person
from tests.support.queries import queries

Json = dict[str, Any]


async def key_of(person: Person, *scopes: str, **more: Any) -> Json:
    made = await person.post("/users/me/api-keys", json={"name": "Script", "scopes": scopes or ["listen"], **more})
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    return dict(made.json())


async def password_of(person: Person, **more: Any) -> Json:
    made = await person.post("/users/me/app-passwords", json={"name": "Player", **more})
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    return dict(made.json())


async def ask(http: httpx.AsyncClient, key: str, method: str = "GET", path: str = "/users/me") -> httpx.Response:
    return await http.request(method, f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"})


async def sign_in(house: House, **given: Any) -> api.Actor:
    return await api.app_sign_in(house.db, house.identity, **{"user": None, **given})


class AlwaysHears(LiveHub):
    @property
    def listening(self) -> bool:
        return True


async def test_a_key_is_shown_once_and_opens_what_its_scopes_say(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    made = await key_of(ada, "profile", "listen")
    assert (made["name"], made["scopes"], made["expires_at"]) == ("Script", ["listen", "profile"], None)
    listed = (await ada.get("/users/me/api-keys")).json()["items"]
    assert listed == [{name: value for name, value in made.items() if name != "key"}]
    for answer in (
        await ask(http, made["key"]),
        await http.get("/api/v1/users/me", headers={"X-API-Key": made["key"]}),
    ):
        assert answer.status_code == 200
        assert answer.json()["id"] == ada.id


async def test_only_its_digest_is_kept(make: Maker, house: House) -> None:
    ada = await make.person()
    made = await key_of(ada)
    [row] = await rows(house.db, "SELECT to_jsonb(k)::text || encode(digest, 'escape') FROM identity.api_keys k")
    assert made["key"][29:] not in row[0]


@pytest.mark.parametrize(
    ("scope", "allowed", "denied"),
    [
        ("profile", ("GET", "/users/me"), ("POST", "/artists")),
        ("upload", ("POST", "/artists"), ("GET", "/users/me")),
        ("listen", None, ("GET", "/users/me")),
        ("library", None, ("POST", "/artists")),
        ("publish", None, ("POST", "/artists")),
    ],
)
async def test_what_a_scope_does_not_name_is_refused(
    make: Maker, http: httpx.AsyncClient, scope: str, allowed: tuple[str, str] | None, denied: tuple[str, str]
) -> None:
    made = await key_of(await make.person(), scope)
    assert refused(await ask(http, made["key"], *denied)) == (403, "scope_missing")
    if allowed:
        assert (await ask(http, made["key"], *allowed)).status_code not in {401, 403}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/users/me/sessions"),
        ("GET", "/users/me/api-keys"),
        ("POST", "/users/me/api-keys"),
        ("POST", "/users/me/app-passwords"),
        ("GET", "/users/me/passkeys"),
        ("DELETE", "/auth/password"),
        ("POST", "/auth/password/change"),
        ("POST", "/auth/step-up"),
    ],
)
async def test_what_guards_the_account_is_never_reached_by_a_key(
    make: Maker, http: httpx.AsyncClient, method: str, path: str
) -> None:
    made = await key_of(await make.person(), "listen", "library", "upload", "publish", "profile")
    answer = await http.request(
        method, f"/api/v1{path}", headers={"X-API-Key": made["key"]}, json={} if method == "POST" else None
    )
    assert refused(answer) == (403, "scope_missing")


async def test_a_key_does_not_begin_a_ceremony(make: Maker, http: httpx.AsyncClient) -> None:
    made = await key_of(await make.person(), "profile")
    for purpose in ("register", "step_up"):
        answer = await http.post(
            "/api/v1/auth/passkeys/options", json={"purpose": purpose}, headers={"X-API-Key": made["key"]}
        )
        assert refused(answer) == (401, "unauthenticated")


async def test_an_administrators_key_administers_nothing(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada = await make.person()
    async with house.db.system() as uow:
        await api.grant_role(uow, parse(Kind.USER, ada.id), "admin")
    made = await key_of(ada, "listen", "library", "upload", "publish", "profile")
    assert refused(await ask(http, made["key"], "GET", "/users")) == (403, "scope_missing")


@pytest.mark.parametrize("key", ["ak_", "ak_nonsense", "ak_" + "0" * 65, "AK_x", "not a key"])
async def test_what_is_no_key_is_refused_without_a_query(
    make: Maker, http: httpx.AsyncClient, house: House, key: str
) -> None:
    with queries(house.db, at_most=0):
        answer = await http.get("/api/v1/users/me", headers={"X-API-Key": key})
    assert refused(answer) == (401, "unauthenticated")


async def test_a_well_spelt_key_that_never_was(make: Maker, http: httpx.AsyncClient) -> None:
    ada = await make.person()
    made = await key_of(ada)
    forged = new_api_key(parse(Kind.API_KEY, made["id"]))
    assert refused(await ask(http, forged)) == (401, "unauthenticated")


async def test_a_revoked_key_stops_at_once(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    made, kept = await key_of(ada, "profile"), await key_of(ada, "profile")
    assert (await ask(http, made["key"])).status_code == 200
    assert refused(await eve.delete(f"/users/me/api-keys/{made['id']}")) == (404, "not_found")
    assert (await ada.delete(f"/users/me/api-keys/{made['id']}")).status_code == 204
    assert refused(await ask(http, made["key"])) == (401, "unauthenticated")
    assert (await ask(http, kept["key"])).status_code == 200
    assert refused(await ada.delete(f"/users/me/api-keys/{made['id']}")) == (404, "not_found")


async def test_a_key_runs_out_to_the_second_also_when_it_was_seen_before(
    make: Maker, http: httpx.AsyncClient, clock: FrozenClock
) -> None:
    ada = await make.person()
    until = clock.now() + timedelta(minutes=2)
    made = await key_of(ada, "profile", expires_at=until.isoformat())
    clock.move(timedelta(seconds=119))
    assert (await ask(http, made["key"])).status_code == 200
    clock.move(timedelta(seconds=1))
    assert refused(await ask(http, made["key"])) == (401, "unauthenticated")


async def test_who_is_suspended_is_refused_with_any_key(make: Maker, http: httpx.AsyncClient, house: House) -> None:
    ada = await make.person()
    made, app = await key_of(ada, "profile"), await password_of(ada)
    boss = api.Actor(UUID(int=1), None, frozenset({"admin"}))
    async with house.db.system() as uow:
        await people.suspend(uow, parse(Kind.USER, ada.id), reason="spam", until=None, by=boss, client=Client())
    assert (await ask(http, made["key"])).status_code == 401
    for given in ({"api_key": made["key"]}, {"user": ada.handle, "password": app["password"]}):
        with pytest.raises(BadAppCredentials):
            await sign_in(house, **given)


async def test_a_cold_key_costs_one_query_and_a_warm_one_none(make: Maker, house: House) -> None:
    made = await key_of(await make.person(), "profile")
    ring = house.identity.keys
    with queries(house.db, at_most=1):
        first = await ring.actor_of(house.db, made["key"])
    with queries(house.db, at_most=0):
        assert await ring.actor_of(house.db, made["key"]) == first
    assert first is not None
    assert (first.session_id, first.authenticated_at, first.scopes) == (None, None, frozenset({"profile"}))


async def test_the_last_use_is_noted_coarsely(make: Maker, house: House, clock: FrozenClock) -> None:
    ada = await make.person()
    made = await key_of(ada)

    async def last() -> Any:
        return (await ada.get("/users/me/api-keys")).json()["items"][0]["last_used_at"]

    assert await last() is None
    await house.identity.keys.actor_of(house.db, made["key"])
    first = await last()
    assert first is not None
    clock.move(timedelta(minutes=9))
    await house.identity.keys.actor_of(house.db, made["key"])
    assert await last() == first
    clock.move(timedelta(minutes=5))
    await house.identity.keys.actor_of(house.db, made["key"])
    assert await last() != first


async def test_a_process_that_cannot_hear_remembers_nothing(make: Maker, house: House) -> None:
    ada = await make.person()
    made = await key_of(ada)
    deaf = KeyRing(LiveHub(), house.clock, house.vault)
    assert await deaf.actor_of(house.db, made["key"]) is not None
    assert (await ada.delete(f"/users/me/api-keys/{made['id']}")).status_code == 204
    assert await deaf.actor_of(house.db, made["key"]) is None


async def test_what_a_process_may_have_missed_it_forgets(make: Maker, house: House) -> None:
    ada = await make.person()
    made = await key_of(ada)
    other = KeyRing(AlwaysHears(), house.clock, house.vault)
    assert await other.actor_of(house.db, made["key"]) is not None
    async with house.db.system() as uow:
        await uow.conn.execute(text("DELETE FROM identity.api_keys"))
    assert await other.actor_of(house.db, made["key"]) is not None
    other.forget()
    assert await other.actor_of(house.db, made["key"]) is None


async def test_making_keys_wants_a_fresh_sign_in_and_revoking_does_not(make: Maker, clock: FrozenClock) -> None:
    ada = await make.person()
    made, app = await key_of(ada), await password_of(ada)
    clock.move(timedelta(minutes=11))
    for path in ("/users/me/api-keys", "/users/me/app-passwords"):
        assert refused(await ada.post(path, json={"name": "x", "scopes": ["listen"]})) == (403, "step_up_needed")
    assert (await ada.delete(f"/users/me/api-keys/{made['id']}")).status_code == 204
    assert (await ada.delete(f"/users/me/app-passwords/{app['id']}")).status_code == 204


async def test_what_cannot_be_asked_for(make: Maker, clock: FrozenClock) -> None:
    ada = await make.person()
    past = (clock.now() - timedelta(days=1)).isoformat()
    for body in (
        {"name": "", "scopes": ["listen"]},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["security"]},
        {"name": "x", "scopes": ["listen"], "expires_at": past},
        {"name": "x", "scopes": ["listen"], "expires_at": "2027-01-01T00:00:00"},
    ):
        assert refused(await ada.post("/users/me/api-keys", json=body)) == (422, "invalid_input")
    assert (await ada.get("/users/me/api-keys")).json()["items"] == []


async def test_every_change_is_written_down_and_told(make: Maker, house: House) -> None:
    ada = await make.person()
    made, app = await key_of(ada), await password_of(ada)
    await ada.delete(f"/users/me/api-keys/{made['id']}")
    await ada.delete(f"/users/me/app-passwords/{app['id']}")
    owner = parse(Kind.USER, ada.id)
    log = await rows(
        house.db, "SELECT action, data::text FROM identity.audit_log WHERE subject_id = :id ORDER BY id", id=owner
    )
    actions = [action for action, _ in log if action.startswith(("api_key", "app_password"))]
    assert actions == ["api_key.made", "app_password.made", "api_key.revoked", "app_password.revoked"]
    assert made["key"] not in str(log)
    assert app["password"] not in str(log)
    told = await rows(house.db, "SELECT data->>'change' FROM identity.letters WHERE user_id = :id", id=owner)
    assert {change for (change,) in told} >= {"api_key.made", "app_password.made"}


def encoded(password: str) -> str:
    return "enc:" + password.encode().hex()


def token(password: str, salt: str) -> str:
    return hashlib.md5((password + salt).encode()).hexdigest()


async def test_every_form_in_which_an_app_signs_in(make: Maker, house: House) -> None:
    ada = await make.person()
    app, key = await password_of(ada), await key_of(ada, "listen")
    password = app["password"]
    assert app["scopes"] == ["library", "listen"]
    bare = password.replace("-", "")
    forms: list[Json] = [
        {"user": name, **secret}
        for name in (ada.handle, ada.handle.upper(), ada.email, ada.email.upper())
        for secret in (
            {"password": password},
            {"password": bare.upper()},
            {"password": encoded(password)},
            {"password": encoded(bare)},
            {"token": token(password, "c19b2d"), "salt": "c19b2d"},
            {"token": token(bare, "pepper"), "salt": "pepper"},
            {"token": token(password, ""), "salt": ""},
        )
    ]
    for form in forms:
        actor = await sign_in(house, **form)
        assert (actor.user_id, actor.session_id) == (parse(Kind.USER, ada.id), None)
        assert actor.scopes == {"library", "listen"}
    assert (await sign_in(house, api_key=key["key"])).scopes == {"listen"}


async def test_the_password_of_the_account_opens_nothing_here(make: Maker, house: House) -> None:
    ada = await make.person()
    await password_of(ada)
    account = ada.password
    for form in (
        {"password": account},
        {"password": encoded(account)},
        {"token": token(account, "c19b2d"), "salt": "c19b2d"},
    ):
        with pytest.raises(BadAppCredentials):
            await sign_in(house, user=ada.handle, **form)


async def test_whatever_is_wrong_is_answered_alike(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    app, key = await password_of(ada), await key_of(ada)
    password = app["password"]
    await password_of(eve)
    for form in (
        {"user": "nobody.at.all", "password": password},
        {"user": eve.handle, "password": password},
        {"user": ada.handle, "password": password[:-1]},
        {"user": ada.handle, "password": ""},
        {"user": ada.handle, "password": "enc:zz"},
        {"user": ada.handle, "password": "enc:ff"},
        {"user": ada.handle},
        {"user": "", "password": password},
        {"password": password},
        {"user": ada.handle, "token": token(password, "a"), "salt": "b"},
        {"user": ada.handle, "token": token(password, "a")},
        {"user": ada.handle, "salt": "a"},
        {"user": ada.handle, "token": "", "salt": "a"},
        {"user": ada.handle, "token": token(password, "a"), "password": password, "salt": "b"},
        {"user": ada.handle, "api_key": key["key"]},
        {"api_key": key["key"][:-1]},
        {"api_key": password},
        {"user": ada.handle, "password": key["key"]},
        {},
    ):
        with pytest.raises(BadAppCredentials):
            await sign_in(house, **form)


async def test_a_revoked_app_password_stops_at_once_and_the_others_go_on(make: Maker, house: House) -> None:
    ada = await make.person()
    first, second = await password_of(ada), await password_of(ada, scopes=["listen"])
    for app in (first, second):
        assert await sign_in(house, user=ada.handle, password=app["password"])
    assert (await ada.delete(f"/users/me/app-passwords/{first['id']}")).status_code == 204
    with pytest.raises(BadAppCredentials):
        await sign_in(house, user=ada.handle, password=first["password"])
    assert (await sign_in(house, user=ada.handle, password=second["password"])).scopes == {"listen"}


async def test_a_player_that_asks_all_the_time_costs_no_query(make: Maker, house: House, clock: FrozenClock) -> None:
    ada = await make.person()
    app = await password_of(ada)
    await sign_in(house, user=ada.handle, password=app["password"])
    with queries(house.db, at_most=0):
        for salt in ("one", "two", "three"):
            await sign_in(house, user=ada.handle, token=token(app["password"], salt), salt=salt)
    [listed] = (await ada.get("/users/me/app-passwords")).json()["items"]
    assert listed["last_used_at"] is not None


async def test_app_passwords_lie_sealed_each_for_its_row(make: Maker, house: House) -> None:
    ada = await make.person()
    first, second = await password_of(ada), await password_of(ada)
    lying = await rows(house.db, "SELECT id, sealed FROM identity.app_passwords ORDER BY id")
    for _, sealed in lying:
        assert first["password"].encode() not in bytes(sealed)
        assert first["password"].replace("-", "").encode() not in bytes(sealed)
    async with house.db.system() as uow:
        swap = text("UPDATE identity.app_passwords SET sealed = :sealed WHERE id = :id")
        await uow.conn.execute(swap, {"sealed": lying[1][1], "id": lying[0][0]})
    with pytest.raises(BadAppCredentials):
        await sign_in(house, user=ada.handle, password=first["password"])
    assert await sign_in(house, user=ada.handle, password=second["password"])


async def test_rows_of_others_cannot_be_seen_even_where_a_check_is_forgotten(make: Maker, house: House) -> None:
    ada, eve = await make.person(), await make.person()
    await key_of(ada)
    await password_of(ada)
    async with house.db.unit(parse(Kind.USER, eve.id)) as uow:
        for table in ("api_keys", "app_passwords"):
            assert (await uow.conn.execute(text(f"SELECT 1 FROM identity.{table}"))).all() == []


async def test_how_many_there_may_be(make: Maker) -> None:
    ada = await make.person()
    for _ in range(20):
        await password_of(ada)
    answer = await ada.post("/users/me/app-passwords", json={"name": "One more"})
    assert refused(answer) == (409, "too_many_keys")
