"""Whom a call speaks for: an app password, plain, in hexadecimal or as a salted MD5; or an API key by itself."""

from __future__ import annotations

from antiphon.domains.identity.api import Actor, BadAppCredentials, app_sign_in
from antiphon.entry.bootstrap import House
from antiphon.entry.subsonic.failures import (
    CONFLICTING_CREDENTIALS,
    WRONG_API_KEY,
    WRONG_CREDENTIALS,
    Failed,
    missing,
)
from antiphon.entry.subsonic.params import Params

__all__ = ["sign_in"]


async def sign_in(house: House, params: Params) -> Actor:
    """What is empty was not said: some apps send an empty `p` beside `t` and `s`. Raises Failed (10, 40, 43, 44)."""
    said = params.text
    key, user, password, token, salt = said("apiKey"), said("u"), said("p"), said("t"), said("s")
    if key is not None:
        if user or password or token:
            raise Failed(CONFLICTING_CREDENTIALS, "An API key stands alone: leave out 'u', 'p', 't' and 's'.")
        return await _by_key(house, key)
    if user is None:
        raise missing("u")
    if password is not None and token is not None:
        raise Failed(CONFLICTING_CREDENTIALS, "Send either a password or a token, not both.")
    if password is None and token is None:
        raise missing("p")
    if token is not None and salt is None:
        raise missing("s")
    try:
        return await app_sign_in(house.db, house.identity, user=user, password=password, token=token, salt=salt)
    except BadAppCredentials as error:
        raise Failed(WRONG_CREDENTIALS, "Wrong username or app password.") from error


async def _by_key(house: House, key: str) -> Actor:
    try:
        return await app_sign_in(house.db, house.identity, user=None, api_key=key)
    except BadAppCredentials as error:
        raise Failed(WRONG_API_KEY, "Invalid API key.") from error
