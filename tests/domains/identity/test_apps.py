"""Antiphon as an OpenID provider: an independent client library signs in, and nothing but that gets tokens."""

from __future__ import annotations

import contextlib
import warnings
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from authlib.common.security import generate_token
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import KeySet

from antiphon.domains.identity import api as identity
from antiphon.domains.identity.model_apps import clean_redirect_uris, pkce_holds, redirect_allowed
from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app
from antiphon.kit.errors import Invalid
from antiphon.kit.ids import Kind, parse
from tests.support.answers import pointers, refused, rows, unchanged
from tests.support.clock import FrozenClock
from tests.support.people import Maker, Person

with warnings.catch_warnings():  # it wants the next httpx, which is not there yet
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import AsyncOAuth2Client

BACK = "http://127.0.0.1/back"
TOKEN = "http://localhost:8420/api/v1/oauth/token"


@pytest.fixture
async def admin(make: Maker, house: House) -> Person:
    person = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), "admin")
    given_token = {"refresh_token": person.tokens["refresh_token"]}
    person.tokens = (await make.http.post("/api/v1/auth/refresh", json=given_token)).json()["tokens"]
    return person


async def app(admin: Person, **more: Any) -> dict[str, Any]:
    asked = {"name": "Pocket", "redirect_uris": [BACK], **more}
    made = await admin.post("/apps", json=asked)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def asked_by(client_id: str, verifier: str, **more: str) -> dict[str, Any]:
    return {
        "client_id": client_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
        "scope": "openid profile email listen",
        "state": "s t&a=te",
        "nonce": "n-0S6",
        **more,
    }


async def allowed(person: Person, asked: dict[str, Any]) -> str:
    answer = await person.post("/oauth/authorize", json={**asked, "allow": True})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["redirect_to"])


def of_query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


async def test_an_independent_client_signs_in(make: Maker, admin: Person, house: House) -> None:
    ada, pocket = await make.person(), await app(admin)
    found = (await make.http.get("/.well-known/openid-configuration")).json()
    assert found["issuer"] == "http://localhost:8420"
    assert found["token_endpoint"] == TOKEN
    verifier = generate_token(48)
    asked = asked_by(pocket["id"], verifier)
    consent = (await ada.post("/oauth/consent", json=asked)).json()
    assert consent == {"app": "Pocket", "scopes": ["email", "listen", "openid", "profile"], "granted": False}
    back = await allowed(ada, asked)
    assert back.startswith(f"{BACK}?")
    assert of_query(back)["state"] == "s t&a=te"
    transport = httpx.ASGITransport(app=create_app(house))  # type: ignore[arg-type]
    async with AsyncOAuth2Client(pocket["id"], redirect_uri=BACK, transport=transport) as client:
        got = await client.fetch_token(TOKEN, code=of_query(back)["code"], code_verifier=verifier)
        assert (got["token_type"], got["scope"]) == ("Bearer", "email listen openid profile")
        who = await client.get(found["userinfo_endpoint"])
        again = await client.refresh_token(TOKEN, refresh_token=got["refresh_token"])
    assert who.json() == {
        "sub": ada.id,
        "name": f"Person {ada.handle.removeprefix('person')}",
        "preferred_username": ada.handle,
        "locale": "en",
        "email": ada.email,
        "email_verified": False,
    }
    keys = KeySet.import_key_set((await make.http.get("/.well-known/jwks.json")).json())
    token = jwt.decode(got["id_token"], keys, algorithms=["Ed25519"])
    assert {name: token.claims[name] for name in ("iss", "sub", "aud", "nonce")} == {
        "iss": "http://localhost:8420",
        "sub": ada.id,
        "aud": pocket["id"],
        "nonce": "n-0S6",
    }
    assert again["refresh_token"] != got["refresh_token"]


@pytest.mark.parametrize(
    ("back", "confidential", "granted"),
    [
        (BACK, False, False),
        ("org.pocket:/back", False, False),
        (BACK, True, True),
        ("https://pocket.example/", False, True),
    ],
)
async def test_who_allowed_an_app_is_asked_again_where_any_program_can_claim_to_be_it(
    admin: Person, back: str, confidential: bool, granted: bool
) -> None:
    pocket = await app(admin, redirect_uris=[back], confidential=confidential)
    asked = asked_by(pocket["id"], generate_token(48), redirect_uri=back)
    await allowed(admin, asked)
    assert (await admin.post("/oauth/consent", json=asked)).json()["granted"] is granted
    wider = {**asked, "scope": "openid publish"}
    assert (await admin.post("/oauth/consent", json=wider)).json()["granted"] is False


async def _token(make: Maker, **form: str) -> httpx.Response:
    return await make.http.post("/api/v1/oauth/token", data=form)


async def _signed_in(make: Maker, person: Person, pocket: dict[str, Any], **more: str) -> dict[str, Any]:
    verifier = generate_token(48)
    code = of_query(await allowed(person, asked_by(pocket["id"], verifier, **more)))["code"]
    form = {"client_id": pocket["id"], "code": code, "redirect_uri": BACK, "code_verifier": verifier}
    answer = await _token(make, grant_type="authorization_code", **form)
    assert answer.status_code == 200, answer.text
    return {**answer.json(), "code": code, "verifier": verifier}


async def test_an_app_is_held_to_its_scopes(make: Maker, admin: Person) -> None:
    got = await _signed_in(make, admin, await app(admin), scope="openid listen")
    headers = {"Authorization": f"Bearer {got['access_token']}"}
    assert (await make.http.get("/api/v1/oauth/userinfo", headers=headers)).json() == {"sub": admin.id}
    for path in ("/users/me", "/users", "/users/me/sessions", "/users/me/audit"):
        assert refused(await make.http.get(f"/api/v1{path}", headers=headers)) == (403, "scope_missing"), path
    renewed = await make.http.post("/api/v1/auth/refresh", json={"refresh_token": got["refresh_token"]})
    still = {"Authorization": f"Bearer {renewed.json()['tokens']['access_token']}"}
    assert refused(await make.http.get("/api/v1/users/me", headers=still)) == (403, "scope_missing")


async def test_a_code_used_twice_ends_what_came_of_it(make: Maker, admin: Person) -> None:
    pocket = await app(admin)
    got = await _signed_in(make, admin, pocket)
    form = {"client_id": pocket["id"], "code": got["code"], "redirect_uri": BACK, "code_verifier": got["verifier"]}
    again = await _token(make, grant_type="authorization_code", **form)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    headers = {"Authorization": f"Bearer {got['access_token']}"}
    assert refused(await make.http.get("/api/v1/oauth/userinfo", headers=headers)) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code": "x" * 43}, (400, "invalid_grant")),
        ({"code_verifier": "y" * 43}, (400, "invalid_grant")),
        ({"code_verifier": ""}, (400, "invalid_grant")),
        ({"redirect_uri": "http://127.0.0.1/other"}, (400, "invalid_grant")),
        ({"client_id": "app_nobody"}, (401, "invalid_client")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
    ],
)
async def test_what_does_not_fit_gets_no_tokens(
    make: Maker, admin: Person, house: House, changed: dict[str, str], error: tuple[int, str]
) -> None:
    pocket, verifier = await app(admin), generate_token(48)
    code = of_query(await allowed(admin, asked_by(pocket["id"], verifier)))["code"]
    form = {"client_id": pocket["id"], "code": code, "redirect_uri": BACK, "code_verifier": verifier}
    answer = await _token(make, **({"grant_type": "authorization_code", **form} | changed))
    assert (answer.status_code, answer.json()["error"]) == error
    assert await rows(house.db, "SELECT 1 FROM identity.sessions WHERE app_id IS NOT NULL") == []


async def test_a_code_is_for_a_minute_and_for_one_app(make: Maker, admin: Person, clock: FrozenClock) -> None:
    pocket, other, verifier = await app(admin), await app(admin, name="Other"), generate_token(48)
    form = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": verifier}
    code = of_query(await allowed(admin, asked_by(pocket["id"], verifier)))["code"]
    assert (await _token(make, **form, client_id=other["id"], code=code)).json()["error"] == "invalid_grant"
    code = of_query(await allowed(admin, asked_by(pocket["id"], verifier)))["code"]
    clock.move(timedelta(seconds=60))
    assert (await _token(make, **form, client_id=pocket["id"], code=code)).json()["error"] == "invalid_grant"


async def test_a_confidential_app_shows_its_secret(make: Maker, admin: Person, house: House) -> None:
    pocket, verifier = await app(admin, confidential=True), generate_token(48)
    assert [one["secret"] for one in (await admin.get("/apps")).json()] == [None]
    code = of_query(await allowed(admin, asked_by(pocket["id"], verifier)))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": verifier}
    for secret in ("", "wrong"):
        answer = await _token(make, **form, client_id=pocket["id"], client_secret=secret)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    good = await make.http.post("/api/v1/oauth/token", data=form, auth=(pocket["id"], pocket["secret"]))
    assert good.status_code == 200, good.text


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"client_id": "app_nobody"}, "unauthorized_client"),
        ({"redirect_uri": "https://evil.example/back"}, "unauthorized_client"),
        ({"redirect_uri": BACK + "/more"}, "unauthorized_client"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
    ],
)
async def test_nobody_is_sent_where_the_app_did_not_register(
    make: Maker, admin: Person, house: House, changed: dict[str, str], reason: str
) -> None:
    pocket = await app(admin)
    asked = asked_by(pocket["id"], generate_token(48)) | changed
    async with unchanged(house.db):
        for path, body in (("/oauth/consent", asked), ("/oauth/authorize", {**asked, "allow": True})):
            answer = await admin.post(path, json=body)
            assert refused(answer) == (400, "app_refused")
            assert answer.json()["reason"] == reason


async def test_who_refuses_is_sent_back_without_a_code(make: Maker, admin: Person, house: House) -> None:
    pocket = await app(admin)
    asked = asked_by(pocket["id"], generate_token(48))
    answer = await admin.post("/oauth/authorize", json={**asked, "allow": False})
    assert of_query(answer.json()["redirect_to"]) == {"error": "access_denied", "state": "s t&a=te"}
    assert (await admin.get("/users/me/apps")).json() == []


async def test_an_app_is_signed_out_by_its_user_and_removed_by_the_administrator(make: Maker, admin: Person) -> None:
    ada, pocket = await make.person(), await app(admin)
    got = await _signed_in(make, ada, pocket)
    headers = {"Authorization": f"Bearer {got['access_token']}"}
    assert [(one["name"], one["id"]) for one in (await ada.get("/users/me/apps")).json()] == [("Pocket", pocket["id"])]
    assert (await ada.delete(f"/users/me/apps/{pocket['id']}")).status_code == 204
    assert refused(await make.http.get("/api/v1/oauth/userinfo", headers=headers)) == (401, "unauthenticated")
    assert refused(await ada.delete(f"/users/me/apps/{pocket['id']}")) == (404, "not_found")
    got = await _signed_in(make, ada, pocket)
    headers = {"Authorization": f"Bearer {got['access_token']}"}
    assert (await admin.delete(f"/apps/{pocket['id']}")).status_code == 204
    assert refused(await make.http.get("/api/v1/oauth/userinfo", headers=headers)) == (401, "unauthenticated")


async def test_an_app_names_addresses_that_it_can_own(admin: Person) -> None:
    for uri in ("http://example.org/back", "https://", "javascript:alert(1)", "https://a.org/#x", "https://u@a.org/"):
        answer = await admin.post("/apps", json={"name": "X", "redirect_uris": [uri]})
        assert pointers(answer) == {"/redirect_uris"}, uri


@given(st.text(max_size=80))
def test_redirects_of_any_shape_are_judged_without_falling_over(uri: str) -> None:
    assert not redirect_allowed([BACK, "https://a.org/back"], uri + "x")
    assert not pkce_holds(uri, uri)
    with contextlib.suppress(Invalid):
        assert clean_redirect_uris([uri])


def test_only_the_port_of_ones_own_machine_may_differ() -> None:
    assert redirect_allowed([BACK], "http://127.0.0.1:51004/back")
    assert redirect_allowed(["org.example.app:/back"], "org.example.app:/back")
    assert not redirect_allowed([BACK], "http://127.0.0.1:51004/back?x=1")
    assert not redirect_allowed([BACK], "http://127.0.0.1:x/back")
    assert not redirect_allowed([BACK], "http://127.0.0.1@evil.example:80/back")
    assert not redirect_allowed(["https://a.org/back"], "https://a.org:8443/back")
