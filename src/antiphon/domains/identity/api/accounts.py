"""Accounts: made, seen, changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from antiphon.domains.identity.api import audit, challenges, letters, linked
from antiphon.domains.identity.api.linked import ForeignIdentity
from antiphon.domains.identity.api.passkey_sign_up import FirstKey, keep_first_key, proven_first_key
from antiphon.domains.identity.api.sign_in import let_in
from antiphon.domains.identity.api.views import Me, SecondFactorNeeded, SignIn, User, user_of
from antiphon.domains.identity.errors import EmailTaken, HandleTaken, InvalidLink, InvitationNeeded, RegistrationClosed
from antiphon.domains.identity.model import (
    DEFAULT_ROLE,
    clean_display_name,
    clean_email,
    clean_handle,
    email_key,
)
from antiphon.domains.identity.model_privacy import clean_bio, clean_links
from antiphon.domains.identity.passkeys import RegistrationCredential
from antiphon.domains.identity.policy import can
from antiphon.domains.identity.store import invitations as invitation_store
from antiphon.domains.identity.store import passwords as password_store
from antiphon.domains.identity.store import roles as role_store
from antiphon.domains.identity.store import sessions as session_store
from antiphon.domains.identity.store import sign_ups as sign_up_store
from antiphon.domains.identity.store import users as store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.facts.identity import UserRegistered
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, NotFound, VersionConflict
from antiphon.kit.secrets import token_digest

__all__ = [
    "NewAccount",
    "await_proof",
    "create_user",
    "finish_sign_up",
    "has_signed_in",
    "invited_address",
    "may_register",
    "me",
    "register",
    "require_open",
    "update_me",
    "use_invitation",
    "user_by_handle",
    "user_by_id",
    "welcome",
]


class NewAccount(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody writes on the form: one of `password` and `passkey`. `invitation` is the token of a letter or a
    link.
    """

    email: str
    password: str | None = None
    passkey: RegistrationCredential | None = None
    handle: str
    display_name: str
    invitation: str | None = None


async def register(
    db: Database, tools: IdentityTools, new: NewAccount, client: Client
) -> SignIn | SecondFactorNeeded | None:
    """Make an account and sign in; None where a letter says how it goes on, to whoever has the address.

    Holds no connection while the password is hashed. Without mail a taken address is told; with mail both cases do the
    same work and look alike: no account exists before its address is proven. Raises Invalid, EmailTaken, HandleTaken,
    RegistrationClosed, InvitationNeeded, Busy; PasskeysOff, PasskeyRefused, PasskeyKnown.
    """
    if (new.password is None) == (new.passkey is None):
        raise Invalid(FieldProblem("/password", "missing", "An account begins with a password or with a passkey."))
    address, handle, name = _cleaned(new.email, new.handle, new.display_name)
    assert address is not None, "it was given"
    require_open(tools)
    room = await tools.mailboxes.has_room(email_key(address)) if tools.config.mail else True
    password_hash = await tools.passwords.hash(new.password) if new.password is not None else None
    async with db.system() as uow:
        first = await proven_first_key(uow, tools, new.passkey) if new.passkey is not None else None
        proven = await may_register(uow, tools, new.invitation, email_key(address))
        if tools.config.mail and not proven:
            if await store.handle_exists(uow.conn, handle):
                raise HandleTaken
            form = {
                "email": address,
                "handle": handle,
                "display_name": name,
                "password_hash": password_hash,
                "passkey": msgspec.to_builtins(first),
            }
            await await_proof(uow, form, new.invitation, client, room=room)
            return None
        user_id = await create_user(
            uow, email=address, handle=handle, display_name=name, password_hash=password_hash, client=client
        )
        if first is not None:
            await keep_first_key(uow, user_id, first, client)
        await use_invitation(uow, tools, new.invitation, user_id)
        return await welcome(uow, tools, user_id, client, proven=proven, method="register")


def require_open(tools: IdentityTools) -> None:
    """Raises RegistrationClosed."""
    if tools.config.registration == "closed":
        raise RegistrationClosed


async def may_register(uow: UnitOfWork, tools: IdentityTools, invitation: str | bytes | None, key: str) -> bool:
    """Whether the invitation (its token or the digest of that) itself proves the address `key`.

    Raises RegistrationClosed, InvitationNeeded.
    """
    require_open(tools)
    if invitation is None:
        if tools.config.registration == "invitation":
            raise InvitationNeeded
        return False
    found = await invitation_store.look(uow.conn, _digest(invitation), uow.clock.now())
    if found is None or (found.email is not None and email_key(found.email) != key):
        raise InvitationNeeded
    return found.email is not None


async def invited_address(uow: UnitOfWork, invitation: str | bytes | None) -> str | None:
    """The address that an invitation proves by itself: its letter went there, and nowhere else."""
    found = await invitation_store.look(uow.conn, _digest(invitation), uow.clock.now()) if invitation else None
    return found.email if found else None


async def use_invitation(uow: UnitOfWork, tools: IdentityTools, invitation: str | bytes | None, user_id: UUID) -> None:
    """Use up what let this person make an account. Raises RegistrationClosed, InvitationNeeded."""
    require_open(tools)
    if invitation is None:
        if tools.config.registration == "invitation":
            raise InvitationNeeded
        return
    digest = _digest(invitation)
    if await invitation_store.take(uow.conn, digest, uow.clock.now()) is None:
        raise InvitationNeeded
    await invitation_store.used_by(uow.conn, digest, user_id)


def _digest(invitation: str | bytes) -> bytes:
    return token_digest(invitation) if isinstance(invitation, str) else invitation


async def await_proof(
    uow: UnitOfWork, form: dict[str, Any], invitation: str | bytes | None, client: Client, *, room: bool
) -> None:
    """Keep the form; the letter that goes to its address tells a newcomer and its owner different things.

    `form` has `password_hash`, or `passkey` (a FirstKey in plain form), or `linked` for who comes from a sign-in
    elsewhere (a ForeignIdentity in plain form).
    Without `room` in the mailbox nobody gets a letter.
    """
    digest = _digest(invitation) if invitation else None
    values = {**form, "email_key": email_key(form["email"]), "language": client.language, "invitation": digest}
    sign_up = await sign_up_store.add(uow.conn, values, uow.clock.now())
    await letters.ask(
        uow,
        "verify_email",
        user_id=None,
        address=form["email"] if room else None,
        language=client.language,
        data={"sign_up": str(sign_up), "name": form["display_name"]},
    )


async def finish_sign_up(
    uow: UnitOfWork, tools: IdentityTools, *, token: str, handle: str | None, client: Client
) -> SignIn | SecondFactorNeeded:
    """The link of the letter was opened: the account is made. `handle`: another one, where it was taken meanwhile.

    Raises InvalidLink, EmailTaken, HandleTaken, InvitationNeeded, PasskeyKnown.
    """
    found = await challenges.take(uow, "sign_up", token)
    form = await sign_up_store.get(uow.conn, UUID(found.data["sign_up"])) if found else None
    if form is None:
        raise InvalidLink
    user_id = await create_user(
        uow,
        email=form.email,
        handle=handle or form.handle,
        display_name=form.display_name,
        password_hash=form.password_hash,
        client=client,
    )
    invitation = bytes(form.invitation) if form.invitation is not None else None
    if form.passkey is not None:
        await keep_first_key(uow, user_id, msgspec.json.decode(form.passkey, type=FirstKey), client)
    if form.linked is not None:
        await linked.add(uow, user_id, msgspec.json.decode(form.linked, type=ForeignIdentity), client)
    await use_invitation(uow, tools, invitation, user_id)
    await sign_up_store.drop_address(uow.conn, form.email_key)
    return await welcome(uow, tools, user_id, client, proven=True, method="email")


async def welcome(
    uow: UnitOfWork, tools: IdentityTools, user_id: UUID, client: Client, *, proven: bool, method: str
) -> SignIn | SecondFactorNeeded:
    """The account was made; `proven`: its address too."""
    if proven:
        row = await _row(uow.conn, user_id)
        await store.verify_email(uow.conn, user_id, row.email_key, uow.clock.now())
    await letters.ask(uow, "welcome", user_id=user_id, language=client.language)
    return await let_in(uow, tools, user_id, method=method, client=client)


async def create_user(
    uow: UnitOfWork,
    *,
    email: str | None,
    handle: str,
    display_name: str,
    password_hash: str | None = None,
    client: Client | None = None,
) -> UUID:
    """An account with the role `fan`; without a password hash it can be entered by other ways only.

    Raises Invalid, EmailTaken, HandleTaken.
    """
    address, handle, name = _cleaned(email, handle, display_name)
    key, now = email_key(address) if address is not None else None, uow.clock.now()
    user_id = await store.add_user(
        uow.conn,
        email=address,
        email_key=key,
        handle=handle,
        display_name=name,
        language=client.language if client else "en",
        now=now,
    )
    if user_id is None:
        raise EmailTaken if key is not None and await store.email_exists(uow.conn, key) else HandleTaken
    if password_hash is not None:
        await password_store.set_password(uow.conn, user_id, password_hash, now)
    await role_store.grant_role(uow.conn, user_id, DEFAULT_ROLE, None, now)
    await audit.record(uow, "account.registered", actor=user_id, subject=user_id, client=client)
    uow.add_fact(UserRegistered(subject=user_id))
    return user_id


def _cleaned(email: str | None, handle: str, display_name: str) -> tuple[str | None, str, str]:
    """All three in their stored form, an address if there is one; every field that is wrong is named at once."""
    problems: list[FieldProblem] = []

    def tried(clean: Callable[[str], str], text: str) -> str:
        try:
            return clean(text)
        except Invalid as error:
            problems.extend(error.problems)
            return ""

    address = tried(clean_email, email) if email is not None else None
    cleaned = address, tried(clean_handle, handle), tried(clean_display_name, display_name)
    if problems:
        raise Invalid(*problems)
    return cleaned


async def user_by_id(conn: AsyncConnection, user_id: UUID, viewer: Actor | None = None) -> User:
    """Raises NotFound, also for who is about to be erased, and for who keeps their profile to themselves.

    A private profile is seen by its person and by who manages accounts; that it is there is told to nobody else.
    """
    row = await _row(conn, user_id)
    out_of_sight = row.private or row.closes_at is not None
    own = viewer is not None and viewer.user_id == user_id
    if out_of_sight and not own and not can(viewer, "users.manage").allowed:
        raise NotFound("There is no user with this id.")
    return user_of(row)


async def me(conn: AsyncConnection, actor: Actor) -> Me:
    """Raises NotFound where the account is gone though its token still holds."""
    row = await _row(conn, actor.user_id)
    return Me(
        **msgspec.structs.asdict(user_of(row)),
        email=row.email,
        email_verified=row.email_verified_at is not None,
        language=row.language,
        private=row.private,
        version=row.version,
    )


async def update_me(
    uow: UnitOfWork,
    actor: Actor,
    *,
    display_name: str | None = None,
    handle: str | None = None,
    language: str | None = None,
    bio: str | None = None,
    links: list[str] | None = None,
    version: int | None = None,
) -> Me:
    """None leaves a field as it is. Raises Invalid, HandleTaken, VersionConflict, NotFound."""
    values: dict[str, Any] = {}
    if display_name is not None:
        values["display_name"] = clean_display_name(display_name)
    if handle is not None:
        values["handle"] = clean_handle(handle)
    if language is not None:
        values["language"] = language
    if bio is not None:
        values["bio"] = clean_bio(bio)
    if links is not None:
        values["links"] = clean_links(links)
    try:
        async with uow.step():
            changed = await store.update_user(uow.conn, actor.user_id, values, uow.clock.now(), version)
    except store.HandleExists as error:
        raise HandleTaken from error
    if not changed:
        await _row(uow.conn, actor.user_id)
        raise VersionConflict
    return await me(uow.conn, actor)


async def user_by_handle(conn: AsyncConnection, handle: str) -> UUID | None:
    return await store.user_by_handle(conn, clean_handle(handle))


async def has_signed_in(conn: AsyncConnection, user_id: UUID) -> bool:
    """Whether the person ever opened a session."""
    return await session_store.has_session(conn, user_id)


async def _row(conn: AsyncConnection, user_id: UUID) -> Any:
    row = await store.user(conn, user_id)
    if row is None:
        raise NotFound("There is no user with this id.")
    return row
