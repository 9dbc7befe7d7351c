"""The first administrator, and the link that lets them in."""

from __future__ import annotations

import sys

from antiphon.domains.identity import api as identity
from antiphon.entry.bootstrap import House, build
from antiphon.entry.database import logins
from antiphon.kit.db import UnitOfWork
from antiphon.kit.settings import Settings

__all__ = ["administrator_link", "open_house", "print_sign_in_link"]

EMAIL, HANDLE, NAME = "admin@localhost.localdomain", "admin", "Administrator"


def open_house(settings: Settings) -> House:
    login = logins(settings)
    return build(settings, login.app_url, owner_login=login.owner_login, pool_size=2)


async def administrator_link(uow: UnitOfWork, *, only_first: bool) -> str | None:
    """A single-use token for the administrator. `only_first`: none once they have signed in."""
    user_id = await identity.administrator(uow, email=EMAIL, handle=HANDLE, display_name=NAME)
    if only_first and await identity.has_signed_in(uow.conn, user_id):
        return None
    return await identity.make_sign_in_link(uow, user_id)


async def print_sign_in_link(settings: Settings, *, only_first: bool) -> None:
    house = open_house(settings)
    try:
        async with house.db.system() as uow:
            token = await administrator_link(uow, only_first=only_first)
    finally:
        await house.close()
    if token is not None:
        sys.stderr.write(f"  Sign in as administrator, once: {settings.site_url}/sign-in/link#{token}\n\n")
