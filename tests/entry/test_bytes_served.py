"""The range responder behind the server that the product runs on, over real sockets."""

from __future__ import annotations

import http.client
import random
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import psutil
import pytest

from tests.support.product import free_port, until

SIZE = 20_000_000

APP = """
    from pathlib import Path
    from antiphon.entry.http.bytes import send_file

    async def app(scope, receive, send):
        if scope["type"] == "http":
            await send_file(scope, send, path=Path("song"), etag="tag", content_type="audio/mp4",
                            cache_control="public", last_modified=1e9, receive=receive)
"""


@dataclass
class Server:
    port: int
    data: bytes
    process: psutil.Process

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def descriptors(self) -> int:
        return sum(
            1 for worker in self.process.children() for file in worker.open_files() if file.path.endswith("song")
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    data = random.Random(3).randbytes(SIZE)
    (folder / "song").write_bytes(data)
    (folder / "song_app.py").write_text(textwrap.dedent(APP))
    port = free_port()
    options = ["--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--no-log"]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", *options, "--workers-kill-timeout", "2", "song_app:app"], cwd=folder
    )

    def answers() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            return False
        return True

    assert until(answers, within_s=60, every_s=0.02)
    yield Server(port, data, psutil.Process(process.pid))
    process.terminate()
    process.wait(60)


def test_one_connection_carries_every_kind_of_answer(server: Server) -> None:
    connection = server.connect()
    expected = [
        ({}, 200, server.data),
        ({"Range": "bytes=0-"}, 206, server.data),
        ({"Range": "bytes=1000-66535"}, 206, server.data[1000:66536]),
        ({"Range": "bytes=-3000000"}, 206, server.data[-3_000_000:]),
        ({"Range": "bytes=7-"}, 206, server.data[7:]),
        ({"If-None-Match": '"tag"'}, 304, b""),
        ({"Range": f"bytes={SIZE}-"}, 416, None),
        ({"If-Match": '"other"'}, 412, None),
        ({"Range": "bytes=5-6", "If-Range": '"tag"'}, 206, server.data[5:7]),
    ]
    for headers, status, body in expected:
        connection.request("GET", "/", headers=headers)
        answer = connection.getresponse()
        got = answer.read()
        assert answer.status == status, headers
        if status != 304:
            assert answer.getheader("Content-Length") == str(len(got))
        if body is not None:
            assert got == body, headers
        connection.request("HEAD", "/", headers=headers)
        head = connection.getresponse()
        assert head.read() == b""
        assert head.status == (200 if status in {206, 416} else status)
        if head.status == 200:
            assert head.getheader("Content-Length") == str(SIZE)
    connection.close()


def test_several_ranges(server: Server) -> None:
    connection = server.connect()
    connection.request("GET", "/", headers={"Range": "bytes=0-9,2000000-5000000"})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.getheader("Content-Length") == str(len(body))
    boundary = (answer.getheader("Content-Type") or "").partition("boundary=")[2].encode()
    _, first, second, last = body.split(b"\r\n--" + boundary)
    assert first.endswith(b"\r\n\r\n" + server.data[:10])
    assert second.endswith(b"\r\n\r\n" + server.data[2_000_000:5_000_001])
    assert last == b"--\r\n"
    connection.close()


@pytest.mark.parametrize("header", [b"Range: bytes=1-\r\n", b""], ids=["range", "whole"])
def test_clients_that_stall_and_leave_cost_nothing_for_long(server: Server, header: bytes) -> None:
    a_piece_is_sent(server)
    kept = 1  # for who asks for the next piece
    assert until(lambda: server.descriptors() == kept, within_s=60, every_s=0.02)  # who was there before has gone
    leaving = [socket.create_connection(("127.0.0.1", server.port), timeout=60) for _ in range(5)]
    for client in leaving:
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + header + b"\r\n")
        assert client.recv(1000)
    assert server.descriptors() == kept + 5
    worker = server.process.children()[0]
    before = sum(worker.cpu_times()[:2])
    for client in leaving:
        client.close()
    assert until(lambda: server.descriptors() == kept, within_s=60, every_s=0.02)
    assert sum(worker.cpu_times()[:2]) - before < 0.5
    a_piece_is_sent(server)


def a_piece_is_sent(server: Server) -> None:
    connection = server.connect()
    connection.request("GET", "/", headers={"Range": "bytes=0-4"})
    assert connection.getresponse().read() == server.data[:5]
    connection.close()
