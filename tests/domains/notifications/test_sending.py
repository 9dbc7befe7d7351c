"""From what identity asks to what the mail server gets: once, again, never, and always the same letter."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from antiphon.adapters.mail.console import ConsoleMailer
from antiphon.adapters.mail.fake import FakeMailer
from antiphon.domains.identity import api as identity
from antiphon.domains.notifications.errors import LetterRefused, MailRefused, MailUnavailable
from antiphon.domains.notifications.jobs import ATTEMPTS, SEND_LETTER
from antiphon.entry.bootstrap import House
from antiphon.entry.worker.run import job_runner
from tests.support.answers import rows
from tests.support.clock import FrozenClock
from tests.support.logs import logging_as
from tests.support.people import Maker, Person

Settle = Callable[[], Awaitable[None]]
LINK = re.compile(r"http://localhost:8420/reset-password#\S+")


async def forget(person: Person) -> None:
    """Somebody asks for a new password, as the page does."""
    answer = await person.http.post("/api/v1/auth/password/forgot", json={"email": person.email})
    assert answer.status_code == 202, answer.text


async def again(house: House, settle: Settle) -> None:
    """The waits between tries are cut short."""
    async with house.db.system() as uow:
        await uow.conn.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
    await settle()


@pytest.fixture
async def ada(make: Maker, mailer: FakeMailer) -> Person:
    made = await make.person(display_name="Ada")
    await make.settle()
    mailer.sent.clear()
    return made


def the_link(mailer: FakeMailer) -> str:
    found = LINK.search(mailer.sent[-1].text)
    assert found
    return found[0]


async def test_a_letter_goes_out(ada: Person, mailer: FakeMailer, settle: Settle, clock: FrozenClock) -> None:
    await forget(ada)
    await settle()
    (sent,) = mailer.sent
    assert (sent.to, sent.name, sent.subject) == (ada.email, "Ada", "Choose a new password")
    assert sent.headers == {"Content-Language": "en"}
    assert re.fullmatch(r"<[0-9a-f]{32}@localhost>", sent.message_id)
    assert the_link(mailer) in sent.html
    hour_later = clock.now() + timedelta(hours=1)
    assert f"until {hour_later:%B} {hour_later.day}, {hour_later.year}" in sent.text
    await settle()
    assert len(mailer.sent) == 1


async def test_the_link_opens_what_it_says(ada: Person, mailer: FakeMailer, settle: Settle) -> None:
    await forget(ada)
    await settle()
    token = the_link(mailer).rpartition("=")[2]
    reset = {"token": token, "password": "another horse battery"}
    assert (await ada.http.post("/api/v1/auth/password/reset", json=reset)).status_code == 200
    assert (await ada.http.post("/api/v1/auth/password/reset", json=reset)).status_code >= 400
    await settle()
    assert "Your password was changed" in {letter.subject for letter in mailer.sent}


async def test_letters_speak_the_language_of_who_reads_them(
    http: httpx.AsyncClient, mailer: FakeMailer, settle: Settle
) -> None:
    form = {"email": "noa@example.org", "password": "correct horse", "handle": "noa", "display_name": "נועה"}
    made = await http.post("/api/v1/auth/register", json=form, headers={"Accept-Language": "he-IL, en;q=0.5"})
    assert made.status_code == 201, made.text
    await http.post("/api/v1/auth/password/forgot", json={"email": "noa@example.org"})
    await settle()
    assert mailer.sent
    assert all('<html lang="he" dir="rtl"' in letter.html for letter in mailer.sent)
    assert all("נועה" in letter.text for letter in mailer.sent)


async def test_a_server_in_need_of_time_is_asked_again(
    ada: Person, house: House, mailer: FakeMailer, settle: Settle
) -> None:
    mailer.trouble = [MailUnavailable("The mail server said 451 later"), MailRefused(), None]
    await forget(ada)
    await settle()
    (waiting,) = await rows(
        house.db, "SELECT status, extract(epoch FROM scheduled_at - now()) AS wait_s FROM procrastinate_jobs"
    )
    assert waiting.status == "todo"
    assert 5 < waiting.wait_s <= 15
    await again(house, settle)
    assert mailer.sent == []
    await again(house, settle)
    assert len(mailer.sent) == 1
    assert await rows(house.db, "SELECT 1 FROM procrastinate_jobs") == []


async def test_a_letter_that_never_gets_through_waits_for_the_operator(
    ada: Person, house: House, mailer: FakeMailer, settle: Settle
) -> None:
    mailer.trouble = [MailUnavailable()] * ATTEMPTS
    await forget(ada)
    for _ in range(ATTEMPTS + 2):
        await again(house, settle)
    runner = job_runner(house)
    (dead,) = await runner.dead_letters()
    assert (dead.task_name, dead.attempts, mailer.trouble) == (SEND_LETTER, ATTEMPTS, [])
    assert dead.id is not None
    await runner.replay(dead.id)
    await settle()
    assert len(mailer.sent) == 1
    assert await runner.dead_letters() == []


async def test_a_final_no_is_taken_for_an_answer(ada: Person, house: House, mailer: FakeMailer, settle: Settle) -> None:
    mailer.trouble = [LetterRefused("The mail server said 550 unknown")]
    await forget(ada)
    await again(house, settle)
    (dead,) = await job_runner(house).dead_letters()
    assert dead.attempts == 1
    assert mailer.sent == []


async def test_after_a_crash_the_same_letter_may_come_twice(
    ada: Person, house: House, mailer: FakeMailer, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, falls = identity.letter_sent, [True]

    async def fallen(uow: object, letter_id: UUID) -> None:
        if falls and falls.pop():
            raise ConnectionError("the power is gone")
        await mark(uow, letter_id)  # type: ignore[arg-type]

    monkeypatch.setattr(identity, "letter_sent", fallen)
    await forget(ada)
    await settle()
    await again(house, settle)
    await again(house, settle)
    first, second = mailer.sent
    assert first.message_id == second.message_id
    assert LINK.findall(first.text) != LINK.findall(second.text)


async def test_jobs_and_facts_know_the_letter_only_by_its_number(ada: Person, house: House) -> None:
    await forget(ada)
    facts = await rows(house.db, "SELECT payload::text FROM kit.facts WHERE name = 'identity.letter_asked'")
    assert facts
    assert all(re.fullmatch(r'\{"subject": "[0-9a-f-]{36}"\}', payload) for (payload,) in facts)


async def test_what_is_gone_is_not_written(house: House, mailer: FakeMailer, settle: Settle) -> None:
    async with house.db.system() as uow:
        uow.defer(SEND_LETTER, letter_id=str(UUID(int=7)))
    await settle()
    assert mailer.sent == []
    assert await job_runner(house).dead_letters() == []


@pytest.mark.parametrize("trouble", [None, MailUnavailable("451 later"), LetterRefused("550 no")])
async def test_logs_hold_no_link_and_no_address(
    ada: Person,
    house: House,
    mailer: FakeMailer,
    settle: Settle,
    capfd: pytest.CaptureFixture[str],
    trouble: MailUnavailable | LetterRefused | None,
) -> None:
    mailer.trouble = [trouble]
    with logging_as("debug", "console"):
        await forget(ada)
        await settle()
        await again(house, settle)
    logged = "".join(capfd.readouterr())
    assert ada.email not in logged
    assert "reset_password=" not in logged
    if mailer.sent:
        assert the_link(mailer).rpartition("=")[2] not in logged


async def test_without_a_mail_server_letters_are_on_the_terminal(
    ada: Person,
    house: House,
    mailer: FakeMailer,
    settle: Settle,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mailer, "send", ConsoleMailer().send)
    await forget(ada)
    await settle()
    assert LINK.search(capfd.readouterr().err)
