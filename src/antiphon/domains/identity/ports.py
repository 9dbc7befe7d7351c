"""What identity needs from the outside world."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

import msgspec

__all__ = ["Archives", "Chain", "Claims", "IdentityProvider", "ProviderFlow", "Signature", "TextMessages", "WalletKeys"]

Signature: TypeAlias = tuple[int, int, int]
"""Of a key on Ethereum's curve: the parity of y (0 or 1), r, s."""


class TextMessages(Protocol):
    """Sends short texts to telephones."""

    @property
    def configured(self) -> bool:
        """Whether texts can be sent at all; where not, no page offers it."""

    async def send(self, number: str, text: str) -> None:
        """`number` in E.164. Returns once a gateway took it over. Raises TextMessagesOff, TextMessageFailed."""


class WalletKeys(Protocol):
    """Tells by its signature which key signed a text."""

    async def signer(self, text: str, signature: Signature) -> str | None:
        """The checksummed address whose key signed `text` with `personal_sign`; None where that cannot be told."""


class Chain(Protocol):
    """Asks contracts, for wallets that are contracts and sign by their own rules (EIP-1271)."""

    async def is_valid_signature(self, chain_id: int, address: str, digest: bytes, signature: bytes) -> bool:
        """What the contract at `address` answers at this moment; False also where there is no contract.

        Raises ContractWalletsOff where nobody can be asked about the chain, ChainUnavailable where nobody answers.
        """


class ProviderFlow(msgspec.Struct, frozen=True, kw_only=True):
    """What ties one sign-in at a provider to one browser: state, nonce and verifier are random and used once.

    `anew`: an old session at the provider is not enough, where it knows how to be told that.
    """

    redirect_uri: str
    state: str
    nonce: str
    verifier: str
    anew: bool = False


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider says of somebody. `issuer` and `subject` name them for ever; the rest may change or be missing.

    `email_verified` is true only where the provider says so and the operator trusts it to. `refresh_token` is there
    only where the operator wants it kept.
    """

    issuer: str
    subject: str
    email: str | None = None
    email_verified: bool = False
    name: str | None = None
    refresh_token: str | None = None


class IdentityProvider(Protocol):
    """A place where people sign in and that tells us who they are. Errors are those of `errors.py`, `Provider…`."""

    @property
    def id(self) -> str:
        """Its name in addresses, such as `google`."""
        ...

    @property
    def name(self) -> str:
        """Its name as people know it."""
        ...

    @property
    def icon(self) -> str:
        """Which picture the client shows."""
        ...

    @property
    def answers_by(self) -> Literal["query", "form"]:
        """Whether it sends people back with a GET or with a POST."""
        ...

    async def start(self, flow: ProviderFlow) -> str:
        """Where to send the browser. Raises ProviderUnavailable."""
        ...

    async def finish(self, flow: ProviderFlow, answer: Mapping[str, str]) -> Claims:
        """Who came back with these parameters. Raises ProviderDenied, ProviderRefused, ProviderUnavailable."""
        ...

    async def forget(self, refresh_token: str) -> None:
        """Give a kept token back, where the provider has a place for that. Raises ProviderUnavailable."""
        ...

    async def check(self, redirect_uri: str) -> str:
        """What can be said of it and of our client there, in a few words. Nobody is signed in.

        Raises ProviderUnavailable, and ProviderRefused where it does not take our client.
        """
        ...

    async def close(self) -> None: ...


class Archives(Protocol):
    """Where archives lie until they are fetched, and the files that go into them. Keys are slash-separated."""

    async def put_file(self, key: str, path: Path) -> None:
        """Store the file's bytes whole or not at all, in place of what was there; the file at `path` is consumed."""

    async def delete(self, key: str) -> None:
        """Missing keys are fine."""

    def local_file(self, key: str) -> AbstractAsyncContextManager[Path]:
        """The object as a file to read. Raises an error of status 404 or FileNotFoundError where there is none."""
