"""Who is asked about contracts on a chain, chosen by one setting."""

from __future__ import annotations

import re

from antiphon.adapters.chain.off import NoChain
from antiphon.domains.identity.ports import Chain
from antiphon.kit.settings import SettingsError

__all__ = ["open_chain"]

_NODE = re.compile(r"([1-9][0-9]{0,17})=(https?://[^\s,]+)")


def open_chain(nodes: str | None) -> Chain:
    """`1=https://…,8453=https://…`; None: nobody is asked. Raises SettingsError."""
    if nodes is None:
        return NoChain()
    found: dict[int, str] = {}
    for part in nodes.split(","):
        node = _NODE.fullmatch(part.strip())
        if node is None or int(node[1]) in found:
            raise SettingsError("ANTIPHON_CHAIN_RPC_URLS is `CHAIN=http(s)://…` for each chain once, with commas")
        found[int(node[1])] = node[2]
    from antiphon.adapters.chain.rpc import RpcChain

    return RpcChain(found)
