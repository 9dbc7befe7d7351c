"""The envelope, the forms it comes in, and the ways to sign in."""

from __future__ import annotations

import hashlib
from xml.etree import ElementTree

import httpx
import pytest

from tests.entry.subsonic.conftest import App, failed, inside
from tests.support.people import Maker

NAMESPACE = "{http://subsonic.org/restapi}"


async def test_a_ping_in_every_form(app: App) -> None:
    assert (await app.ask("ping"))["status"] == "ok"
    assert (await app.ask("ping.view"))["status"] == "ok"
    xml = await app.get("ping", f="xml")
    assert xml.headers["content-type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(xml.text)
    assert root.tag == f"{NAMESPACE}subsonic-response"
    assert root.attrib.items() >= {"status": "ok", "version": "1.16.1", "openSubsonic": "true"}.items()
    called = await app.get("ping", f="jsonp", callback="jQuery.done_1")
    assert called.headers["content-type"].startswith("application/javascript")
    assert called.text.startswith('jQuery.done_1({"subsonic-response":{')
    assert called.text.endswith("});")


async def test_a_callback_is_a_name(app: App) -> None:
    assert await app.fail("ping", f="jsonp", callback="alert(1)//") == 10


async def test_post_forms_and_queries_are_merged(app: App) -> None:
    query, form = {"f": "json", "u": app.person.handle}, app.credentials
    form.pop("u")
    answer = await app.http.post("/rest/ping.view", params=query, data=form)
    assert inside(answer)["status"] == "ok"


async def test_head_says_how_long_the_answer_is(app: App) -> None:
    whole = await app.get("ping")
    head = await app.http.head("/rest/ping", params=app.credentials | {"f": "json"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]


@pytest.mark.parametrize("spell", [str, lambda plain: "enc:" + plain.encode().hex()])
async def test_a_password_in_clear_or_in_hexadecimal(app: App, spell: object) -> None:
    given = {"u": app.person.handle, "p": spell(app.password), "f": "json"}  # type: ignore[operator]
    assert inside(await app.http.get("/rest/ping", params=given))["status"] == "ok"


async def test_an_api_key_alone(app: App) -> None:
    """Conclusion 4, with the passwords above: four ways in, none of which is the password of the account."""
    made = await app.person.post("/users/me/api-keys", json={"name": "App", "scopes": ["listen"]})
    key = made.json()["key"]
    answer = inside(await app.http.get("/rest/tokenInfo", params={"apiKey": key, "f": "json"}))
    assert answer["tokenInfo"] == {"username": app.person.handle}
    both = {"apiKey": key, "u": app.person.handle, "f": "json"}
    assert failed(await app.http.get("/rest/ping", params=both)) == 43
    assert failed(await app.http.get("/rest/ping", params={"apiKey": f"{key}x", "f": "json"})) == 44


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, 10),
        ({"u": "ada"}, 10),
        ({"p": "secret"}, 10),
        ({"u": "ada", "t": "0" * 32}, 10),
        ({"u": "nobody", "p": ""}, 10),
        ({"u": "nobody", "p": "secret"}, 40),
        ({"u": "nobody", "p": "enc:zz"}, 40),
        ({"u": "nobody", "t": hashlib.md5(b"salt").hexdigest(), "s": "salt"}, 40),
        ({"u": "nobody", "p": "secret", "t": "0" * 32, "s": "salt"}, 43),
    ],
)
async def test_who_does_not_get_in(http: httpx.AsyncClient, given: dict[str, str], code: int) -> None:
    assert failed(await http.get("/rest/ping", params=given | {"f": "json"})) == code


async def test_the_password_of_the_account_opens_nothing(make: Maker) -> None:
    ada = await make.person()
    given = {"u": ada.handle, "p": ada.password, "f": "json"}
    assert failed(await ada.http.get("/rest/ping", params=given)) == 40


async def test_an_unknown_method_is_an_answer_too(app: App) -> None:
    assert await app.fail("getEverything") == 0
