"""HTTP of the OpenID provider: `/oauth`, its discovery document, and the pages that look after apps."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any
from urllib.parse import unquote_plus

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, URLEncodedBody
from msgspec import Meta

from antiphon.domains.identity.api import apps
from antiphon.domains.identity.api.apps import AllowedApp, App, AppConsent, AppRequest, AppTokens
from antiphon.domains.identity.errors import AppRefused
from antiphon.domains.identity.model_apps import APP_SCOPES
from antiphon.domains.identity.routes.answers import NO_STORE, AnyRequest
from antiphon.domains.identity.signing_keys import ALGORITHM
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse

__all__ = ["handlers", "well_known"]

Short = Annotated[str, Meta(max_length=500)]


class NewApp(msgspec.Struct, frozen=True):
    """A `confidential` app runs on a server and gets a secret; one on its user's device cannot keep any."""

    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]
    redirect_uris: Annotated[list[Short], Meta(min_length=1, max_length=10)]
    confidential: bool = False


class AppAsked(msgspec.Struct, frozen=True):
    """The query that the app sent its user here with."""

    client_id: Short
    redirect_uri: Short
    response_type: Short
    code_challenge: Short
    code_challenge_method: Short
    scope: Short = "openid"
    state: Annotated[str, Meta(max_length=2000)] = ""
    nonce: Short = ""

    def request(self) -> AppRequest:
        return AppRequest(**{name: getattr(self, name) for name in AppRequest.__struct_fields__})


class AppAnswered(AppAsked, frozen=True, kw_only=True):
    allow: bool


class Onward(msgspec.Struct, frozen=True):
    """Where the browser goes next."""

    redirect_to: str


class TokenForm(msgspec.Struct, frozen=True):
    """RFC 6749, 4.1.3 and 6; a confidential app may send its secret as HTTP Basic instead."""

    grant_type: Short
    code: Short = ""
    redirect_uri: Short = ""
    code_verifier: Short = ""
    refresh_token: Short = ""
    client_id: Short = ""
    client_secret: Short = ""


class OAuthError(msgspec.Struct, frozen=True):
    """RFC 6749, 5.2: what OAuth clients understand in place of a problem document."""

    error: str
    error_description: str


@post("/oauth/consent", summary="What an app asks for", tags=["apps"], status_code=200, opt=needs("security.manage"))
async def describe(
    data: JSONBody[AppAsked], db: NamedDependency[Database], signed_in: NamedDependency[Actor]
) -> AppConsent:
    """For the page on which the person decides."""
    async with db.system() as uow:
        return await apps.describe_request(uow, signed_in, data.request())


@post(
    "/oauth/authorize", summary="Allow or refuse an app", tags=["apps"], status_code=200, opt=needs("security.manage")
)
async def authorize(
    data: JSONBody[AppAnswered],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Response[Onward]:
    async with db.system() as uow:
        onward = await apps.answer_request(uow, signed_in, data.request(), allow=data.allow, client=client)
    return Response(Onward(onward), headers=NO_STORE)


@post(
    "/oauth/token",
    summary="Tokens for an app",
    tags=["apps"],
    status_code=200,
    opt=needs("public"),
    responses={
        400: ResponseSpec(OAuthError, description="The code or token does not hold"),
        401: ResponseSpec(OAuthError, description="The app is not who it says"),
    },
)
async def token(
    data: URLEncodedBody[TokenForm],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> Response[AppTokens]:
    """`authorization_code` with PKCE, or `refresh_token`; errors are those of RFC 6749."""
    client_id, secret = _app_of(request, data)
    try:
        async with db.system() as uow:
            if data.grant_type == "authorization_code":
                made = await apps.exchange_code(
                    uow,
                    identity,
                    client_id=client_id,
                    secret=secret,
                    code=data.code,
                    redirect_uri=data.redirect_uri,
                    verifier=data.code_verifier,
                    client=client,
                )
            elif data.grant_type == "refresh_token":
                made = await apps.refresh_app(
                    uow, identity, client_id=client_id, secret=secret, refresh_token=data.refresh_token, client=client
                )
            else:
                return _refused("unsupported_grant_type")
    except AppRefused as error:
        return _refused(error.reason)
    return Response(made, headers=NO_STORE) if made else _refused("invalid_grant")


def _app_of(request: AnyRequest, form: TokenForm) -> tuple[str, str | None]:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.client_id, form.client_secret or None
    try:
        name, _, secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", None
    return unquote_plus(name), unquote_plus(secret)


def _refused(error: str) -> Response[AppTokens]:
    status = 401 if error == "invalid_client" else 400
    headers = {**NO_STORE, "WWW-Authenticate": "Basic"} if status == 401 else NO_STORE
    body = OAuthError(error, AppRefused.MEANINGS[error])
    return Response(body, status_code=status, headers=headers)  # type: ignore[arg-type]


@get("/oauth/userinfo", summary="Who has signed in to an app", tags=["apps"], opt=needs("account.identify"))
async def userinfo(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> Response[dict[str, Any]]:
    async with db.read() as conn:
        return Response(await apps.user_info(conn, signed_in), headers=NO_STORE)


@get("/users/me/apps", summary="Apps that one signed in to", tags=["apps"], opt=needs("security.manage"))
async def list_allowed(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> list[AllowedApp]:
    async with db.system() as uow:
        return await apps.allowed_apps(uow, signed_in)


@delete("/users/me/apps/{app_id:str}", summary="Sign an app out", tags=["apps"], opt=needs("security.manage"))
async def withdraw(
    app_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    async with db.system() as uow:
        await apps.withdraw_app(uow, signed_in, parse(Kind.APP, app_id), client)


@post("/apps", summary="Let an app sign people in", tags=["apps"], opt=needs("system.operate"))
async def make(
    data: JSONBody[NewApp],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Response[App]:
    """Needs a fresh sign-in. Its `id` is the OAuth `client_id`."""
    async with db.system() as uow:
        made = await apps.make_app(
            uow,
            signed_in,
            name=data.name,
            redirect_uris=data.redirect_uris,
            confidential=data.confidential,
            client=client,
        )
    return Response(made, headers=NO_STORE)


@get("/apps", summary="Apps that sign people in", tags=["apps"], opt=needs("system.operate"))
async def list_apps(db: NamedDependency[Database]) -> list[App]:
    async with db.system() as uow:
        return await apps.apps(uow.conn)


@delete("/apps/{app_id:str}", summary="End an app", tags=["apps"], opt=needs("system.operate"))
async def drop(
    app_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    async with db.system() as uow:
        await apps.drop_app(uow, signed_in, parse(Kind.APP, app_id), client)


class ProviderDocument(msgspec.Struct, frozen=True, kw_only=True):
    """OpenID Connect Discovery 1.0."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    grant_types_supported: list[str]
    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    code_challenge_methods_supported: list[str]


@get("/.well-known/openid-configuration", summary="The OpenID provider", tags=["apps"])
async def discovery(identity: NamedDependency[IdentityTools]) -> Response[ProviderDocument]:
    site = identity.config.site_url
    found = ProviderDocument(
        issuer=site,
        authorization_endpoint=f"{site}/authorize",
        token_endpoint=f"{site}/api/v1/oauth/token",
        userinfo_endpoint=f"{site}/api/v1/oauth/userinfo",
        jwks_uri=f"{site}/.well-known/jwks.json",
        scopes_supported=sorted(APP_SCOPES),
        response_types_supported=["code"],
        grant_types_supported=["authorization_code", "refresh_token"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=[ALGORITHM],
        token_endpoint_auth_methods_supported=["none", "client_secret_basic", "client_secret_post"],
        code_challenge_methods_supported=["S256"],
    )
    return Response(found, headers={"Cache-Control": "public, max-age=3600"})


well_known = [discovery]
handlers = [describe, authorize, token, userinfo, list_allowed, withdraw, make, list_apps, drop]
