"""The two kinds of provider: OpenID Connect, and OAuth 2.0 with a profile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from antiphon.adapters.oidc.client_auth import client_auth
from antiphon.adapters.oidc.config import Config
from antiphon.adapters.oidc.directory import Directory
from antiphon.adapters.oidc.exchange import Exchange
from antiphon.adapters.oidc.id_token import LONGEST_SUBJECT, Expected, checked
from antiphon.adapters.oidc.presets import AnswersBy, Endpoints
from antiphon.adapters.oidc.profile import apple_name, said, shaped, truthy
from antiphon.adapters.oidc.wire import PATIENCE_S, Wire, is_loopback
from antiphon.domains.identity.errors import ProviderRefused
from antiphon.domains.identity.ports import Claims, ProviderFlow
from antiphon.kit.clock import Clock

__all__ = ["OidcProvider", "ProfileProvider"]


class _Provider:
    def __init__(self, config: Config, clock: Clock, *, patience_s: float = PATIENCE_S) -> None:
        """`patience_s` bounds every single question to the provider. Raises SettingsError for an unusable key."""
        self._config = config
        self._clock = clock
        self._wire = Wire(config.id, patience_s=patience_s, local=is_loopback(config.issuer))
        self._exchange = Exchange(config, client_auth(config), self._wire, clock)

    @property
    def id(self) -> str:
        return self._config.id

    @property
    def name(self) -> str:
        return self._config.name

    @property
    def icon(self) -> str:
        return self._config.icon

    @property
    def answers_by(self) -> AnswersBy:
        return self._config.answers_by

    async def close(self) -> None:
        await self._wire.close()

    def _claims(self, told: Mapping[str, Any], refresh_token: str | None) -> Claims:
        """`told` has been checked, and `sub` is a text."""
        email = said(told.get("email"))
        verified = email is not None and self._config.trust_email and truthy(told.get("email_verified"))
        return Claims(
            issuer=self._config.issuer,
            subject=told["sub"],
            email=email,
            email_verified=verified,
            name=said(told.get("name")),
            refresh_token=refresh_token if self._config.keep_tokens else None,
        )


class OidcProvider(_Provider):
    """Who somebody is stands in a signed token, bound to this sign-in by its nonce."""

    def __init__(self, config: Config, clock: Clock, *, patience_s: float = PATIENCE_S) -> None:
        super().__init__(config, clock, patience_s=patience_s)
        self._directory = Directory(config, self._wire, clock)

    async def start(self, flow: ProviderFlow) -> str:
        metadata = await self._directory.metadata()
        return self._exchange.address(metadata.authorization_endpoint, flow, nonce=True)

    async def finish(self, flow: ProviderFlow, answer: Mapping[str, str]) -> Claims:
        metadata = await self._directory.metadata()
        code = self._exchange.code(answer, issuer_said=metadata.authorization_response_iss_parameter_supported)
        given = await self._exchange.tokens(metadata.token_endpoint, flow, code)
        if given.id_token is None:
            raise ProviderRefused("no_id_token")
        expected = Expected(
            nonce=flow.nonce,
            access_token=given.access_token,
            now=self._clock.now(),
            anew=flow.anew and self._config.reauthenticates,
        )
        told = await checked(given.id_token, self._config, self._directory.key, expected)
        if "email" not in told and metadata.userinfo_endpoint is not None and given.access_token is not None:
            told = await self._with_userinfo(told, metadata.userinfo_endpoint, given.access_token)
        if self._config.answers_by == "form" and "name" not in told:
            told = {**told, "name": apple_name(answer.get("user"))}
        return self._claims(told, given.refresh_token)

    async def forget(self, refresh_token: str) -> None:
        metadata = await self._directory.metadata()
        if metadata.revocation_endpoint is not None:
            await self._exchange.revoke(metadata.revocation_endpoint, refresh_token)

    async def check(self, redirect_uri: str) -> str:
        metadata = await self._directory.metadata()
        keys = await self._directory.fitting_keys()
        said = await self._exchange.knock(metadata.token_endpoint, redirect_uri)
        return f"{self._config.issuer} has {keys} {'key' if keys == 1 else 'keys'} for its tokens and {said}"

    async def _with_userinfo(self, told: dict[str, Any], endpoint: str, access_token: str) -> dict[str, Any]:
        """5.3.2: an answer about somebody else is an attack, not a profile."""
        more = await self._wire.get(endpoint, bearer=access_token)
        if more.get("sub") != told["sub"]:
            raise ProviderRefused("userinfo_subject")
        return {**more, **told}


class ProfileProvider(_Provider):
    """Who somebody is stands in the profile that the code's own access token opens; no address in it is proven."""

    def __init__(self, config: Config, endpoints: Endpoints, clock: Clock, *, patience_s: float = PATIENCE_S) -> None:
        super().__init__(config, clock, patience_s=patience_s)
        self._endpoints = endpoints

    async def start(self, flow: ProviderFlow) -> str:
        return self._exchange.address(self._endpoints.authorize, flow, nonce=False)

    async def finish(self, flow: ProviderFlow, answer: Mapping[str, str]) -> Claims:
        code = self._exchange.code(answer, issuer_said=False)
        given = await self._exchange.tokens(self._endpoints.token, flow, code)
        if given.access_token is None:
            raise ProviderRefused("no_access_token")
        profile = await self._wire.get(self._endpoints.profile, bearer=given.access_token)
        told = shaped(profile, self._endpoints.shape)
        subject = told["sub"]
        if not isinstance(subject, str) or not 1 <= len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
            raise ProviderRefused("subject")
        return self._claims(told, given.refresh_token)

    async def forget(self, refresh_token: str) -> None:
        if self._endpoints.revoke is not None:
            await self._exchange.revoke(self._endpoints.revoke, refresh_token)

    async def check(self, redirect_uri: str) -> str:
        return f"{self._config.issuer} {await self._exchange.knock(self._endpoints.token, redirect_uri)}"
