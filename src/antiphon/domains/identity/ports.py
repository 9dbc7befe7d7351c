"""What identity needs from the outside world."""

from __future__ import annotations

from typing import Protocol, TypeAlias

__all__ = ["Chain", "Signature", "TextMessages", "WalletKeys"]

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
