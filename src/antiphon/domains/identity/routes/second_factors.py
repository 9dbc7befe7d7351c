"""HTTP of second factors: `/auth/mfa`, `/auth/step-up`, and what a person has enrolled."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from antiphon.domains.identity.api import credentials, mfa, passkeys, recovery_codes, text_codes, totp, trust
from antiphon.domains.identity.api.factor_removal import Removable, remove_factor, remove_factor_with_passkey
from antiphon.domains.identity.api.mfa import Factors
from antiphon.domains.identity.api.second_factors import second_factors_of
from antiphon.domains.identity.api.totp import RecoveryCodes, TotpEnrolment
from antiphon.domains.identity.api.trust import TrustedDevice
from antiphon.domains.identity.api.views import SignIn
from antiphon.domains.identity.passkeys import AuthenticationCredential
from antiphon.domains.identity.routes import answers
from antiphon.domains.identity.routes.answers import NO_STORE, AnyRequest, StepUpDone
from antiphon.domains.identity.routes.bodies import AnyPassword, OpaqueToken
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.cost import costs
from antiphon.kit.db import Database
from antiphon.kit.errors import FieldProblem, Invalid
from antiphon.kit.ids import Kind, parse

__all__ = ["handlers"]

MANAGE = needs("security.manage")
PROOF = MANAGE | costs("sign_in")
Code = Annotated[
    str, Meta(min_length=1, max_length=40, description="As it was typed or pasted", examples=["123 456", "gh2km-7x0pq"])
]
AnyCode = Annotated[str, Meta(max_length=40)]
Number = Annotated[str, Meta(min_length=1, max_length=40, description="E.164", examples=["+49 151 12345678"])]


class FirstCode(msgspec.Struct, frozen=True):
    code: Code


class Proof(msgspec.Struct, frozen=True):
    """With the method `passkey` a credential, with any other a code."""

    method: Literal["totp", "sms", "recovery", "passkey"]
    code: AnyCode = ""
    credential: AuthenticationCredential | None = None


class Telephone(msgspec.Struct, frozen=True):
    number: Number


class Ticket(msgspec.Struct, frozen=True):
    ticket: OpaqueToken


class SecondStep(msgspec.Struct, frozen=True):
    """With the method `passkey` a credential, with any other a code. `trust_device`: this device is asked for no
    second factor for thirty days.
    """

    ticket: OpaqueToken
    method: Literal["totp", "sms", "recovery", "passkey"]
    code: AnyCode = ""
    credential: AuthenticationCredential | None = None
    trust_device: bool = False


class StepUp(msgspec.Struct, frozen=True):
    """With the method `password` a password, with `passkey` a credential, with any other a code."""

    method: Literal["password", "totp", "sms", "recovery", "passkey"] = "password"
    password: AnyPassword = ""
    code: AnyCode = ""
    credential: AuthenticationCredential | None = None


def _credential(data: SecondStep | StepUp | Proof) -> AuthenticationCredential:
    if data.credential is None:
        raise Invalid(FieldProblem("/credential", "missing", "A passkey is shown by its credential."))
    return data.credential


@get("/users/me/factors", summary="The second factors that one has", tags=["identity"], opt=MANAGE)
async def get_factors(
    db: NamedDependency[Database], identity: NamedDependency[IdentityTools], signed_in: NamedDependency[Actor]
) -> Factors:
    async with db.unit(signed_in.user_id) as uow:
        return await mfa.factors(uow, identity, signed_in)


@post("/auth/mfa/totp/enrol", summary="Begin with an authenticator app", tags=["identity"], opt=MANAGE)
async def enrol_totp(
    db: NamedDependency[Database], identity: NamedDependency[IdentityTools], signed_in: NamedDependency[Actor]
) -> Response[TotpEnrolment]:
    """It counts once its first code was confirmed. Needs a fresh sign-in."""
    async with db.unit(signed_in.user_id) as uow:
        made = await totp.enrol_totp(uow, identity, signed_in)
    return Response(made, headers=NO_STORE)


@post(
    "/auth/mfa/totp/confirm",
    summary="Show the first code of an authenticator app",
    tags=["identity"],
    status_code=200,
    opt=PROOF,
)
async def confirm_totp(
    data: JSONBody[FirstCode],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Response[RecoveryCodes]:
    """From now on sign-ins ask for it. With the first factor come ten recovery codes, which are shown here only."""
    made = await totp.confirm_totp(db, identity, signed_in, code=data.code, client=client)
    return Response(made, headers=NO_STORE)


@post(
    "/auth/mfa/totp/disable",
    summary="Take the authenticator app away",
    tags=["identity"],
    status_code=204,
    opt=PROOF,
)
async def disable_totp(
    data: JSONBody[Proof],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Shown a code of any factor, or a passkey (`purpose` `step_up`). Needs a fresh sign-in."""
    await _take_away(db, identity, signed_in, "totp", data, client)


async def _take_away(
    db: Database, identity: IdentityTools, actor: Actor, factor: Removable, data: Proof, client: Client
) -> None:
    if data.method == "passkey":
        shown = _credential(data)
        await remove_factor_with_passkey(db, identity, actor, factor=factor, credential=shown, client=client)
    else:
        await remove_factor(db, identity, actor, factor=factor, method=data.method, code=data.code, client=client)


@post("/auth/mfa/sms/enrol", summary="Send a code to a number", tags=["identity"], status_code=202, opt=PROOF)
async def enrol_sms(
    data: JSONBody[Telephone],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """The number counts once its code was confirmed. Needs a fresh sign-in."""
    await text_codes.add_number(db, identity, signed_in, number=data.number, client=client)


@post("/auth/mfa/sms/confirm", summary="Show the code of a number", tags=["identity"], status_code=200, opt=PROOF)
async def confirm_sms(
    data: JSONBody[FirstCode],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Response[RecoveryCodes]:
    """From now on it can be a second factor. With the first factor come ten recovery codes, shown here only."""
    made = await text_codes.confirm_number(db, identity, signed_in, code=data.code, client=client)
    return Response(made, headers=NO_STORE)


@post("/auth/mfa/sms/disable", summary="Take the telephone away", tags=["identity"], status_code=204, opt=PROOF)
async def disable_sms(
    data: JSONBody[Proof],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Shown a code of any factor, or a passkey (`purpose` `step_up`). Needs a fresh sign-in."""
    await _take_away(db, identity, signed_in, "sms", data, client)


@post("/auth/mfa/recovery-codes", summary="Make new recovery codes", tags=["identity"], opt=MANAGE)
async def make_recovery_codes(
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Response[RecoveryCodes]:
    """The old ones stop working; the new ones are shown here only. Needs a fresh sign-in."""
    async with db.system() as uow:
        enrolled = await second_factors_of(uow.conn, signed_in.user_id)
        codes = await recovery_codes.regenerate(uow, identity, signed_in, client, enrolled=enrolled)
    return Response(RecoveryCodes(recovery_codes=codes), headers=NO_STORE)


@post(
    "/auth/mfa/sms/send",
    summary="Have a code sent, in the middle of a sign-in",
    tags=["identity"],
    status_code=202,
    opt=needs("public") | costs("sign_in"),
)
async def send_sms(
    data: JSONBody[Ticket],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> None:
    """Whoever wants in has shown the first factor, and holds a ticket."""
    await mfa.send_code_for_ticket(db, identity, ticket=data.ticket, client=client)


@post(
    "/auth/mfa/verify",
    summary="End a sign-in with a second factor",
    tags=["identity"],
    status_code=200,
    opt=needs("public") | costs("sign_in"),
)
async def verify(
    data: JSONBody[SecondStep],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> Response[SignIn]:
    """A ticket takes five tries. A wrong code and a factor that is not there look alike."""
    ticket, trust_device = data.ticket, data.trust_device
    if data.method == "passkey":
        shown = _credential(data)
        outcome = await passkeys.end_sign_in(
            db, identity, ticket=ticket, credential=shown, trust_device=trust_device, client=client
        )
    else:
        outcome = await mfa.verify(
            db,
            identity,
            ticket=ticket,
            method=data.method,
            code=data.code,
            trust_device=trust_device,
            client=client,
        )
    return answers.signed_in_answer(outcome, request, identity, client)


@post("/auth/step-up", summary="Prove again who one is", tags=["identity"], status_code=200, opt=PROOF)
async def step_up(
    data: JSONBody[StepUp],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
    signed_in: NamedDependency[Actor],
) -> Response[StepUpDone]:
    """For ten minutes, what asks for a fresh look at who asks is content.

    Whoever enrolled a second factor shows that, or a passkey; their password alone is refused.
    """
    if data.method == "password":
        token = await credentials.step_up_with_password(db, identity, signed_in, password=data.password, client=client)
    elif data.method == "passkey":
        token = await passkeys.step_up_with_passkey(
            db, identity, signed_in, credential=_credential(data), client=client
        )
    else:
        token = await mfa.step_up_with_code(db, identity, signed_in, method=data.method, code=data.code, client=client)
    return answers.stepped_up_answer(token, request, identity)


@post("/auth/step-up/sms", summary="Have a code sent, to prove oneself", tags=["identity"], status_code=202, opt=PROOF)
async def send_sms_for_step_up(
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """To the number that the person has proven."""
    await text_codes.send_text_code(db, identity, signed_in.user_id, client)


@get("/users/me/trusted-devices", summary="Devices without a second factor", tags=["identity"], opt=MANAGE)
async def list_trusted_devices(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor], client: NamedDependency[Client]
) -> list[TrustedDevice]:
    async with db.unit(signed_in.user_id) as uow:
        return await trust.trusted_devices(uow.conn, signed_in, client, uow.clock.now())


@delete("/users/me/trusted-devices", summary="Trust no device any more", tags=["identity"], opt=MANAGE)
async def distrust_all(
    db: NamedDependency[Database], signed_in: NamedDependency[Actor], client: NamedDependency[Client]
) -> None:
    async with db.unit(signed_in.user_id) as uow:
        await trust.distrust_all(uow, signed_in.user_id, client)


@delete("/users/me/trusted-devices/{device_id:str}", summary="Trust a device no more", tags=["identity"], opt=MANAGE)
async def distrust(
    device_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Its session goes on; the next sign-in asks for a second factor again."""
    async with db.unit(signed_in.user_id) as uow:
        await trust.distrust(uow, signed_in, parse(Kind.TRUSTED_DEVICE, device_id), client)


handlers = [
    get_factors,
    enrol_totp,
    confirm_totp,
    disable_totp,
    enrol_sms,
    confirm_sms,
    disable_sms,
    make_recovery_codes,
    send_sms,
    verify,
    step_up,
    send_sms_for_step_up,
    list_trusted_devices,
    distrust_all,
    distrust,
]
