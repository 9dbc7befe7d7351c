"""How a sign-in becomes an answer: tokens in the body, or cookies for a browser that asks for them."""

from __future__ import annotations

from typing import TypeAlias
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie, State
from litestar.response import Redirect

from antiphon.domains.identity.api.sessions import csrf_token
from antiphon.domains.identity.api.views import EXPIRES_IN, SecondFactorNeeded, SignIn, TokenPair
from antiphon.domains.identity.cookies import AUTH_PATH, DEVICE_LIFE_S, CookieNames, cookie_names, from_our_page
from antiphon.domains.identity.errors import CsrfRefused, SecondFactorRequired
from antiphon.domains.identity.model import ACCESS_TOKEN_LIFE, REFRESH_TOKEN_LIFE
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client

__all__ = [
    "NO_STORE",
    "AnyRequest",
    "StepUpDone",
    "access_cookie",
    "expired_cookies",
    "names_for",
    "session_cookies",
    "signed_in_answer",
    "signed_in_redirect",
    "stepped_up_answer",
    "wants_cookies",
]

AnyRequest: TypeAlias = Request[object, object, State]
NO_STORE = {"Cache-Control": "no-store"}


class StepUpDone(msgspec.Struct, frozen=True, kw_only=True):
    """In cookie mode `access_token` is null: it came as a cookie."""

    access_token: str | None
    expires_in: int = EXPIRES_IN


def wants_cookies(request: AnyRequest, tools: IdentityTools) -> bool:
    """A page of ours asks for a session that no script can read. Raises CsrfRefused for a page of others."""
    if request.headers.get("antiphon-session", "").lower() != "cookie":
        return False
    if not from_our_page(request.headers, tools.config.site_url):
        raise CsrfRefused
    return True


def names_for(request: AnyRequest, tools: IdentityTools) -> CookieNames:
    return cookie_names(tools.config.site_url, request.headers.get("host", ""), request.headers.get("user-agent", ""))


def signed_in_answer(
    outcome: SignIn | SecondFactorNeeded,
    request: AnyRequest,
    tools: IdentityTools,
    client: Client,
    *,
    status_code: int = 200,
) -> Response[SignIn]:
    """Raises SecondFactorRequired, to be called when the unit of work is done: its ticket must last."""
    if isinstance(outcome, SecondFactorNeeded):
        raise SecondFactorRequired(ticket=outcome.ticket, methods=outcome.methods, headers=NO_STORE)
    if not wants_cookies(request, tools) or outcome.tokens is None:
        return Response(outcome, headers=NO_STORE, status_code=status_code)
    cookies = session_cookies(outcome.tokens, names_for(request, tools), client)
    answer = msgspec.structs.replace(outcome, tokens=None, csrf_token=_csrf(outcome.tokens, tools))
    return Response(answer, headers=NO_STORE, status_code=status_code, cookies=cookies)


def stepped_up_answer(access_token: str, request: AnyRequest, tools: IdentityTools) -> Response[StepUpDone]:
    """Somebody proved again who they are: the token says so, in the body or in its cookie."""
    if not wants_cookies(request, tools):
        return Response(StepUpDone(access_token=access_token), headers=NO_STORE)
    cookie = access_cookie(access_token, names_for(request, tools))
    return Response(StepUpDone(access_token=None), headers=NO_STORE, cookies=[cookie])


def signed_in_redirect(
    outcome: SignIn | SecondFactorNeeded, request: AnyRequest, tools: IdentityTools, client: Client, next_path: str
) -> Redirect:
    """For ceremonies that come back from elsewhere by a redirect: cookies, and on to a page of the client."""
    if isinstance(outcome, SecondFactorNeeded) or outcome.tokens is None:
        ticket = outcome.ticket if isinstance(outcome, SecondFactorNeeded) else ""
        methods = outcome.methods if isinstance(outcome, SecondFactorNeeded) else []
        pieces = urlencode({"ticket": ticket, "methods": ",".join(methods), "next": next_path})
        return Redirect(f"/sign-in/second-factor#{pieces}", status_code=303, headers=NO_STORE)
    cookies = session_cookies(outcome.tokens, names_for(request, tools), client)
    return Redirect(next_path, status_code=303, headers=NO_STORE, cookies=cookies)


def session_cookies(tokens: TokenPair, names: CookieNames, client: Client) -> list[Cookie]:
    """Access, refresh, and the device's own secret where this request made one."""
    cookies = [
        access_cookie(tokens.access_token, names),
        _cookie(names, names.refresh, tokens.refresh_token, int(REFRESH_TOKEN_LIFE.total_seconds()), AUTH_PATH),
    ]
    if client.new_device is not None:
        cookies.append(_cookie(names, names.device, client.new_device, DEVICE_LIFE_S))
    return cookies


def access_cookie(access_token: str, names: CookieNames) -> Cookie:
    return _cookie(names, names.access, access_token, int(ACCESS_TOKEN_LIFE.total_seconds()))


def expired_cookies(names: CookieNames) -> list[Cookie]:
    """What makes a browser forget its session; it stays the device that it was."""
    return [_cookie(names, names.access, "", 0), _cookie(names, names.refresh, "", 0, AUTH_PATH)]


def _cookie(names: CookieNames, name: str, value: str, max_age_s: int, path: str = "/") -> Cookie:
    return Cookie(
        name, value=value, max_age=max_age_s, path=path, httponly=True, secure=names.secure, samesite="strict"
    )


def _csrf(tokens: TokenPair, tools: IdentityTools) -> str | None:
    actor = tools.tokens.actor_of(tokens.access_token)
    return csrf_token(tools, actor.session_id) if actor and actor.session_id else None
