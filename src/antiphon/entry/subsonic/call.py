"""One call of an app, as its endpoint sees it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.catalog.api.lately import Lately
from antiphon.domains.catalog.api.walking import Places
from antiphon.domains.identity.api import Actor
from antiphon.domains.media import api as media
from antiphon.entry.bootstrap import House
from antiphon.entry.http.asgi_types import Scope
from antiphon.entry.subsonic.failures import DENIED, Failed
from antiphon.entry.subsonic.indexes import Indexes
from antiphon.entry.subsonic.params import Params
from antiphon.kit.db import UnitOfWork
from antiphon.kit.remembered import Remembered

__all__ = ["Call", "Ways"]

Ways: TypeAlias = tuple[media.Original | None, list[media.MediaRendition]]


class Call(msgspec.Struct, frozen=True):
    """`actor` is None only for endpoints that everybody may ask. `app` is the name that the app gives itself; one app
    may have several. `places` are pages shown lately, `ways` songs heard lately, `indexes` lists of all
    artists, `lately` what was in other lists. `body` is what was posted when it is no form.
    """

    house: House
    scope: Scope
    params: Params
    actor: Actor | None
    app: str
    places: Places
    ways: Remembered[Ways]
    indexes: Indexes
    lately: Lately
    body: bytes = b""

    @property
    def user_id(self) -> UUID:
        """Of who asks. Raises Failed (50) for a guest."""
        if self.actor is None:
            raise Failed(DENIED, "Sign in first.")
        return self.actor.user_id

    @property
    def site(self) -> str:
        """The address of this installation, without a slash at its end."""
        return self.house.settings.site_url.rstrip("/")

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """What this person sees; every statement is planned once."""
        return self.house.db.glance(self.user_id)

    def changing(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """One transaction on behalf of this person."""
        return self.house.db.unit(self.user_id)
