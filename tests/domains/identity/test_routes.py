"""The HTTP contract of `/auth` and `/users`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.entry.bootstrap import House
from tests.support.clock import FrozenClock
from tests.support.queries import queries

ADA = {"email": "ada@example.org", "password": "correct horse", "handle": "ada", "display_name": "Ada"}


async def registered(http: httpx.AsyncClient, **changes: str) -> dict[str, Any]:
    answer = await http.post("/api/v1/auth/register", json={**ADA, **changes})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def bearer(made: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {made['tokens']['access_token']}"}


def problem(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return body["status"], body["code"]


async def test_register_login_refresh_logout(http: httpx.AsyncClient) -> None:
    made = await registered(http)
    assert set(made["user"]) == {
        "id",
        "handle",
        "display_name",
        "bio",
        "links",
        "avatar",
        "verified",
        "stats",
        "roles",
        "created_at",
    }
    assert set(made["tokens"]) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert made["user"]["id"].startswith("usr_")
    login = await http.post("/api/v1/auth/login", json={"email": "ADA@example.org", "password": "correct horse"})
    assert (login.status_code, login.json()["user"]) == (200, made["user"])
    given = {"refresh_token": login.json()["tokens"]["refresh_token"]}
    renewed = await http.post("/api/v1/auth/refresh", json=given)
    assert renewed.status_code == 200
    assert set(renewed.json()) == {"tokens", "csrf_token", "expires_in"}
    assert (await http.get("/api/v1/users/me", headers=bearer(renewed.json()))).json()["handle"] == "ada"
    given = {"refresh_token": renewed.json()["tokens"]["refresh_token"]}
    assert (await http.post("/api/v1/auth/logout", json=given)).status_code == 204
    assert problem(await http.post("/api/v1/auth/refresh", json=given)) == (401, "invalid_refresh_token")


async def test_answers_that_hold_tokens_are_never_kept(http: httpx.AsyncClient) -> None:
    answer = await http.post("/api/v1/auth/register", json=ADA)
    assert answer.headers.get_list("cache-control") == ["no-store"]
    given = {"refresh_token": answer.json()["tokens"]["refresh_token"]}
    renewed = await http.post("/api/v1/auth/refresh", json=given)
    assert renewed.headers.get_list("cache-control") == ["no-store"]


async def test_taken_addresses_and_handles(http: httpx.AsyncClient) -> None:
    await registered(http)
    same_address = {**ADA, "email": "ADA@EXAMPLE.org", "handle": "other"}
    assert problem(await http.post("/api/v1/auth/register", json=same_address)) == (409, "email_taken")
    same_handle = {**ADA, "email": "other@example.org", "handle": "ADA"}
    assert problem(await http.post("/api/v1/auth/register", json=same_handle)) == (409, "handle_taken")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"email": "nobody"}, "/email"),
        ({"password": "short"}, "/password"),
        ({"password": "x" * 257}, "/password"),
        ({"handle": "a"}, "/handle"),
        ({"handle": "a\x00b"}, "/handle"),
        ({"display_name": "\u200b"}, "/display_name"),
        ({"display_name": None}, "/display_name"),
        ({"email": 7}, "/email"),
    ],
)
async def test_malformed_fields_are_pointed_at(
    http: httpx.AsyncClient, changes: dict[str, object], pointer: str
) -> None:
    answer = await http.post("/api/v1/auth/register", json={**ADA, **changes})
    assert problem(answer) == (422, "invalid_input")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_who_guesses_learns_nothing(http: httpx.AsyncClient) -> None:
    await registered(http)
    known = await http.post("/api/v1/auth/login", json={"email": "ada@example.org", "password": "wrong horse"})
    unknown = await http.post("/api/v1/auth/login", json={"email": "eve@example.org", "password": "wrong horse"})
    assert problem(known) == (401, "bad_credentials")
    assert known.json() == unknown.json()


async def test_me_needs_a_token_that_holds(http: httpx.AsyncClient, clock: FrozenClock) -> None:
    made = await registered(http)
    assert problem(await http.get("/api/v1/users/me")) == (401, "unauthenticated")
    clock.move(timedelta(minutes=15))
    answer = await http.get("/api/v1/users/me", headers=bearer(made))
    assert problem(answer) == (401, "unauthenticated")
    assert "invalid_token" in answer.headers["www-authenticate"]


async def test_me_is_changed_against_its_etag(http: httpx.AsyncClient) -> None:
    headers = bearer(await registered(http))
    seen = await http.get("/api/v1/users/me", headers=headers)
    assert seen.json()["email"] == "ada@example.org"
    edit = {**headers, "If-Match": seen.headers["etag"]}
    changed = await http.put("/api/v1/users/me", headers=edit, json={"display_name": "Countess"})
    assert changed.json()["display_name"] == "Countess"
    assert changed.headers["etag"] != seen.headers["etag"]
    late = await http.put("/api/v1/users/me", headers=edit, json={"display_name": "Nobody"})
    assert problem(late) == (412, "version_conflict")


async def test_others_see_no_address(http: httpx.AsyncClient) -> None:
    made = await registered(http)
    seen = await http.get(f"/api/v1/users/{made['user']['id']}")
    assert seen.json() == made["user"]
    assert problem(await http.get("/api/v1/users/usr_nobody")) == (404, "not_found")


async def test_a_link_that_never_was(http: httpx.AsyncClient) -> None:
    assert problem(await http.post("/api/v1/auth/link", json={"token": "x" * 43})) == (401, "invalid_sign_in_link")
    assert problem(await http.post("/api/v1/auth/link", json={"token": "no letters"})) == (422, "invalid_input")


async def test_asking_who_one_is_costs_one_query(http: httpx.AsyncClient, house: House) -> None:
    headers = bearer(await registered(http))
    with queries(house.db, at_most=1):
        assert (await http.get("/api/v1/users/me", headers=headers)).status_code == 200
