"""The door of identity: accounts, sessions, roles, and who is asking."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity import store
from antiphon.domains.identity.errors import (
    BadCredentials,
    Busy,
    EmailTaken,
    HandleTaken,
    InvalidRefreshToken,
    InvalidSignInLink,
    SigningKeyUnreadable,
    UnknownRole,
)
from antiphon.domains.identity.model import (
    ACCESS_TOKEN_LIFE,
    DEFAULT_ROLE,
    REFRESH_TOKEN_LIFE,
    SIGN_IN_LINK_LIFE,
    clean_display_name,
    clean_email,
    clean_handle,
    clean_user_agent,
    email_key,
)
from antiphon.domains.identity.passwords import PasswordHasher
from antiphon.domains.identity.tokens import Actor, Tokens, VerifiedToken, new_opaque_token
from antiphon.facts.identity import SessionRevoked, SignedIn, UserRegistered
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, NotFound, VersionConflict
from antiphon.kit.ids import Kind, out
from antiphon.kit.secrets import token_digest

__all__ = [
    "Actor",
    "BadCredentials",
    "Busy",
    "EmailTaken",
    "HandleTaken",
    "InvalidRefreshToken",
    "InvalidSignInLink",
    "Me",
    "PasswordHasher",
    "SignIn",
    "SigningKeyUnreadable",
    "TokenPair",
    "Tokens",
    "UnknownRole",
    "User",
    "VerifiedToken",
    "create_user",
    "grant_role",
    "has_permission",
    "has_signed_in",
    "is_admin",
    "link",
    "login",
    "logout",
    "make_sign_in_link",
    "me",
    "open_session",
    "refresh",
    "register",
    "revoke_session",
    "update_me",
    "user_by_handle",
    "user_by_id",
    "user_with_role",
]


class User(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody may see of a person."""

    id: str
    handle: str
    display_name: str
    roles: list[str]
    created_at: datetime


class Me(User, frozen=True, kw_only=True):
    """What a person sees of themselves."""

    email: str
    version: int


class TokenPair(msgspec.Struct, frozen=True, kw_only=True):
    """`expires_in` is the access token's life in seconds; the refresh token works once."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105
    expires_in: int = int(ACCESS_TOKEN_LIFE.total_seconds())


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    user: User
    tokens: TokenPair


async def register(
    db: Database,
    passwords: PasswordHasher,
    tokens: Tokens,
    *,
    email: str,
    password: str,
    handle: str,
    display_name: str,
    user_agent: str | None = None,
) -> SignIn:
    """Make an account and sign in. Holds no connection while the password is hashed.

    Raises Invalid, EmailTaken, HandleTaken, Busy.
    """
    _cleaned(email, handle, display_name)
    password_hash = await passwords.hash(password)
    async with db.unit() as uow:
        user_id = await create_user(
            uow, email=email, handle=handle, display_name=display_name, password_hash=password_hash
        )
        return await open_session(uow, tokens, user_id, method="register", user_agent=user_agent)


async def create_user(
    uow: UnitOfWork, *, email: str, handle: str, display_name: str, password_hash: str | None = None
) -> UUID:
    """An account with the role `fan`; without a password hash it can be entered by a sign-in link only.

    Raises Invalid, EmailTaken, HandleTaken.
    """
    address, handle, name = _cleaned(email, handle, display_name)
    key, now = email_key(address), uow.clock.now()
    user_id = await store.add_user(uow.conn, email=address, email_key=key, handle=handle, display_name=name, now=now)
    if user_id is None:
        raise EmailTaken if await store.email_exists(uow.conn, key) else HandleTaken
    if password_hash is not None:
        await store.add_password(uow.conn, user_id, password_hash, now)
    await store.grant_role(uow.conn, user_id, DEFAULT_ROLE, None, now)
    uow.add_fact(UserRegistered(subject=user_id))
    return user_id


def _cleaned(email: str, handle: str, display_name: str) -> tuple[str, str, str]:
    """All three in their stored form; every field that is wrong is named at once."""
    cleaned: list[str] = []
    problems: list[FieldProblem] = []
    for clean, text in ((clean_email, email), (clean_handle, handle), (clean_display_name, display_name)):
        try:
            cleaned.append(clean(text))
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid(*problems)
    return cleaned[0], cleaned[1], cleaned[2]


async def login(
    db: Database,
    passwords: PasswordHasher,
    tokens: Tokens,
    *,
    email: str,
    password: str,
    user_agent: str | None = None,
) -> SignIn:
    """Holds no connection while the password is checked; an unknown address costs as much as a wrong password.

    Raises BadCredentials, Busy.
    """
    found = None
    try:
        key = email_key(clean_email(email))
    except Invalid:
        key = None
    if key is not None:
        async with db.read() as conn:
            found = await store.credential(conn, key)
    verdict = await passwords.verify(found[1] if found else None, password)
    if found is None or not verdict.right:
        raise BadCredentials
    user_id, stored = found
    async with db.unit(user_id) as uow:
        if verdict.new_hash is not None:
            await store.replace_password_hash(uow.conn, user_id, stored, verdict.new_hash)
        return await open_session(uow, tokens, user_id, method="password", user_agent=user_agent)


async def make_sign_in_link(uow: UnitOfWork, user_id: UUID) -> str:
    """A token that signs its user in once within 24 h; the page is `/sign-in/link#<token>`."""
    token, now = new_opaque_token(), uow.clock.now()
    await store.add_sign_in_link(uow.conn, token_digest(token), user_id, now, now + SIGN_IN_LINK_LIFE)
    return token


async def link(uow: UnitOfWork, tokens: Tokens, *, token: str, user_agent: str | None = None) -> SignIn:
    """Raises InvalidSignInLink."""
    user_id = await store.use_sign_in_link(uow.conn, token_digest(token), uow.clock.now())
    if user_id is None:
        raise InvalidSignInLink
    return await open_session(uow, tokens, user_id, method="link", user_agent=user_agent)


async def open_session(
    uow: UnitOfWork, tokens: Tokens, user_id: UUID, *, method: str, user_agent: str | None = None
) -> SignIn:
    """A new device of somebody who has just proved who they are, by `method`."""
    now = uow.clock.now()
    row = await _row(uow.conn, user_id)
    session_id = await store.add_session(uow.conn, user_id, method, clean_user_agent(user_agent), now)
    pair = await _new_pair(uow, tokens, user_id, session_id, row.roles)
    uow.add_fact(SignedIn(subject=user_id, session_id=session_id, method=method))
    return SignIn(user=_user(row), tokens=pair)


async def refresh(uow: UnitOfWork, tokens: Tokens, *, refresh_token: str) -> TokenPair | None:
    """Turn a refresh token into its successor; None where it cannot be honoured.

    One that was used before is in two hands, and nobody knows whose: its session is revoked. That must be committed,
    so the refusal is an answer here and becomes InvalidRefreshToken at the edge.
    """
    now, digest = uow.clock.now(), token_digest(refresh_token)
    session = await store.touch_session(uow.conn, digest, now)
    if session is None or session.revoked_at is not None:
        return None
    held_until = await store.use_refresh_token(uow.conn, digest, now)
    if held_until is None:
        await revoke_session(uow, session.id, reason="refresh_token_reused")
        return None
    if held_until <= now:
        return None
    row = await _row(uow.conn, session.user_id)
    return await _new_pair(uow, tokens, session.user_id, session.id, row.roles)


async def logout(uow: UnitOfWork, *, refresh_token: str) -> None:
    """End the session of any of its refresh tokens; an unknown one has no session left to end."""
    session_id = await store.session_of_token(uow.conn, token_digest(refresh_token))
    if session_id is not None:
        await revoke_session(uow, session_id, reason="logout")


async def revoke_session(uow: UnitOfWork, session_id: UUID, *, reason: str) -> None:
    """Refresh tokens stop at once, open sockets are closed, access tokens run out within their 15 minutes."""
    user_id = await store.revoke_session(uow.conn, session_id, reason, uow.clock.now())
    if user_id is None:
        return
    uow.add_fact(SessionRevoked(subject=user_id, session_id=session_id, reason=reason))
    message = {"session_id": out(Kind.SIGN_IN, session_id), "reason": reason}
    uow.tell(f"user:{out(Kind.USER, user_id)}", "signed_out", message)


async def user_by_id(conn: AsyncConnection, user_id: UUID) -> User:
    """Raises NotFound."""
    return _user(await _row(conn, user_id))


async def me(conn: AsyncConnection, actor: Actor) -> Me:
    """Raises NotFound where the account is gone though its token still holds."""
    row = await _row(conn, actor.user_id)
    return Me(**msgspec.structs.asdict(_user(row)), email=row.email, version=row.version)


async def update_me(
    uow: UnitOfWork,
    actor: Actor,
    *,
    display_name: str | None = None,
    handle: str | None = None,
    version: int | None = None,
) -> Me:
    """None leaves a field as it is. Raises Invalid, HandleTaken, VersionConflict, NotFound."""
    values: dict[str, str] = {}
    if display_name is not None:
        values["display_name"] = clean_display_name(display_name)
    if handle is not None:
        values["handle"] = clean_handle(handle)
    try:
        async with uow.step():
            changed = await store.update_user(uow.conn, actor.user_id, values, uow.clock.now(), version)
    except store.HandleExists as error:
        raise HandleTaken from error
    if not changed:
        await _row(uow.conn, actor.user_id)
        raise VersionConflict
    return await me(uow.conn, actor)


async def grant_role(uow: UnitOfWork, user_id: UUID, role: str, *, granted_by: UUID | None = None) -> None:
    """Seen in access tokens from the next refresh on. Raises UnknownRole, NotFound; granting twice is no error."""
    if not await store.role_exists(uow.conn, role):
        raise UnknownRole(f"There is no role called {role}.")
    await _row(uow.conn, user_id)
    await store.grant_role(uow.conn, user_id, role, granted_by, uow.clock.now())


async def has_permission(conn: AsyncConnection, user_id: UUID, permission: str) -> bool:
    """Whether one of the person's roles allows the verb, such as `moderation.decide`, at this moment."""
    return await store.has_permission(conn, user_id, permission)


async def user_with_role(conn: AsyncConnection, role: str) -> UUID | None:
    """The first person who got the role."""
    return await store.user_with_role(conn, role)


async def user_by_handle(conn: AsyncConnection, handle: str) -> UUID | None:
    return await store.user_by_handle(conn, clean_handle(handle))


async def has_signed_in(conn: AsyncConnection, user_id: UUID) -> bool:
    """Whether the person ever opened a session."""
    return await store.has_session(conn, user_id)


def is_admin(actor: Actor | None) -> bool:
    return actor is not None and "admin" in actor.roles


async def _new_pair(uow: UnitOfWork, tokens: Tokens, user_id: UUID, session_id: UUID, roles: list[str]) -> TokenPair:
    now, refresh_token = uow.clock.now(), new_opaque_token()
    await store.add_refresh_token(uow.conn, token_digest(refresh_token), session_id, now, now + REFRESH_TOKEN_LIFE)
    return TokenPair(access_token=tokens.issue(user_id, session_id, frozenset(roles)), refresh_token=refresh_token)


async def _row(conn: AsyncConnection, user_id: UUID) -> Any:
    row = await store.user(conn, user_id)
    if row is None:
        raise NotFound("There is no user with this id.")
    return row


def _user(row: Any) -> User:
    return User(
        id=out(Kind.USER, row.id),
        handle=row.handle,
        display_name=row.display_name,
        roles=list(row.roles),
        created_at=row.created_at,
    )
