"""A chain whose contracts agree to what a test says."""

from __future__ import annotations

from dataclasses import dataclass, field

from antiphon.domains.identity.errors import ChainUnavailable, ContractWalletsOff

__all__ = ["FakeChain"]


@dataclass
class FakeChain:
    """`contracts` are the signatures that (chain, lower-case address) agrees to; `asked` are the digests it saw."""

    chains: frozenset[int] = frozenset({1})
    contracts: dict[tuple[int, str], set[bytes]] = field(default_factory=dict)
    down: bool = False
    asked: list[bytes] = field(default_factory=list)

    async def is_valid_signature(self, chain_id: int, address: str, digest: bytes, signature: bytes) -> bool:
        if chain_id not in self.chains:
            raise ContractWalletsOff
        if self.down:
            raise ChainUnavailable
        self.asked.append(digest)
        return signature in self.contracts.get((chain_id, address.lower()), set())
