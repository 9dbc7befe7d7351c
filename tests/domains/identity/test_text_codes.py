"""Codes by text message: proven numbers, short lives, few tries, and no flood."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from antiphon.adapters.sms.fake import FakeTextMessages
from antiphon.domains.identity.wording import text_message
from antiphon.entry.bootstrap import House
from antiphon.kit.clients import LANGUAGES
from tests.support.clock import FrozenClock
from tests.support.factors import last_code, password_step, second_step
from tests.support.people import Maker, Person, good

NUMBER = "+4915112345678"


@pytest.fixture
async def ada(make: Maker) -> Person:
    return await make.person()


@pytest.fixture
async def recovery(ada: Person, texts: FakeTextMessages, clock: FrozenClock) -> list[str]:
    """The number was proven an hour ago; these came with it."""
    assert (await ada.post("/auth/mfa/sms/enrol", json={"number": "0049 151 12345678"})).status_code == 202
    done = good(await ada.post("/auth/mfa/sms/confirm", json={"code": last_code(texts)}))
    clock.move(timedelta(hours=1))
    texts.sent.clear()
    login = await ada.http.post("/api/v1/auth/login", json={"email": ada.email, "password": ada.password})
    assert login.json()["methods"] == ["sms", "recovery"]
    return list(done["recovery_codes"])


async def ticket_with_text(http: httpx.AsyncClient, person: Person) -> str:
    ticket = str((await password_step(http, person)).json()["ticket"])
    sent = await http.post("/api/v1/auth/mfa/sms/send", json={"ticket": ticket})
    assert sent.status_code == 202, sent.text
    return ticket


async def test_a_number_counts_once_its_code_was_confirmed(
    http: httpx.AsyncClient, ada: Person, texts: FakeTextMessages, house: House
) -> None:
    await ada.post("/auth/mfa/sms/enrol", json={"number": NUMBER}, headers={"Accept-Language": "de"})
    to, said = texts.sent[-1]
    assert to == NUMBER
    assert said == text_message("de", last_code(texts), "localhost")
    assert said.endswith(f"\n\n@localhost #{last_code(texts)}")
    assert (await password_step(http, ada)).status_code == 200
    assert (await ada.post("/auth/mfa/sms/confirm", json={"code": "nope"})).json()["code"] == "wrong_code"
    assert len(good(await ada.post("/auth/mfa/sms/confirm", json={"code": last_code(texts)}))["recovery_codes"]) == 10
    found = good(await ada.get("/users/me/factors"))
    assert (found["methods"], found["phone_ending"], found["texts_available"]) == (["sms", "recovery"], "78", True)
    async with house.db.system() as uow:
        for table in ("phones", "text_codes"):
            rows = (await uow.conn.execute(text(f"SELECT t::text FROM identity.{table} t"))).scalars().all()
            assert NUMBER.encode().hex() not in str(rows)
            assert last_code(texts) not in str(rows)
    assert (await ada.post("/auth/mfa/sms/enrol", json={"number": NUMBER})).json()["code"] == "factor_exists"


async def test_a_text_ends_the_sign_in_once(
    http: httpx.AsyncClient, ada: Person, recovery: list[str], texts: FakeTextMessages
) -> None:
    ticket = await ticket_with_text(http, ada)
    assert (await second_step(http, ticket, "sms", last_code(texts))).is_success
    again = str((await password_step(http, ada)).json()["ticket"])
    assert (await second_step(http, again, "sms", last_code(texts))).json()["code"] == "wrong_code"


@pytest.mark.commits
async def test_of_two_who_come_with_one_text_at_once_one_gets_in(
    http: httpx.AsyncClient, ada: Person, recovery: list[str], texts: FakeTextMessages
) -> None:
    first = await ticket_with_text(http, ada)
    second = str((await password_step(http, ada)).json()["ticket"])
    answers = await asyncio.gather(*(second_step(http, one, "sms", last_code(texts)) for one in (first, second)))
    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_a_text_holds_ten_minutes_and_the_newest_counts(
    http: httpx.AsyncClient, ada: Person, recovery: list[str], texts: FakeTextMessages, clock: FrozenClock
) -> None:
    old_ticket = await ticket_with_text(http, ada)
    old = last_code(texts)
    clock.move(timedelta(seconds=30))
    ticket = await ticket_with_text(http, ada)
    if old != last_code(texts):
        assert (await second_step(http, old_ticket, "sms", old)).json()["code"] == "wrong_code"
    clock.move(timedelta(minutes=9, seconds=59))
    assert (await second_step(http, ticket, "sms", last_code(texts))).is_success
    late = await ticket_with_text(http, ada)
    clock.move(timedelta(minutes=10))
    assert (await second_step(http, late, "sms", last_code(texts))).status_code == 410


async def test_a_code_takes_five_tries_whatever_the_ticket(
    http: httpx.AsyncClient, ada: Person, recovery: list[str], texts: FakeTextMessages
) -> None:
    first = await ticket_with_text(http, ada)
    for _ in range(4):
        assert (await second_step(http, first, "sms", "nope")).status_code == 422
    second = str((await password_step(http, ada)).json()["ticket"])
    assert (await second_step(http, second, "sms", "nope")).status_code == 422
    assert (await second_step(http, second, "sms", last_code(texts))).json()["code"] == "wrong_code"


async def test_texts_are_few(
    http: httpx.AsyncClient, ada: Person, recovery: list[str], texts: FakeTextMessages, clock: FrozenClock
) -> None:
    ticket = await ticket_with_text(http, ada)
    soon = await http.post("/api/v1/auth/mfa/sms/send", json={"ticket": ticket})
    assert (soon.status_code, soon.json()["code"], soon.headers["retry-after"]) == (429, "too_many_texts", "30")
    for _ in range(4):
        clock.move(timedelta(seconds=30))
        await http.post("/api/v1/auth/mfa/sms/send", json={"ticket": ticket})
    clock.move(timedelta(seconds=30))
    sixth = await http.post("/api/v1/auth/mfa/sms/send", json={"ticket": ticket})
    assert (sixth.status_code, sixth.headers["retry-after"]) == (429, str(3600 - 150))
    assert len(texts.sent) == 5


async def test_nobody_floods_a_number_with_the_help_of_many_accounts(
    make: Maker, texts: FakeTextMessages, clock: FrozenClock
) -> None:
    people = [await make.person() for _ in range(7)]
    answers = []
    for person in people:
        answers.append(await person.post("/auth/mfa/sms/enrol", json={"number": NUMBER}))
        clock.move(timedelta(seconds=31))
    assert [answer.status_code for answer in answers] == [202] * 5 + [429] * 2
    assert len(texts.sent) == 5


@pytest.mark.commits
async def test_texts_asked_for_all_at_once_are_one(
    http: httpx.AsyncClient, ada: Person, recovery: list[str], texts: FakeTextMessages
) -> None:
    ticket = str((await password_step(http, ada)).json()["ticket"])
    ask = [http.post("/api/v1/auth/mfa/sms/send", json={"ticket": ticket}) for _ in range(5)]
    answers = await asyncio.gather(*ask)
    assert sorted(answer.status_code for answer in answers) == [202, 429, 429, 429, 429]
    assert len(texts.sent) == 1


async def test_a_gateway_that_is_down_is_told(ada: Person, texts: FakeTextMessages) -> None:
    texts.down = True
    failed = await ada.post("/auth/mfa/sms/enrol", json={"number": NUMBER})
    assert (failed.status_code, failed.json()["code"]) == (503, "text_message_failed")


async def test_without_a_gateway_it_is_off_and_says_so_and_recovery_still_works(
    http: httpx.AsyncClient, ada: Person, recovery: list[str], texts: FakeTextMessages, make: Maker
) -> None:
    texts.configured = False
    other = await make.person()
    assert good(await other.get("/users/me/factors"))["texts_available"] is False
    refused = await other.post("/auth/mfa/sms/enrol", json={"number": NUMBER})
    assert (refused.status_code, refused.json()["code"]) == (409, "text_messages_off")
    asked = (await password_step(http, ada)).json()
    assert asked["methods"] == ["sms", "recovery"]  # what was enrolled does not fall away by a setting
    off = await http.post("/api/v1/auth/mfa/sms/send", json={"ticket": asked["ticket"]})
    assert off.json()["code"] == "text_messages_off"
    assert (await second_step(http, asked["ticket"], "recovery", recovery[0])).is_success


async def test_a_telephone_is_never_the_only_factor(http: httpx.AsyncClient, ada: Person, recovery: list[str]) -> None:
    for body in ({"ticket": "x" * 43}, {"ticket": ""}, {}):
        assert not (await http.post("/api/v1/auth/mfa/sms/send", json=body)).is_success


async def test_a_number_is_taken_away_with_a_code(
    http: httpx.AsyncClient, ada: Person, recovery: list[str], texts: FakeTextMessages
) -> None:
    ticket = str((await password_step(http, ada)).json()["ticket"])
    ada.tokens = good(await second_step(http, ticket, "recovery", recovery[1]))["tokens"]
    assert (await ada.post("/auth/step-up/sms")).status_code == 202
    gone = await ada.post("/auth/mfa/sms/disable", json={"method": "sms", "code": last_code(texts)})
    assert gone.status_code == 204
    assert (await password_step(http, ada)).status_code == 200
    assert (await ada.post("/auth/step-up/sms")).json()["code"] == "no_second_factor"


def test_every_language_says_the_code_and_binds_it_to_the_site() -> None:
    for language in LANGUAGES:
        said = text_message(language, "123456", "music.example.org")
        assert said.count("123456") == 2
        assert said.endswith("@music.example.org #123456")
    assert len({text_message(language, "1", "x") for language in LANGUAGES}) == len(LANGUAGES)
