"""What identity keeps of people: the account itself, and everything that was done with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.api.personal_keys import key_contributions
from antiphon.domains.identity.api.preferences import PreferencesChange, set_preferences
from antiphon.domains.identity.holdings import HOLDINGS
from antiphon.domains.identity.model import clean_display_name
from antiphon.domains.identity.model_privacy import PURPOSES, PlayerPreferences, clean_bio, clean_links
from antiphon.domains.identity.store import personal as store
from antiphon.domains.identity.store import privacy as privacy_store
from antiphon.domains.identity.store import users as user_store
from antiphon.kit.db import UnitOfWork
from antiphon.kit.errors import AppError
from antiphon.kit.ids import Kind, out
from antiphon.kit.personal import Contribution, Luggage, PersonalData
from antiphon.kit.vault import Vault

__all__ = ["personal_data"]

_strings = msgspec.json.Decoder(list[str])
_words = msgspec.json.Decoder(dict[str, Any])


class AccountRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The account as it is kept."""

    id: str
    email: str | None
    email_verified_at: datetime | None
    handle: str
    roles: list[str]
    followers: int
    plays: int
    likes: int
    verified_at: datetime | None
    suspended_at: datetime | None
    suspended_until: datetime | None
    suspended_for: str | None
    erased_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ProfileRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What you show of yourself, and in which language we speak to you."""

    user_id: str
    display_name: str
    bio: str
    links: list[str]
    language: str
    private_profile: bool


class PreferencesRecord(msgspec.Struct, frozen=True, kw_only=True):
    """How you like it here."""

    theme: str
    reduced_motion: bool
    single_keys: bool
    player: PlayerPreferences
    private_session_until: datetime | None


class ConsentRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that you gave, to that version of the text."""

    purpose: str
    version: str
    granted: bool
    at: datetime
    imported: bool


class SessionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A device on which you are or were signed in."""

    id: str
    name: str
    method: str
    user_agent: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    authenticated_at: datetime
    revoked_at: datetime | None
    revoked_for: str | None


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done by you or with your account."""

    at: datetime
    action: str
    by_you: bool
    about_you: bool
    address: str
    user_agent: str
    data: dict[str, Any]


class LetterRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that was written to you."""

    purpose: str
    language: str
    data: dict[str, Any]
    asked_at: datetime
    sent_at: datetime | None


class InvitationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation that you made."""

    email: str | None
    note: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


async def _account(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[AccountRecord]:
    row = await store.account(conn, user_id)
    if row is not None:
        fields = set(AccountRecord.__struct_fields__) - {"id", "erased_at"}
        said = {name: getattr(row, name) for name in fields}
        yield AccountRecord(**said, id=out(Kind.USER, row.id), erased_at=row.closes_at)


async def _profile(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[ProfileRecord]:
    row = await store.account(conn, user_id)
    if row is not None:
        yield ProfileRecord(
            user_id=out(Kind.USER, row.id),
            display_name=row.display_name,
            bio=row.bio,
            links=_strings.decode(row.links),
            language=row.language,
            private_profile=row.private,
        )


async def _preferences(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[PreferencesRecord]:
    row = await privacy_store.preferences(conn, user_id)
    if row is not None:
        yield PreferencesRecord(
            theme=row.theme,
            reduced_motion=row.reduced_motion,
            single_keys=row.single_keys,
            player=msgspec.json.decode(row.player, type=PlayerPreferences),
            private_session_until=row.private_until,
        )


async def _consents(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[ConsentRecord]:
    async for row in store.consents_of(conn, user_id):
        yield ConsentRecord(**{name: getattr(row, name) for name in ConsentRecord.__struct_fields__})


async def _sessions(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[SessionRecord]:
    async for row in store.sessions_of(conn, user_id):
        said = {name: getattr(row, name) for name in SessionRecord.__struct_fields__ if name != "id"}
        yield SessionRecord(**said, id=out(Kind.SIGN_IN, row.id))


async def _audit(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[AuditRecord]:
    async for row in store.audit_of(conn, user_id):
        yield AuditRecord(
            at=row.at,
            action=row.action,
            by_you=bool(row.by_person),
            about_you=bool(row.about_person),
            address=row.address,
            user_agent=row.user_agent,
            data=_words.decode(row.data),
        )


async def _letters(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[LetterRecord]:
    async for row in store.letters_of(conn, user_id):
        yield LetterRecord(
            purpose=row.purpose,
            language=row.language,
            data=_words.decode(row.data),
            asked_at=row.created_at,
            sent_at=row.sent_at,
        )


async def _invitations(conn: AsyncConnection, user_id: UUID) -> AsyncIterator[InvitationRecord]:
    async for row in store.invitations_of(conn, user_id):
        yield InvitationRecord(**{name: getattr(row, name) for name in InvitationRecord.__struct_fields__})


async def take(luggage: Luggage) -> None:
    """Profile, preferences and past answers. Address, handle and password stay those of the new account."""
    async for account in luggage.records("account", AccountRecord):
        async with luggage.db.unit(luggage.user_id) as uow:
            await luggage.remember(uow, "account", account.id, luggage.user_id)
    async for profile in luggage.records("profile", ProfileRecord):
        await _take_once(luggage, "profile", profile.user_id, partial(_take_profile, profile))
    async for chosen in luggage.records("preferences", PreferencesRecord):
        await _take_once(luggage, "preferences", "preferences", partial(_take_preferences, chosen))
    async for consent in luggage.records("consents", ConsentRecord):
        if consent.purpose not in PURPOSES:
            luggage.left("consents", f"{consent.purpose} {consent.version}", "unknown_purpose")
            continue
        said = {"purpose": consent.purpose, "version": consent.version, "granted": consent.granted, "at": consent.at}
        async with luggage.db.unit(luggage.user_id) as uow:
            new = await privacy_store.add_imported_consents(uow.conn, luggage.user_id, [said])
            await luggage.taken(uow, "consents", new)


async def _take_once(
    luggage: Luggage, name: str, source: str, take: Callable[[UnitOfWork, UUID], Awaitable[None]]
) -> None:
    """Whoever changed it here since does not lose that when the archive is read again."""
    try:
        async with luggage.db.unit(luggage.user_id) as uow:
            if await luggage.target(uow.conn, name, source) is not None:
                return
            await take(uow, luggage.user_id)
            await luggage.remember(uow, name, source, luggage.user_id)
            await luggage.taken(uow, name)
    except (AppError, msgspec.ValidationError) as error:
        luggage.left(name, source, error.code if isinstance(error, AppError) else "invalid_record")


async def _take_profile(profile: ProfileRecord, uow: UnitOfWork, user_id: UUID) -> None:
    values = {
        "display_name": clean_display_name(profile.display_name),
        "bio": clean_bio(profile.bio),
        "links": clean_links(profile.links),
    }
    await user_store.update_user(uow.conn, user_id, values, uow.clock.now(), None)
    said = {"language": profile.language, "private_profile": profile.private_profile}
    await set_preferences(uow, user_id, msgspec.convert(said, PreferencesChange), None)


async def _take_preferences(chosen: PreferencesRecord, uow: UnitOfWork, user_id: UUID) -> None:
    """A private session does not travel: it belongs to a moment."""
    said = {name: getattr(chosen, name) for name in ("theme", "reduced_motion", "single_keys")}
    change = msgspec.convert(said | {"player": msgspec.to_builtins(chosen.player)}, PreferencesChange)
    await set_preferences(uow, user_id, change, None)


async def _nothing(_uow: UnitOfWork, _user_id: UUID) -> None:
    """The account goes last, when every other domain has let go: `finish_erasure`."""


def personal_data(vault: Vault) -> PersonalData:
    return PersonalData(
        domain="identity",
        holdings=HOLDINGS,
        contributions=(
            Contribution("account", "Your account: address, handle, roles, counters.", AccountRecord, _account),
            Contribution("profile", "What you show of yourself.", ProfileRecord, _profile),
            Contribution("preferences", "How you like it here.", PreferencesRecord, _preferences),
            Contribution("consents", "What you agreed to, and when.", ConsentRecord, _consents),
            Contribution("sessions", "Where you are and were signed in.", SessionRecord, _sessions),
            Contribution("audit", "What was done by you and with your account.", AuditRecord, _audit),
            Contribution("letters", "Letters that were written to you.", LetterRecord, _letters),
            Contribution("invitations", "Invitations that you made.", InvitationRecord, _invitations),
            *key_contributions(vault),
        ),
        erase=_nothing,
        take=take,
    )
