"""Going to a provider and coming back: one browser, one state, one answer."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import msgspec

from antiphon.domains.identity.api import challenges
from antiphon.domains.identity.api.challenges import Challenge
from antiphon.domains.identity.api.linked import ForeignIdentity
from antiphon.domains.identity.errors import ProviderUnknown, SignInFlowEnded
from antiphon.domains.identity.model_providers import FLOW_LIFE, PENDING_LIFE, callback_address
from antiphon.domains.identity.ports import Claims, IdentityProvider, ProviderFlow
from antiphon.domains.identity.tokens import new_opaque_token
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.secrets import token_digest

__all__ = ["Flow", "Pending", "Purpose", "answer_of", "begin", "come_back", "held", "hold", "provider_of"]

FLOW = "provider_flow"
PENDING = "provider_pending"
Purpose = Literal["sign_in", "link", "step_up"]


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """What we remember of a browser while it is away. `browser`, `device` and `invitation` are digests.

    Its device is noted before it leaves: the cookie that tells it stays behind when another site sends people here.
    """

    provider: str
    browser: bytes
    purpose: Purpose = "sign_in"
    next: str = "/"
    user_id: UUID | None = None
    session_id: UUID | None = None
    device: bytes | None = None
    invitation: bytes | None = None
    nonce: str = ""
    verifier: str = ""


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom a provider knows and we do not yet, though an account has the address that it told.

    Whose account that is must be shown by signing in to it.
    """

    identity: ForeignIdentity
    browser: bytes
    name: str | None
    invitation: bytes | None = None
    next: str = "/"


def provider_of(tools: IdentityTools, provider_id: str) -> IdentityProvider:
    """Raises ProviderUnknown."""
    provider = tools.providers.get(provider_id)
    if provider is None:
        raise ProviderUnknown
    return provider


async def begin(db: Database, tools: IdentityTools, flow: Flow) -> str:
    """The provider's address for this browser. Holds no connection while the provider is asked.

    Raises ProviderUnknown, ProviderUnavailable.
    """
    provider = provider_of(tools, flow.provider)
    flow = msgspec.structs.replace(flow, nonce=new_opaque_token(), verifier=new_opaque_token())
    async with db.system() as uow:
        state = await challenges.start(uow, FLOW, life=FLOW_LIFE, user_id=flow.user_id, data=_plain(flow))
    return await provider.start(_sent(tools, flow, state))


async def come_back(db: Database, provider_id: str, state: str, browser: str | None) -> Flow:
    """What this browser left with; once. Raises SignInFlowEnded."""
    async with db.system() as uow:
        found = await challenges.look(uow, FLOW, state)
        flow = msgspec.convert(found.data, Flow) if found else None
        if flow is None or flow.provider != provider_id or not _same_browser(flow.browser, browser):
            raise SignInFlowEnded
        if await challenges.take(uow, FLOW, state) is None:
            raise SignInFlowEnded
    return flow


async def answer_of(tools: IdentityTools, flow: Flow, state: str, answer: Mapping[str, str]) -> Claims:
    """Raises ProviderUnknown, ProviderDenied, ProviderRefused, ProviderUnavailable."""
    return await provider_of(tools, flow.provider).finish(_sent(tools, flow, state), answer)


async def hold(uow: UnitOfWork, pending: Pending) -> str:
    """A ticket for who has a step to take before the sign-in leads into an account; worth nothing elsewhere."""
    kept = msgspec.structs.replace(pending, identity=pending.identity.without_token())
    return await challenges.start(uow, PENDING, life=PENDING_LIFE, data=_plain(kept))


async def held(uow: UnitOfWork, ticket: str, browser: str | None) -> tuple[Challenge, Pending]:
    """What a ticket of this browser stands for. `challenges.finish` ends it. Raises SignInFlowEnded."""
    found = await challenges.look(uow, PENDING, ticket)
    pending = msgspec.convert(found.data, Pending) if found else None
    if found is None or pending is None or not _same_browser(pending.browser, browser):
        raise SignInFlowEnded
    return found, pending


def _same_browser(expected: bytes, browser: str | None) -> bool:
    return browser is not None and hmac.compare_digest(expected, token_digest(browser))


def _plain(value: Flow | Pending) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(value)
    return plain


def _sent(tools: IdentityTools, flow: Flow, state: str) -> ProviderFlow:
    return ProviderFlow(
        redirect_uri=callback_address(tools.config.site_url, flow.provider),
        state=state,
        nonce=flow.nonce,
        verifier=flow.verifier,
        anew=flow.purpose == "step_up",
    )
