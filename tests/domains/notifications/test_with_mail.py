"""An installation that has a mail server: what it writes to people who have no account yet, and to those who have."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from antiphon.adapters.mail.fake import FakeMailer
from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House
from antiphon.kit.settings import Settings

Settle = Callable[[], Awaitable[None]]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", demo=False, mail_url=f"file://{tmp_path}/mail")


@pytest.fixture
async def admin(house: House, http: httpx.AsyncClient) -> dict[str, str]:
    """The headers of an administrator called Grace."""
    async with house.db.system() as uow:
        made = await identity.create_user(uow, email="grace@example.org", handle="grace", display_name="Grace")
        await identity.grant_role(uow, made, "admin")
        token = await identity.make_sign_in_link(uow, made)
    answer = await http.post("/api/v1/auth/link", json={"token": token})
    return {"Authorization": f"Bearer {answer.json()['tokens']['access_token']}"}


async def sign_up(http: httpx.AsyncClient, email: str, handle: str = "ada", name: str = "Ada") -> httpx.Response:
    form = {"email": email, "password": "correct horse", "handle": handle, "display_name": name}
    return await http.post("/api/v1/auth/register", json=form)


async def test_only_the_letter_tells_whether_an_address_is_taken(
    http: httpx.AsyncClient, admin: dict[str, str], mailer: FakeMailer, settle: Settle
) -> None:
    await settle()
    mailer.sent.clear()
    taken = await sign_up(http, "grace@example.org", "eve", "Eve")
    fresh = await sign_up(http, "ada@example.org")
    assert (taken.status_code, taken.json()) == (fresh.status_code, fresh.json())
    await settle()
    written = {letter.to: letter for letter in mailer.sent}
    assert written["ada@example.org"].subject == "Confirm your e-mail address"
    assert written["grace@example.org"].subject == "You have an account already"
    assert "/forgot-password" in written["grace@example.org"].text
    assert "#" not in written["grace@example.org"].text


async def test_a_stranger_cannot_have_us_advertise(http: httpx.AsyncClient, mailer: FakeMailer, settle: Settle) -> None:
    await sign_up(http, "victim@example.org", name="win at casino.example")
    await settle()
    (letter,) = mailer.sent
    assert "casino" not in letter.text + letter.html + letter.name
    assert letter.text.startswith("Hello,\n")


async def test_an_invitation_says_who_invites(
    http: httpx.AsyncClient, admin: dict[str, str], mailer: FakeMailer, settle: Settle
) -> None:
    await settle()
    mailer.sent.clear()
    asked = {"email": "ada@example.org", "note": "the one with the engine"}
    assert (await http.post("/api/v1/invitations", json=asked, headers=admin)).status_code == 201
    await settle()
    (letter,) = mailer.sent
    assert letter.to == "ada@example.org"
    assert "Grace invites you to localhost:8420." in letter.text
    assert "engine" not in letter.text + letter.html
    assert re.search(r"/sign-up#invitation=\S+", letter.text)
    assert "The link works once, until " in letter.text


async def test_an_invitation_that_was_taken_back_is_not_written(
    http: httpx.AsyncClient, admin: dict[str, str], mailer: FakeMailer, settle: Settle
) -> None:
    await settle()
    mailer.sent.clear()
    made = (await http.post("/api/v1/invitations", json={"email": "ada@example.org"}, headers=admin)).json()
    gone = await http.delete(f"/api/v1/invitations/{made['id']}", headers=admin)
    assert gone.status_code == 204, gone.text
    await settle()
    assert mailer.sent == []
