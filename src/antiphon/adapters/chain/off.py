"""Nobody to ask: wallets that are contracts cannot sign in, and are told so."""

from __future__ import annotations

from antiphon.domains.identity.errors import ContractWalletsOff

__all__ = ["NoChain"]


class NoChain:
    async def is_valid_signature(self, chain_id: int, address: str, digest: bytes, signature: bytes) -> bool:
        raise ContractWalletsOff
