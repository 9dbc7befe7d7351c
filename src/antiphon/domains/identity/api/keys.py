"""API keys and app passwords: made, listed, revoked; and signing in with them."""

from __future__ import annotations

import binascii
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from antiphon.domains.identity.api import audit
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.api.ways_in import tell_owner
from antiphon.domains.identity.errors import BadAppCredentials, TooManyKeys
from antiphon.domains.identity.keys import AppSecret, seal_password, tell_keys_changed
from antiphon.domains.identity.model_keys import (
    API_KEYS_AT_MOST,
    APP_PASSWORDS_AT_MOST,
    clean_expiry,
    clean_scopes,
    new_api_key,
    new_app_password,
)
from antiphon.domains.identity.model_passkeys import clean_key_name
from antiphon.domains.identity.store import keys as store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import NotFound
from antiphon.kit.ids import Kind, new_uuid, out
from antiphon.kit.secrets import token_digest

__all__ = [
    "ApiKey",
    "AppPassword",
    "NewApiKey",
    "NewAppPassword",
    "app_sign_in",
    "make_api_key",
    "make_app_password",
    "own_api_keys",
    "own_app_passwords",
    "revoke_api_key",
    "revoke_app_password",
]


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """`last_used_at` is right to a quarter of an hour."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewApiKey(ApiKey, frozen=True, kw_only=True):
    """`key` is shown this once; nobody can find it out again."""

    key: str


class AppPassword(msgspec.Struct, frozen=True, kw_only=True):
    """`last_used_at` is right to a quarter of an hour."""

    id: str
    name: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None


class NewAppPassword(AppPassword, frozen=True, kw_only=True):
    """`password` is shown this once."""

    password: str


async def own_api_keys(uow: UnitOfWork, actor: Actor) -> list[ApiKey]:
    """The newest first; those that have run out stay until they are revoked."""
    return [_key(row) for row in await store.api_keys_of(uow.conn, actor.user_id)]


async def make_api_key(
    uow: UnitOfWork, actor: Actor, *, name: str, scopes: list[str], expires_at: datetime | None, client: Client
) -> NewApiKey:
    """Raises StepUpNeeded, Invalid, TooManyKeys."""
    require_fresh(actor, uow.clock)
    now, key_id = uow.clock.now(), new_uuid()
    row = {
        "id": key_id,
        "user_id": actor.user_id,
        "name": clean_key_name(name),
        "scopes": clean_scopes(scopes),
        "expires_at": clean_expiry(expires_at, now),
        "created_at": now,
    }
    await store.lock(uow.conn, actor.user_id)
    if len(await store.api_keys_of(uow.conn, actor.user_id)) >= API_KEYS_AT_MOST:
        raise TooManyKeys(f"An account has at most {API_KEYS_AT_MOST} API keys; revoke one first.")
    text = new_api_key(key_id)
    made = await store.add_api_key(uow.conn, {**row, "digest": token_digest(text)})
    about = {"api_key": out(Kind.API_KEY, key_id), "scopes": row["scopes"]}
    await audit.record(uow, "api_key.made", actor=actor.user_id, subject=actor.user_id, client=client, data=about)
    await tell_owner(uow, actor.user_id, "api_key.made", client)
    return NewApiKey(**msgspec.structs.asdict(_key(made)), key=text)


async def revoke_api_key(uow: UnitOfWork, actor: Actor, key_id: UUID, *, client: Client) -> None:
    """It stops at once, in every process. Raises NotFound."""
    if not await store.remove_api_key(uow.conn, actor.user_id, key_id):
        raise NotFound("There is no API key with this id.")
    tell_keys_changed(uow, actor.user_id)
    about = {"api_key": out(Kind.API_KEY, key_id)}
    await audit.record(uow, "api_key.revoked", actor=actor.user_id, subject=actor.user_id, client=client, data=about)


async def own_app_passwords(uow: UnitOfWork, actor: Actor) -> list[AppPassword]:
    """The newest first."""
    return [_password(row) for row in await store.app_passwords_of(uow.conn, actor.user_id)]


async def make_app_password(
    uow: UnitOfWork, tools: IdentityTools, actor: Actor, *, name: str, scopes: list[str], client: Client
) -> NewAppPassword:
    """Raises StepUpNeeded, Invalid, TooManyKeys."""
    require_fresh(actor, uow.clock)
    password_id, password = new_uuid(), new_app_password()
    row = {
        "id": password_id,
        "user_id": actor.user_id,
        "name": clean_key_name(name),
        "scopes": clean_scopes(scopes),
        "created_at": uow.clock.now(),
        "sealed": seal_password(tools.vault, password_id, password),
    }
    await store.lock(uow.conn, actor.user_id)
    if len(await store.app_passwords_of(uow.conn, actor.user_id)) >= APP_PASSWORDS_AT_MOST:
        raise TooManyKeys(f"An account has at most {APP_PASSWORDS_AT_MOST} app passwords; revoke one first.")
    made = await store.add_app_password(uow.conn, row)
    tell_keys_changed(uow, actor.user_id)
    about = {"app_password": out(Kind.APP_PASSWORD, password_id), "scopes": row["scopes"]}
    await audit.record(uow, "app_password.made", actor=actor.user_id, subject=actor.user_id, client=client, data=about)
    await tell_owner(uow, actor.user_id, "app_password.made", client)
    return NewAppPassword(**msgspec.structs.asdict(_password(made)), password=password)


async def revoke_app_password(uow: UnitOfWork, actor: Actor, password_id: UUID, *, client: Client) -> None:
    """It stops at once, in every process. Raises NotFound."""
    if not await store.remove_app_password(uow.conn, actor.user_id, password_id):
        raise NotFound("There is no app password with this id.")
    tell_keys_changed(uow, actor.user_id)
    about = {"app_password": out(Kind.APP_PASSWORD, password_id)}
    await audit.record(
        uow, "app_password.revoked", actor=actor.user_id, subject=actor.user_id, client=client, data=about
    )


async def app_sign_in(
    db: Database,
    tools: IdentityTools,
    *,
    user: str | None,
    password: str | None = None,
    token: str | None = None,
    salt: str | None = None,
    api_key: str | None = None,
) -> Actor:
    """Who a Subsonic app speaks for: by an app password (plain, `enc:` and hexadecimal, or MD5 with a salt), or by an
    API key alone. The password of the account opens nothing here.

    One answer for whatever is wrong, suspended people included. Raises BadAppCredentials.
    """
    if api_key is not None:
        actor = await tools.keys.actor_of(db, api_key) if user is None else None
    elif user and (token is not None or password is not None):
        secret = AppSecret(_decoded(password) if token is None else None, token, salt)
        actor = await tools.keys.app_actor(db, user, secret)
    else:
        actor = None
    if actor is None or not await tools.standing.holds(db, actor):
        raise BadAppCredentials
    return actor


def _decoded(password: str | None) -> str | None:
    """Old apps write `enc:` and the password's bytes in hexadecimal, which hides it from nobody."""
    if password is None or not password.startswith("enc:"):
        return password
    try:
        return binascii.unhexlify(password.removeprefix("enc:")).decode()
    except ValueError:
        return None


def _key(row: Any) -> ApiKey:
    return ApiKey(
        id=out(Kind.API_KEY, row.id),
        name=row.name,
        scopes=list(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
    )


def _password(row: Any) -> AppPassword:
    return AppPassword(
        id=out(Kind.APP_PASSWORD, row.id),
        name=row.name,
        scopes=list(row.scopes),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
