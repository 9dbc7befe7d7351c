"""A gateway for text messages on loopback, as an operator would name it."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

__all__ = ["TextGateway", "text_gateway"]


@dataclass
class TextGateway:
    """`arrived` holds headers (small letters) and parsed body of each request; all are answered with `status`."""

    url: str = ""
    status: int = 202
    arrived: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)

    def last_code(self, number: str) -> str:
        """The six digits of the newest text to a number, sent in the default form."""
        said = [body["text"] for _, body in self.arrived if body["to"] == number][-1]
        found = re.search(r"\d{6}", said)
        assert found
        return found.group()


@contextmanager
def text_gateway() -> Iterator[TextGateway]:
    gateway = TextGateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            as_json = self.headers["Content-Type"] == "application/json"
            body = json.loads(raw) if as_json else {name: value[0] for name, value in parse_qs(raw).items()}
            gateway.arrived.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(gateway.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_port}/send"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
