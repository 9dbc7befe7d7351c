"""Signatures of Ethereum's curve, by eth-account.

The library costs 22 MB and most of a second when it is first loaded, and 7 ms for each signature: it is loaded when
the first wallet signs in, and works in a thread.
"""

from __future__ import annotations

import asyncio

from antiphon.domains.identity.ports import Signature

__all__ = ["EthereumKeys"]


class EthereumKeys:
    async def signer(self, text: str, signature: Signature) -> str | None:
        return await asyncio.to_thread(_recover, text, signature)


def _recover(text: str, signature: Signature) -> str | None:
    from eth_account import Account
    from eth_account.messages import encode_defunct
    from eth_keys.exceptions import BadSignature

    try:
        return str(Account.recover_message(encode_defunct(text=text), vrs=signature))
    except BadSignature:
        return None
