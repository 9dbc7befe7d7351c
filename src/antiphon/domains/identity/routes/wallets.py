"""HTTP of wallets: `/auth/wallet` and `/users/me/wallets`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from msgspec import Meta

from antiphon.domains.identity.api import wallets
from antiphon.domains.identity.api.views import SignIn
from antiphon.domains.identity.api.wallets import NewWalletAccount, Purpose, ToSign, Wallet
from antiphon.domains.identity.model_wallets import MESSAGE_MAX, SIGNATURE_MAX
from antiphon.domains.identity.routes import answers
from antiphon.domains.identity.routes.answers import NO_STORE, AnyRequest, StepUpDone
from antiphon.domains.identity.routes.bodies import DisplayName, Handle, OpaqueToken
from antiphon.domains.identity.tokens import Actor
from antiphon.domains.identity.tools import IdentityTools
from antiphon.kit.access import needs
from antiphon.kit.clients import Client
from antiphon.kit.cost import costs
from antiphon.kit.db import Database
from antiphon.kit.ids import Kind, parse

__all__ = ["handlers"]

Address = Annotated[
    str,
    Meta(
        pattern="^0x[0-9A-Fa-f]{40}$",
        description="In any spelling; with it the whole message is answered",
        examples=["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"],
    ),
]
Message = Annotated[str, Meta(min_length=1, max_length=MESSAGE_MAX, description="As it was signed, to the letter")]
HexSignature = Annotated[
    str,
    Meta(
        max_length=2 + 2 * SIGNATURE_MAX,
        pattern="^0x([0-9A-Fa-f]{2})*$",
        description="Of a key (65 bytes, or 64 of EIP-2098), or whatever the contract of the wallet takes (EIP-1271)",
    ),
]


class WalletStart(msgspec.Struct, frozen=True):
    """`chain_id` is the chain that the wallet is on; it is proposed where it may be."""

    address: Address | None = None
    chain_id: Annotated[int, Meta(ge=1, le=2**53)] | None = None


class OwnWalletStart(WalletStart, frozen=True):
    purpose: Literal["link", "step_up"] = "link"


class SignedMessage(msgspec.Struct, frozen=True):
    message: Message
    signature: HexSignature

    @property
    def signature_bytes(self) -> bytes:
        return bytes.fromhex(self.signature[2:])


class WalletSignIn(SignedMessage, frozen=True):
    """Whoever is new may say how they want to be called; what is left away is made up, and can be changed."""

    handle: Handle | None = None
    display_name: DisplayName | None = None
    invitation: OpaqueToken | None = None


@post(
    "/auth/wallet/nonce",
    summary="What a wallet signs to sign in",
    tags=["identity"],
    status_code=200,
    opt=needs("public") | costs("sign_in"),
)
async def wallet_nonce(
    data: JSONBody[WalletStart],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> Response[ToSign]:
    """The fields of an EIP-4361 message, which holds for ten minutes and works once."""
    async with db.system() as uow:
        asked = await wallets.start(
            uow, identity, Purpose.SIGN_IN, client=client, address=data.address, chain_id=data.chain_id
        )
    return Response(asked, headers=NO_STORE)


@post(
    "/auth/wallet/verify",
    summary="Sign in with a wallet",
    tags=["identity"],
    status_code=200,
    responses={201: ResponseSpec(SignIn, description="Nobody had the wallet: an account was made")},
    opt=needs("public") | costs("sign_in"),
)
async def wallet_verify(
    data: JSONBody[WalletSignIn],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    client: NamedDependency[Client],
) -> Response[SignIn]:
    """201 where nobody had the wallet and an account was made. The nonce is spent, whatever the answer is."""
    new = NewWalletAccount(handle=data.handle, display_name=data.display_name, invitation=data.invitation)
    outcome, is_new = await wallets.verify(
        db, identity, text=data.message, signature=data.signature_bytes, new=new, client=client
    )
    return answers.signed_in_answer(outcome, request, identity, client, status_code=201 if is_new else 200)


@post(
    "/auth/wallet/step-up",
    summary="Prove again who one is, with a wallet",
    tags=["identity"],
    status_code=200,
    opt=needs("security.manage") | costs("sign_in"),
)
async def wallet_step_up(
    data: JSONBody[SignedMessage],
    request: AnyRequest,
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Response[StepUpDone]:
    """With one of the wallets that belong to the account; as `/auth/step-up` with a password."""
    token = await wallets.step_up(
        db, identity, signed_in, text=data.message, signature=data.signature_bytes, client=client
    )
    return answers.stepped_up_answer(token, request, identity)


@get("/users/me/wallets", summary="One's own wallets", tags=["identity"], opt=needs("security.manage"))
async def list_wallets(db: NamedDependency[Database], signed_in: NamedDependency[Actor]) -> list[Wallet]:
    async with db.unit(signed_in.user_id) as uow:
        return await wallets.own_wallets(uow, signed_in)


@post(
    "/users/me/wallets/nonce",
    summary="What a wallet signs to be linked, or to prove again who one is",
    tags=["identity"],
    status_code=200,
    opt=needs("security.manage") | costs("sign_in"),
)
async def own_wallet_nonce(
    data: JSONBody[OwnWalletStart],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Response[ToSign]:
    """Linking needs a fresh sign-in."""
    purpose = Purpose.LINK if data.purpose == "link" else Purpose.STEP_UP
    async with db.system() as uow:
        asked = await wallets.start(
            uow, identity, purpose, client=client, actor=signed_in, address=data.address, chain_id=data.chain_id
        )
    return Response(asked, headers=NO_STORE)


@post(
    "/users/me/wallets",
    summary="Link a wallet",
    tags=["identity"],
    opt=needs("security.manage") | costs("sign_in"),
)
async def link_wallet(
    data: JSONBody[SignedMessage],
    db: NamedDependency[Database],
    identity: NamedDependency[IdentityTools],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> Wallet:
    """Needs a fresh sign-in."""
    return await wallets.link(db, identity, signed_in, text=data.message, signature=data.signature_bytes, client=client)


@delete("/users/me/wallets/{wallet_id:str}", summary="Remove a wallet", tags=["identity"], opt=needs("security.manage"))
async def remove_wallet(
    wallet_id: FromPath[str],
    db: NamedDependency[Database],
    signed_in: NamedDependency[Actor],
    client: NamedDependency[Client],
) -> None:
    """Never the last way to sign in. Needs a fresh sign-in."""
    async with db.unit(signed_in.user_id) as uow:
        await wallets.remove(uow, signed_in, parse(Kind.WALLET, wallet_id), client)


handlers = [wallet_nonce, wallet_verify, wallet_step_up, list_wallets, own_wallet_nonce, link_wallet, remove_wallet]
