"""A node of an Ethereum chain on loopback, as far as JSON-RPC shows it: contracts agree to what a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Node", "running_node"]

SELECTOR = "0x1626ba7e"


@dataclass
class Node:
    """`contracts` as in the fake chain. `raw` answers instead, whatever is asked; `hold` lets every answer wait."""

    url: str = ""
    chain_id: int = 1
    contracts: dict[str, set[bytes]] = field(default_factory=dict)
    raw: tuple[int, bytes] | None = None
    error: dict[str, Any] | None = None
    hold: threading.Event | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(question)
        answer = {"jsonrpc": "2.0", "id": question["id"]}
        if question["method"] == "eth_chainId":
            return answer | {"result": hex(self.chain_id)}
        assert question["method"] == "eth_call"
        if self.error is not None:
            return answer | {"error": self.error}
        call, block = question["params"]
        assert block == "latest"
        return answer | {"result": self.called(call["to"], call["data"])}

    def called(self, address: str, data: str) -> str:
        """What isValidSignature(bytes32,bytes) of the contract returns; nothing at all where there is no contract."""
        agreed = self.contracts.get(address.lower())
        if agreed is None:
            return "0x"
        assert data.startswith(SELECTOR)
        words = bytes.fromhex(data[len(SELECTOR) :])
        assert len(words) % 32 == 0
        assert int.from_bytes(words[32:64]) == 64
        length = int.from_bytes(words[64:96])
        signature, padding = words[96 : 96 + length], words[96 + length :]
        assert not any(padding)
        return (SELECTOR if signature in agreed else "0xffffffff") + "00" * 28


@contextmanager
def running_node() -> Iterator[Node]:
    node = Node()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if node.hold is not None:
                node.hold.wait(10)
            status, body = node.raw or (200, json.dumps(node.answer(question)).encode())
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Location", node.url)
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                pass  # whoever asked has gone

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    node.url = f"http://127.0.0.1:{server.server_port}/key-of-ours"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield node
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
