"""Wallets: signing in by a message that a wallet signs (EIP-4361), and which wallets belong to whom.

A nonce is spent by the first message that names it, whatever becomes of that message, in a transaction of its own;
no connection is held while a signature is checked or a chain is asked.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from antiphon.domains.identity import siwe
from antiphon.domains.identity.api import audit, challenges, credentials
from antiphon.domains.identity.api.accounts import create_user, invited_address, use_invitation
from antiphon.domains.identity.api.sessions import require_fresh
from antiphon.domains.identity.api.sign_in import let_in
from antiphon.domains.identity.api.views import SecondFactorNeeded, SignIn
from antiphon.domains.identity.api.ways_in import require_another_way_in, tell_owner
from antiphon.domains.identity.errors import (
    ContractWalletsOff,
    WalletMessageRefused,
    WalletNonceSpent,
    WalletSignatureWrong,
    WalletsOff,
    WalletTaken,
)
from antiphon.domains.identity.model import email_key
from antiphon.domains.identity.model_wallets import (
    KEY_SIGNATURE_MAX,
    NONCE_LIFE,
    Purpose,
    made_up_handle,
    nonce_of,
    personal_digest,
    read_signature,
    statement_for,
    token_of,
)
from antiphon.domains.identity.siwe import Expected, SiweMessage, SiweSyntaxError, Verdict
from antiphon.domains.identity.siwe_terms import checksum_address
from antiphon.domains.identity.store import users as user_store
from antiphon.domains.identity.store import wallets as store
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.clients import Client
from antiphon.kit.db import Database, UnitOfWork
from antiphon.kit.errors import FieldProblem, Invalid, NotFound
from antiphon.kit.ids import Kind, out

__all__ = [
    "NewWalletAccount",
    "Purpose",
    "ToSign",
    "Wallet",
    "link",
    "own_wallets",
    "remove",
    "start",
    "step_up",
    "verify",
]


class ToSign(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of the message that is to be signed within ten minutes, and the message where its signer is known.

    `chains` are those that `chain_id` may also be.
    """

    domain: str
    statement: str
    uri: str
    version: str
    chain_id: int
    chains: list[int]
    nonce: str
    issued_at: str
    expiration_time: str
    message: str | None


class Wallet(msgspec.Struct, frozen=True, kw_only=True):
    """`contract_chain` is the chain whose contract signs for the wallet; null for one that has a key."""

    id: str
    address: str
    contract_chain: int | None
    linked_at: datetime
    last_used_at: datetime | None


class NewWalletAccount(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody whom nobody knows wants to be called; what is left away is made up, and can be changed."""

    handle: str | None = None
    display_name: str | None = None
    invitation: str | None = None


class _Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Whose wallet it is, without doubt."""

    address: str
    contract_chain: int | None

    @property
    def key(self) -> str:
        """How it is stored: two spellings of an address are one."""
        return self.address.lower()


async def start(
    uow: UnitOfWork,
    tools: IdentityTools,
    purpose: Purpose,
    *,
    client: Client,
    actor: Actor | None = None,
    address: str | None = None,
    chain_id: int | None = None,
) -> ToSign:
    """Begin a ceremony. `chain_id` is proposed to the wallet where it may be on that chain, else our first one.

    Raises WalletsOff; StepUpNeeded where a wallet is to be linked.
    """
    if not tools.config.wallets:
        raise WalletsOff
    if purpose is Purpose.LINK and actor is not None:
        require_fresh(actor, uow.clock)
    person = await user_store.user(uow.conn, actor.user_id) if actor else None
    statement = statement_for(purpose, person.handle if person else "")
    known_device = client.device.hex() if client.device and client.new_device is None else None
    token = await challenges.start(
        uow,
        purpose,
        life=NONCE_LIFE,
        user_id=actor.user_id if actor else None,
        data={"statement": statement, "device": known_device},
    )
    now = uow.clock.now().replace(microsecond=0)
    chains = tools.config.wallet_chains
    asked = ToSign(
        domain=tools.config.site_url.partition("://")[2],
        statement=statement,
        uri=f"{tools.config.site_url}/",
        version="1",
        chain_id=chain_id if chain_id in chains else chains[0],
        chains=list(chains),
        nonce=nonce_of(token),
        issued_at=_written(now),
        expiration_time=_written(now + NONCE_LIFE),
        message=None,
    )
    return msgspec.structs.replace(asked, message=_message(asked, address)) if address else asked


async def verify(
    db: Database, tools: IdentityTools, *, text: str, signature: bytes, new: NewWalletAccount, client: Client
) -> tuple[SignIn | SecondFactorNeeded, bool]:
    """Sign in, with an account made now where nobody has the wallet; the second half of the answer says whether.

    Raises what `_prove` raises; AccountSuspended, AccountClosing; RegistrationClosed, InvitationNeeded, Invalid,
    HandleTaken, EmailTaken.
    """
    try:
        proof = await _prove(db, tools, Purpose.SIGN_IN, text=text, signature=signature, actor=None, client=client)
    except WalletSignatureWrong:
        await _write_down_failure(db, text, client)
        raise
    async with db.system() as uow:
        await store.lock(uow.conn, proof.key)
        wallet = await store.get(uow.conn, proof.key)
        if wallet is None:
            user_id = await _join(uow, tools, proof, new, client)
        else:
            _same_proof(wallet, proof)
            user_id = wallet.user_id
            await store.used(uow.conn, wallet.id, uow.clock.now())
        return await let_in(uow, tools, user_id, method="wallet", client=client), wallet is None


async def link(
    db: Database, tools: IdentityTools, actor: Actor, *, text: str, signature: bytes, client: Client
) -> Wallet:
    """Raises StepUpNeeded, WalletTaken and what `_prove` raises."""
    require_fresh(actor, db.clock)
    proof = await _prove(db, tools, Purpose.LINK, text=text, signature=signature, actor=actor, client=client)
    async with db.unit(actor.user_id) as uow:
        row = await store.add(uow.conn, actor.user_id, proof.key, proof.contract_chain, uow.clock.now())
        if row is None:
            raise WalletTaken
        await _write_down(uow, actor.user_id, "wallet.linked", proof.address, client)
        await tell_owner(uow, actor.user_id, "wallet.linked", client)
        return _wallet(row)


async def step_up(
    db: Database, tools: IdentityTools, actor: Actor, *, text: str, signature: bytes, client: Client
) -> str:
    """An access token of somebody who has just proved with a wallet of theirs who they are.

    Raises SecondFactorMissing, WalletSignatureWrong for a wallet of others, and what `_prove` raises.
    """
    proof = await _prove(db, tools, Purpose.STEP_UP, text=text, signature=signature, actor=actor, client=client)
    async with db.system() as uow:
        wallet = await store.get(uow.conn, proof.key)
        if wallet is None or wallet.user_id != actor.user_id:
            raise WalletSignatureWrong("This wallet does not belong to this account.")
        _same_proof(wallet, proof)
        await store.used(uow.conn, wallet.id, uow.clock.now())
        return await credentials.step_up(uow, tools, actor, method="wallet", client=client)


async def own_wallets(uow: UnitOfWork, actor: Actor) -> list[Wallet]:
    return [_wallet(row) for row in await store.of_user(uow.conn, actor.user_id)]


async def remove(uow: UnitOfWork, actor: Actor, wallet_id: UUID, client: Client) -> None:
    """Raises StepUpNeeded, NotFound, LastWayIn."""
    require_fresh(actor, uow.clock)
    address = await store.remove(uow.conn, actor.user_id, wallet_id)
    if address is None:
        raise NotFound("There is no wallet with this id.")
    await require_another_way_in(uow, actor.user_id)
    await _write_down(uow, actor.user_id, "wallet.removed", checksum_address(address), client)
    await tell_owner(uow, actor.user_id, "wallet.removed", client)


async def _prove(
    db: Database,
    tools: IdentityTools,
    purpose: Purpose,
    *,
    text: str,
    signature: bytes,
    actor: Actor | None,
    client: Client,
) -> _Proof:
    """Raises WalletsOff, Invalid, WalletNonceSpent, WalletMessageRefused, WalletSignatureWrong, ContractWalletsOff,
    ChainUnavailable.
    """
    if not tools.config.wallets:
        raise WalletsOff
    message = await asyncio.to_thread(_read, text)  # the first one loads a library
    token = token_of(message.nonce)
    if token is None:
        raise WalletNonceSpent
    async with db.system() as uow:
        found = await challenges.take(uow, purpose, token)
    if found is None or found.user_id != (actor.user_id if actor else None):
        raise WalletNonceSpent
    device = found.data["device"]
    if device is not None and (client.device is None or device != client.device.hex()):
        raise WalletNonceSpent
    expected = Expected(
        site=tools.config.site_url,
        chains=frozenset(tools.config.wallet_chains),
        nonce=nonce_of(token),
        statement=found.data["statement"],
    )
    verdict = siwe.judge(message, expected, db.clock.now())
    if verdict is not Verdict.GOOD:
        raise WalletMessageRefused(verdict)
    contract_chain = await _contract_chain(tools, message, text, signature)
    return _Proof(address=message.address, contract_chain=contract_chain)


def _read(text: str) -> SiweMessage:
    try:
        return siwe.parse(text)
    except SiweSyntaxError as error:
        detail = f"This is not a sign-in message: {error}."
        raise Invalid(FieldProblem("/message", "invalid_wallet_message", detail)) from error


async def _contract_chain(tools: IdentityTools, message: SiweMessage, text: str, signature: bytes) -> int | None:
    """None where the key of the address signed; else the chain on which its contract says that it did."""
    of_key = read_signature(signature)
    if of_key is not None and await tools.wallet_keys.signer(text, of_key) == message.address:
        return None
    chain_id = int(message.chain_id)
    try:
        agreed = await tools.chain.is_valid_signature(chain_id, message.address, personal_digest(text), signature)
    except ContractWalletsOff:
        if len(signature) <= KEY_SIGNATURE_MAX:  # it looks like one of a key, and is wrong as such
            raise WalletSignatureWrong from None
        raise
    if not agreed:
        raise WalletSignatureWrong
    return chain_id


def _same_proof(wallet: Any, proof: _Proof) -> None:
    """On another chain the same address may be another contract, of somebody else. Raises WalletMessageRefused."""
    if wallet.contract_chain != proof.contract_chain:
        raise WalletMessageRefused(Verdict.CHAIN)


async def _join(uow: UnitOfWork, tools: IdentityTools, proof: _Proof, new: NewWalletAccount, client: Client) -> UUID:
    """An account without a password, and without an address unless an invitation proves one."""
    handle = new.handle or made_up_handle()
    address = await invited_address(uow, new.invitation)
    user_id = await create_user(
        uow, email=address, handle=handle, display_name=new.display_name or handle, client=client
    )
    await use_invitation(uow, tools, new.invitation, user_id)
    now = uow.clock.now()
    if address is not None:
        await user_store.verify_email(uow.conn, user_id, email_key(address), now)
    row = await store.add(uow.conn, user_id, proof.key, proof.contract_chain, now)
    assert row is not None, "the address is locked"
    await store.used(uow.conn, row.id, now)
    await _write_down(uow, user_id, "wallet.linked", proof.address, client)
    return user_id


async def _write_down(uow: UnitOfWork, user_id: UUID, action: str, address: str, client: Client) -> None:
    data = {"wallet": address}
    await audit.record(uow, action, actor=user_id, subject=user_id, client=client, data=data)


async def _write_down_failure(db: Database, text: str, client: Client) -> None:
    """For the owner of the wallet, or for nobody: both cost one row."""
    async with db.system() as uow:
        wallet = await store.get(uow.conn, siwe.parse(text).address.lower())
        subject = wallet.user_id if wallet else None
        await audit.record(uow, "sign_in.failed", actor=None, subject=subject, client=client, data={"method": "wallet"})


def _message(asked: ToSign, address: str) -> str:
    return siwe.format(
        SiweMessage(
            domain=asked.domain,
            address=checksum_address(address),
            statement=asked.statement,
            uri=asked.uri,
            chain_id=str(asked.chain_id),
            nonce=asked.nonce,
            issued_at=asked.issued_at,
            expiration_time=asked.expiration_time,
        )
    )


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _wallet(row: Any) -> Wallet:
    return Wallet(
        id=out(Kind.WALLET, row.id),
        address=checksum_address(row.address),
        contract_chain=row.contract_chain,
        linked_at=row.linked_at,
        last_used_at=row.last_used_at,
    )
