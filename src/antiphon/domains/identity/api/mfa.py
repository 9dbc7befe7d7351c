"""The second step of a sign-in, proving oneself again, and taking a factor away: wherever a code is asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from antiphon.domains.identity.api import audit, challenges
from antiphon.domains.identity.api.challenges import Challenge
from antiphon.domains.identity.api.codes import begin_try, right
from antiphon.domains.identity.api.credentials import step_up
from antiphon.domains.identity.api.recovery_codes import check_recovery_code
from antiphon.domains.identity.api.second_factors import second_factors_of
from antiphon.domains.identity.api.sign_in import TICKET, let_in
from antiphon.domains.identity.api.text_codes import check_text_code, number_of, send_text_code
from antiphon.domains.identity.api.totp import check_totp
from antiphon.domains.identity.api.trust import trust
from antiphon.domains.identity.api.views import SecondFactorNeeded, SignIn
from antiphon.domains.identity.errors import TicketOver, WrongCode
from antiphon.domains.identity.model_factors import TICKET_TRIES, hidden_number
from antiphon.domains.identity.store import factors as store
from antiphon.domains.identity.store import phones as phone_store
from antiphon.domains.identity.store import trust as trust_store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork

__all__ = [
    "CodeMethod",
    "Factors",
    "factors",
    "pass_second_step",
    "prove",
    "send_code_for_ticket",
    "step_up_with_code",
    "verify",
]

CodeMethod = Literal["totp", "sms", "recovery"]


class Factors(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the security page. `phone_ending` are the last digits of the number; times are since when."""

    methods: list[str]
    totp_since: datetime | None
    phone_since: datetime | None
    phone_ending: str | None
    texts_available: bool
    recovery_codes_left: int
    trusted_devices: int


async def prove(
    uow: UnitOfWork, tools: IdentityTools, user_id: UUID, *, method: CodeMethod, code: str, client: Client
) -> bool:
    """Whether the code holds at this moment; it is used up. A wrong one looks like a factor that is not there.

    The try counts with the commit, so what is refused must not be raised inside of the unit. Raises FactorLocked.
    """
    if method == "recovery":
        good = await check_recovery_code(uow, tools, user_id, code, client)
    else:
        await begin_try(uow, user_id)
        check = check_totp if method == "totp" else check_text_code
        good = await check(uow, tools, user_id, code)
        if good:
            await right(uow, user_id)
    if not good:
        data = {"method": method}
        await audit.record(uow, "second_factor.failed", actor=None, subject=user_id, client=client, data=data)
    return good


async def pass_second_step(
    uow: UnitOfWork, tools: IdentityTools, ticket: Challenge, *, method: str, trust_device: bool, client: Client
) -> SignIn | SecondFactorNeeded:
    """Somebody with a ticket has just shown the second factor `method`. Raises TicketOver where another was faster."""
    if ticket.user_id is None or not await challenges.finish(uow, ticket.id):
        raise TicketOver
    data = {"method": method}
    await audit.record(
        uow, "second_factor.passed", actor=ticket.user_id, subject=ticket.user_id, client=client, data=data
    )
    if trust_device:
        await trust(uow, ticket.user_id, client)
    first = str(ticket.data.get("method", "password"))
    proven = frozenset({"second_factor"})
    return await let_in(uow, tools, ticket.user_id, method=first, client=client, proven=proven)


async def verify(
    db: Database,
    tools: IdentityTools,
    *,
    ticket: str,
    method: CodeMethod,
    code: str,
    trust_device: bool,
    client: Client,
) -> SignIn | SecondFactorNeeded:
    """End a sign-in. Raises TicketOver, WrongCode, FactorLocked, DeviceNeeded, and what `let_in` raises."""
    async with db.system() as uow:
        found = await challenges.attempt(uow, TICKET, ticket, at_most=TICKET_TRIES)
        if found is None or found.user_id is None:
            raise TicketOver
        outcome = None
        if await prove(uow, tools, found.user_id, method=method, code=code, client=client):
            outcome = await pass_second_step(uow, tools, found, method=method, trust_device=trust_device, client=client)
    if outcome is None:
        raise WrongCode
    return outcome


async def step_up_with_code(
    db: Database, tools: IdentityTools, actor: Actor, *, method: CodeMethod, code: str, client: Client
) -> str:
    """Raises WrongCode, FactorLocked; answers as `step_up`. The session was opened by the first factor."""
    async with db.system() as uow:
        if await prove(uow, tools, actor.user_id, method=method, code=code, client=client):
            proven = frozenset({"second_factor"})
            return await step_up(uow, tools, actor, method=method, client=client, proven=proven)
    raise WrongCode


async def send_code_for_ticket(db: Database, tools: IdentityTools, *, ticket: str, client: Client) -> None:
    """A text to whoever the ticket speaks for. Raises TicketOver, and what `send_text_code` raises."""
    async with db.system() as uow:
        found = await challenges.look(uow, TICKET, ticket)
    if found is None or found.user_id is None:
        raise TicketOver
    await send_text_code(db, tools, found.user_id, client)


async def factors(uow: UnitOfWork, tools: IdentityTools, actor: Actor) -> Factors:
    """What the person has enrolled."""
    conn, user_id = uow.conn, actor.user_id
    app, phone = await store.totp(conn, user_id), await phone_store.phone(conn, user_id)
    number = await number_of(uow, tools, user_id)
    return Factors(
        methods=await second_factors_of(conn, user_id),
        totp_since=app.confirmed_at if app else None,
        phone_since=phone.verified_at if phone else None,
        phone_ending=hidden_number(number) if number else None,
        texts_available=tools.texts.configured,
        recovery_codes_left=await store.recovery_codes_left(conn, user_id),
        trusted_devices=await trust_store.count_trusted(conn, user_id, uow.clock.now()),
    )
