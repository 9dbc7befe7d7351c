"""The code flow of OAuth 2.0 as both kinds of provider have it: the address to go to, the code that comes back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from antiphon.adapters.oidc.client_auth import ClientAuth
from antiphon.adapters.oidc.config import Config
from antiphon.adapters.oidc.wire import Answer, Wire
from antiphon.domains.identity.errors import ProviderDenied, ProviderRefused, ProviderUnavailable
from antiphon.domains.identity.ports import ProviderFlow
from antiphon.kit.clock import Clock
from antiphon.kit.logs import get_logger

__all__ = ["Exchange", "GivenTokens"]

log = get_logger(__name__)
LONGEST_CODE = 4096
_CODE_OF_ERROR = re.compile(r"[a-z0-9_]{1,60}")
_DENIED = frozenset(
    {"access_denied", "user_cancelled_authorize", "login_required", "consent_required", "interaction_required"}
)
_STRANGER = frozenset({"invalid_client", "unauthorized_client", "redirect_uri_mismatch"})
_UNWELL = frozenset({"server_error", "temporarily_unavailable"})


class GivenTokens(msgspec.Struct):
    """RFC 6749, 5.1, with what OpenID Connect adds."""

    access_token: str | None = None
    id_token: str | None = None
    refresh_token: str | None = None


class Exchange:
    """Asks a provider in the name of our client."""

    def __init__(self, config: Config, auth: ClientAuth, wire: Wire, clock: Clock) -> None:
        self._config = config
        self._auth = auth
        self._wire = wire
        self._clock = clock

    def address(self, endpoint: str, flow: ProviderFlow, *, nonce: bool) -> str:
        """The provider's page with our question in it."""
        config = self._config
        question = {
            "response_type": "code",
            "client_id": config.client_id,
            "redirect_uri": flow.redirect_uri,
            "scope": " ".join(config.scopes),
            "state": flow.state,
            **config.asks,
        }
        if flow.anew and config.reauthenticates:
            question |= {"prompt": "login", "max_age": "0"}
        if config.answers_by == "form":
            question["response_mode"] = "form_post"
        if nonce:
            question["nonce"] = flow.nonce
        if config.pkce:
            question["code_challenge"] = str(create_s256_code_challenge(flow.verifier))
            question["code_challenge_method"] = "S256"
        kept = httpx.URL(endpoint).query.decode()
        return f"{endpoint.partition('?')[0]}?{kept + '&' if kept else ''}{urlencode(question)}"

    def code(self, answer: Mapping[str, str], *, issuer_said: bool) -> str:
        """The code that the browser brought. `issuer_said`: the provider always says who it is (RFC 9207).

        Raises ProviderDenied, ProviderRefused, ProviderUnavailable.
        """
        said = answer.get("iss")
        if said != self._config.issuer and (said is not None or issuer_said):
            raise ProviderRefused("mix_up")
        error = answer.get("error")
        if error is not None:
            raise self._error(error)
        code = answer.get("code", "")
        if not 0 < len(code) <= LONGEST_CODE:
            raise ProviderRefused("no_code")
        return code

    async def tokens(self, endpoint: str, flow: ProviderFlow, code: str) -> GivenTokens:
        """Raises ProviderRefused where the code is not one that was given to this browser, ProviderUnavailable."""
        answer = await self._redeem(endpoint, flow, code)
        if answer.status != 200 or "error" in answer.body:
            reason = _code_of(answer.body.get("error"))
            log.warning("provider refused the code", provider=self._config.id, reason=reason, status=answer.status)
            raise ProviderRefused(reason)
        try:
            return msgspec.convert(answer.body, GivenTokens)
        except msgspec.ValidationError:
            raise ProviderRefused("token_answer") from None

    async def knock(self, endpoint: str, redirect_uri: str) -> str:
        """Comes with a code that nobody gave out: who refuses the code has taken the client that brings it.

        Says in a few words what follows. Raises ProviderRefused where the client is refused, ProviderUnavailable.
        """
        made_up = secrets.token_urlsafe(32)
        flow = ProviderFlow(redirect_uri=redirect_uri, state=made_up, nonce=made_up, verifier=made_up)
        answer = await self._redeem(endpoint, flow, made_up)
        reason = _code_of(answer.body.get("error"))
        if reason in _STRANGER:
            raise ProviderRefused(reason)
        return "knows our client" if reason == "invalid_grant" else "does not say whether it knows our client"

    async def _redeem(self, endpoint: str, flow: ProviderFlow, code: str) -> Answer:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": flow.redirect_uri}
        if self._config.pkce:
            form["code_verifier"] = flow.verifier
        headers, proof = self._auth(endpoint, self._clock.now())
        return await self._wire.post(endpoint, form | proof, headers)

    async def revoke(self, endpoint: str, token: str) -> None:
        """RFC 7009. Raises ProviderUnavailable."""
        headers, proof = self._auth(endpoint, self._clock.now())
        await self._wire.tell(endpoint, {"token": token, "token_type_hint": "refresh_token"} | proof, headers)

    def _error(self, error: str) -> ProviderDenied | ProviderRefused | ProviderUnavailable:
        if error in _DENIED:
            return ProviderDenied(provider=self._config.id)
        if error in _UNWELL:
            return ProviderUnavailable(provider=self._config.id)
        log.warning("provider answered with an error", provider=self._config.id, reason=_code_of(error))
        return ProviderRefused(_code_of(error))


def _code_of(error: Any) -> str:
    """An error code as the RFC has them; anything else is not repeated."""
    return error if isinstance(error, str) and _CODE_OF_ERROR.fullmatch(error) else "provider_error"
