"""Nobody's mailbox is filled by strangers who ask for letters, and nobody learns that it was full."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from antiphon.adapters.limits.memory import MemoryLimits
from antiphon.domains.identity.mailboxes import LETTERS, Mailboxes
from antiphon.entry.bootstrap import House
from antiphon.entry.http.app import create_app
from antiphon.kit.limits import LimitsDown, Take, Verdict
from tests.support.answers import rows
from tests.support.clock import FrozenClock
from tests.support.people import Maker

FORGOT, REGISTER = "/api/v1/auth/password/forgot", "/api/v1/auth/register"
FORM = {"password": "correct horse", "display_name": "Guest"}


@pytest.fixture
async def mailing(house: House, clock: FrozenClock) -> AsyncIterator[httpx.AsyncClient]:
    """The house where letters reach people and are counted."""
    identity = replace(
        house.identity,
        config=replace(house.identity.config, mail=True),
        mailboxes=Mailboxes(MemoryLimits(clock), house.secrets),
    )
    transport = httpx.ASGITransport(app=create_app(replace(house, identity=identity)))  # type: ignore[arg-type]
    async with house.listening(), httpx.AsyncClient(transport=transport, base_url="http://localhost:8420") as client:
        yield client


async def written(house: House, purpose: str) -> list[bool]:
    """Of each letter that was asked for, whether it has somebody to go to."""
    found = await rows(
        house.db,
        "SELECT user_id IS NOT NULL OR address IS NOT NULL AS goes FROM identity.letters"
        " WHERE purpose = :purpose ORDER BY id",
        purpose=purpose,
    )
    return [row.goes for row in found]


async def test_a_mailbox_gets_a_few_letters_an_hour(
    mailing: httpx.AsyncClient, house: House, make: Maker, clock: FrozenClock
) -> None:
    ada, grace = await make.person(), await make.person()
    for email in (ada.email, ada.email.upper()) * LETTERS.limit:
        answer = await mailing.post(FORGOT, json={"email": email})
        assert (answer.status_code, answer.json()) == (202, {"state": "check_mail"})
    goes = [True] * LETTERS.limit + [False] * LETTERS.limit
    assert await written(house, "reset_password") == goes
    await mailing.post(FORGOT, json={"email": grace.email})
    assert await written(house, "reset_password") == [*goes, True]
    clock.move(timedelta(seconds=LETTERS.window_s + 60))
    await mailing.post(FORGOT, json={"email": ada.email})
    assert await written(house, "reset_password") == [*goes, True, True]


async def test_signing_up_for_others_writes_no_more_either(mailing: httpx.AsyncClient, house: House) -> None:
    for number in range(LETTERS.limit + 2):
        form: dict[str, Any] = {**FORM, "email": "victim@example.org", "handle": f"guest{number}"}
        answer = await mailing.post(REGISTER, json=form)
        assert (answer.status_code, answer.json()) == (202, {"state": "check_mail"})
    assert await written(house, "verify_email") == [True] * LETTERS.limit + [False] * 2


class Away(MemoryLimits):
    async def take(self, *wanted: Take) -> list[Verdict]:
        raise LimitsDown("away")


async def test_while_nobody_counts_nothing_is_written(house: House, clock: FrozenClock) -> None:
    assert not await Mailboxes(Away(clock), house.secrets).has_room("ada@example.org")
    assert await Mailboxes(None, house.secrets).has_room("ada@example.org")
