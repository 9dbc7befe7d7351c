"""Letters to look at, for those who run the installation."""

from __future__ import annotations

import httpx
import pytest

from antiphon.adapters.mail.fake import FakeMailer
from antiphon.domains.identity import api as identity
from antiphon.domains.notifications.api import PURPOSES
from antiphon.domains.notifications.catalogues import LANGUAGES
from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.answers import refused
from tests.support.people import Maker, Person

PREVIEWS = "/notifications/letters/previews"


@pytest.fixture
async def admin(make: Maker, house: House, http: httpx.AsyncClient) -> Person:
    made = await make.person()
    async with house.db.system() as uow:
        await identity.grant_role(uow, parse(Kind.USER, made.id), "admin")
    given = {"email": made.email, "password": made.password}
    made.tokens = (await http.post("/api/v1/auth/login", json=given)).json()["tokens"]
    return made


async def test_every_letter_is_listed_and_shown(admin: Person, mailer: FakeMailer) -> None:
    listed = (await admin.get(PREVIEWS)).json()["items"]
    assert [one["purpose"] for one in listed] == list(PURPOSES)
    assert all(one["subject"] for one in listed)
    for purpose in PURPOSES:
        shown = await admin.get(f"{PREVIEWS}/{purpose}")
        assert shown.status_code == 200
        assert shown.headers["content-type"] == "text/html; charset=utf-8"
    assert mailer.sent == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_in_every_language_and_form(admin: Person, language: str) -> None:
    html = await admin.get(f"{PREVIEWS}/welcome?language={language}")
    plain = await admin.get(f"{PREVIEWS}/welcome?language={language}&format=text")
    assert f'lang="{language}"' in html.text
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    assert html.headers["content-language"] == plain.headers["content-language"] == language
    assert "&lt;Lovelace&gt;" in html.text
    assert "<Lovelace>" in plain.text


async def test_a_preview_may_do_nothing_and_be_framed_by_us_only(admin: Person) -> None:
    policy = (await admin.get(f"{PREVIEWS}/new_device")).headers["content-security-policy"]
    rules = {name: values for name, *values in (rule.split() for rule in policy.split("; "))}
    assert rules == {
        "sandbox": [],
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": ["'self'"],
    }


async def test_who_may_look(make: Maker, http: httpx.AsyncClient, admin: Person) -> None:
    fan = await make.person()
    for path in (PREVIEWS, f"{PREVIEWS}/welcome"):
        assert refused(await http.get(f"/api/v1{path}"))[0] == 401
        assert refused(await fan.get(path))[0] == 403
        assert (await admin.get(path)).status_code == 200


async def test_letters_that_there_are_not(admin: Person) -> None:
    assert refused(await admin.get(f"{PREVIEWS}/love")) == (404, "no_such_letter")
    for query in ("language=xx", "format=pdf"):
        assert refused(await admin.get(f"{PREVIEWS}/welcome?{query}"))[0] == 422
