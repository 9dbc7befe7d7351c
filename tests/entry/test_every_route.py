"""Every route, with every kind of actor, against the one policy. A route that names no permission fails here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_api
from antiphon.kit.access import PUBLIC, wanted_by
from antiphon.kit.ids import Kind, new_uuid, out, parse
from tests.support.answers import unchanged
from tests.support.people import Maker, Person

ROLES = ("fan", "artist", "producer", "label", "moderator", "admin")
_PLACES = {
    "artist_id": Kind.ARTIST,
    "album_id": Kind.ALBUM,
    "track_id": Kind.TRACK,
    "content_id": Kind.TRACK,
    "upload_id": Kind.UPLOAD,
    "user_id": Kind.USER,
    "session_id": Kind.SIGN_IN,
    "invitation_id": Kind.INVITATION,
    "app_id": Kind.APP,
    "playlist_id": Kind.PLAYLIST,
    "import_id": Kind.PLAYLIST_IMPORT,
    "edit_id": Kind.EDIT,
    "genre_id": Kind.GENRE,
}


def routes() -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """(method, path with ids of nothing, handler) of everything under /api."""
    for route in create_api().routes:
        for handler in getattr(route, "route_handlers", ()):
            if isinstance(handler, HTTPRouteHandler) and route.path.startswith("/api/"):
                path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda m: _somebody(m[1]), route.path)
                for method in sorted(handler.http_methods - {"OPTIONS"}):
                    if not path.startswith("/api/v1/docs"):
                        yield str(method), path, handler


def test_no_route_starts_tasks_for_what_it_depends_on() -> None:
    """Each of a batch of several would be one."""
    batches = [
        batch
        for route in create_api().routes
        if isinstance(route, HTTPRoute)
        for _, model in route.route_handler_map.values()
        for batch in model.dependency_batches
    ]
    assert len(batches) > 500
    assert {len(batch) for batch in batches} == {1}


def _somebody(parameter: str) -> str:
    kind = _PLACES.get(parameter)
    return out(kind, new_uuid()) if kind else "nothing"


async def with_role(make: Maker, house: House, role: str) -> Person:
    person = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, person.id), role)
    given = {"refresh_token": person.tokens["refresh_token"]}
    person.tokens = (await make.http.post("/api/v1/auth/refresh", json=given)).json()["tokens"]
    return person


def verdict(answer: httpx.Response) -> str:
    """What the door said: nothing (`in`), or why not."""
    if answer.status_code not in {401, 403}:
        return "in"
    if answer.request.method == "HEAD":  # has no body; every role may ask for these, so only keys are refused
        return "unauthenticated" if answer.status_code == 401 else "scope_missing"
    code: str = answer.json()["code"] if "problem+json" in answer.headers.get("content-type", "") else ""
    return code if code in {"unauthenticated", "permission_missing", "scope_missing"} else "in"


def expected(actor: Any, permission: str) -> str:
    decision = identity.can(actor, permission)
    if decision.allowed:
        return "in"
    return "unauthenticated" if decision.reason == "not_signed_in" else decision.reason.replace("role", "permission")


def test_every_route_names_a_permission_that_there_is() -> None:
    wanted = {(method, path): wanted_by(handler.opt) for method, path, handler in routes()}
    assert {key for key, name in wanted.items() if name is None} == set()
    assert set(wanted.values()) <= {PUBLIC, *identity.PERMISSIONS}
    assert len(wanted) > 60


async def test_guests_get_in_where_it_is_public(http: httpx.AsyncClient) -> None:
    for method, path, handler in routes():
        answer = await http.request(method, path)
        assert verdict(answer) == expected(None, wanted_by(handler.opt) or ""), (method, path, answer.text)
        assert answer.status_code < 500, (method, path, answer.text)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_gets_in_where_the_table_says(make: Maker, house: House, role: str) -> None:
    person = await with_role(make, house, role)
    actor = house.identity.tokens.actor_of(person.tokens["access_token"])
    assert actor is not None
    for method, path, handler in routes():
        if path.startswith("/api/v1/users/me") and method == "DELETE":
            continue  # it would sign the walker out; who may is the same for every role and tried elsewhere
        answer = await person.ask(method, path.removeprefix("/api/v1"))
        assert verdict(answer) == expected(actor, wanted_by(handler.opt) or ""), (method, path, answer.text)
        assert answer.status_code < 500, (method, path, answer.text)


async def test_a_suspended_person_gets_in_nowhere(make: Maker, house: House) -> None:
    admin, ada = await with_role(make, house, "admin"), await make.person()
    await admin.put(f"/users/{ada.id}/suspension", json={"reason": "Spam"})
    async with unchanged(house.db):
        for method, path, handler in routes():
            if wanted_by(handler.opt) != PUBLIC:
                answer = await ada.ask(method, path.removeprefix("/api/v1"))
                assert verdict(answer) == "unauthenticated", (method, path, answer.text)


@pytest.mark.parametrize("scope", ["listen", "library", "upload", "publish", "profile"])
async def test_a_key_gets_in_where_its_scope_says(make: Maker, house: House, scope: str) -> None:
    person = await with_role(make, house, "admin")
    made = await person.post("/users/me/api-keys", json={"name": "Walker", "scopes": [scope]})
    assert made.status_code == 201, made.text
    user = parse(Kind.USER, person.id)
    actor = identity.Actor(user, None, frozenset({"fan", "admin"}), None, frozenset({scope}))
    headers = {"Authorization": f"Bearer {made.json()['key']}"}
    for method, path, handler in routes():
        answer = await make.http.request(method, path, headers=headers)
        assert verdict(answer) == expected(actor, wanted_by(handler.opt) or ""), (method, path, answer.text)
        assert answer.status_code < 500, (method, path, answer.text)
