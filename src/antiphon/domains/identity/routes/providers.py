"""HTTP of signing in elsewhere: `/auth/oidc`, and the linked sign-ins of an account."""

from __future__ import annotations

import secrets
from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter, URLEncodedBody
from litestar.response import Redirect
from msgspec import Meta

from antiphon.domains.identity.api import arrivals, linked, provider_flows
from antiphon.domains.identity.api.arrivals import Arrival, CameIn, CheckMail, OneMoreStep, SteppedUp
from antiphon.domains.identity.api.linked import LinkedSignIn
from antiphon.domains.identity.api.provider_flows import Flow, Purpose
from antiphon.domains.identity.api.second_factors import require_enough
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.errors import AccountClosing
from antiphon.domains.identity.model_providers import FLOW_LIFE, PENDING_LIFE, own_path
from antiphon.domains.identity.routes import answers
from antiphon.domains.identity.routes.answers import NO_STORE, AnyRequest
from antiphon.domains.identity.routes.bodies import OpaqueToken
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.db import Database
from antiphon.kit.errors import AppError, Unauthenticated
from antiphon.kit.ids import Kind, parse
from antiphon.kit.secrets import token_digest

__all__ = ["handlers"]

SECURITY_PAGE = "/settings/security"
CANCEL_DELETION = "/deletion/cancel"
ANSWER_MAX = 4096
NextPath = Annotated[str | None, QueryParameter(name="next", description="The page of ours to end on", max_length=512)]
Invitation = Annotated[str | None, QueryParameter(description="For newcomers, where one is needed", max_length=200)]
Said = Annotated[str | None, QueryParameter(max_length=ANSWER_MAX)]
State = Annotated[str | None, QueryParameter(name="state", max_length=ANSWER_MAX)]
SaidByForm = Annotated[str, Meta(max_length=ANSWER_MAX)]


class ProviderForm(msgspec.Struct, frozen=True):
    """What a provider has the browser post (`response_mode=form_post`)."""

    state: SaidByForm
    code: SaidByForm | None = None
    error: SaidByForm | None = None
    iss: SaidByForm | None = None
    user: SaidByForm | None = None


class Leaving(msgspec.Struct, frozen=True):
    """Where the page goes now: the provider's address, good for ten minutes in this browser."""

    location: str


class NewLink(msgspec.Struct, frozen=True):
    provider: Annotated[str, Meta(max_length=30)]
    next: Annotated[str, Meta(max_length=512)] | None = None


class StepUpElsewhere(msgspec.Struct, frozen=True):
    next: Annotated[str, Meta(max_length=512)] | None = None


class PendingTicket(msgspec.Struct, frozen=True):
    ticket: OpaqueToken


class PendingSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who waits at the door, and the address that the provider told, which has an account here."""

    provider: str
    provider_name: str
    email: str | None
    next: str


@get(
    "/auth/oidc/{provider:str}/start",
    summary="Go to a provider to sign in",
    tags=["identity"],
    status_code=303,
    opt=needs("public"),
)
async def start(
    provider: FromPath[str],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
    next_path: NextPath = None,
    invitation: Invitation = None,
) -> Redirect:
    """For a browser to navigate to. Failures lead back to the page of sign-in, with `problem` in its address."""
    browser = _browser(request, identity)
    flow = Flow(
        provider=provider,
        browser=token_digest(browser),
        next=own_path(next_path),
        device=client.device,
        invitation=token_digest(invitation) if invitation else None,
    )
    try:
        location = await provider_flows.begin(db, identity, flow)
    except AppError as error:
        return _led_back(request, error, "sign_in", flow.next)
    return Redirect(location, status_code=303, headers=NO_STORE, cookies=[_flow_cookie(request, identity, browser)])


@post(
    "/auth/oidc/{provider:str}/callback",
    summary="Where a provider posts people back to",
    tags=["identity"],
    status_code=303,
    opt=needs("public"),
)
async def callback_by_form(provider: FromPath[str], data: URLEncodedBody[ProviderForm]) -> Redirect:
    """Nothing is decided here: a browser keeps our cookies back when another site posts, and sends them on a GET."""
    given = msgspec.structs.asdict(data)
    said = {name: value for name, value in given.items() if value is not None}
    return Redirect(f"/api/v1/auth/oidc/{provider}/callback", query_params=said, status_code=303, headers=NO_STORE)


@get(
    "/auth/oidc/{provider:str}/callback",
    summary="Where a provider sends people back to",
    tags=["identity"],
    status_code=303,
    opt=needs("public"),
)
async def callback(
    provider: FromPath[str],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
    given_state: State = None,
    code: Said = None,
    error: Said = None,
    iss: Said = None,
    user: Said = None,
) -> Redirect:
    """The parameters are those of OAuth 2; a state works once, in the browser that it was made for."""
    said = {"code": code, "error": error, "iss": iss, "user": user}
    purpose: Purpose = "sign_in"
    back = "/"
    try:
        browser = request.cookies.get(answers.names_for(request, identity).flow)
        flow = await provider_flows.come_back(db, provider, given_state or "", browser)
        purpose, back = flow.purpose, flow.next
        answer = {name: value for name, value in said.items() if value is not None}
        claims = await provider_flows.answer_of(identity, flow, given_state or "", answer)
        client = _as_device(client, flow)
        arrival = await arrivals.arrive(db, identity, flow, claims, client)
    except AppError as problem:
        return _led_back(request, problem, purpose, back)
    return _led_on(request, identity, arrival, flow, client, browser or "")


def _led_on(
    request: AnyRequest, tools: IdentityTools, arrival: Arrival, flow: Flow, client: Client, browser: str
) -> Redirect:
    if isinstance(arrival, CameIn):
        return answers.signed_in_redirect(arrival.outcome, request, tools, client, flow.next)
    cookies: list[Cookie] = []
    where = flow.next
    if isinstance(arrival, SteppedUp):
        cookies = [answers.access_cookie(arrival.access_token, answers.names_for(request, tools))]
    elif isinstance(arrival, OneMoreStep):
        where = f"/sign-in/link-account#ticket={arrival.ticket}"
        cookies = [_flow_cookie(request, tools, browser, int(PENDING_LIFE.total_seconds()))]
    elif isinstance(arrival, CheckMail):
        where = "/sign-up?state=check_mail"
    return Redirect(where, status_code=303, headers=NO_STORE, cookies=cookies)


def _led_back(request: AnyRequest, error: AppError, purpose: Purpose, back: str) -> Redirect:
    """Who navigates gets a page; who asks for anything else gets the refusal itself."""
    if "text/html" not in request.headers.get("accept", ""):
        raise error
    if isinstance(error, AccountClosing):
        where = f"{CANCEL_DELETION}#cancel_deletion={error.data['ticket']}"
        return Redirect(where, status_code=303, headers=NO_STORE)
    if purpose == "sign_in":
        query = {"problem": error.code, **({"next": back} if back != "/" else {})}
        return Redirect("/sign-in", query_params=query, status_code=303, headers=NO_STORE)
    return Redirect(SECURITY_PAGE, query_params={"problem": error.code}, status_code=303, headers=NO_STORE)


@post(
    "/auth/oidc/{provider:str}/step-up",
    summary="Go to a provider to prove again who one is",
    tags=["identity"],
    status_code=200,
    opt=needs("security.manage"),
)
async def step_up_elsewhere(
    provider: FromPath[str],
    data: JSONBody[StepUpElsewhere],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
) -> Response[Leaving]:
    """Only a sign-in that is linked to the account will do, and none where a second factor is enrolled."""
    async with db.unit(signed_in.user_id) as uow:
        await require_enough(uow.conn, signed_in.user_id, f"oidc:{provider}")
    return await _leave(request, db, identity, signed_in, provider, "step_up", data.next)


@get(
    "/users/me/linked-sign-ins",
    summary="Sign-ins elsewhere that lead into one's account",
    tags=["identity"],
    opt=needs("security.manage"),
)
async def list_linked(
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
) -> list[LinkedSignIn]:
    async with db.unit(signed_in.user_id) as uow:
        return await linked.own(uow.conn, identity.providers, signed_in.user_id)


@post(
    "/users/me/linked-sign-ins",
    summary="Go to a provider to link a sign-in",
    tags=["identity"],
    status_code=200,
    opt=needs("security.manage"),
)
async def link(
    data: JSONBody[NewLink],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
) -> Response[Leaving]:
    """Needs a fresh sign-in."""
    require_fresh(signed_in, db.clock)
    return await _leave(request, db, identity, signed_in, data.provider, "link", data.next)


@post(
    "/users/me/linked-sign-ins/confirm",
    summary="Link the sign-in that one came with",
    tags=["identity"],
    status_code=204,
    opt=needs("security.manage"),
)
async def confirm(
    data: JSONBody[PendingTicket],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Where an address had an account already: after having signed in to that. Needs a fresh sign-in."""
    browser = request.cookies.get(answers.names_for(request, identity).flow)
    async with db.system() as uow:
        await arrivals.confirm(uow, signed_in, ticket=data.ticket, browser=browser, client=client)


@delete(
    "/users/me/linked-sign-ins/{linked_id:str}",
    summary="Unlink a sign-in",
    tags=["identity"],
    opt=needs("security.manage"),
)
async def unlink(
    linked_id: FromPath[str],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Not the last way into the account (409 `last_way_in`). Needs a fresh sign-in."""
    await linked.remove(db, identity, signed_in, parse(Kind.LINKED, linked_id), client)


@post(
    "/auth/oidc/pending",
    summary="What a ticket from a provider waits for",
    tags=["identity"],
    status_code=200,
    opt=needs("public"),
)
async def pending(
    data: JSONBody[PendingTicket],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
) -> Response[PendingSignIn]:
    """Told to the browser that came back with it, and to nobody else."""
    browser = request.cookies.get(answers.names_for(request, identity).flow)
    async with db.system() as uow:
        _, found = await provider_flows.held(uow, data.ticket, browser)
    provider = provider_flows.provider_of(identity, found.identity.provider)
    told = PendingSignIn(
        provider=provider.id,
        provider_name=provider.name,
        email=found.identity.email,
        next=found.next,
    )
    return Response(told, headers=NO_STORE)


async def _leave(
    request: AnyRequest,
    db: Database,
    tools: IdentityTools,
    actor: Actor,
    provider: str,
    purpose: Purpose,
    next_path: str | None,
) -> Response[Leaving]:
    if actor.session_id is None:
        raise Unauthenticated
    browser = _browser(request, tools)
    flow = Flow(
        provider=provider,
        browser=token_digest(browser),
        purpose=purpose,
        next=own_path(next_path) if next_path else SECURITY_PAGE,
        user_id=actor.user_id,
        session_id=actor.session_id,
    )
    location = await provider_flows.begin(db, tools, flow)
    return Response(Leaving(location), headers=NO_STORE, cookies=[_flow_cookie(request, tools, browser)])


def _browser(request: AnyRequest, tools: IdentityTools) -> str:
    """The secret that a browser has under way, the same for several tabs of it; else a new one."""
    kept = request.cookies.get(answers.names_for(request, tools).flow, "")
    return kept if len(kept) == 43 else secrets.token_urlsafe(32)


def _flow_cookie(
    request: AnyRequest, tools: IdentityTools, browser: str, max_age_s: int = int(FLOW_LIFE.total_seconds())
) -> Cookie:
    """`Lax`: it must come along when the provider sends the browser back."""
    names = answers.names_for(request, tools)
    return Cookie(
        names.flow, value=browser, max_age=max_age_s, path="/", httponly=True, secure=names.secure, samesite="lax"
    )


def _as_device(client: Client, flow: Flow) -> Client:
    """The device that left; one that was none yet becomes one."""
    if flow.device is not None:
        return msgspec.structs.replace(client, device=flow.device, new_device=None)
    secret = secrets.token_urlsafe(32)
    return msgspec.structs.replace(client, device=token_digest(secret), new_device=secret)


handlers = [
    start,
    callback,
    callback_by_form,
    step_up_elsewhere,
    list_linked,
    link,
    confirm,
    unlink,
    pending,
]
