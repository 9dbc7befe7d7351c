"""Authenticator apps through HTTP: enrolled, asked for, never the same code twice, never guessed."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta

import httpx
import pyotp
import pytest
from sqlalchemy import text

from antiphon.entry.bootstrap import House
from antiphon.kit.ids import Kind, parse
from tests.support.clock import FrozenClock
from tests.support.factors import App, enrol, password_step, second_step
from tests.support.people import Maker, Person, good


@pytest.fixture
async def ada(make: Maker) -> Person:
    return await make.person()


@pytest.fixture
async def app(ada: Person, clock: FrozenClock) -> App:
    """Enrolled a minute ago."""
    made = await enrol(ada, clock)
    clock.move(timedelta(minutes=1))
    return made


async def ticket_of(http: httpx.AsyncClient, person: Person) -> str:
    asked = await password_step(http, person)
    assert asked.status_code == 401, asked.text
    assert asked.json()["code"] == "second_factor_needed"
    return str(asked.json()["ticket"])


async def test_enrolment_shows_what_an_app_needs_and_counts_once_it_was_confirmed(
    http: httpx.AsyncClient, ada: Person, clock: FrozenClock, house: House
) -> None:
    made = await ada.post("/auth/mfa/totp/enrol")
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    enrolment = made.json()
    told = pyotp.parse_uri(enrolment["otpauth_url"])
    assert isinstance(told, pyotp.TOTP)
    assert told.secret == enrolment["secret"]
    assert told.issuer == "Antiphon"
    assert told.name == ada.email
    assert enrolment["qr_svg"].startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert (await password_step(http, ada)).status_code == 200  # not confirmed: not asked for
    wrong = await ada.post("/auth/mfa/totp/confirm", json={"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_code")
    done = good(await ada.post("/auth/mfa/totp/confirm", json={"code": told.at(clock.now())}))
    assert len(set(done["recovery_codes"])) == 10
    needed = await password_step(http, ada)
    assert needed.json()["methods"] == ["totp", "recovery"]
    async with house.db.system() as uow:
        sealed = (await uow.conn.execute(text("SELECT sealed_seed FROM identity.totp_factors"))).scalar_one()
    assert base64.b32decode(enrolment["secret"]) not in bytes(sealed)


async def test_the_second_step_ends_the_sign_in(http: httpx.AsyncClient, ada: Person, app: App) -> None:
    ticket = await ticket_of(http, ada)
    done = await second_step(http, ticket, "totp", app.code())
    assert done.status_code == 200
    assert done.headers["cache-control"] == "no-store"
    assert done.json()["user"]["id"] == ada.id
    assert done.json()["tokens"]["access_token"]
    over = await second_step(http, ticket, "totp", app.code(off=1))
    assert (over.status_code, over.json()["code"]) == (410, "ticket_over")


@pytest.mark.parametrize("off", [-1, 0, 1])
async def test_a_clock_may_be_half_a_minute_wrong(http: httpx.AsyncClient, ada: Person, app: App, off: int) -> None:
    ticket = await ticket_of(http, ada)
    assert (await second_step(http, ticket, "totp", f" {app.code(off=off)[:3]} {app.code(off=off)[3:]}")).is_success


async def test_a_code_works_once_and_so_do_those_before_it(
    http: httpx.AsyncClient, ada: Person, app: App, clock: FrozenClock
) -> None:
    first, second = await ticket_of(http, ada), await ticket_of(http, ada)
    assert (await second_step(http, first, "totp", app.code())).is_success
    for off in (0, -1):
        again = await second_step(http, second, "totp", app.code(off=off))
        assert (again.status_code, again.json()["code"]) == (422, "wrong_code")
    clock.move(timedelta(seconds=30))
    assert (await second_step(http, second, "totp", app.code())).is_success


async def test_the_code_that_confirmed_the_app_signs_nobody_in(
    http: httpx.AsyncClient, ada: Person, clock: FrozenClock
) -> None:
    app = await enrol(ada, clock)
    ticket = await ticket_of(http, ada)
    assert (await second_step(http, ticket, "totp", app.code())).status_code == 422


@pytest.mark.commits
async def test_of_two_who_come_with_one_code_at_once_one_gets_in(
    http: httpx.AsyncClient, ada: Person, app: App
) -> None:
    tickets = [await ticket_of(http, ada) for _ in range(4)]
    answers = await asyncio.gather(*(second_step(http, ticket, "totp", app.code()) for ticket in tickets))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]


@pytest.mark.commits
async def test_one_ticket_lets_one_in_however_many_codes_are_right(
    http: httpx.AsyncClient, ada: Person, app: App
) -> None:
    ticket = await ticket_of(http, ada)
    codes = [("totp", app.code()), *(("recovery", code) for code in app.recovery[:3])]
    answers = await asyncio.gather(*(second_step(http, ticket, method, code) for method, code in codes))
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]


async def test_five_wrong_codes_end_a_ticket(http: httpx.AsyncClient, ada: Person, app: App) -> None:
    ticket = await ticket_of(http, ada)
    for _ in range(5):
        assert (await second_step(http, ticket, "totp", "000000")).json()["code"] == "wrong_code"
    assert (await second_step(http, ticket, "totp", app.code())).json()["code"] == "ticket_over"


async def test_ten_wrong_codes_stop_guessing_on_every_ticket_but_not_the_owner(
    http: httpx.AsyncClient, ada: Person, app: App, clock: FrozenClock
) -> None:
    for _ in range(2):
        ticket = await ticket_of(http, ada)
        for _ in range(5):
            assert (await second_step(http, ticket, "totp", "000000")).status_code == 422
    ticket = await ticket_of(http, ada)
    locked = await second_step(http, ticket, "totp", app.code())
    assert (locked.status_code, locked.json()["code"]) == (429, "factor_locked")
    assert locked.headers["retry-after"] == "60"
    assert (await second_step(http, ticket, "recovery", app.recovery[0])).is_success
    clock.move(timedelta(seconds=61))
    later = await ticket_of(http, ada)
    assert (await second_step(http, later, "totp", "000000")).status_code == 422
    longer = await second_step(http, later, "totp", app.code())
    assert longer.headers["retry-after"] == "120"
    clock.move(timedelta(seconds=121))
    assert (await second_step(http, later, "totp", app.code())).is_success
    after = await ticket_of(http, ada)
    assert (await second_step(http, after, "totp", "000000")).json()["code"] == "wrong_code"  # counted from the start


@pytest.mark.commits
async def test_guesses_that_come_all_at_once_are_counted_one_by_one(
    http: httpx.AsyncClient, ada: Person, app: App
) -> None:
    tickets = [await ticket_of(http, ada) for _ in range(4)]
    answers = await asyncio.gather(
        *(second_step(http, ticket, "totp", f"{number:06}") for ticket in tickets for number in range(5))
    )
    codes = [answer.json()["code"] for answer in answers]
    assert codes.count("wrong_code") == 10
    assert codes.count("factor_locked") == 10


async def test_a_wrong_code_and_a_factor_that_is_not_there_look_alike(
    http: httpx.AsyncClient, ada: Person, app: App
) -> None:
    ticket = await ticket_of(http, ada)
    answers = [await second_step(http, ticket, method, "123456") for method in ("totp", "sms", "recovery")]
    assert {answer.status_code for answer in answers} == {422}
    assert len({answer.text for answer in answers}) == 1


async def test_a_ticket_of_nobody_and_one_too_old(
    http: httpx.AsyncClient, ada: Person, app: App, clock: FrozenClock
) -> None:
    ticket = await ticket_of(http, ada)
    clock.move(timedelta(minutes=11))
    for over in (ticket, "x" * 43):
        assert (await second_step(http, over, "totp", app.code())).json()["code"] == "ticket_over"


async def test_a_second_app_waits_for_the_first_to_go(ada: Person, app: App, clock: FrozenClock) -> None:
    assert (await ada.post("/auth/mfa/totp/enrol")).json()["code"] == "factor_exists"
    gone = await ada.post("/auth/mfa/totp/disable", json={"method": "totp", "code": app.code()})
    assert gone.status_code == 204
    assert good(await ada.get("/users/me/factors"))["methods"] == []
    assert good(await ada.get("/users/me/factors"))["recovery_codes_left"] == 0
    assert (await ada.post("/auth/mfa/totp/enrol")).status_code == 201


async def test_an_app_is_taken_away_with_a_code_only(http: httpx.AsyncClient, ada: Person, app: App) -> None:
    wrong = await ada.post("/auth/mfa/totp/disable", json={"method": "totp", "code": "000000"})
    assert wrong.json()["code"] == "wrong_code"
    assert (await password_step(http, ada)).status_code == 401
    other = await ada.post("/auth/mfa/totp/disable", json={"method": "recovery", "code": app.recovery[3]})
    assert other.status_code == 204
    assert (await password_step(http, ada)).status_code == 200
    missing = await ada.post("/auth/mfa/totp/disable", json={"method": "totp", "code": app.code()})
    assert missing.status_code == 404


async def test_every_change_wants_a_fresh_sign_in(ada: Person, app: App, clock: FrozenClock) -> None:
    clock.move(timedelta(minutes=11))
    for path, body in (
        ("/auth/mfa/totp/enrol", None),
        ("/auth/mfa/totp/confirm", {"code": app.code()}),
        ("/auth/mfa/totp/disable", {"method": "totp", "code": app.code()}),
        ("/auth/mfa/recovery-codes", None),
        ("/auth/mfa/sms/enrol", {"number": "+4915112345678"}),
        ("/auth/mfa/sms/confirm", {"code": "123456"}),
        ("/auth/mfa/sms/disable", {"method": "totp", "code": app.code()}),
    ):
        refused = await ada.post(path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "step_up_needed"), path
    assert good(await ada.get("/users/me/factors"))["methods"] == ["totp", "recovery"]


async def test_what_happened_is_in_the_log_and_in_a_letter(
    http: httpx.AsyncClient, ada: Person, app: App, house: House
) -> None:
    ticket = await ticket_of(http, ada)
    await second_step(http, ticket, "totp", "000000")
    assert (await second_step(http, ticket, "totp", app.code())).is_success
    log = [entry["action"] for entry in good(await ada.get("/users/me/audit"))["items"]]
    assert log[:4] == ["sign_in.succeeded", "second_factor.passed", "second_factor.failed", "totp.added"]
    async with house.db.system() as uow:
        letters = await uow.conn.execute(
            text("SELECT data FROM identity.letters WHERE purpose = 'factor_changed' AND user_id = :who"),
            {"who": parse(Kind.USER, ada.id)},
        )
        assert ["totp.added" in row.data for row in letters] == [True]


async def test_nobody_sees_the_factors_of_another(make: Maker, app: App, house: House) -> None:
    other = await make.person()
    assert good(await other.get("/users/me/factors"))["methods"] == []
    async with house.db.unit(parse(Kind.USER, other.id)) as uow:  # the application check forgotten
        for table in ("totp_factors", "recovery_codes", "phones", "text_codes", "factor_failures", "trusted_devices"):
            rows = (await uow.conn.execute(text(f"SELECT count(*) FROM identity.{table}"))).scalar_one()
            assert rows == 0, table
