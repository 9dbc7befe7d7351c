"""How somebody likes it here, on every device; and what of them others may see."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.model_privacy import PlayerPreferences, private_until
from antiphon.domains.identity.store import privacy as store
from antiphon.domains.identity.store import users as user_store
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import NotFound, VersionConflict

__all__ = [
    "LISTEN_PRIVATELY",
    "Preferences",
    "PreferencesChange",
    "hears_explicit",
    "listens_privately",
    "preferences",
    "set_preferences",
]

LISTEN_PRIVATELY = store.LISTEN_PRIVATELY  # until when; for the house, or the person
Theme = Literal["system", "dark", "light", "contrast"]
Language = Literal["en", "es", "fr", "de", "ja", "ar", "he"]
_player = msgspec.json.Decoder(PlayerPreferences)
_FIRST = {"theme": "system", "reduced_motion": False, "single_keys": True}


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """`private_profile`: others find nothing under the person's id. `private_session_until`: what is heard before that
    time is seen by nobody else. Until `language_chosen` it is the language of the first browser, and others may speak
    their own."""

    language: Language
    language_chosen: bool
    theme: Theme
    reduced_motion: bool
    single_keys: bool
    player: PlayerPreferences
    private_profile: bool
    private_session_until: datetime | None
    version: int


class PreferencesChange(msgspec.Struct, frozen=True, kw_only=True):
    """Only what is sent changes."""

    language: Language | UnsetType = UNSET
    theme: Theme | UnsetType = UNSET
    reduced_motion: bool | UnsetType = UNSET
    single_keys: bool | UnsetType = UNSET
    player: PlayerPreferences | UnsetType = UNSET
    private_profile: bool | UnsetType = UNSET
    private_session_until: datetime | UnsetType | None = UNSET


async def preferences(conn: AsyncConnection, user_id: UUID, now: datetime) -> Preferences:
    """Version 0 where nobody has chosen anything yet. Raises NotFound where the account is gone."""
    person = await user_store.user(conn, user_id)
    if person is None:
        raise NotFound("There is no user with this id.")
    row = await store.preferences(conn, user_id)
    chosen = {name: getattr(row, name) for name in _FIRST} if row else _FIRST
    until = row.private_until if row else None
    return Preferences(
        **chosen,
        language=person.language,
        language_chosen=row.language_chosen if row else False,
        player=_player.decode(row.player) if row else PlayerPreferences(),
        private_profile=person.private,
        private_session_until=until if until is not None and until > now else None,
        version=row.version if row else 0,
    )


async def set_preferences(
    uow: UnitOfWork, user_id: UUID, change: PreferencesChange, version: int | None
) -> Preferences:
    """Raises Invalid, VersionConflict, NotFound."""
    now = uow.clock.now()
    before = await preferences(uow.conn, user_id, now)
    given = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not UNSET}
    wanted = msgspec.structs.replace(before, **given)
    values = {
        "theme": wanted.theme,
        "reduced_motion": wanted.reduced_motion,
        "single_keys": wanted.single_keys,
        "player": msgspec.to_builtins(wanted.player),
        "language_chosen": before.language_chosen or "language" in given,
        "private_until": private_until(wanted.private_session_until, now),
    }
    if not await store.set_preferences(uow.conn, user_id, values, now, version):
        raise VersionConflict
    if wanted.private_profile != before.private_profile:
        await store.set_private(uow.conn, user_id, wanted.private_profile, now)
    if wanted.language != before.language:
        await user_store.update_user(uow.conn, user_id, {"language": wanted.language}, now, None)
    return await preferences(uow.conn, user_id, now)


async def listens_privately(conn: AsyncConnection, user_id: UUID, now: datetime) -> bool:
    """Whether what the person hears now is seen by nobody else; in a unit of work of that person."""
    return await store.listens_privately(conn, user_id, now)


async def hears_explicit(conn: AsyncConnection, user_id: UUID) -> bool:
    """Whether the person has not chosen to leave out what is marked explicit; in a unit of work of that person."""
    return await store.hears_explicit(conn, user_id)
